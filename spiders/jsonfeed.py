"""JSON Feed, versions 1 and 1.1 (jsonfeed.org): feedparser does not read it."""

from __future__ import annotations

import json
from typing import Any

from spiders.addresses import web_address
from spiders.base import Entry
from spiders.markup import plain_text
from spiders.storable import storable
from spiders.times import read_time

VERSION = "https://jsonfeed.org/version/"


def is_json(body: bytes) -> bool:
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def read_json_feed(body: bytes, url: str, min_complete: int) -> list[Entry]:
    """The entries of a JSON Feed, in its order; those without a web address are left out.

    A body of at least `min_complete` characters counts as the whole article. Raises ValueError where the body
    is no JSON Feed.
    """
    try:
        feed = storable(json.loads(body.decode("utf-8-sig", errors="replace")))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not a feed: {error}"[:120]) from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or not str(feed.get("version") or "").startswith(VERSION):
        raise ValueError("not a feed: JSON, but no JSON Feed")
    language = str(feed.get("language") or "")[:2].lower()
    entries = (_entry(item, url, language, min_complete) for item in items if isinstance(item, dict))
    return [entry for entry in entries if entry.url]


def _entry(item: dict[str, Any], base: str, language: str, min_complete: int) -> Entry:
    whole = plain_text(_text(item, "content_html")) or _text(item, "content_text")
    return Entry(
        url=web_address(base, _text(item, "url")),
        title=plain_text(_text(item, "title")).replace("\n", " "),
        published=read_time(item.get("date_published")),
        updated=read_time(item.get("date_modified")),
        text=whole or _text(item, "summary"),
        complete=len(whole) >= min_complete,
        language=_text(item, "language")[:2].lower() or language,
        details={"tags": tags} if (tags := _tags(item)) else {},
    )


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return value.strip() if isinstance(value, str) else ""


def _tags(item: dict[str, Any]) -> list[str]:
    tags = item.get("tags")
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
