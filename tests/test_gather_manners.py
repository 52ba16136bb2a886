"""Delays and pauses that are kept, one form of an address, and the verdict on a crawl."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.addresses import clean_url, same_site
from spiders.base import Tally, verdict
from spiders.middlewares import LONGEST_WAIT, CrawlDelay, wait_seconds
from spiders.settings import scrapy_settings
from tests.gather_support import NOW
from tracker.config import Settings
from tracker.sources import Source

FEED = Source(id="a", name="A", kind="rss", url="https://a.example/feed", min_items=3)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (b"120", 120.0),
        (b"0", 0.0),
        (b"999999", LONGEST_WAIT),
        (b"Tue, 30 Jun 2026 12:10:00 GMT", 600.0),
        (b"Tue, 30 Jun 2026 11:00:00 GMT", 0.0),
        (b"Fri, 31 Dec 2027 00:00:00 GMT", LONGEST_WAIT),
        (b"soon", 900.0),
        (None, 900.0),
    ],
)
def test_retry_after(header: bytes | None, seconds: float) -> None:
    assert wait_seconds(header, NOW) == seconds


class Slot:
    delay = 1.0


class Throttle:
    mindelay = 1.0


class Robots:
    def __init__(self, delay: float | None) -> None:
        self.delay = delay

    def crawl_delay(self, agent: str) -> float | None:
        assert agent == "market-signal-tracker"
        return self.delay


class FakeCrawler:
    """The parts of a crawler that the extension touches."""

    def __init__(self) -> None:
        self.settings = {"ROBOTSTXT_USER_AGENT": "market-signal-tracker"}
        self.signals = self
        self.engine = self.downloader = self
        self.slots = {"a.example": Slot()}
        self._delay = 1.0
        self.extensions = self
        self.middlewares = (Throttle(),)

    def connect(self, *args: Any, **kwargs: Any) -> None:
        pass

    def get_slot_key(self, request: Any) -> str:
        return "a.example"


@pytest.mark.parametrize(("asked", "kept"), [(None, 1.0), (0.2, 1.0), (10, 10.0), (9000, 120.0)])
def test_crawl_delay_is_applied(asked: float | None, kept: float) -> None:
    crawler = FakeCrawler()
    CrawlDelay(crawler).robots_parsed(Robots(asked), None)
    assert crawler.slots["a.example"].delay == kept
    assert crawler.middlewares[0].mindelay == kept
    assert crawler._delay == kept


def test_settings_are_polite_and_local_sources_quick() -> None:
    live = scrapy_settings(Settings(contact="desk@ledger.example"), FEED)
    local = scrapy_settings(Settings(), FEED.model_copy(update={"local": True}))
    assert live["ROBOTSTXT_OBEY"] is True
    assert (live["CONCURRENT_REQUESTS_PER_DOMAIN"], live["AUTOTHROTTLE_ENABLED"]) == (1, True)
    assert live["DOWNLOAD_DELAY"] >= 1
    assert live["USER_AGENT"] == "market-signal-tracker/0.1.0 desk@ledger.example"
    differing = {name for name in live if live[name] != local[name]}
    assert differing == {
        "AUTOTHROTTLE_ENABLED",
        "DOWNLOAD_DELAY",
        "CONCURRENT_REQUESTS_PER_DOMAIN",
        "USER_AGENT",
    }


def tally(**values: Any) -> Tally:
    return Tally(items=values.pop("items", 5), **values)


def test_a_quiet_week_and_a_broken_source_are_told_apart() -> None:
    assert verdict(FEED, tally(items=2)).reason == "2 entries where at least 3 are expected"
    assert verdict(FEED, tally(items=0, not_modified=True)).ok
    assert verdict(FEED, tally(items=3)).ok


def test_the_reasons_of_a_crawl() -> None:
    broken = tally()
    broken.failures.update({"timed out": 3, "HTTP 500": 2})
    assert verdict(FEED, broken).reason == "all 5 pages failed: timed out"
    broken.outcomes["new"] = 1
    partly = verdict(FEED, broken)
    assert (partly.ok, partly.reason) == (True, "5 of 5 pages failed: timed out")
    assert verdict(FEED, tally(problem="HTTP 404"), "shutdown").reason == "HTTP 404"
    assert verdict(FEED, tally(), "shutdown").reason.startswith("interrupted")
    assert verdict(FEED, tally(left=4)).reason == "4 left for the next crawl"


@given(st.text(max_size=60))
def test_cleaning_an_address_twice_changes_nothing(path: str) -> None:
    try:
        once = clean_url(f"https://News.example/{path}")
    except ValueError:
        return
    assert clean_url(once) == once


def test_addresses() -> None:
    assert clean_url("HTTPS://A.Example/x?utm_id=1&b=2&FBCLID=3&c=#d") == "https://a.example/x?b=2&c="
    assert same_site("https://www.bbc.co.uk/a", "https://feeds.bbc.co.uk/b")
    assert not same_site("https://a.co.uk", "https://b.co.uk")
    assert dt.timedelta(seconds=LONGEST_WAIT) == dt.timedelta(days=1)
