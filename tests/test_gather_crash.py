"""Crawls that are stopped: by Ctrl-C, by a kill of the crawl process, and of everything."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

import tracker.gather
from tests.broken_answers import silent
from tests.gather_support import NOW, Site, articles, recorded, run, serve_site, source, store, stories
from tracker.gather import Step
from tracker.sources import UNDER_WAY

COUNT = 40
SLOW = 0.4  # seconds a page, so that the stop comes well before the end


def start_crawl(site: Site, database: str, *module: str) -> subprocess.Popen[str]:
    """The crawl process alone, with the job it would get."""
    job = {"sources": [source(site).model_dump()], "now": NOW.isoformat(), "database_url": database}
    command = [sys.executable, "-m", *(module or ("spiders.run",))]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    process.stdin.write(json.dumps(job))
    process.stdin.close()
    return process


def assert_complete(engine: sa.Engine) -> None:
    titles = sorted(article.title for article in articles(engine))
    assert titles == sorted(f"Story number {n}" for n in range(COUNT))


def test_ctrl_c_keeps_what_came_and_the_next_crawl_the_rest(tmp_path: Path) -> None:
    engine = store(tmp_path)
    seen: list[Step] = []

    def stop(step: Step) -> None:
        seen.append(step)
        if len(seen) == 1:
            raise KeyboardInterrupt

    with serve_site({}, delay=SLOW) as site:
        stories(site, range(COUNT))
        (result,) = run(engine, source(site), on_progress=stop)
        kept = len(articles(engine))
        assert (result.ok, result.reason) == (False, "interrupted; what came before is kept")
        assert 1 <= kept < COUNT
        assert result.new == kept == recorded(engine)[0].new
        site.delay = 0
        (again,) = run(engine, source(site))
    assert (again.ok, again.new, again.unchanged) == (True, COUNT - kept, kept)
    assert_complete(engine)


def test_a_killed_crawl_process_is_reported_by_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = store(tmp_path)
    started: list[subprocess.Popen[str]] = []
    start = tracker.gather._start

    def remember(log: object) -> subprocess.Popen[str]:
        started.append(start(log))  # type: ignore[arg-type]
        return started[-1]

    def kill(step: Step) -> None:
        if step.source_id == "site":
            started[0].kill()

    monkeypatch.setattr(tracker.gather, "_start", remember)
    with serve_site({}, delay=SLOW) as site:
        stories(site, range(COUNT))
        waiting = source(site, id="other", url=site.url("/late.xml"))
        one, two = run(engine, source(site), waiting, on_progress=kill)
    assert (one.ok, one.reason) == (False, "the crawl process died (signal 9)")
    assert 1 <= one.new <= len(articles(engine)) < COUNT
    assert (two.ok, two.reason) == (False, "HTTP 404")
    assert sorted(fetch.source_id for fetch in recorded(engine)) == ["other", "site"]


def test_kill_9_in_the_middle_then_every_article_once(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}, delay=SLOW) as site:
        stories(site, range(COUNT))
        with start_crawl(site, str(engine.url)) as process:
            assert process.stdout is not None
            stored = 0
            while stored < 5:
                stored += json.loads(process.stdout.readline())["outcomes"]["new"]
            process.send_signal(signal.SIGKILL)
        kept = len(articles(engine))
        assert 5 <= kept < COUNT
        assert [(fetch.ok, fetch.reason) for fetch in recorded(engine)] == [(False, UNDER_WAY)]
        site.delay = 0
        (result,) = run(engine, source(site))
    interrupted, whole = recorded(engine)
    assert (interrupted.new, interrupted.reason) == (kept, "interrupted; what came before is kept")
    assert (whole.ok, whole.new) == (True, COUNT - kept)
    assert (result.ok, result.new, result.unchanged) == (True, COUNT - kept, kept)
    assert_complete(engine)


def test_a_snapshot_of_a_store_in_a_crawl_is_gone_on_with(tmp_path: Path) -> None:
    """As a file system or a disk image takes it: all files as of one moment, in the midst of writing."""
    copy, engine = tmp_path / "copy", store(tmp_path)
    copy.mkdir()
    with serve_site({}, delay=SLOW) as site:
        stories(site, range(COUNT))
        with start_crawl(site, str(engine.url)) as process:
            assert process.stdout is not None
            stored = 0
            while stored < 5:
                stored += json.loads(process.stdout.readline())["outcomes"]["new"]
            process.send_signal(signal.SIGSTOP)
            for file in ("tracker.db", "tracker.db-wal"):
                shutil.copy(tmp_path / file, copy)
            process.kill()
        site.delay = 0
        again = store(copy)
        had = len(articles(again))
        (result,) = run(again, source(site))
    assert 5 <= had < COUNT
    assert (result.ok, result.new, result.unchanged) == (True, COUNT - had, had)
    assert_complete(again)
    with again.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_a_crawl_whose_starter_is_gone_ends_by_itself(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}, delay=SLOW) as site:
        stories(site, range(COUNT))
        process = start_crawl(site, str(engine.url))
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(timeout=20) == 0
    (fetch,) = recorded(engine)
    assert (fetch.ok, fetch.reason) == (False, "interrupted; what came before is kept")
    assert fetch.new == len(articles(engine)) < COUNT


def test_a_crawl_that_waits_ends_with_its_starter_too(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({"/feed.xml": silent()}) as site:
        process = start_crawl(site, str(engine.url), "tests.impatient_crawl", "60")
        assert process.stdout is not None
        while "/feed.xml" not in site.paths:
            time.sleep(0.05)
        process.stdout.close()
        # In order it would end once the request has timed out, after a minute.
        assert process.wait(timeout=30) == -signal.SIGKILL
    assert [fetch.reason for fetch in recorded(engine)] == [UNDER_WAY]


def test_a_crawl_process_that_cannot_read_its_job_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracker.gather, "_job", lambda *args, **_: "{}")
    with serve_site({}) as site:
        (result,) = run(store(tmp_path), source(site))
    assert not result.ok
    assert result.reason.startswith("the crawl process died (exit code 1)")
