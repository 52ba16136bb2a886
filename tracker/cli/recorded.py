"""Writing a command's run into the run log, however it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.common import utc_now
from tracker.errors import StoreError, TrackerError

if TYPE_CHECKING:
    import sqlalchemy as sa

Counts = dict[str, Any]
LONGEST = 500
"""Characters of an error that are kept."""


@contextmanager
def recorded(engine: sa.Engine, kind: str, *, must: bool = True) -> Iterator[Counts]:
    """A run of a command; what the block puts into the yielded counts is kept with it.

    The row is there from the start, so that a run that is killed leaves its trace. Where it `must` not be
    written, a store that takes no change is no reason to leave the work.
    """
    number = _begin(engine, kind, must)
    counts: Counts = {}
    try:
        yield counts
    except BaseException as error:
        _end(engine, number, counts, error)
        raise
    _end(engine, number, counts, None)


def _begin(engine: sa.Engine, kind: str, must: bool) -> int | None:
    from tracker.store.engine import transaction
    from tracker.store.runs import begin_run

    try:
        with transaction(engine) as session:
            return begin_run(session, kind, utc_now())
    except StoreError as refused:
        if must:
            raise
        click.echo(f"the run log was not written: {refused}", err=True)
        return None


def _end(engine: sa.Engine, number: int | None, counts: Counts, error: BaseException | None) -> None:
    if number is None:
        return
    from tracker.store.engine import transaction
    from tracker.store.runs import end_run

    outcome, line = ending(error)
    try:
        with transaction(engine) as session:
            end_run(session, number, utc_now(), outcome, counts, line)
    except StoreError as refused:
        # The work itself is done or has its own error; the log must not hide either.
        click.echo(f"the run log was not written: {refused}", err=True)


def ending(error: BaseException | None) -> tuple[str, str]:
    """The outcome that an exception means for the run log, and its line.

    >>> ending(None), ending(KeyboardInterrupt()), ending(SystemExit(1))
    (('done', ''), ('interrupted', ''), ('failed', 'exit code 1'))
    >>> ending(click.ClickException("no disk"))
    ('failed', 'no disk')
    """
    from tracker.store.runs import DONE, FAILED, INTERRUPTED

    if error is None or (isinstance(error, SystemExit) and not error.code):
        return DONE, ""
    if isinstance(error, KeyboardInterrupt | click.Abort):
        return INTERRUPTED, ""
    if isinstance(error, SystemExit):
        return FAILED, f"exit code {error.code}"
    if isinstance(error, click.ClickException):
        return FAILED, _line(error.format_message())
    if isinstance(error, TrackerError):
        return FAILED, _line(str(error))
    return FAILED, _line(f"{type(error).__name__}: {error}")


def _line(text: str) -> str:
    return " ".join(text.split())[:LONGEST]
