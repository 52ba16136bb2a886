"""What somebody is told of a server, and how often."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from tests.mail_server import Box, chatting, serving
from tests.test_brief_build import put
from tracker.cli import main
from tracker.serve.jobs import Job
from tracker.serve.runner import Past
from tracker.serve.watchdog import FREE, Look, findings
from tracker.store.engine import open_store, transaction

NOW = dt.datetime(2026, 6, 9, 12, tzinfo=dt.UTC)
NIGHTLY = Job("backup", ("db", "backup"), "30 3 * * *", 5, True, ZoneInfo("UTC"))


def ago(**time: float) -> dt.datetime:
    return NOW - dt.timedelta(**time)


WELL = Look(
    now=NOW, seen=ago(hours=2), free=FREE, backup=ago(hours=9),
    jobs=[(NIGHTLY, Past("", outcome="done"), ago(hours=-15))],
)  # fmt: skip


def test_of_a_server_that_is_well_nothing_is_said() -> None:
    assert findings(WELL) == []
    assert findings(Look(now=NOW)) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"free": FREE - 1}, "the disk has less than 2 GB left"),
        ({"seen": ago(hours=37)}, "no new article came in since 2026-06-07 23:00 UTC"),
        ({"backup": ago(hours=51)}, "the newest checked backup is of 2026-06-07 09:00 UTC"),
        ({"spoilt": "it is cut short"}, "the newest backup does not come back: it is cut short"),
        ({"undecided": ["a", "b"]}, "due predictions await a person: a, b"),
        ({"troubled": {"wire": "HTTP 503", "blog": ""}}, "2 of the sources fail: blog, wire (HTTP 503)"),
        ({"troubled": dict.fromkeys("abcdefg", "")}, "7 of the sources fail: a, b, c, d, e and 2 more"),
        (
            {"jobs": [(NIGHTLY, Past("", outcome="failed with exit code 1"), None)]},
            "the job backup failed with exit",
        ),
        (
            {"jobs": [(NIGHTLY, Past("", outcome="done"), ago(hours=13))]},
            "should have run at 2026-06-08 23:00 UTC",
        ),
    ],
)
def test_each_trouble_is_told_by_itself(change: dict[str, Any], told: str) -> None:
    [finding] = findings(dataclasses.replace(WELL, **change))
    assert told in finding


def test_what_is_switched_off_is_not_missed() -> None:
    off = dataclasses.replace(NIGHTLY, enabled=False)
    quiet = dataclasses.replace(
        WELL, backs_up=False, backup=ago(days=90), jobs=[(off, Past(""), ago(days=9))]
    )
    assert findings(quiet) == []


def test_the_worst_comes_first() -> None:
    all_ = dataclasses.replace(WELL, free=0, seen=ago(days=9), undecided=["a"])
    assert [f.split()[1] for f in findings(all_)] == ["disk", "new", "predictions"]


@pytest.fixture
def env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A store whose last article came in weeks ago."""
    monkeypatch.chdir(tmp_path)
    address = f"sqlite:///{tmp_path / 't.db'}"
    with transaction(open_store(address)) as session:
        put(session, "wire", "2026-05-01", None)
    return {"TRACKER_DATABASE_URL": address, "TRACKER_SENDER": "desk@example.net"}


def test_the_same_findings_are_shouted_once_a_day(
    env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [NOW]
    monkeypatch.setattr("tracker.cli.watch.utc_now", lambda: clock[0])
    box = Box()
    with serving(box) as port, chatting() as (web, told):
        alarm = f"ops@example.org, json://127.0.0.1:{web}/"
        env |= {"TRACKER_SMTP": f"smtp://127.0.0.1:{port}", "TRACKER_ALARM": alarm}

        def shout() -> int:
            return CliRunner().invoke(main, ["watch", "--shout"], env=env).exit_code

        quiet = CliRunner().invoke(main, ["watch"], env=env)
        assert (quiet.exit_code, len(box.mails)) == (1, 0)
        assert "no new article came in since 2026-05-01" in quiet.stdout
        assert shout() == 1
        clock[0] += dt.timedelta(hours=5)
        assert shout() == 1
        assert len(box.mails) == len(told) == 1
        clock[0] += dt.timedelta(days=2)
        assert shout() == 1
        assert len(box.mails) == len(told) == 2
        with monkeypatch.context() as well:
            well.setattr("tracker.serve.watchdog.QUIET", dt.timedelta(days=900))
            assert shout() == 0
        assert shout() == 1
    assert len(box.mails) == len(told) == 3
    assert (box.mails[0]["To"], box.mails[0]["Subject"]) == ("ops@example.org", "1 thing to look at")
    assert "no new article came in" in box.mails[0].get_content()


def test_a_backup_that_does_not_come_back_is_told(
    env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.serve.watchdog.QUIET", dt.timedelta(days=9000))
    clock = [dt.datetime.now(dt.UTC)]
    monkeypatch.setattr("tracker.cli.watch.utc_now", lambda: clock[0])

    def watch() -> tuple[int, str]:
        done = CliRunner().invoke(main, ["watch"], env=env)
        return done.exit_code, done.stdout

    assert CliRunner().invoke(main, ["db", "backup", "copies/"], env=env).exit_code == 0
    assert watch() == (0, "")
    [copy] = Path("copies").iterdir()
    copy.write_bytes(copy.read_bytes()[:-200])
    assert watch() == (0, ""), "tried once a day"
    clock[0] += dt.timedelta(hours=25)
    code, told = watch()
    assert (code, f"cannot restore {copy}" in told) == (1, True), told
    assert [p.name for p in Path("copies").iterdir()] == [copy.name], "something was left behind"
    copy.unlink()
    clock[0] += dt.timedelta(hours=24)
    assert "No such file" in watch()[1]


def test_an_alarm_to_nobody_is_an_error(env: dict[str, str]) -> None:
    done = CliRunner().invoke(main, ["watch", "--shout"], env=env | {"TRACKER_ALARM": ""})
    assert done.exit_code == 1
    assert "set TRACKER_ALARM" in done.stderr
