"""`tracker schedule`: what a server does by itself, and when."""

from __future__ import annotations

import getpass
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.common import utc_now
from tracker.cli.output import format_option, print_rows
from tracker.config import Settings

if TYPE_CHECKING:
    from tracker.serve.jobs import Job
    from tracker.serve.runner import Past, Run, Runner
    from tracker.serve.units import Host

COLUMNS = ("job", "command", "when", "next", "began", "outcome")
FOLDER = Path("var/jobs")
"""Where locks and the past of the jobs lie."""

PROGRAM = click.option(
    "--program", metavar="PATH", help="Where tracker lies on the server; by default this one."
)
PLACE = click.option(
    "--folder", metavar="DIR", default="/var/lib/tracker", show_default=True, help="Where it works."
)


def runner() -> Runner:
    from tracker.serve.runner import Runner

    return Runner(FOLDER, utc_now, report=log)


def log(run: Run) -> None:
    """See that a failed run stands in the run log; a store that cannot be opened is often why it failed."""
    from tracker.serve.journal import note

    if refused := note(Settings.from_env().database_url, run, utc_now()):
        click.echo(refused, err=True)


def jobs() -> list[Job]:
    from tracker.serve.jobs import read_jobs

    return read_jobs(Settings.from_env().schedule)


@click.group()
def schedule() -> None:
    """Run what is due by itself: crawls, checks, backups, the briefing and the site."""


@schedule.command("show")
@format_option
def show(fmt: str) -> None:
    """Show the jobs, when each is run next, and how it ended last.

    \b
    Example:
      tracker schedule show
    """
    found, here = jobs(), runner()
    known = here.past(found)
    print_rows(
        [as_row(job, known[job.name], running=here.is_running(job.name)) for job in found], COLUMNS, fmt
    )


def as_row(job: Job, past: Past, *, running: bool) -> dict[str, Any]:
    """A job as it is listed; `running`: whether it is under way."""
    from tracker.serve.due import next_told
    from tracker.serve.runner import CUT_OFF, UNDER_WAY

    lost = past.outcome == UNDER_WAY and not running
    return {
        "job": job.name,
        "command": " ".join(job.command),
        "when": f"{job.when} {job.zone.key}",
        "next": next_told(job, past.since, utc_now()),
        "began": past.began[:16].replace("T", " "),
        "ended": past.ended,
        "outcome": CUT_OFF if lost else past.outcome,
        "said": past.said,
    }


@schedule.command("run")
@click.argument("name", required=False, metavar="[JOB]")
def run(name: str | None) -> None:
    """Run JOB now or, without it, whatever is due; what was missed is caught up once.

    Each job is a process of its own: one that fails stops no other. A job that runs already is left out. The
    exit code is 1 if a job failed.

    \b
    Example:
      tracker schedule run
      tracker schedule run backup
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what runs is stopped, too
    here, known = runner(), {job.name: job for job in jobs()}
    if name is not None and name not in known:
        raise click.BadParameter(f"there is no job {name!r}; known: {', '.join(known)}")
    chosen = [known[name]] if name is not None else here.due(list(known.values()))
    outcomes = [_run(here, job) for job in chosen]
    if not chosen:
        click.echo("nothing is due")
    if any(outcome not in ("done", "runs already") for outcome in outcomes):
        raise SystemExit(1)


def _run(here: Runner, job: Job) -> str:
    past = here.run(job)
    outcome = past.outcome if past else "runs already"
    click.echo(f"{job.name}: {outcome}")
    if past and past.said and outcome != "done":
        click.echo(past.said, err=True)
    return outcome


@schedule.command()
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder to write to."
)
@PROGRAM
@PLACE
@click.option("--user", metavar="NAME", default="tracker", show_default=True, help="Who runs it.")
def systemd(out: Path, program: str | None, folder: str, user: str) -> None:
    """Write a hardened service and a timer for each job.

    \b
    Example:
      tracker schedule systemd --out units
      systemctl enable --now tracker-crawl.timer
    """
    from tracker.files import write_whole
    from tracker.serve.units import units

    out.mkdir(parents=True, exist_ok=True)
    for name, text in units(jobs(), _host(program, folder, user)):
        click.echo(write_whole(out / name, text))


@schedule.command()
@PROGRAM
@PLACE
def cron(program: str | None, folder: str) -> None:
    """Print the jobs as lines of a crontab.

    \b
    Example:
      tracker schedule cron | crontab -
    """
    from tracker.serve.units import crontab

    click.echo(crontab(jobs(), _host(program, folder, getpass.getuser())), nl=False)


def _host(program: str | None, folder: str, user: str) -> Host:
    from tracker.serve.units import Host

    return Host(program or str(Path(sys.argv[0]).absolute()), folder, user)
