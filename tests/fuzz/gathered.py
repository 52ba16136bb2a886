"""Feeds, sitemaps, pages and filings: what strangers send to a crawl."""

from __future__ import annotations

import io
import json
import pickle
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, suppress
from pathlib import Path
from typing import Any

from spiders.addresses import clean_url
from spiders.base import Entry, Gathered, from_entry, from_page
from spiders.discover import feed_links
from spiders.feeds import read_feed
from spiders.gates import NotAnArticle, posing
from spiders.listings import read_listing
from spiders.pages import read_page
from spiders.pipelines import to_article
from spiders.sitemaps import read_sitemap
from spiders.warc import Skipped, read_warc
from tests.fuzz.kind import Kind, seeds
from tests.gather_support import NOW
from tests.test_gather_bytes import URL
from tracker.errors import InputError
from tracker.sources import Select, Source
from tracker.store.articles import NewArticle

SOURCE = Source(id="a", name="A", kind="feed", url="https://a.example/feed")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""PostgreSQL takes no null character, and no database half of a character."""

VALUES = rb'(?:>|="|=\'|": ?"?)([^<>"\']+)'
"""Texts and attributes of markup, and values of JSON, which stands in pages, too."""

MARKUP = (
    b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<!DOCTYPE x [<!ENTITY a 'b'><!ENTITY c '&a;&a;&a;&a;'>]>",
    b"&c;", b"&#0;", b"&#xD800;", b"&#x110000;", b"&amp;amp;lt;", b"&nbsp;", b"<div>", b"<b><i>", b"</div>",
    b"<table><tr><td>", b"<svg><style>", b"<script>", b"<plaintext>", b"<?php ", b"<a:b xmlns:a='u'>",
    b"<x xmlns='urn:y'>", b"<p lang='\xc4\xb0'>",
)  # fmt: skip
JSON = (
    b"null", b"true", b"[]", b"{}", b'""', b'"\\ud800"', b'"\\u0000x"', b"1e400", b"-0", b"NaN", b"[[[[[[",
    b'{"a":', b'["a", 1, null, {}]', b'{"@id": "x", "name": {"name": []}}', b'"\\ud83c\\udf0d"',
)  # fmt: skip


def is_storable(found: Iterable[Gathered]) -> None:
    """Raises AssertionError for what would be an article that not every store takes."""
    are_storable(to_article(item, SOURCE, NOW) for item in found)


def are_storable(articles: Iterable[NewArticle]) -> None:
    for article in articles:
        named = [article.source_id, article.key, article.url, article.language]
        texts = texts_in([*named, article.title, article.text, article.details])
        assert not any(map(UNSTORABLE.search, texts)), "no store takes this text"
        assert json.dumps(article.details, allow_nan=False)
        assert article.published.tzinfo is not None


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from texts_in([*value, *value.values()])
    elif isinstance(value, list):
        for part in value:
            yield from texts_in(part)
    elif isinstance(value, str):
        yield value


def listed(entries: Iterable[Entry]) -> Iterable[Gathered]:
    """As a crawl takes entries: each with its address and stamp, those with text as articles."""
    for entry in entries:
        assert entry.url
        yield from_entry(entry, partial="fuzz" if entry.stamp else "")


@contextmanager
def refuses(*errors: type[Exception]) -> Iterator[None]:
    """From here on these errors are no longer an answer, but a broken promise."""
    try:
        yield
    except errors as error:
        raise AssertionError(f"{type(error).__name__}: {error}") from error


def feed(body: bytes) -> None:
    for content_type in ("", "application/rss+xml; charset=utf-8"):
        with suppress(ValueError):
            entries = read_feed(body, URL, content_type)
            with refuses(ValueError):
                is_storable(listed(entries))


def sitemap(body: bytes) -> None:
    with suppress(ValueError):
        found = read_sitemap(body, URL)
        with refuses(ValueError):
            is_storable(listed(found.entries))
            assert all(map(clean_url, found.parts))


def page(body: bytes) -> None:
    """As an article, as a list of articles, and as what may name a feed."""
    with suppress(NotAnArticle):
        found = read_page(body, URL)
        assert pickle.loads(pickle.dumps(found)) == found, "a reader's answer comes over whole"
        with refuses(NotAnArticle):
            is_storable([from_page(found, Entry(URL))])
    with suppress(ValueError):
        entries = read_listing(body.decode("utf-8", "replace"), URL, PRESS_ROOM)
        with refuses(ValueError):
            is_storable(listed(entries))
    assert all(map(clean_url, feed_links(body, URL)))
    assert posing(body) is not None


def archive(body: bytes) -> None:
    with redirect_stderr(io.StringIO()):  # the library warns there of each wrong length
        found = list(read_warc(io.BytesIO(body), "a.warc", "published", NOW))
    are_storable(item for item in found if isinstance(item, NewArticle))
    assert all(isinstance(item, NewArticle | Skipped | InputError) for item in found)


PRESS_ROOM = Select(item="li.item", date="time, .day", date_format="%d %B %Y", summary=".sum")
FEEDS = Kind("feed", seeds("feed"), feed, VALUES, MARKUP + JSON)
SITEMAPS = Kind("sitemap", seeds("sitemap"), sitemap, VALUES, MARKUP)
ARCHIVES = Kind("archive", seeds("archive"), archive, rb": ([^\r\n]+)\r\n", MARKUP)
DRESSED = Path(__file__).parents[1] / "pages" / "opengraph.html"
PAGES = Kind("page", (*seeds("page"), DRESSED.read_bytes()), page, VALUES, MARKUP + JSON)
