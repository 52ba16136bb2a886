"""Delays and pauses that are kept, one form of an address, and the verdict on a crawl."""

from __future__ import annotations

import asyncio
import datetime as dt
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Request, Response
from scrapy.settings import BaseSettings

import spiders.pace
from spiders.addresses import clean_url, same_site
from spiders.failures import TryLater
from spiders.middlewares import LONGEST_WAIT, RetryAfter, wait_seconds
from spiders.pace import Budget, Pace
from spiders.run import lanes
from spiders.settings import scrapy_settings
from spiders.tally import Tally, verdict
from tests.gather_support import NOW
from tracker.config import Settings
from tracker.sources import Source

FEED_OF_B = Source(id="b", name="B", kind="rss", url="https://b.example/feed")
SECOND = Source(id="a2", name="A", kind="rss", url="https://feeds.a.example/two")
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


class Robots:
    def __init__(self, delay: float | None) -> None:
        self.delay = delay

    def crawl_delay(self, agent: str) -> float | None:
        assert agent == "market-signal-tracker"
        return self.delay


def pace(budget: Budget, delay: float = 1.0) -> Pace:
    settings = BaseSettings({"DOWNLOAD_DELAY": delay, "ROBOTSTXT_USER_AGENT": "market-signal-tracker"})
    signals = SimpleNamespace(connect=lambda *args, **values: None)
    return Pace(SimpleNamespace(settings=settings, signals=signals), budget)


@pytest.mark.parametrize(("asked", "kept"), [(None, 1.0), (0.2, 1.0), (10, 10.0), (9000, 120.0)])
def test_crawl_delay_is_applied(asked: float | None, kept: float) -> None:
    budget = Budget()
    pace(budget).robots_parsed(Robots(asked), Request("https://a.example/robots.txt"))
    assert [budget.take_turn("a.example", 1.0, 50.0) for _ in range(3)] == [0.0, kept, 2 * kept]
    assert budget.take_turn("b.example", 1.0, 50.0) == 0.0


def test_two_crawls_of_one_domain_share_its_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    budget, slept = Budget(), []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(spiders.pace.asyncio, "sleep", sleep)
    monkeypatch.setattr(spiders.pace.time, "monotonic", lambda: 7.0)
    one, other = pace(budget), pace(budget, 2.0)
    for crawl, url in (
        (one, "https://a.example/1"),
        (other, "https://feeds.a.example/2"),
        (one, "https://b.example/"),
    ):
        asyncio.run(crawl.process_request(Request(url)))
    asyncio.run(one.process_request(Request("https://www.a.example/3")))
    assert slept == [1.0, 3.0]
    assert [[s.id for s in lane] for lane in lanes([FEED, FEED_OF_B, SECOND])] == [["a", "a2"], ["b"]]


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 5)), min_size=2))
def test_turns_of_a_domain_are_never_closer_than_the_gap(asked: list[tuple[float, float]]) -> None:
    budget, turns = Budget(), []
    for now, least in sorted(asked):
        turns.append((now + budget.take_turn("a", least, now), least))
    assert all(later - turn >= least - 1e-9 for (turn, least), (later, _) in pairwise(turns))


def answered(budget: Budget, of: Source, url: str, hours: int) -> Tally:
    """The account of a source after one of its requests was answered with a 429."""
    tally = Tally()
    keeper = RetryAfter(SimpleNamespace(spider=SimpleNamespace(source=of, now=NOW, tally=tally)), budget)
    response = Response(url, 429, headers={"Retry-After": str(hours * 3600)})
    with pytest.raises(TryLater, match=f"HTTP 429: the host asks to wait {hours * 60} minutes"):
        asyncio.run(keeper.process_response(Request(url), response))
    return tally


def test_a_long_pause_is_kept_by_all_crawls_and_ends_only_those_of_the_domain() -> None:
    budget = Budget()
    own = answered(budget, FEED, "https://www.a.example/1", hours=2)
    assert (own.wait_seconds, own.problem) == (7200.0, "HTTP 429: the host asks to wait 120 minutes")
    linking = answered(budget, FEED_OF_B, "https://c.example/1", hours=1)
    assert (linking.wait_seconds, linking.problem) == (0.0, "")
    later = RetryAfter(SimpleNamespace(), budget)
    for url in ("https://feeds.a.example/", "https://c.example/2"):
        with pytest.raises(TryLater, match="the host asked to be left alone for another"):
            later.process_request(Request(url))
    later.process_request(Request("https://b.example/"))


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
    assert verdict(FEED, broken).reason == "all 5 pages failed: timed out (3), HTTP 500 (2)"
    broken.outcomes["new"] = 1
    partly = verdict(FEED, broken)
    assert (partly.ok, partly.reason) == (True, "5 of 5 pages failed: timed out (3), HTTP 500 (2)")
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


@pytest.mark.parametrize(
    ("spelt", "one"),
    [
        ("http://a.example", "http://a.example/"),
        ("http://a.example:80/x", "http://a.example/x"),
        ("https://a.example:80/x", "https://a.example:80/x"),
        ("https://a.example/%e2%82%ac%2f", "https://a.example/%E2%82%AC%2F"),
        ("https://a.example/x/?gbraid=1&page=2&_gl=3", "https://a.example/x/?page=2"),
        ("https://BÜCHER.example/x", "https://xn--bcher-kva.example/x"),
        ("https://[2001:DB8::1]:443/x", "https://[2001:db8::1]/x"),
        (" https://a.example/x#:~:text=deal ", "https://a.example/x"),
    ],
)
def test_one_page_has_one_spelling(spelt: str, one: str) -> None:
    assert clean_url(spelt) == one == clean_url(one)


def test_addresses() -> None:
    assert clean_url("HTTPS://A.Example/x?utm_id=1&b=2&FBCLID=3&c=#d") == "https://a.example/x?b=2&c="
    assert same_site("https://www.bbc.co.uk/a", "https://feeds.bbc.co.uk/b")
    assert not same_site("https://a.co.uk", "https://b.co.uk")
    assert dt.timedelta(seconds=LONGEST_WAIT) == dt.timedelta(days=1)
