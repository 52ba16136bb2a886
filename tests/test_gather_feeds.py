"""Feeds in every dialect: entries, times, bodies; what is no feed."""

from __future__ import annotations

import calendar
import datetime as dt
import html
import re
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest

from spiders.feeds import read_feed
from tests.gather_support import SHARED

REAL = sorted((SHARED / "feeds").rglob("*.xml"))
BASE = "https://site.example/feed.xml"
LONG = "<p>The company said it would buy the other one. It gave no price.</p>" * 20


def feed(item: str, extra: str = "") -> bytes:
    spaces = (
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom"'
    )
    return f"<rss version='2.0' {spaces}><channel><title>T</title>{extra}{item}</channel></rss>".encode()


@pytest.mark.skipif(not REAL, reason="the real feeds are not at hand")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_real_feeds_give_feedparsers_entries(path: Path) -> None:
    raw = feedparser.parse(path.read_bytes())
    if not raw.entries and not raw.version:  # fragments of bodies lie among the feeds
        with pytest.raises(ValueError, match="not a feed"):
            read_feed(path.read_bytes(), BASE)
        return
    wanted = [entry.get("feedburner_origlink") or entry.get("link", "") for entry in raw.entries]
    found = read_feed(path.read_bytes(), BASE)
    assert [entry.url for entry in found] == [
        url for url in wanted if urlsplit(url).scheme in ("http", "https")
    ]
    assert all(entry.published is None or entry.published.tzinfo is dt.UTC for entry in found)
    assert all("<p>" not in entry.text and "&amp;" not in entry.title for entry in found)


def words(markup: str) -> list[str]:
    """The words of a text with markup, however often it was escaped."""
    for _ in range(3):
        markup = html.unescape(re.sub(r"<[^>]*>", " ", markup))
    return re.findall(r"\w+", markup)


def seconds(time: dt.datetime | None) -> float | None:
    return time.timestamp() if time else None


@pytest.mark.skipif(not REAL, reason="the real feeds are not at hand")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_real_feeds_agree_with_feedparser_field_by_field(path: Path) -> None:
    raw = feedparser.parse(path.read_bytes())
    by_link = {r.get("feedburner_origlink") or r.get("link", ""): r for r in reversed(raw.entries)}
    found = read_feed(path.read_bytes(), BASE) if raw.version or raw.entries else []
    for entry in reversed(found):
        theirs = by_link[entry.url]
        if [other.url for other in found].count(entry.url) > 1:
            continue  # two entries under one address: which is whose is not told by it
        published = theirs.get("published_parsed") or theirs.get("created_parsed")
        updated = dict.get(theirs, "updated_parsed")
        assert words(entry.title) == words(theirs.get("title", ""))
        assert seconds(entry.published) == (calendar.timegm(published) if published else None)
        assert seconds(entry.updated) == (calendar.timegm(updated) if updated else None)
        bodies = [part.value for part in theirs.get("content", [])] + [theirs.get("summary", "")]
        told = ["".join(words(body)) for body in bodies]  # tags between two words may be all that parts them
        assert any(all(word in body for word in words(entry.text)) for body in told)
        assert bool(entry.text) == any(words(body) for body in bodies)


def test_an_entry_field_by_field() -> None:
    (entry,) = read_feed(
        feed(
            "<item><title>Tarn &amp;amp; Fell &lt;b&gt;merge&lt;/b&gt;</title>"
            "<link>/a?utm_source=x&amp;id=3#top</link>"
            "<pubDate>Wed, 24 Jun 2026 10:00:00 +0200</pubDate><description>Short.</description>"
            "<category>deals</category></item>",
            "<language>en-us</language>",
        ),
        BASE,
    )
    assert entry.title == "Tarn & Fell merge"
    assert (entry.url, entry.address) == (
        "https://site.example/a?utm_source=x&id=3#top",
        "https://site.example/a?id=3",
    )
    assert entry.published == dt.datetime(2026, 6, 24, 8, tzinfo=dt.UTC)
    assert (entry.updated, entry.stamp) == (None, "2026-06-24T08:00:00+00:00")
    assert (entry.text, entry.complete, entry.language) == ("Short.", False, "en")
    assert entry.details == {"tags": ["deals"]}


@pytest.mark.parametrize(
    ("content", "complete"),
    [
        (LONG, True),
        (LONG + "<p>The post <a href='x'>Deal</a> appeared first on <a href='y'>Site</a>.</p>", True),
        (LONG + "<p>And so on [&#8230;]</p>", False),
        (LONG + "<p>Continue reading</p>", False),
        ("<p>Short excerpt.</p>", False),
    ],
)
def test_when_the_feed_holds_the_whole_article(content: str, complete: bool) -> None:
    item = f"<item><link>https://site.example/a</link><content:encoded><![CDATA[{content}]]></content:encoded></item>"
    (entry,) = read_feed(feed(item), BASE)
    assert entry.complete is complete
    assert "appeared first" not in entry.text


@pytest.mark.parametrize("link", ["file:///etc/passwd", "javascript:alert(1)", "mailto:a@b.example", ""])
def test_links_that_are_not_of_the_web_are_left_out(link: str) -> None:
    assert read_feed(feed(f"<item><title>A</title><link>{link}</link></item>"), BASE) == []


@pytest.mark.parametrize(
    "body", [b"", b"<html><body>Hello</body></html>", b'{"version": "x"}', b"\x00\xff" * 50]
)
def test_what_is_no_feed(body: bytes) -> None:
    with pytest.raises(ValueError, match="not a feed"):
        read_feed(body, BASE)


def test_entities_are_not_expanded_without_end() -> None:
    doubling = "".join(f'<!ENTITY x{n} "&x{n - 1};&x{n - 1};">' for n in range(1, 40))
    bomb = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x0 "ha">{doubling}]>'.encode()
    body = bomb + feed("<item><title>&x39;</title><link>https://site.example/a</link></item>")
    entries = read_feed(body, BASE)
    assert all(len(entry.title) < 1000 for entry in entries)
