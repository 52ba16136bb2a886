"""Manners: robots' Crawl-delay applied, Retry-After honoured."""

from __future__ import annotations

import asyncio
import datetime as dt
from email.utils import parsedate_to_datetime
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Request, Response

from spiders.failures import TryLater

LONGEST_WAIT = 24 * 3600.0  # seconds; a host that asks for more is asked again after a day
SHORT_WAIT = 20.0  # seconds that a crawl waits itself; a longer wait is left to the next crawl
HICCUP_WAIT = 2.0  # seconds before a page that is unavailable, for no stated time, is tried once more
DEFAULT_WAIT = 900.0  # seconds, for a 429 that names none
LONGEST_DELAY = 120.0  # seconds between two requests; a Crawl-delay above it would never finish a listing


class CrawlDelay:
    """Applies robots.txt's Crawl-delay, which Scrapy reads and does not apply."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        crawler.signals.connect(self.robots_parsed, signal=signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CrawlDelay:
        return cls(crawler)

    def robots_parsed(self, robotparser: Any, request: Request) -> None:
        delay = robotparser.crawl_delay(self.crawler.settings["ROBOTSTXT_USER_AGENT"])
        if not delay:
            return
        delay = min(float(delay), LONGEST_DELAY)
        downloader = self.crawler.engine.downloader
        slot = downloader.slots.get(downloader.get_slot_key(request))
        if slot is not None:
            slot.delay = max(slot.delay, delay)
        # Slots are thrown away when idle and adjusted by AutoThrottle; both start from these.
        downloader._delay = max(getattr(downloader, "_delay", None) or 0.0, delay)
        for extension in self.crawler.extensions.middlewares:
            if hasattr(extension, "mindelay"):
                extension.mindelay = max(extension.mindelay, delay)


class RetryAfter:
    """Waits as long as a host asks for: within the crawl where it is short, else until a later crawl."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RetryAfter:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        if self.crawler.spider.tally.wait_seconds:
            raise TryLater("the host asked for a pause")

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        if response.status not in (429, 503):
            return response
        spider, header = self.crawler.spider, response.headers.get("Retry-After")
        hiccup = response.status == 503 and header is None
        seconds = HICCUP_WAIT if hiccup else wait_seconds(header, spider.now)
        if seconds <= SHORT_WAIT and not request.meta.get("waited"):
            await asyncio.sleep(seconds)
            return request.replace(dont_filter=True, meta={**request.meta, "waited": True})
        if hiccup:
            return response
        spider.tally.wait_seconds = max(seconds, spider.tally.wait_seconds)
        spider.tally.problem = f"HTTP {response.status}: the host asks to wait {seconds / 60:.0f} minutes"
        raise TryLater(spider.tally.problem)


def wait_seconds(header: bytes | None, now: dt.datetime) -> float:
    """Seconds to wait by a Retry-After header (seconds or an HTTP date), from 0 to a day.

    >>> wait_seconds(b"120", dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    120.0
    """
    text = (header or b"").decode("latin-1").strip()
    if text.isdigit():
        return min(float(text), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return DEFAULT_WAIT
    until = until.replace(tzinfo=dt.UTC) if until.tzinfo is None else until
    return min(max((until - now).total_seconds(), 0.0), LONGEST_WAIT)
