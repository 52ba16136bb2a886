"""Addresses that are refused, delays and pauses that are kept, and the verdict on a crawl."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import spiders.middlewares
from spiders.addresses import clean_url, is_public, same_site
from spiders.base import Tally, verdict
from spiders.failures import NoSuchHost
from spiders.middlewares import LONGEST_WAIT, CrawlDelay, objection, wait_seconds
from spiders.settings import scrapy_settings
from tests.gather_support import NOW
from tracker.config import Settings
from tracker.sources import Source

FEED = Source(id="a", name="A", kind="rss", url="https://a.example/feed", min_items=3)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.5.5", "169.254.169.254", "0.0.0.0", "::1", "[::1]",
        "fe80::1", "fd00::1", "::ffff:127.0.0.1", "100.64.0.1", "224.0.0.1", "localhost", "db.localhost",
        "printer.local", "metadata.google.internal",
    ],
)  # fmt: skip
def test_inner_addresses_are_refused(host: str) -> None:
    assert "private network" in str(objection(host, "https"))


def test_a_public_name_with_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spiders.middlewares, "getproxies", dict)
    monkeypatch.setattr(spiders.middlewares, "_resolve", lambda host: ["93.184.215.14", "10.0.0.1"])
    assert "private network" in str(objection("rebind.example", "https"))
    monkeypatch.setattr(spiders.middlewares, "_resolve", lambda host: ["93.184.215.14"])
    assert objection("fine.example", "https") is None


def test_behind_a_proxy_names_are_the_proxys(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(host: str) -> list[str]:
        raise AssertionError("resolved here")

    monkeypatch.setattr(spiders.middlewares, "getproxies", lambda: {"https": "http://proxy.example:3128"})
    monkeypatch.setattr(spiders.middlewares, "proxy_bypass", lambda host: False)
    monkeypatch.setattr(spiders.middlewares, "_resolve", never)
    assert objection("news.example", "https") is None
    assert objection("10.0.0.1", "https") is not None


def test_a_name_that_does_not_resolve() -> None:
    assert isinstance(objection("news.invalid", "https"), NoSuchHost)


@given(st.ip_addresses())
def test_an_address_is_public_only_where_it_is_global(address: Any) -> None:
    assert not is_public(str(address)) or address.is_global or getattr(address, "ipv4_mapped", None)


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
