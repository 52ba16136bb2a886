"""Manners: Retry-After honoured."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import time
from email.utils import parsedate_to_datetime

from scrapy.crawler import Crawler
from scrapy.http import Request, Response

from spiders.addresses import same_site
from spiders.failures import TryLater
from spiders.pace import BUDGET, Budget, domain, left_alone

LONGEST_WAIT = 24 * 3600.0  # seconds; a host that asks for more is asked again after a day
SHORT_WAIT = 20.0  # seconds that a crawl waits itself; a longer wait is left to the next crawl
HICCUP_WAIT = 2.0  # seconds before a page that is unavailable, for no stated time, is tried once more
DEFAULT_WAIT = 900.0  # seconds, for a 429 that names none
# SEC.gov's page for whoever asks too fast, served with any status; it names ten minutes.
OVER_LIMIT = re.compile(rb"<title>[^<]*Request Rate Threshold Exceeded", re.IGNORECASE)
OVER_LIMIT_WAIT = 600.0


class RetryAfter:
    """Waits as long as a host asks for: within the crawl where it is short, else until a later crawl.

    A long wait is everybody's in this process. It ends the crawl of a source of that domain; a source that
    merely links there loses those pages and goes on.
    """

    def __init__(self, crawler: Crawler, budget: Budget = BUDGET) -> None:
        self.crawler = crawler
        self.budget = budget

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RetryAfter:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        if seconds := self.budget.wait(domain(request.url), time.monotonic()):
            raise left_alone(seconds)

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        if OVER_LIMIT.search(response.body[:4096]):
            raise await self.pause(
                request, OVER_LIMIT_WAIT, "blocked, over the host's request limit: it asks"
            )
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
        raise await self.pause(request, seconds, f"HTTP {response.status}: the host asks")

    async def pause(self, request: Request, seconds: float, asked: str) -> TryLater:
        """Leaves the domain alone, all crawlers do; where it is the source's own, so does the next crawl."""
        spider, reason = self.crawler.spider, f"{asked} to wait {seconds / 60:.0f} minutes"
        self.budget.leave_alone(domain(request.url), seconds, time.monotonic())
        if self.budget.shared:
            await self.budget.shared.leave_alone(domain(request.url), seconds)
        if same_site(request.url, spider.source.url):
            spider.tally.wait_seconds = max(seconds, spider.tally.wait_seconds)
            spider.tally.problem = reason
        return TryLater(reason)


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
