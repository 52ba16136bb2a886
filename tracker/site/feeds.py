"""Feeds of the issues, newest first, and the list of pages for search engines."""

from __future__ import annotations

import json
import re
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

ATOM, SITEMAP = "http://www.w3.org/2005/Atom", "http://www.sitemaps.org/schemas/sitemap/0.9"
JSON_FEED = "https://jsonfeed.org/version/1.1"
SUBTITLE = "What happened in the market, and where the predictions stand, week by week"
ENTRIES = 30
"""Issues in a feed; all are on the site."""

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no way to write: one of them, and no reader opens the feed."""

_NAMES = uuid.UUID("6f0a4a2c-95a5-5a2b-9f5c-2f1f0f6b7a10")


@dataclass(frozen=True)
class Entry:
    """An issue in a feed, as of a time in ISO 8601; `told` are its sentences in order."""

    week: str
    title: str
    path: str
    at: str
    told: Sequence[str]


def _id(base: str, name: str) -> str:
    """Stays what it is when the text changes, and when the site moves within its address."""
    return uuid.uuid5(_NAMES, f"{base} {name}").urn


def atom(entries: Iterable[Entry], base: str, title: str) -> str:
    """An Atom feed (RFC 4287). Without a `base` its addresses are relative to the feed's own."""
    shown = list(entries)[:ENTRIES]
    feed = ET.Element("feed", xmlns=ATOM)
    _add(feed, "title", title)
    _add(feed, "subtitle", SUBTITLE)
    _add(feed, "id", _id(base, ""))
    # The newest issue's moment, not the clock's: a second build gives the same bytes.
    _add(feed, "updated", max(e.at for e in shown))
    _add(ET.SubElement(feed, "author"), "name", title)
    ET.SubElement(feed, "link", rel="self", type="application/atom+xml", href=urljoin(base, "atom.xml"))
    ET.SubElement(feed, "link", rel="alternate", type="text/html", href=urljoin(base, "index.html"))
    for e in shown:
        entry = ET.SubElement(feed, "entry")
        _add(entry, "title", e.title)
        _add(entry, "id", _id(base, e.week))
        _add(entry, "updated", e.at)
        ET.SubElement(entry, "link", rel="alternate", type="text/html", href=urljoin(base, e.path))
        _add(entry, "summary", " ".join(e.told))
    return _document(feed)


def json_feed(entries: Iterable[Entry], base: str, title: str) -> str:
    """A JSON Feed, version 1.1."""
    items = [
        {
            "id": _id(base, e.week),
            "url": urljoin(base, e.path),
            "title": e.title,
            "content_text": "\n\n".join(e.told),
            "date_published": e.at,
        }
        for e in list(entries)[:ENTRIES]
    ]
    feed = {
        "version": JSON_FEED,
        "title": title,
        "description": SUBTITLE,
        "home_page_url": urljoin(base, "index.html"),
        "feed_url": urljoin(base, "feed.json"),
        "language": "en",
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


def sitemap(paths: Iterable[str], base: str) -> str:
    """The addresses of the pages; `base` is absolute."""
    urls = ET.Element("urlset", xmlns=SITEMAP)
    for path in paths:
        _add(ET.SubElement(urls, "url"), "loc", urljoin(base, path))
    return _document(urls)


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = NOT_XML.sub("", text)


def _document(root: ET.Element) -> str:
    ET.indent(root, " ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'
