"""The run log: every end of a run leaves its row, a killed one too."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlmodel import Session

from tests.mention_builders import at
from tests.store_builders import at_file, small_store
from tracker.cli import main as tracker
from tracker.cli.recorded import recorded
from tracker.errors import StoreError
from tracker.models.tables import Run
from tracker.store.engine import open_store, transaction
from tracker.store.runs import begin_run, end_run, runs, settle_runs

NOW = at("2026-06-30")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "store.db"
    small_store(at_file(path)).dispose()
    monkeypatch.setenv("TRACKER_DATABASE_URL", at_file(path))
    return path


def call(*arguments: str) -> Result:
    return CliRunner().invoke(tracker, list(arguments))


def logged(*arguments: str) -> list[dict[str, Any]]:
    done = call("runs", "list", "--format", "json", *arguments)
    assert done.exit_code == 0, done.output
    return list(json.loads(done.stdout))


def test_a_run_that_ends_well_and_one_that_fails(store: Path, tmp_path: Path) -> None:
    assert call("briefing", "build", "--week", "2020-W01", "--out", str(tmp_path)).exit_code == 1
    assert call("db", "backup", str(tmp_path / "copy.db")).exit_code == 0
    backup, briefing = logged()
    assert (backup["kind"], backup["outcome"], backup["error"]) == ("backup", "done", "")
    assert backup["counts"] == {"file": str(tmp_path / "copy.db"), "articles": 2, "events": 2}
    assert (briefing["kind"], briefing["outcome"]) == ("briefing", "failed")
    assert briefing["error"].startswith("the store holds no article of 2020-W01")
    assert [row["kind"] for row in logged("--outcome", "failed")] == ["briefing"]
    assert [row["kind"] for row in logged("--kind", "backup", "--limit", "1")] == ["backup"]


def test_one_run_is_shown_with_what_it_counted(store: Path) -> None:
    assert call("db", "check").exit_code == 0
    number = str(logged()[0]["run"])
    assert "findings  0" in call("runs", "show", number).stdout
    assert json.loads(call("runs", "show", number, "--format", "jsonl").stdout)["counts"] == {"findings": 0}
    assert "0 findings" in call("runs", "list", "--format", "csv").stdout
    lost = call("runs", "show", "999")
    assert (lost.exit_code, "there is no run 999" in lost.output) == (1, True)


def test_ctrl_c_is_told_apart_from_failure(store: Path) -> None:
    engine = open_store(at_file(store))
    with pytest.raises(KeyboardInterrupt), recorded(engine, "crawl"):
        raise KeyboardInterrupt
    assert logged()[0]["outcome"] == "interrupted"


def test_a_killed_run_is_found_out(store: Path) -> None:
    code = (
        "import time; from tracker.cli.common import open_default_store as o\n"
        "from tracker.cli.recorded import recorded\n"
        "with recorded(o(), 'crawl'): print('in', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert logged()[0]["outcome"] == "under way"
        process.send_signal(signal.SIGKILL)
    assert logged()[0]["outcome"] == "killed"


def test_a_run_of_another_machine_is_left_alone(store_url: str) -> None:
    with transaction(open_store(store_url)) as session:
        number = begin_run(session, "crawl", NOW)
        row = session.get(Run, number)
        assert row is not None
        row.host, row.process = "elsewhere", 2**22 + 1
        session.add(row)
        settle_runs(session, NOW)
        assert [run.outcome for run in runs(session)] == ["under way"]


def test_a_run_whose_store_was_exchanged_has_no_row_to_end(store_url: str) -> None:
    with transaction(open_store(store_url)) as session:
        end_run(session, 7, NOW, "done", {})
        assert runs(session) == []


def test_a_restored_copy_does_not_call_its_own_backup_killed(store: Path, tmp_path: Path) -> None:
    call("db", "backup", str(tmp_path / "copy.db"))
    done = call("db", "restore", "--yes", str(tmp_path / "copy.db"))
    assert done.exit_code == 0, done.output
    assert [(row["outcome"], row["error"]) for row in logged()] == [
        ("interrupted", "the store was restored from a copy taken then")
    ]


def test_a_store_that_takes_no_change_can_be_backed_up(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise StoreError("attempt to write a readonly database")

    monkeypatch.setattr("tracker.store.runs.begin_run", refuse)
    done = call("db", "backup", str(tmp_path / "copy.db"))
    assert done.exit_code == 0
    assert "the run log was not written" in done.stderr
    assert call("briefing", "build", "--out", str(tmp_path)).exit_code == 1


def test_the_log_hides_neither_work_nor_error(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr("tracker.store.runs.end_run", refuse)
    done = call("db", "check")
    assert (done.exit_code, "the disk is full" in done.stderr) == (0, True)


def test_runs_are_paged_newest_first(store_url: str) -> None:
    engine = open_store(store_url)
    with transaction(engine) as session:
        for hour in range(5):
            begin_run(session, "crawl", NOW.replace(hour=hour))
    with Session(engine) as session:
        assert [run.started.hour for run in runs(session, limit=2, offset=1)] == [3, 2]


def test_listing_many_runs_is_quick(store: Path) -> None:
    with transaction(open_store(at_file(store))) as session:
        rows = [
            {"kind": "crawl", "started": NOW, "outcome": "done", "counts": {}, "host": "", "process": 0}
        ] * 20_000
        session.bulk_insert_mappings(Run, rows)  # type: ignore[arg-type]
    begun = time.process_time()
    assert len(logged()) == 30
    assert time.process_time() - begun < 2
