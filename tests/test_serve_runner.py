"""Running jobs for real: processes, locks, crashes, a disk that refuses."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from tracker.cli import main
from tracker.errors import ConfigError
from tracker.serve.jobs import Job
from tracker.serve.runner import STATE, Runner

NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


def job(*command: str, name: str = "j", minutes: int = 1) -> Job:
    return Job(name, command, "*/5 * * * *", minutes, True, ZoneInfo("UTC"))


def runner(folder: Path, now: Callable[[], dt.datetime] = lambda: NOW) -> Runner:
    """Jobs are lines of Python here."""
    return Runner(folder, now, (sys.executable, "-c"))


def wait_for(done: Callable[[], bool]) -> None:
    for _ in range(200):
        if done():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to pass")


def test_how_a_job_ended_and_what_it_said_is_kept(tmp_path: Path) -> None:
    here = runner(tmp_path)
    done = here.run(job("print('all is well')"))
    assert done is not None
    assert (done.outcome, done.said, done.began) == ("done", "all is well", NOW.isoformat())
    failed = here.run(job("raise SystemExit('no disk')", name="k"))
    assert failed is not None
    assert (failed.outcome, failed.said) == ("failed with exit code 1", "no disk")
    kept = json.loads((tmp_path / STATE).read_text())
    assert {name: past["outcome"] for name, past in kept.items()} == {"j": "done", "k": failed.outcome}


def test_a_job_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.serve.runner.GRACE", 0.2)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    began = time.monotonic()
    past = runner(tmp_path).run(Job("j", (deaf,), "* * * * *", 0.02, True, ZoneInfo("UTC")))  # type: ignore[arg-type]
    assert past is not None
    assert past.outcome.startswith("stopped after")
    assert time.monotonic() - began < 10


def test_two_runners_never_run_one_job_at_once(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    slow = job(f"import time, pathlib; pathlib.Path({str(mark)!r}).touch(); time.sleep(1)")
    first = threading.Thread(target=runner(tmp_path).run, args=(slow,))
    first.start()
    wait_for(mark.exists)
    assert runner(tmp_path).run(slow) is None
    assert runner(tmp_path).run(job("pass", name="other")) is not None
    first.join()
    assert runner(tmp_path).run(job("pass")) is not None


def test_a_killed_runner_frees_the_lock_with_its_job_and_not_before(tmp_path: Path) -> None:
    """The job outlives its runner: until it ends nobody may begin it again."""
    script = (
        "import sys, datetime as dt\n"
        "from pathlib import Path\n"
        "from tests.test_serve_runner import job, runner\n"
        "runner(Path(sys.argv[1])).run(job('import time; print(1, flush=True); time.sleep(2)'))\n"
    )
    outer = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)])
    wait_for(lambda: "under way" in (tmp_path / STATE).read_text() if (tmp_path / STATE).exists() else False)
    time.sleep(0.3)
    os.kill(outer.pid, signal.SIGKILL)
    outer.wait()
    assert runner(tmp_path).run(job("pass")) is None
    wait_for(lambda: runner(tmp_path).run(job("pass")) is not None)


def test_what_is_due_is_run_once_and_a_failure_stops_no_other(tmp_path: Path) -> None:
    times = iter([NOW])
    clock = {"now": NOW}
    here = runner(tmp_path, lambda: clock["now"])
    jobs = [job("raise SystemExit(3)"), job("print(1)", name="k")]
    assert here.due(jobs) == []
    clock["now"] += dt.timedelta(hours=3)
    assert here.due(jobs) == jobs
    outcomes = [past.outcome for j in here.due(jobs) if (past := here.run(j))]
    assert outcomes == ["failed with exit code 3", "done"]
    assert here.due(jobs) == []
    assert next(times) == NOW


def test_a_stop_reaches_what_is_running(tmp_path: Path) -> None:
    here, found = runner(tmp_path), []
    slow = job("import time; print(1, flush=True); time.sleep(60)")
    thread = threading.Thread(target=lambda: found.append(here.run(slow)))
    thread.start()
    wait_for(lambda: "j" in here.running)
    here.stop()
    thread.join(10)
    assert [past.outcome for past in found] == ["cut off"]


def test_a_stop_ends_what_is_deaf_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.serve.runner.GRACE", 0.3)
    here, found = runner(tmp_path), []
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True)"
    thread = threading.Thread(target=lambda: found.append(here.run(job(f"{deaf}; time.sleep(60)"))))
    thread.start()
    wait_for(lambda: (tmp_path / "j.log").exists() and (tmp_path / "j.log").read_text() == "1\n")
    here.stop()
    thread.join(10)
    assert [past.outcome for past in found] == ["cut off"]


@pytest.mark.parametrize("text", ["{", "[]", '{"j": {"heard": 1, "x": 2}}', ""])
def test_a_spoilt_state_begins_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / STATE).write_text(text)
    assert runner(tmp_path).run(job("pass")) is not None


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigError, match="cannot write to"):
        runner(tmp_path / "file").past([job("pass")])


def test_what_was_cut_off_counts_as_missed(tmp_path: Path) -> None:
    clock = {"now": NOW}
    here = runner(tmp_path, lambda: clock["now"])
    here.past([job()])
    clock["now"] += dt.timedelta(minutes=7)
    napping = job("import time; print(1, flush=True); time.sleep(60)")
    assert here.due([napping]) == [napping]
    thread = threading.Thread(target=lambda: here.run(napping))
    thread.start()
    wait_for(lambda: (tmp_path / "j.log").exists() and (tmp_path / "j.log").read_text() == "1\n")
    assert here.is_running("j")
    here.stop()
    thread.join(10)
    assert not here.is_running("j")
    assert runner(tmp_path, lambda: clock["now"]).due([napping]) == [napping]
    assert runner(tmp_path, lambda: clock["now"]).run(job("pass")) is not None
    assert runner(tmp_path, lambda: clock["now"]).due([napping]) == []


def test_what_a_job_leaves_behind_ends_with_it(tmp_path: Path) -> None:
    leaving = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\nprint(child.pid)"
    )
    began = time.monotonic()
    past = runner(tmp_path).run(job(leaving))
    assert past is not None
    assert time.monotonic() - began < 10
    wait_for(lambda: not _lives(int(past.said)))


def _lives(process: int) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    stat = Path(f"/proc/{process}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_a_job_that_is_asked_to_stop_winds_up_as_after_ctrl_c(tmp_path: Path) -> None:
    here = Runner(tmp_path, lambda: NOW, (sys.executable, "-m", "tests.napping"))
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(((past := here.run(job("x"))) and past.said) or ""))
    thread.start()
    wait_for(lambda: (tmp_path / "j.log").exists() and "in" in (tmp_path / "j.log").read_text())
    here.stop()
    thread.join(10)
    assert found[0].endswith("Aborted!")


# ----- the commands


@pytest.fixture
def env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.chdir(tmp_path)
    shipped = "".join(
        f"[jobs.{n}]\nenabled = false\n" for n in ("crawl", "check", "backup", "verdicts", "briefing", "site")
    )
    (tmp_path / "own.toml").write_text(
        f'{shipped}[jobs.settings]\ncommand = "config show"\nwhen = "* * * * *"\n'
        '[jobs.bad]\ncommand = "briefing build --week 2026-W99"\nwhen = "* * * * *"\n'
    )
    return {
        "TRACKER_SCHEDULE": str(tmp_path / "own.toml"),
        "TRACKER_DATABASE_URL": f"sqlite:///{tmp_path / 't.db'}",
    }


def test_a_named_job_runs_at_once_and_its_failure_is_told(
    env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    run = CliRunner()
    assert run.invoke(main, ["schedule", "run", "settings"]).stdout == "settings: done\n"
    failed = run.invoke(main, ["schedule", "run", "bad"])
    assert (failed.exit_code, failed.stdout) == (1, "bad: failed with exit code 2\n")
    assert "ISO week" in failed.stderr
    wrong = run.invoke(main, ["schedule", "run", "none"])
    assert (wrong.exit_code, "known: crawl" in wrong.stderr) == (2, True)
    rows = json.loads(run.invoke(main, ["schedule", "show", "--format", "json"]).stdout)
    told = {row["job"]: (row["outcome"], row["next"]) for row in rows}
    assert told["settings"][0] == "done"
    assert told["crawl"] == ("", "switched off")


def test_a_run_that_failed_before_it_could_write_the_log_stands_there(
    env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    CliRunner().invoke(main, ["schedule", "run", "bad"])
    CliRunner().invoke(main, ["schedule", "run", "briefing"])
    rows = json.loads(CliRunner().invoke(main, ["runs", "list", "--format", "json"]).stdout)
    assert [(row["kind"], row["outcome"]) for row in rows] == [("briefing", "failed"), ("bad", "failed")]
    assert "ISO week" in rows[1]["error"]
    monkeypatch.setenv("TRACKER_DATABASE_URL", "nonsense")
    refused = CliRunner().invoke(main, ["schedule", "run", "check"])
    assert (refused.exit_code, "the run log was not written" in refused.stderr) == (1, True)


def test_a_cut_off_run_is_told_from_one_under_way(env: dict[str, str], tmp_path: Path) -> None:
    state = {"settings": {"heard": "2026-06-01T00:00+00:00", "outcome": "under way"}}
    (tmp_path / "var" / "jobs").mkdir(parents=True)
    (tmp_path / "var" / "jobs" / STATE).write_text(json.dumps(state))

    def outcome() -> str:
        done = CliRunner().invoke(main, ["schedule", "show", "--format", "json"], env=env)
        return {row["job"]: row["outcome"] for row in json.loads(done.stdout)}["settings"]

    assert outcome() == "cut off"
    with Runner(Path("var/jobs"), lambda: NOW)._lock("settings"):
        assert outcome() == "under way"


def test_nothing_is_due_just_after_a_schedule_was_first_seen(env: dict[str, str]) -> None:
    done = CliRunner().invoke(main, ["schedule", "run"], env=env)
    assert (done.exit_code, done.stdout) == (0, "nothing is due\n")


def test_old_backups_are_removed_once_the_new_one_is_checked(env: dict[str, str], tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["db", "upgrade"], env=env).exit_code == 0
    folder = tmp_path / "backups"
    folder.mkdir()
    for name in ("t-20260101T000000Z.db.gz", "t-20260102T000000Z.db.gz", "t-mine.db.gz", "other.txt"):
        (folder / name).write_text("x")
    done = CliRunner().invoke(main, ["db", "backup", f"{folder}/", "--keep", "2"], env=env)
    assert done.exit_code == 0, done.output
    left = sorted(p.name for p in folder.iterdir())
    assert left[0] == "other.txt"
    assert "t-20260101T000000Z.db.gz" not in left
    assert len(left) == 4
    refused = CliRunner().invoke(main, ["db", "backup", str(tmp_path / "one.db"), "--keep", "2"], env=env)
    assert refused.exit_code == 2
