"""What an address offers to gather: itself where it is a feed or a sitemap, else the feeds its page names.

Or the text of the page itself, for whoever wants to read one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree, html
from scrapy.http import Request, Response

from spiders.addresses import web_address
from spiders.base import Entry, SourceSpider, header
from spiders.feeds import read_feed
from spiders.pages import NotAnArticle, read_page
from spiders.sitemaps import read_sitemap
from spiders.tally import verdict

FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"}
)
LOOKS_LIKE_FEED = re.compile(r"(^|/)(rss|feed|atom)(\.(xml|rdf|json))?/?$|\.(rss|rdf)$", re.IGNORECASE)
GUESSES = ("/feed", "/rss.xml", "/feed.xml", "/atom.xml")  # asked only where a page names no feed at all
MAX_CANDIDATES = 6
SHOWN = 10  # entries of a candidate that are shown


def feed_links(body: bytes, url: str) -> list[str]:
    """The addresses of the feeds that a page names: its link elements, else links that look like feeds."""
    try:
        tree = html.document_fromstring(body)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return []
    declared = [
        link.get("href")
        for link in tree.xpath("//link[@href]")
        if "alternate" in (link.get("rel") or "").lower().split()
        and (link.get("type") or "").lower().split(";")[0].strip() in FEED_TYPES
    ]
    links = (web_address(url, str(href)) for href in tree.xpath("//a/@href"))
    linked = [link for link in links if LOOKS_LIKE_FEED.search(urlsplit(link).path)]
    found = (web_address(url, str(href)) for href in declared or linked)
    return [link for link in dict.fromkeys(found) if link]


def read_any(body: bytes, url: str, content_type: str) -> tuple[str, list[Entry]] | None:
    """The kind and the entries of a listing of either kind; None for anything else."""
    try:
        return "feed", read_feed(body, url, content_type)
    except ValueError:
        pass
    try:
        sitemap = read_sitemap(body, url)
    except ValueError:
        return None
    return "sitemap", sitemap.entries


def candidate(kind: str, url: str, entries: list[Entry]) -> dict[str, Any]:
    languages = Counter(entry.language for entry in entries if entry.language)
    return {
        "kind": kind,
        "url": url,
        "items": len(entries),
        "undated": sum(not entry.stamp for entry in entries),
        "language": languages.most_common(1)[0][0] if languages else "",
        "entries": [{"title": e.title, "url": e.address, "published": e.stamp} for e in entries[:SHOWN]],
    }


class DiscoverSpider(SourceSpider):
    """Looks at one address and reports each candidate once; stores nothing."""

    missing = "no feed and no sitemap found"

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Request]:
        if response.status == 304 or self.offer(response):
            return
        links = feed_links(response.body, response.url)
        guesses = [urljoin(response.url, path) for path in GUESSES]
        for link in (links or guesses)[:MAX_CANDIDATES]:
            yield Request(link, self.look, errback=self.missed)

    def look(self, response: Response) -> None:
        self.offer(response)

    def missed(self, failure: Any) -> None:
        """A feed that is named and not there is no candidate."""

    def offer(self, response: Response) -> bool:
        found = read_any(response.body, response.url, header(response, "Content-Type"))
        if found is None:
            return False
        kind, entries = found
        self.tally.items += 1
        self.report({"source": self.source.id, "candidate": candidate(kind, response.url, entries)})
        return True

    def closed(self, reason: str) -> None:
        if not self.tally.items and not self.tally.problem:
            self.tally.problem = self.missing
        self.report({"result": verdict(self.source, self.tally, reason).__dict__})


class PageSpider(DiscoverSpider):
    """Reads the one page behind an address and reports its title and text; stores nothing."""

    missing = "no text found"

    def offer(self, response: Response) -> bool:
        try:
            text = plain(response.body, response.url)
        except NotAnArticle as error:
            self.tally.problem = str(error)
            return True
        self.tally.items += bool(text)
        self.report({"source": self.source.id, "text": text})
        return True


def plain(body: bytes, url: str = "") -> str:
    """The text of a page, or of a plain text; a page's title is its first line. Raises NotAnArticle."""
    if b"<html" not in body[:2000].lower() and b"<!doctype" not in body[:200].lower():
        return body.decode("utf-8", errors="replace")
    page = read_page(body, url or "file:///")
    return f"{page.title}\n\n{page.text}".strip()
