"""Pace: how often a host is asked, by its robots.txt and by what it answers, over all crawls of the process.

Scrapy spaces the requests of one crawler. Two sources of one domain, or a feed that links to another source's
pages, are different crawlers: here they share one budget. With Redis the crawlers of all machines do.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Request

from spiders.addresses import site
from spiders.failures import TryLater

if TYPE_CHECKING:
    from spiders.shared import Shared

LONGEST_GAP = 120.0  # seconds between two requests; a Crawl-delay above it would never finish a listing


def domain(url: str) -> str:
    """What a budget is for: the registrable domain, and the port where one is named.

    >>> domain("https://feeds.news.co.uk/a"), domain("http://127.0.0.1:8000/")
    ('news.co.uk', '127.0.0.1:8000')
    """
    parts = urlsplit(url)
    return site(parts.hostname or "") + (f":{parts.port}" if parts.port else "")


class Budget:
    """The gap between two requests to a domain, its next free turn, and how long it wants to be left alone.

    Times are monotonic seconds.
    shared: where the crawlers of several machines book their turns; None where this process is alone.
    """

    def __init__(self) -> None:
        self.shared: Shared | None = None
        self.gaps: dict[str, float] = {}
        self.turns: dict[str, float] = {}
        self.closed: dict[str, float] = {}

    def slow_down(self, key: str, gap: float) -> None:
        self.gaps[key] = max(self.gaps.get(key, 0.0), min(gap, LONGEST_GAP))

    def take_turn(self, key: str, least: float, now: float) -> float:
        """Book the next turn; returns the seconds until it. `least` is the gap where robots.txt asks none."""
        turn = max(now, self.turns.get(key, now))
        self.turns[key] = turn + self.gap(key, least)
        return turn - now

    def gap(self, key: str, least: float) -> float:
        return max(least, self.gaps.get(key, 0.0))

    def leave_alone(self, key: str, seconds: float, now: float) -> None:
        self.closed[key] = max(self.closed.get(key, 0.0), now + seconds)

    def wait(self, key: str, now: float) -> float:
        """Seconds for which a domain still wants to be left alone."""
        return max(self.closed.get(key, 0.0) - now, 0.0)


def left_alone(seconds: float) -> TryLater:
    """What a request is told whose domain still wants to be left alone for so long."""
    return TryLater(f"the host asked to be left alone for another {seconds / 60:.0f} minutes")


BUDGET = Budget()  # as long as the process: all its crawls share it


class Pace:
    """Holds each request back until it is its domain's turn, and applies robots.txt's Crawl-delay, which
    Scrapy reads and does not apply.
    """

    def __init__(self, crawler: Crawler, budget: Budget = BUDGET) -> None:
        self.crawler = crawler
        self.budget = budget
        self.least: float = crawler.settings.getfloat("DOWNLOAD_DELAY")
        crawler.signals.connect(self.robots_parsed, signal=signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Pace:
        return cls(crawler)

    def robots_parsed(self, robotparser: Any, request: Request) -> None:
        if delay := robotparser.crawl_delay(self.crawler.settings["ROBOTSTXT_USER_AGENT"]):
            self.budget.slow_down(domain(request.url), float(delay))

    async def process_request(self, request: Request) -> None:
        key = domain(request.url)
        seconds = self.budget.take_turn(key, self.least, time.monotonic())
        if self.budget.shared:
            gap = self.budget.gap(key, self.least)
            theirs = await self.budget.shared.take_turn(key, gap, LONGEST_GAP)
            if theirs > LONGEST_GAP:
                raise left_alone(theirs)
            seconds = max(seconds, theirs)
        if seconds > 0:
            await asyncio.sleep(seconds)
