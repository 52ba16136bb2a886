"""When a source is due, and `tracker crawl --due`."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tracker.cli.crawl
from tests.gather_support import NOW, Answer, serve_site, source, stories
from tests.test_gather_commands import call, write_sources
from tests.test_gather_health import visit
from tracker.models.tables import Fetch, SourceState
from tracker.sources import Source
from tracker.sources.health import Health, health
from tracker.sources.schedule import JITTER, jitter, next_crawl
from tracker.store.crawls import save_state
from tracker.store.engine import open_store, transaction

SOURCE = Source(id="s", name="S", kind="feed", url="https://s.example/f", every=4)


def due(visits: list[Fetch], not_before: dt.datetime | None = None) -> dt.datetime | None:
    return next_crawl(SOURCE, visits, health(SOURCE, visits, NOW), not_before)


def test_a_source_is_due_an_interval_after_its_last_crawl() -> None:
    assert due([]) is None
    assert due([visit(1, "interrupted; what came before is kept")]) is None
    last = visit(0.5)
    wait = dt.timedelta(hours=4) * jitter("s", last.started.date())
    assert due([visit(3), last]) == last.started + wait
    assert due([last, visit(0.1, "interrupted; what came before is kept")]) == last.started + wait


def test_a_rest_and_a_pause_put_it_off() -> None:
    failing = [visit(n, "HTTP 404") for n in (3, 2, 1)]
    rested = health(SOURCE, failing, NOW)
    assert due(failing) == rested.rests_until == NOW - dt.timedelta(hours=18)
    assert due([visit(0.1)], NOW + dt.timedelta(hours=20)) == NOW + dt.timedelta(hours=20)
    assert next_crawl(SOURCE, [], Health("never"), NOW) == NOW


@given(st.text(max_size=20), st.dates())
def test_jitter_stays_within_bounds_and_is_no_chance(name: str, day: dt.date) -> None:
    assert 1 - JITTER <= jitter(name, day) <= 1 + JITTER
    assert jitter(name, day) == jitter(name, day)


def test_jitter_spreads_sources_and_days() -> None:
    sources = {jitter(f"source-{n}", NOW.date()) for n in range(200)}
    days = {jitter("s", NOW.date() + dt.timedelta(days=n)) for n in range(200)}
    for found in (sources, days):
        assert len(found) == 200
        assert min(found) < 1 - 0.8 * JITTER
        assert max(found) > 1 + 0.8 * JITTER


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[dt.datetime]:
    """The command's clock; its one entry may be changed."""
    now = [NOW]
    monkeypatch.setattr(tracker.cli.crawl, "utc_now", lambda: now[0])
    monkeypatch.setattr(tracker.cli.crawl, "read_new", lambda engine: None)
    return now


def test_a_scheduled_crawl_asks_only_what_is_due(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: list[dt.datetime]
) -> None:
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    monkeypatch.setenv("TRACKER_DATABASE_URL", url)
    with serve_site({}) as site:
        stories(site, range(2))
        site.answers["/rare.xml"] = Answer(site.answers["/feed.xml"].body, "application/rss+xml")
        often, rare = source(site, id="often", every=1), source(site, "/rare.xml", id="rare", every=24)
        listed = str(write_sources(tmp_path / "s.toml", often, rare))
        arguments = ["crawl", "--sources", listed, "--due", "--format", "jsonl"]
        assert len(call(*arguments).stdout.splitlines()) == 2, "what was never crawled is due"
        clock[0] += dt.timedelta(minutes=30)
        nothing = call(*arguments)
        clock[0] += dt.timedelta(hours=1)
        site.asked.clear()
        second = call(*arguments)
        assert [p for p in site.paths if p.endswith(".xml")] == ["/feed.xml"]
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    assert nothing.stderr.startswith("2 of 2 sources are not due yet; the next is often at 2026-06-30 1")
    assert [json.loads(line)["source"] for line in second.stdout.splitlines()] == ["often"]
    assert "1 of 2 sources are not due yet; the next is rare at 2026-07-01" in second.stderr


def test_a_pause_that_a_host_asked_for_is_kept_by_the_schedule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: list[dt.datetime]
) -> None:
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    monkeypatch.setenv("TRACKER_DATABASE_URL", url)
    until = NOW + dt.timedelta(hours=5)
    with transaction(open_store(url)) as session:
        save_state(session, SourceState(source_id="s", not_before=until))
    listed = str(write_sources(tmp_path / "s.toml", SOURCE))
    found = call("crawl", "--sources", listed, "--due")
    assert "the next is s at 2026-06-30 17:00 UTC" in found.stderr
