"""`tracker briefing`: the weekly briefing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.common import AS_OF, open_default_store, utc_now
from tracker.cli.recorded import recorded
from tracker.errors import BriefingError

if TYPE_CHECKING:
    import sqlalchemy as sa

    from tracker.briefing import Built

DEFAULT_OUT = Path("var/briefings")


def _iso_week(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    from tracker.brief.week import Week

    try:
        return str(Week.parse(value)) if value is not None else None
    except BriefingError as error:
        raise click.BadParameter(str(error), ctx, param) from error


def build(
    engine: sa.Engine,
    *,
    week: str | None = None,
    as_of: dt.datetime | None = None,
    out: Path,
    now: dt.datetime,
) -> Built:
    """Build and write one issue; see `tracker.briefing.build`."""
    from tracker import briefing

    return briefing.build(engine, week=week, as_of=as_of, out=out, now=now)


@click.group()
def briefing() -> None:
    """Build the weekly briefing."""


@briefing.command("build")
@click.option(
    "--week",
    callback=_iso_week,
    metavar="WEEK",
    help="The ISO week, such as 2026-W26; by default the newest that has ended.",
)
@AS_OF
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=DEFAULT_OUT, show_default=True,
    help="The folder to write to.",
)  # fmt: skip
def build_command(week: str | None, as_of: dt.datetime | None, out: Path) -> None:
    """Write a week's issue as HTML, Markdown, plain text and JSON; print the paths and what it holds.

    \b
    Example:
      tracker briefing build --week 2026-W26
    """
    engine = open_default_store()
    with recorded(engine, "briefing") as run:
        built = build(engine, week=week, as_of=as_of, out=out, now=utc_now())
        run.update(issue=built.paths[0].stem, files=len(built.paths))
    for path in built.paths:
        click.echo(path)
    click.echo(built.line)
