"""`tracker briefing`: the weekly briefing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.common import AS_OF, open_default_store, utc_now
from tracker.cli.recorded import recorded
from tracker.config import Settings
from tracker.errors import BriefingError

if TYPE_CHECKING:
    import sqlalchemy as sa

    from tracker.brief.house import House
    from tracker.briefing import Built, Order
    from tracker.delivery.round import Round

DEFAULT_OUT = Path("var/briefings")


def _iso_week(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    from tracker.brief.week import Week

    try:
        return str(Week.parse(value)) if value is not None else None
    except BriefingError as error:
        raise click.BadParameter(str(error), ctx, param) from error


def house_style(path: Path | None = None) -> House:
    """The house style of a file, else of the one that the settings name, else the shipped one."""
    from tracker.brief.house import SHIPPED, read_house

    named = path or Settings.from_env().house_style
    return read_house(Path(named)) if named else SHIPPED


def build(engine: sa.Engine, order: Order, out: Path) -> Built:
    """Build and write one issue; see `tracker.briefing.build`."""
    from tracker import briefing

    return briefing.build(engine, order, out, utc_now())


WEEK = click.option(
    "--week",
    callback=_iso_week,
    metavar="WEEK",
    help="The ISO week, such as 2026-W26; by default the newest that has ended.",
)
STYLE = click.option(
    "--style",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The house style, a TOML file; by default the one that TRACKER_HOUSE_STYLE names.",
)


@click.group()
def briefing() -> None:
    """Build the weekly briefing."""


@briefing.command("build")
@WEEK
@AS_OF
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=DEFAULT_OUT, show_default=True,
    help="The folder to write to.",
)  # fmt: skip
@STYLE
def build_command(week: str | None, as_of: dt.datetime | None, out: Path, style: Path | None) -> None:
    """Write a week's issue as HTML, Markdown, plain text and JSON; print the paths and what it holds.

    A house style chooses other forms and sections, another first day of the week and more;
    docs/briefing.md says how.

    \b
    Example:
      tracker briefing build --week 2026-W26
    """
    from tracker.briefing import Order

    engine = open_default_store()
    with recorded(engine, "briefing") as run:
        built = build(engine, Order(week, as_of, house_style(style)), out)
        run.update(issue=built.paths[0].stem, files=len(built.paths))
    for path in built.paths:
        click.echo(path)
    click.echo(built.line)


@briefing.command()
@WEEK
@click.option("--to", multiple=True, metavar="ADDRESS", help="This reader, in the place of TRACKER_READERS.")
@STYLE
@click.option("--yes", is_flag=True, help="Send it; without this nothing leaves the machine.")
@click.option("--again", is_flag=True, help="Also to those who have it, or may have it, already.")
def send(week: str | None, to: tuple[str, ...], style: Path | None, yes: bool, again: bool) -> None:
    """Send an issue to its readers; without --yes, show what would be sent to whom.

    A reader with an @ gets the whole issue by mail, any other address (slack://..., matrixs://...) its bottom
    line by Apprise. Nobody gets the same issue twice: each delivery is written down before it begins, and one
    that may have arrived is not repeated unasked. The exit code is 1 where somebody did not get it.

    \b
    Example:
      TRACKER_SMTP=smtps://desk:secret@mail.example.org TRACKER_SENDER=desk@example.org \\
      tracker briefing send --week 2026-W26 --to ann@example.org
    """
    import time
    from collections import Counter

    from tracker.delivery.round import deliver, standing, subject

    engine = open_default_store()
    this = _round(engine, week, to, style)
    if not yes:
        click.echo(f"{subject(this)}: would go to {len(this.readers)}; --yes sends it")
        for reader in this.readers:
            before = standing(engine, this.issue.week, reader)
            click.echo(f"{reader.shown}: {before.state if before else 'not sent yet'}")
        return
    with recorded(engine, "send") as run:
        told: Counter[str] = Counter()
        for one in deliver(engine, this, utc_now, time.sleep, again=again):
            told[one.outcome] += 1
            click.echo(f"{one.reader.shown}: {one.outcome}{f', {one.why}' if one.why else ''}")
        run.update(issue=this.issue.week, **told)
        missed = told["failed"] + told["unsure"]
        if missed:
            raise click.ClickException(f"{missed} of {told.total()} did not get it, or may not have got it")


def _round(engine: sa.Engine, week: str | None, to: tuple[str, ...], style: Path | None) -> Round:
    """The issue, its readers and the way to them. Raises ConfigError for a setting that is wrong."""
    from tracker.briefing import Order, issue_of
    from tracker.delivery.post import server_of
    from tracker.delivery.round import Round, readers_of, sender_of

    settings, house = Settings.from_env(), house_style(style)
    readers = readers_of(",".join(to) or settings.readers)
    by_mail = any(r.by_mail for r in readers)
    server = server_of(settings.smtp) if by_mail else None
    sender = sender_of(settings.sender) if by_mail else ""
    return Round(issue_of(engine, Order(week, house=house), utc_now()), house, readers, sender, server)


@briefing.command()
def schema() -> None:
    """Print the JSON Schema of an issue's JSON form.

    \b
    Example:
      tracker briefing schema > briefing-1.json
    """
    import json

    from tracker.brief.model import json_schema

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=1))
