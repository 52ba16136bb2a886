"""Sitemaps, news sitemaps and indexes of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from scrapy.http import Request, Response
from scrapy.utils.gz import gunzip

from spiders.addresses import web_address
from spiders.base import Entry, Gathered, SourceSpider
from spiders.gates import posing
from spiders.settings import MEGABYTE
from spiders.times import read_time

MAX_PARTS = 3  # of an index, newest first: the older parts hold no news
MAX_UNPACKED = 50 * MEGABYTE  # the sitemap protocol's own limit
MAX_PARTS_BACK = 200  # of an index, in a crawl since some day
OLDEST = dt.timedelta(days=45)  # a sitemap that lists a whole site is read for its recent pages only


@dataclass(frozen=True)
class Sitemap:
    """What a sitemap file holds: entries, or its parts (newest first) and when each was changed."""

    entries: list[Entry]
    parts: list[str]
    changed: dict[str, dt.datetime | None] = field(default_factory=dict)


def read_sitemap(body: bytes, url: str) -> Sitemap:
    """Read a sitemap, packed or not. Raises ValueError where the body is none."""
    root = _root(body)
    kind = etree.QName(root).localname if root is not None else ""
    records = [_record(child) for child in root] if root is not None else []
    located = [record | {"loc": web_address(url, record.get("loc", ""))} for record in records]
    located = [record for record in located if record["loc"]]
    if kind == "sitemapindex":
        newest = sorted(located, key=lambda record: record.get("lastmod", ""), reverse=True)
        changed = {record["loc"]: read_time(record.get("lastmod")) for record in newest}
        return Sitemap([], list(changed), changed)
    if kind == "urlset":
        return Sitemap([_entry(record) for record in located], [])
    raise ValueError("not a sitemap")


def _root(body: bytes) -> Any:
    try:
        unpacked = gunzip(body, max_size=MAX_UNPACKED) if body[:2] == b"\x1f\x8b" else body
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, remove_comments=True)
        return etree.fromstring(unpacked.strip(), parser)
    except (etree.XMLSyntaxError, ValueError, OSError, EOFError) as error:
        raise ValueError("not a sitemap") from error
    except Exception as error:  # Scrapy's own error for a body that unpacks to more than allowed
        raise ValueError(f"sitemap cannot be unpacked: {error}") from error


def _record(element: Any) -> dict[str, str]:
    """The texts under a url or sitemap element by local name, the news extension's included."""
    record: dict[str, str] = {}
    for child in element.iterdescendants():
        if isinstance(child.tag, str) and child.text and child.text.strip():
            record.setdefault(etree.QName(child).localname, " ".join(child.text.split()))
    return record


def _entry(record: dict[str, str]) -> Entry:
    return Entry(
        url=record["loc"],
        title=record.get("title", ""),
        language=record.get("language", "")[:2],
        published=read_time(record.get("publication_date")),
        updated=read_time(record.get("lastmod")),
    )


class SitemapSpider(SourceSpider):
    """Crawls a source through its sitemap."""

    def parse_listing(self, response: Response) -> Iterator[Request | Gathered]:
        try:
            sitemap = read_sitemap(response.body, response.url)
        except ValueError as error:
            self.tally.problem = posing(response.body) or str(error)
            return
        for part in self.parts(sitemap):
            yield Request(part, self.parse_listing, errback=self.listing_failed)
        yield from self.follow([entry for entry in sitemap.entries if self.is_recent(entry)])

    def parts(self, sitemap: Sitemap) -> list[str]:
        """The parts of an index that are read; what a backfill cannot reach is counted as left."""
        since = self.since
        if since is None:
            return sitemap.parts[:MAX_PARTS]
        wanted = [part for part in sitemap.parts if (time := sitemap.changed[part]) is None or time >= since]
        self.tally.left += len(wanted[MAX_PARTS_BACK:])
        return wanted[:MAX_PARTS_BACK]

    def is_recent(self, entry: Entry) -> bool:
        """Whether a page may be news. A replay reads all; elsewhere old and undated pages are left out."""
        latest = entry.updated or entry.published
        oldest = min(self.since or self.now, self.now - OLDEST)
        return self.source.seen == "published" or (latest is not None and latest >= oldest)
