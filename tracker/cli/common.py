"""What several commands share: the settings, the clock, the store and the progress bar."""

from __future__ import annotations

import datetime as dt
import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from tracker.config import Settings

if TYPE_CHECKING:
    import sqlalchemy as sa
    from rich.progress import Progress
    from sqlmodel import Session

    from tracker.store.events import Changes


def utc_now() -> dt.datetime:
    """The only clock of the program; below the command line the time is an argument."""
    return dt.datetime.now(dt.UTC)


def open_default_store() -> sa.Engine:
    """The store that the settings name."""
    from tracker.store.engine import open_store

    return open_store(Settings.from_env().database_url)


def judge_again(session: Session, changes: Changes) -> None:
    """What was concluded of predictions is judged again with every change of the ledger."""
    from tracker.conclusions import draw_again

    draw_again(session, changes, utc_now(), "news changed the ledger")


class UTCTime(click.ParamType[dt.datetime]):
    """A day or a time in ISO form; a day means its end, a time without a zone means UTC."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        if isinstance(value, dt.datetime):
            return value
        text = str(value)
        try:
            parsed = dt.datetime.fromisoformat(text)
        except ValueError:
            self.fail(
                f"{text!r} is not an ISO day or time, such as 2026-06-30 or 2026-06-30T12:00Z", param, ctx
            )
        if len(text) == 10:
            parsed += dt.timedelta(days=1)
        return parsed.replace(tzinfo=dt.UTC) if parsed.tzinfo is None else parsed.astimezone(dt.UTC)


AS_OF = click.option(
    "--as-of",
    type=UTCTime(),
    metavar="TIME",
    help="What was known then: seen, judged or logged by this time. A day means its end.",
)


BY = click.option(
    "--by",
    default=lambda: Settings.from_env().author or getpass.getuser(),
    metavar="NAME",
    help="Who says so; TRACKER_AUTHOR or your login name if not given.",
)
WHY = click.option("--why", required=True, help="The reason.")
PERHAPS_WHY = click.option("--why", default="", help="The reason.")


@contextmanager
def progress(description: str, total: int | None) -> Iterator[Progress]:
    """A progress bar on stderr; its first task is made. Shows nothing where stderr is not a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    # Rich writes an empty line where it cannot draw; a log of errors should hold errors only.
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        bar.add_task(description, total=total)
        yield bar
