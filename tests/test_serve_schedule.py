"""When jobs are due, what a schedule may say, and what systemd and cron are told."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tracker.cli import main
from tracker.errors import ConfigError
from tracker.serve.due import due, next_run
from tracker.serve.jobs import Job, read_jobs
from tracker.serve.units import Host, calendar, crontab, units

BERLIN = ZoneInfo("Europe/Berlin")
HOST = Host("/usr/bin/tracker", "/var/lib/tracker", "tracker")


def job(when: str, zone: ZoneInfo = BERLIN, enabled: bool = True) -> Job:
    return Job("j", ("crawl",), when, 5, enabled, zone)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def test_what_was_missed_is_caught_up_once() -> None:
    nightly = job("30 2 * * *")
    last, now = utc("2026-06-01T00:30"), utc("2026-06-09T12:00")
    assert due([nightly], {"j": last}, now) == [nightly]
    assert due([nightly], {"j": now}, now + dt.timedelta(hours=1)) == []
    assert due([nightly], {"j": now}, utc("2026-06-10T00:30")) == [nightly]


def test_a_new_job_waits_for_its_time_and_one_switched_off_for_ever() -> None:
    heard = {"j": utc("2026-06-01T12:00")}
    assert due([job("30 2 * * *")], heard, utc("2026-06-01T12:01")) == []
    assert due([job("30 2 * * *", enabled=False)], heard, utc("2026-07-01T12:00")) == []
    assert due([job("30 2 * * *")], {}, utc("2026-07-01T12:00")) == []


def test_a_clock_set_back_begins_nothing_again_and_one_set_forward_once() -> None:
    nightly = job("30 2 * * *")
    assert due([nightly], {"j": utc("2026-06-02T00:30")}, utc("2026-06-01T23:00")) == []
    assert due([nightly], {"j": utc("2026-06-02T23:00")}, utc("2026-06-01T23:00")) == []
    assert due([nightly], {"j": utc("2030-01-01T00:00")}, utc("2026-06-01T23:00")) == [nightly]
    assert next_run(nightly, utc("2026-06-01T23:00")) == utc("2026-06-02T00:30")


def test_summer_time_leaves_out_no_night_and_doubles_none() -> None:
    nightly, at, days = job("30 2 * * *"), utc("2026-03-27T12:00"), []
    for _ in range(220):
        found = next_run(nightly, at)
        assert found is not None
        at = found
        days.append(at.astimezone(BERLIN).date())
    assert days == [days[0] + dt.timedelta(days=n) for n in range(len(days))]


def test_what_runs_often_runs_in_both_of_the_doubled_hours() -> None:
    often, at, times = job("*/15 * * * *"), utc("2026-10-24T23:59"), []
    while at < utc("2026-10-25T02:00"):
        found = next_run(often, at)
        assert found is not None
        at = found
        times.append(at)
    assert times == [utc("2026-10-25T00:00") + dt.timedelta(minutes=15 * n) for n in range(9)]


@given(
    st.sampled_from(["*/15 * * * *", "30 2 * * *", "0 6 * * mon", "15 */6 1,15 * *"]),
    st.datetimes(dt.datetime(2025, 1, 1), dt.datetime(2028, 1, 1)),
    st.timedeltas(dt.timedelta(0), dt.timedelta(days=40)),
)
def test_a_run_just_begun_is_never_due(when: str, last: dt.datetime, later: dt.timedelta) -> None:
    one, began = job(when), last.replace(tzinfo=dt.UTC)
    assert due([one], {"j": began}, began) == []
    at = next_run(one, began)
    assert at is not None
    assert at > began
    assert (due([one], {"j": began}, began + later) == [one]) == (at <= began + later)


# ----- the file


def test_ones_own_file_goes_over_the_shipped_jobs(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        'timezone = "Europe/Berlin"\n[jobs.crawl]\nenabled = false\n'
        '[jobs.feed]\ncommand = "crawl wire"\nwhen = "5 * * * *"\n'
    )
    found = {j.name: j for j in read_jobs(str(own))}
    shipped = {j.name: j for j in read_jobs()}
    assert list(found) == [*shipped, "feed"]
    assert (found["crawl"].enabled, found["crawl"].when) == (False, shipped["crawl"].when)
    assert found["feed"].command == ("crawl", "wire")
    assert {j.zone.key for j in found.values()} == {"Europe/Berlin"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1", "only timezone and tables"),
        ("jobs = 3", "only timezone and tables"),
        ('timezone = "Mars/Base"', "no time zone 'Mars/Base'"),
        ("timezone = 3", "no time zone 3"),
        ("[jobs.crawl]\nevery = 3", "job crawl: every is no field"),
        ("[jobs.new]\ncommand = 'crawl'", "job new has no when"),
        ("[jobs.crawl]\nwhen = '* * *'", "job crawl: .* five fields"),
        ("[jobs.crawl]\nwhen = '99 * * * *'", "job crawl: "),
        ("[jobs.crawl]\nwhen = '0 6 * * 1'", "days of the week are named"),
        ("[jobs.crawl]\nminutes = 0", "a minute at least"),
        ("[jobs.crawl]\nminutes = true", "is no int"),
        ("[jobs.crawl]\ncommand = ''", "needs a command"),
        ("[jobs.crawl", "cannot be read"),
    ],
)
def test_a_wrong_schedule_is_refused_with_its_job(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "own.toml").write_text(text)
    with pytest.raises(ConfigError, match=message) as caught:
        read_jobs(str(tmp_path / "own.toml"))
    assert "own.toml" in str(caught.value)


def test_every_shipped_job_is_a_command_of_the_program() -> None:
    for one in read_jobs():
        words = [w for w in one.command if not w.startswith("-")]
        done = CliRunner().invoke(main, [*words[: 1 if words[0] == "crawl" else 2], "--help"])
        assert done.exit_code == 0, one
        assert all(w in done.output for w in one.command if w.startswith("--")), one


# ----- systemd and cron


@pytest.mark.parametrize(
    ("when", "written"),
    [
        ("*/15 * * * *", "*-*-* *:00/15:00 Europe/Berlin"),
        ("30 2 * * *", "*-*-* 02:30:00 Europe/Berlin"),
        ("0 6 * * mon", "Mon *-*-* 06:00:00 Europe/Berlin"),
        ("0 8-18 1,15 * mon-fri", "Mon..Fri *-*-01,15 08..18:00:00 Europe/Berlin"),
        ("0 */6 * 1-6/2 *", "*-01..06/2-* 00/6:00:00 Europe/Berlin"),
    ],
)
def test_systemd_is_told_the_same_times(when: str, written: str) -> None:
    assert calendar(job(when)) == written
    if shutil.which("systemd-analyze"):
        subprocess.run(["systemd-analyze", "calendar", written], check=True, capture_output=True)


def test_units_are_hardened_and_only_of_what_is_switched_on(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        main, ["schedule", "systemd", "--out", str(tmp_path), "--program", "/usr/bin/tracker"]
    )
    assert done.exit_code == 0, done.output
    names = {j.name for j in read_jobs() if j.enabled}
    assert {p.name for p in tmp_path.iterdir()} == {
        f"tracker-{n}.{kind}" for n in names for kind in ("service", "timer")
    }
    text = (tmp_path / "tracker-crawl.service").read_text()
    assert "ExecStart=/usr/bin/tracker schedule run crawl\n" in text
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=\n"):
        assert line in text
    assert "{" not in "".join(text for _, text in units(read_jobs(), HOST))


def test_cron_lines_keep_the_zone_and_take_the_lock() -> None:
    lines = crontab([job("0 6 * * mon"), job("0 7 * * *", enabled=False)], HOST).splitlines()
    assert lines == [
        "CRON_TZ=Europe/Berlin",
        "0 6 * * mon cd /var/lib/tracker && /usr/bin/tracker schedule run j",
    ]
