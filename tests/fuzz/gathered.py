"""Feeds, sitemaps, pages and filings: what strangers send to a crawl."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from spiders.base import Entry, Gathered, from_entry
from spiders.feeds import read_feed
from spiders.pipelines import to_article
from tests.fuzz.kind import Kind, seeds
from tests.gather_support import NOW
from tests.test_gather_bytes import URL
from tracker.sources import Source

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
    """Raises AssertionError for an article that not every store would take."""
    for item in found:
        article = to_article(item, SOURCE, NOW)
        texts = texts_in([article.url, article.title, article.text, article.language, article.details])
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


def feed(body: bytes) -> None:
    for content_type in ("", "application/rss+xml; charset=utf-8"):
        with suppress(ValueError):
            entries = read_feed(body, URL, content_type)
            try:
                is_storable(listed(entries))
            except ValueError as error:
                raise AssertionError(f"{type(error).__name__}: {error}") from error


FEEDS = Kind("feed", seeds("feed"), feed, VALUES, MARKUP + JSON)
