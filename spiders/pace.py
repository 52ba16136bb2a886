"""Pace: how often a host is asked, by its robots.txt and by what it answers, over all crawls of the process.

Scrapy spaces the requests of one crawler. Two sources of one domain, or a feed that links to another source's
pages, are different crawlers: here they share one budget.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Request

from spiders.addresses import site

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
    """

    def __init__(self) -> None:
        self.gaps: dict[str, float] = {}
        self.turns: dict[str, float] = {}
        self.closed: dict[str, float] = {}

    def slow_down(self, key: str, gap: float) -> None:
        self.gaps[key] = max(self.gaps.get(key, 0.0), min(gap, LONGEST_GAP))

    def take_turn(self, key: str, least: float, now: float) -> float:
        """Book the next turn; returns the seconds until it. `least` is the gap where robots.txt asks none."""
        turn = max(now, self.turns.get(key, now))
        self.turns[key] = turn + max(least, self.gaps.get(key, 0.0))
        return turn - now

    def leave_alone(self, key: str, seconds: float, now: float) -> None:
        self.closed[key] = max(self.closed.get(key, 0.0), now + seconds)

    def wait(self, key: str, now: float) -> float:
        """Seconds for which a domain still wants to be left alone."""
        return max(self.closed.get(key, 0.0) - now, 0.0)


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
        seconds = self.budget.take_turn(domain(request.url), self.least, time.monotonic())
        if seconds > 0:
            await asyncio.sleep(seconds)
