"""Bodies as servers really send them: wrong encodings, wrong types, broken markup; and mangled ones."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from contextlib import suppress

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.feeds import read_feed
from spiders.pages import NotAnArticle, read_page
from spiders.sitemaps import read_sitemap
from tests.gather_support import SHARED

URL = "https://a.example/2026/deal"
SENTENCES = "".join(
    f"<p>In paragraph {n} the café «Zoë» tells of its {n + 3} halls – and of €{n} million.</p>"
    for n in range(6)
)
MARKUP = (
    "<html lang='en'><head><meta charset='utf-8'><title>Café Zoë buys Bolt</title></head>"
    f"<body><article><h1>Café Zoë buys Bolt</h1>{SENTENCES}</article></body></html>"
)
XHTML = (
    '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x.dtd">'
    + MARKUP.replace("<html", "<html xmlns='http://www.w3.org/1999/xhtml'").replace("'utf-8'>", "'utf-8'/>")
)
FEED = (
    "<?xml version='1.0'?><rss version='2.0'><channel><title>T</title><item><title>Acme</title>"
    f"<link>{URL}</link><description>{'Acme buys Bolt. ' * 9}</description></item></channel></rss>"
)


@pytest.mark.parametrize(
    "body",
    [
        MARKUP.encode(),
        MARKUP.encode("cp1252"),
        b"\xef\xbb\xbf" + MARKUP.encode(),
        MARKUP.encode("utf-16"),
        XHTML.encode(),
        MARKUP.encode().replace(b"<p>", b"<p>\x00"),
        MARKUP.encode()[: MARKUP.encode().rindex(b"</p>")],
        MARKUP.replace("</p>", "").replace("</h1>", "</h2>").encode(),
    ],
    ids=["utf-8", "cp1252 as utf-8", "bom", "utf-16", "xhtml", "null bytes", "cut off", "unclosed"],
)
def test_a_page_however_it_is_written(body: bytes) -> None:
    found = read_page(body, URL)
    assert found.title.startswith("Café Zoë buys Bolt")
    assert "In paragraph 3 the café «Zoë» tells of its 6 halls – and of €3 million." in found.text


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real feeds are not at hand")
def test_a_real_json_feed_loses_no_entry() -> None:
    body = (SHARED / "feeds" / "mixed" / "json_feed.json").read_bytes()
    items = json.loads(body)["items"]
    found = read_feed(body, "https://a.example/feed.json")
    assert [entry.url for entry in found] == [item["url"] for item in items]
    assert [entry.title for entry in found] == [item["title"] for item in items]
    assert all(entry.published for entry in found)


def test_external_entities_are_not_fetched() -> None:
    secret = FEED.replace("<rss", "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><rss", 1)
    (entry,) = read_feed(secret.replace("<title>Acme", "<title>Acme&x;").encode(), URL)
    assert entry.title in ("Acme", "Acme&x;")
    listed = "<!DOCTYPE u [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><urlset><url><loc>https://a.example/&x;</loc></url></urlset>"
    assert [e.url for e in read_sitemap(listed.encode(), URL).entries] in ([], ["https://a.example/"])


cuts = st.tuples(st.integers(0, 600), st.integers(0, 60), st.binary(max_size=12))


def mangled(body: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    for at, length, put in changes:
        body = body[:at] + put + body[at + length :]
    return body


@settings(max_examples=60, deadline=None)
@given(st.lists(cuts, max_size=4))
def test_a_mangled_page_is_read_or_is_none(changes: list[tuple[int, int, bytes]]) -> None:
    with suppress(NotAnArticle):
        assert read_page(mangled(MARKUP.encode(), changes), URL).text


SITEMAP = (
    "<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
    " xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>"
    + "".join(
        f"<url><loc>https://a.example/{n}</loc><lastmod>2026-06-0{n}</lastmod><news:news>"
        f"<news:publication_date>2026-06-0{n}T10:00:00Z</news:publication_date></news:news></url>"
        for n in range(1, 6)
    )
    + "</urlset>"
)


@settings(max_examples=80, deadline=None)
@given(st.lists(cuts, max_size=4), st.sampled_from([bytes, gzip.compress]))
def test_a_mangled_sitemap_is_read_or_is_none(
    changes: list[tuple[int, int, bytes]], pack: Callable[[bytes], bytes]
) -> None:
    with suppress(ValueError):
        found = read_sitemap(mangled(pack(SITEMAP.encode()), changes), URL)
        assert all(entry.url for entry in found.entries)
        assert all(entry.published is None or entry.published.tzinfo for entry in found.entries)


@settings(max_examples=80, deadline=None)
@given(st.lists(cuts, max_size=4))
def test_a_mangled_feed_is_read_or_is_none(changes: list[tuple[int, int, bytes]]) -> None:
    body = mangled(FEED.encode(), changes)
    with suppress(ValueError):
        assert len(read_feed(body, URL)) <= len(feedparser.parse(body).entries)
