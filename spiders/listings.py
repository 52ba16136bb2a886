"""Press rooms and other pages that list articles, read by the selectors that the source gives."""

from __future__ import annotations

import datetime as dt
from itertools import chain
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from lxml import etree
from parsel import Selector
from scrapy.http import Response

from spiders.addresses import same_site, web_address
from spiders.base import Entry, SourceSpider
from spiders.times import read_time
from tracker.sources import LAYOUT, Select

MOST_WORDS = 300  # of a headline or a summary

Firsts = dict[Any, Any]


def read_listing(page: str, url: str, select: Select) -> list[Entry]:
    """The entries of a listing page, in its order; each address once.

    Raises ValueError where no element fits `item`: the layout has changed, or it is another page.
    """
    tree = Selector(text=page or "<html/>")
    items = [item.root for item in tree.css(select.item)]
    if not items:
        raise ValueError(f"{LAYOUT}: nothing on the page fits {select.item!r}")
    parts = Parts(*(_firsts(tree, css) for css in (select.link, select.title, select.date, select.summary)))
    entries = [entry for item in items if (entry := _entry(item, url, parts, select)) is not None]
    if not entries:
        raise ValueError(f"{LAYOUT}: no {select.item!r} on the page has a link at {select.link!r}")
    return list({entry.address: entry for entry in reversed(entries)}.values())[::-1]


class Parts(NamedTuple):
    """For each selector that an entry is read by: elements to the first one in them that fits."""

    link: Firsts | None
    title: Firsts | None
    date: Firsts | None
    summary: Firsts | None


def _firsts(tree: Selector, css: str) -> Firsts | None:
    """Of every element the first one inside it, or itself, that fits; None where nothing is to be fitted.

    Looked up at once: a search in each item takes a time that grows with the square where items lie in one
    another, as they do on a page that closes none.
    """
    if not css:
        return None
    firsts: Firsts = {}
    for found in tree.css(css):
        for outer in chain([found.root], found.root.iterancestors()):
            if outer in firsts:  # and so are all around it
                break
            firsts[outer] = found.root
    return firsts


def _entry(item: Any, base: str, parts: Parts, select: Select) -> Entry | None:
    link = item if parts.link is None else parts.link.get(item)
    address = web_address(base, link.get("href", "")) if link is not None else ""
    if not address:
        return None
    titled = parts.title or parts.link
    title = _words(titled.get(item) if titled is not None else item if item.tag == "a" else None)
    summary = _words(parts.summary.get(item)) if parts.summary is not None else ""
    date = _date(parts.date.get(item), select.date_format) if parts.date is not None else None
    return Entry(url=address, title=title, published=date, text=summary)


def _words(element: Any) -> str:
    """The words of an element; no more than a headline or a summary has."""
    if element is None:
        return ""
    found: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        found += ((node.text if event == "start" else node.tail if node is not element else "") or "").split()
        if len(found) >= MOST_WORDS:
            break
    return " ".join(found[:MOST_WORDS])


def _date(element: Any, date_format: str) -> dt.datetime | None:
    declared = read_time(element.get("datetime", "")) if element is not None else None
    if declared is not None or not date_format:
        return declared
    try:
        return dt.datetime.strptime(_words(element), date_format).replace(tzinfo=dt.UTC)
    except ValueError:
        return None


class ListingSpider(SourceSpider):
    """Crawls a source through a page that lists its articles."""

    def entries(self, response: Response) -> list[Entry]:
        assert self.source.select is not None  # a source of this kind is not valid without
        if not same_site(self.source.url, response.url):
            raise ValueError(f"led to another site: {urlsplit(response.url).hostname}")
        try:
            return read_listing(response.text, response.url, self.source.select)
        except AttributeError as error:  # Scrapy gives no text to a body that is none
            raise ValueError("not a page") from error
