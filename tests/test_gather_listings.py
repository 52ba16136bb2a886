"""JSON Feed, and listing pages read by selectors."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from spiders.base import from_entry
from spiders.feeds import read_feed
from spiders.listings import read_listing
from spiders.pipelines import to_article
from tests.gather_support import NOW, Answer, articles, run, serve_site, source, store, stories
from tracker.sources import Select, Source, load_sources
from tracker.sources.own import Own, as_toml, load_own, save_own

BASE = "https://a.example/news/"
PRESS = """<html><body><ul class="nav"><li><a href="/about">About</a></li></ul><ul class="press">
<li><time datetime="2026-06-29T08:00:00+02:00">Monday</time><h3><a href="one?utm_source=x">Acme buys
 <b>Bolt</b></a></h3><p>For cash.</p></li>
<li><span class="day">June 28, 2026</span><h3><a href="/news/two">Two</a></h3></li>
<li><h3><a href="/news/two#again">Two again</a></h3></li>
<li><h3>No link</h3></li><li><h3><a href="mailto:x@a.example">Mail</a></h3></li>
</ul></body></html>"""
SELECT = Select(item="ul.press > li", link="h3 a", date="time, .day", date_format="%B %d, %Y", summary="p")


def json_feed(*items: object, version: str = "https://jsonfeed.org/version/1.1", **values: object) -> bytes:
    return json.dumps({"version": version, "title": "T", "items": list(items), **values}).encode()


def test_json_feed() -> None:
    body = json_feed(
        {
            "id": "1", "url": "one", "title": "Acme &amp; Bolt", "content_html": f"<p>{'Long. ' * 120}</p>",
            "date_published": "2026-06-29T08:00:00+02:00", "date_modified": "2026-06-30T00:00:00Z",
            "tags": ["deals", 7],
        },
        {"id": 2, "url": "https://a.example/2", "content_text": "Short.", "language": "de-AT"},
        {"id": "3", "title": "without an address"},
        {"id": "4", "url": "http://[bad"},
        "no object",
        language="en-US",
    )  # fmt: skip
    one, two = read_feed(b"\xef\xbb\xbf" + body, BASE, "application/feed+json")
    assert (one.url, one.title, one.complete) == ("https://a.example/news/one", "Acme & Bolt", True)
    assert (one.published, one.updated) == (
        dt.datetime(2026, 6, 29, 6, tzinfo=dt.UTC),
        dt.datetime(2026, 6, 30, tzinfo=dt.UTC),
    )
    assert (one.details, one.language) == ({"tags": ["deals"]}, "en")
    assert (two.text, two.complete, two.language, two.published) == ("Short.", False, "de", None)


def test_a_json_feed_with_what_no_store_takes() -> None:
    body = json_feed(
        {
            "url": "/1",
            "title": "Ac\ud83dme\x00",
            "content_text": "T\x00",
            "tags": ["a\ud800"],
            "language": "\x00x",
        },
        {"url": "/\ud8002", "title": "Two"},
    )
    entry, other = read_feed(body, BASE)
    assert other.url == "https://a.example/2"
    article = to_article(from_entry(entry), Source(id="a", name="A", kind="feed", url=BASE), NOW)
    assert (article.title, article.text, article.language) == ("Acme", "T", "en")
    assert article.details["tags"] == ["a"]


@pytest.mark.parametrize("body", [b"{", b"{}", json_feed(version="1"), b'{"items": 3}', b"{" * 9000])
def test_what_is_no_json_feed(body: bytes) -> None:
    with pytest.raises(ValueError, match="not a feed"):
        read_feed(body, BASE)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)
names = st.sampled_from(
    ["url", "title", "content_html", "content_text", "date_published", "tags", "language"]
)


@given(st.lists(st.dictionaries(names, json_values), max_size=4))
def test_a_mangled_json_feed_never_raises_anything_else(items: list[object]) -> None:
    for entry in read_feed(json_feed(*items), BASE):
        assert entry.url.startswith("http")


def test_a_listing_page() -> None:
    one, two = read_listing(PRESS, BASE, SELECT)
    assert (one.address, one.title, one.text) == (
        "https://a.example/news/one",
        "Acme buys Bolt",
        "For cash.",
    )
    assert one.published == dt.datetime(2026, 6, 29, 6, tzinfo=dt.UTC)
    assert (two.title, two.published) == ("Two", dt.datetime(2026, 6, 28, tzinfo=dt.UTC))


def test_a_listing_whose_items_are_links() -> None:
    page = "<a class=card href=/x><h2>Head</h2> <i>line</i></a><a href=/y>Other</a>"
    (entry,) = read_listing(page, BASE, Select(item="a.card", link=""))
    assert (entry.url, entry.title, entry.published) == ("https://a.example/x", "Head line", None)


@pytest.mark.parametrize(
    ("page", "select", "message"),
    [
        ("", SELECT, "nothing on the page fits 'ul.press > li'"),
        ("<p>Moved</p>", SELECT, "layout changed"),
        (PRESS, Select(item="ul.press > li", link="h2 a"), "has a link at 'h2 a'"),
    ],
)
def test_another_layout_is_told(page: str, select: Select, message: str) -> None:
    with pytest.raises(ValueError, match="layout changed") as error:
        read_listing(page, BASE, select)
    assert message in str(error.value)


@given(st.text())
def test_no_page_breaks_the_reader(page: str) -> None:
    try:
        assert read_listing(page, BASE, Select(item="*", link="a"))
    except ValueError as error:
        assert "layout changed" in str(error)  # noqa: PT017


def test_what_is_said_aside_is_no_headline() -> None:
    page = "<ul class=press><li><h3><a href=/1>Acme<!-- ad --> <b>b</b>uys<?x y?> Bolt</a></h3> now</li></ul>"
    assert [entry.title for entry in read_listing(page, BASE, SELECT)] == ["Acme b uys Bolt"]


def test_items_that_are_never_closed_take_no_time() -> None:
    page = "".join(f"<div class=item><a href=/{n}>Deal {n}</a>" for n in range(2000))
    entries = read_listing(page, BASE, Select(item=".item", date="time"))  # not a search in each
    assert [entry.title for entry in entries[:2]] == ["Deal 0", "Deal 1"]
    assert len(entries) == 2000


def test_crawling_a_press_room(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        stories(site, range(2))
        items = "".join(f"<li><a href='/story/{n}'>Story {n}</a></li>" for n in range(2))
        site.answers["/press"] = Answer(f"<ul class='press'>{items}</ul>")
        room = source(site, "/press", kind="listing", select={"item": "ul.press li"})
        (first,) = run(engine, room)
        (second,) = run(engine, room)
        site.answers["/press"] = Answer("<p>New design</p>")
        (third,) = run(engine, room)
        site.answers["/press"] = Answer(b"\x00\x01", "image/png")
        (fourth,) = run(engine, room)
    assert (first.ok, first.new, second.unchanged) == (True, 2, 2)
    assert len(articles(engine)) == 2
    assert third.reason == "layout changed: nothing on the page fits 'ul.press li'"
    assert (third.ok, fourth.ok) == (False, False)


def test_selectors_in_a_list_of_sources(tmp_path: Path) -> None:
    room = Source(id="room", name="Room", kind="listing", url=BASE, select=SELECT)
    path = tmp_path / "s.toml"
    path.write_text(as_toml([room]), encoding="utf-8")
    assert load_sources(path) == [room]
    save_own(path, Own((room,), frozenset({"x"})))
    assert load_own(path).sources == (room,)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"kind": "listing"}, "needs them"),
        ({"kind": "rss", "select": {"item": "li"}}, "needs them"),
        ({"kind": "listing", "select": {"item": "li["}}, "not a CSS selector"),
        ({"kind": "listing", "select": {"item": ""}}, "at least 1 character"),
    ],
)
def test_wrong_selectors_are_refused(values: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Source.model_validate({"id": "a", "name": "A", "url": BASE, **values})
