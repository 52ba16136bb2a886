"""The health of a source: what state its crawls amount to, and when it rests."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.gather_support import NOW, Answer, recorded, run, serve_site, source, store, stories
from tests.test_gather_commands import call, write_sources
from tracker.models.tables import Fetch
from tracker.sources import NOT_MODIFIED, UNDATED, Source
from tracker.sources.health import LONGEST_REST, health, rest, weight
from tracker.standing import standings
from tracker.store.crawls import save_fetch
from tracker.store.engine import open_store, transaction

SOURCE = Source(id="s", name="S", kind="feed", url="https://s.example/f", max_gap=10)


def visit(days_ago: float, reason: str = "", ok: bool | None = None, items: int = 5, new: int = 0) -> Fetch:
    at = NOW - dt.timedelta(days=days_ago)
    ok = not reason if ok is None else ok
    return Fetch(source_id="s", started=at, finished=at, ok=ok, items=items, new=new, reason=reason)


@pytest.mark.parametrize(
    ("visits", "state", "reason"),
    [
        ([], "never", "not crawled yet"),
        ([visit(1, new=1)], "ok", ""),
        ([visit(1, "interrupted; what came before is kept")], "never", "not crawled yet"),
        ([visit(2, new=2), visit(1, items=0)], "empty", "its listing holds no entry"),
        ([visit(12, new=2), visit(1)], "stale", "nothing new for 12 days, 10 are usual"),
        ([visit(2), visit(1)], "ok", ""),
        ([visit(2, UNDATED, ok=True, new=3), visit(1)], "undated", UNDATED),
        ([visit(3, new=1), visit(2, "HTTP 404"), visit(1, "HTTP 403")], "blocked", "2026-06-28: HTTP 403"),
        ([visit(2, "robots.txt forbids it")], "blocked", "robots.txt"),
        ([visit(3, "HTTP 500"), visit(2, NOT_MODIFIED, ok=True)], "failing", "2026-06-27: HTTP 500"),
        ([visit(2, "layout changed: x")], "layout changed", "failing since 2026-06-28: layout changed"),
        ([visit(3, "HTTP 500"), visit(2, new=1)], "ok", ""),
        ([visit(3, new=1), visit(2, NOT_MODIFIED, ok=True, items=0)], "ok", ""),
    ],
)
def test_states(visits: list[Fetch], state: str, reason: str) -> None:
    found = health(SOURCE, visits, NOW)
    assert (found.state, reason in found.reason) == (state, True), found


def test_what_does_not_heal_weighs_more_and_makes_a_source_rest() -> None:
    lasting = health(SOURCE, [visit(n, "HTTP 404") for n in (3, 2, 1)], NOW)
    passing = health(SOURCE, [visit(n, "HTTP 503") for n in (3, 2, 1)], NOW)
    offline = health(SOURCE, [visit(n, "DNS: no such host") for n in (3, 2, 1)], NOW)
    assert (lasting.failures, passing.failures, offline.failures) == (3.0, 1.5, 0.3)
    assert lasting.rests_until == NOW - dt.timedelta(days=1) + dt.timedelta(hours=6)
    assert passing.rests_until is None


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_rest_grows_and_ends(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert dt.timedelta() <= rest(low) <= rest(high) <= LONGEST_REST


@given(st.text())
def test_weights_are_shares(reason: str) -> None:
    assert 0 <= weight(reason) <= 1


def test_an_undated_source_is_told_by_its_crawl(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        stories(site, range(2))
        body = str(site.answers["/feed.xml"].body)
        site.answers["/feed.xml"] = Answer(body.replace("pubDate", "noDate"), "application/rss+xml")
        (result,) = run(engine, source(site))
        run(engine, source(site))
    assert result.reason == UNDATED
    assert standings(engine, [source(site)], NOW)["site"].health.state == "undated"


def test_a_failing_source_rests_unless_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    monkeypatch.setenv("TRACKER_DATABASE_URL", url)
    monkeypatch.setenv("TRACKER_SOURCES", str(tmp_path / "own.toml"))
    engine = open_store(url)
    with serve_site({}) as site:
        down = source(site, "/gone.xml", id="down")
        listed = write_sources(tmp_path / "s.toml", down)
        arguments = ["crawl", "--sources", str(listed), "--format", "csv"]
        for _ in range(3):
            assert "down,failing,0,0,0,0,0,HTTP 404" in call(*arguments).stdout
        site.asked.clear()
        rested = call(*arguments)
        assert site.asked == []
        named = call(*arguments, "down")
        assert "/gone.xml" in site.paths
    assert rested.exit_code == named.exit_code == 1
    assert "rests until" in rested.stdout
    assert "failing since" in rested.stdout
    assert len(recorded(engine)) == 4
    write_sources(tmp_path / "own.toml", down)
    shown = call("sources", "show", "down", "--format", "csv")
    assert "failing" in shown.stdout
    assert "4.0" in shown.stdout


def test_a_crawl_of_long_ago_is_not_looked_at(tmp_path: Path) -> None:
    from tracker.sources import SourceResult

    engine = store(tmp_path)
    long_ago = NOW - dt.timedelta(days=100)
    with transaction(engine) as session:
        save_fetch(session, SourceResult("s", ok=False, reason="HTTP 404"), long_ago, long_ago)
    assert standings(engine, [SOURCE], NOW)["s"].health.state == "never"
