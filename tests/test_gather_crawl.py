"""Whole crawls over loopback: what is stored, what a second crawl does, and how each failure is told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.gather_support import (
    NOW,
    Answer,
    articles,
    recorded,
    rss,
    run,
    serve_site,
    source,
    store,
    stories,
    story,
)
from tracker.errors import GatherError
from tracker.sources import Source
from tracker.store.engine import open_store


def test_a_second_crawl_changes_nothing(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        stories(site, range(5))
        (first,) = run(engine, source(site))
        before = [article.model_dump() for article in articles(engine)]
        (second,) = run(engine, source(site), now=NOW + dt.timedelta(hours=1))
    assert (first.ok, first.items, first.new, first.failed) == (True, 5, 5, 0)
    assert (second.ok, second.new, second.changed, second.unchanged) == (True, 0, 0, 5)
    assert [article.model_dump() for article in articles(engine)] == before
    assert [(f.source_id, f.ok, f.items, f.new) for f in recorded(engine)] == [
        ("site", True, 5, 5),
        ("site", True, 5, 0),
    ]


def test_known_pages_are_not_asked_for_again(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        stories(site, range(3))
        run(engine, source(site))
        site.asked.clear()
        run(engine, source(site))
    assert site.paths == ["/robots.txt", "/feed.xml"]


def test_a_changed_article_becomes_a_second_revision(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        stories(site, range(3))
        run(engine, source(site))
        site.answers["/story/1"] = Answer(story(1, extra="Correction: the pump maker is in the south."))
        site.answers["/feed.xml"] = Answer(rss(site, range(3), updated={1: "2026-06-30T09:00:00Z"}))
        (result,) = run(engine, source(site), now=NOW + dt.timedelta(hours=2))
    assert (result.new, result.changed, result.unchanged) == (0, 1, 2)
    revised = [article for article in articles(engine) if article.url == site.url("/story/1")]
    assert [(a.revision, "Correction" in a.text, a.seen_at) for a in revised] == [
        (1, False, NOW),
        (2, True, NOW + dt.timedelta(hours=2)),
    ]


def test_what_an_article_row_holds(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        stories(site, range(1))
        run(engine, source(site, tier=3))
    (article,) = articles(engine)
    assert article.title == "Story number 0"
    assert article.text.splitlines()[0].startswith("Company 0 said on Tuesday")
    assert article.published == dt.datetime(2026, 6, 29, 10, tzinfo=dt.UTC)
    assert (article.seen_at, article.tier, article.language, article.source_id) == (NOW, 3, "en", "site")


def test_validators_are_sent_back_and_a_304_is_no_failure(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        stories(site, range(3))
        site.answers["/feed.xml"].headers["ETag"] = '"v1"'
        run(engine, source(site, min_items=3))
        (second,) = run(engine, source(site, min_items=3))
    assert second.ok
    assert second.reason == "not modified since the last crawl"
    assert site.asked[-1][1]["If-None-Match"] == '"v1"'


def test_validators_are_not_kept_while_pages_are_missing(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        stories(site, range(3))
        site.answers["/feed.xml"].headers["ETag"] = '"v1"'
        broken = site.answers.pop("/story/2")
        (first,) = run(engine, source(site))
        site.answers["/story/2"] = broken
        (second,) = run(engine, source(site))
    assert (first.ok, first.new, first.failed) == (True, 2, 1)
    assert first.reason == "1 of 3 pages failed: HTTP 404"
    assert (second.new, second.unchanged, second.failed) == (1, 2, 0)


def test_fewer_entries_than_expected_is_a_failed_source(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        stories(site, range(2))
        (result,) = run(engine, source(site, min_items=5))
    assert not result.ok
    assert result.reason == "2 entries where at least 5 are expected"
    assert result.new == 2, "what came is kept all the same"
    assert not recorded(engine)[0].ok


def test_pages_over_the_limit_come_with_the_next_crawl(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        stories(site, range(5))
        (first,) = run(engine, source(site, max_pages=3))
        (second,) = run(engine, source(site, max_pages=3))
    assert (first.new, first.reason) == (3, "2 left for the next crawl")
    assert (second.new, second.unchanged, second.reason) == (2, 3, "")
    assert {article.title for article in articles(engine)} == {f"Story number {n}" for n in range(5)}


def test_robots_are_obeyed(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({"/robots.txt": Answer("User-agent: *\nDisallow: /feed.xml\n", "text/plain")}) as site:
        stories(site, range(2))
        (result,) = run(engine, source(site))
    assert (result.ok, result.reason) == (False, "robots.txt forbids it")
    assert site.paths == ["/robots.txt"]


def test_a_long_retry_after_is_remembered(tmp_path: Path) -> None:
    engine = store(tmp_path)
    busy = Answer("", status=429, headers={"Retry-After": "3600"})
    with serve_site({"/feed.xml": busy}) as site:
        (first,) = run(engine, source(site))
        site.asked.clear()
        (second,) = run(engine, source(site), now=NOW + dt.timedelta(minutes=59))
        assert site.asked == []
        stories(site, range(1))
        (third,) = run(engine, source(site), now=NOW + dt.timedelta(minutes=61))
    assert first.reason == "HTTP 429: the host asks to wait 60 minutes"
    assert second.reason == "the host asked to be left alone until 2026-06-30 13:00 UTC"
    assert (first.ok, second.ok, third.ok) == (False, False, True)


def test_pages_that_wait_when_a_host_asks_for_a_pause_are_left_and_have_not_failed(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        stories(site, range(30))
        site.once["/story/29"] = Answer("", status=429, headers={"Retry-After": "3600"})
        (first,) = run(engine, source(site))
        asked = sum(path.startswith("/story/") for path in site.paths)
        (second,) = run(engine, source(site), now=NOW + dt.timedelta(minutes=61))
    left = 30 - first.new - first.failed
    assert left > 10, "only those under way may still fail"
    assert asked == first.new + 1
    assert first.reason == f"HTTP 429: the host asks to wait 60 minutes; {left} left for the next crawl"
    assert (second.ok, second.new, second.unchanged) == (True, 30 - first.new, first.new)


def test_a_short_retry_after_is_waited_for(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        stories(site, range(1))
        site.once["/story/0"] = Answer("", status=503, headers={"Retry-After": "1"})
        (result,) = run(engine, source(site))
    assert (result.ok, result.new, site.paths.count("/story/0")) == (True, 1, 2)


def test_a_page_that_is_unavailable_stops_nothing_else(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        stories(site, range(3))
        site.answers["/story/1"] = Answer("", status=503)
        (result,) = run(engine, source(site))
    assert (result.ok, result.new, result.failed) == (True, 2, 1)
    assert result.reason == "1 of 3 pages failed: HTTP 503"
    assert site.paths.count("/story/1") == 2, "tried once more"


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        ("<html><title>Our press</title></html>", "text/html", "not a feed"),
        (
            "<rss version='2.0'><channel><title>Empty</title></channel></rss>",
            "text/xml",
            "0 entries where at least 1",
        ),
    ],
)
def test_a_body_that_is_no_feed(tmp_path: Path, body: str, content_type: str, reason: str) -> None:
    engine = store(tmp_path)
    with serve_site({"/feed.xml": Answer(body, content_type)}) as site:
        (result,) = run(engine, source(site))
    assert not result.ok
    assert result.reason.startswith(reason)


def test_without_a_network_every_source_says_why(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        closed = site.port
    sources = [
        Source(id="nowhere", name="Nowhere", kind="rss", url="https://news.invalid/feed"),
        Source(id="closed", name="Closed", kind="rss", url=f"http://127.0.0.1:{closed}/feed", local=True),
        Source(id="inside", name="Inside", kind="rss", url="http://169.254.169.254/latest/meta-data"),
    ]
    results = run(engine, *sources)
    assert [(r.source_id, r.ok, r.reason) for r in results] == [
        ("nowhere", False, "DNS: no such host"),
        ("closed", False, "connection refused"),
        ("inside", False, "169.254.169.254 lies in this machine or a private network"),
    ]
    assert sorted(fetch.source_id for fetch in recorded(engine)) == ["closed", "inside", "nowhere"]


def test_a_redirect_into_the_private_network_is_not_followed(tmp_path: Path) -> None:
    engine = store(tmp_path)
    away = Answer("", status=302, headers={"Location": "http://10.0.0.1/feed"})
    with serve_site({"/feed.xml": away}) as site:
        (result,) = run(engine, source(site))
    assert (result.ok, result.reason) == (False, "10.0.0.1 lies in this machine or a private network")


def test_a_page_that_is_a_challenge_is_no_article(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        stories(site, range(2))
        site.answers["/story/1"] = Answer("<title>Just a moment...</title><p>Checking your browser.</p>")
        (result,) = run(engine, source(site))
    assert (result.new, result.failed, result.not_articles) == (1, 0, 1)
    assert "Just a moment" in result.reason


def test_a_database_in_memory_is_refused() -> None:
    with serve_site({}) as site, pytest.raises(GatherError, match="database in memory"):
        run(open_store("sqlite://"), source(site))


def test_no_sources_no_crawl(tmp_path: Path) -> None:
    assert run(store(tmp_path)) == []
