"""`tracker runs`: what was run, when, and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tracker.cli.common import open_default_store, utc_now
from tracker.cli.output import format_option, print_rows

if TYPE_CHECKING:
    from tracker.models.tables import Run

LISTED = ("run", "kind", "started", "seconds", "outcome", "counts", "error")
OUTCOMES = ("under way", "done", "failed", "interrupted", "killed")


@click.group()
def runs() -> None:
    """Show the runs of commands that change something: crawls, backups, briefings and the like."""


@runs.command("list")
@click.option("--kind", metavar="KIND", help="Only these, such as crawl or backup.")
@click.option("--outcome", type=click.Choice(OUTCOMES), help="Only those that ended so.")
@click.option("--limit", type=click.IntRange(1), default=30, show_default=True, help="The newest so many.")
@format_option
def list_(kind: str | None, outcome: str | None, limit: int, fmt: str) -> None:
    """List the runs, newest first.

    \b
    Example:
      tracker runs list --outcome failed
    """
    from tracker.store.engine import transaction
    from tracker.store.runs import runs as stored
    from tracker.store.runs import settle_runs

    with transaction(open_default_store()) as session:
        settle_runs(session, utc_now())
        rows = [as_row(run) for run in stored(session, kind=kind, outcome=outcome, limit=limit)]
    if fmt in ("table", "csv"):
        rows = [row | {"counts": told(row["counts"])} for row in rows]
    print_rows(rows, LISTED, fmt)


@runs.command()
@click.argument("number", type=int, metavar="RUN")
@format_option
def show(number: int, fmt: str) -> None:
    """Show one run with all that it counted.

    \b
    Example:
      tracker runs show 12
    """
    from sqlmodel import Session

    from tracker.errors import InputError
    from tracker.store.runs import run_of

    with Session(open_default_store()) as session:
        run = run_of(session, number)
        if run is None:
            raise InputError(f"there is no run {number}", file="run log", hint="tracker runs list shows them")
        row = as_row(run)
    if fmt in ("table", "csv"):
        counts = row.pop("counts")
        fields = [{"field": name, "value": value} for name, value in (row | counts).items()]
        print_rows(fields, ("field", "value"), fmt)
    else:
        print_rows([row], LISTED, fmt)


def as_row(run: Run) -> dict[str, Any]:
    seconds = None if run.ended is None else round((run.ended - run.started).total_seconds(), 1)
    return {
        "run": run.id,
        "kind": run.kind,
        "started": f"{run.started:%Y-%m-%d %H:%M:%SZ}",
        "ended": run.ended and f"{run.ended:%Y-%m-%d %H:%M:%SZ}",
        "seconds": seconds,
        "outcome": run.outcome,
        "counts": run.counts,
        "error": run.error,
    }


def told(counts: dict[str, Any]) -> str:
    """Counts in a cell.

    >>> told({"new": 3, "failed": 0})
    '3 new, 0 failed'
    """
    return ", ".join(f"{value} {name}" for name, value in counts.items())
