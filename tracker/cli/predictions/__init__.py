"""`tracker predictions`: log what you expect, and let the ledger judge it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.predictions.check import check
from tracker.cli.predictions.draft import draft
from tracker.cli.predictions.lint import lint
from tracker.cli.predictions.listing import list_, search, show
from tracker.cli.predictions.log import import_, log
from tracker.cli.predictions.remind import remind
from tracker.cli.predictions.rulings import reopen, resolve, tag, update, void
from tracker.cli.scores import export, score

if TYPE_CHECKING:
    import sqlalchemy as sa


def import_file(engine: sa.Engine, path: Path, now: dt.datetime) -> list[str]:
    """Log the predictions of a TOML file; returns the ids of those that are new or a new version."""
    from tracker.judging import record_file

    return [id_ for id_, outcome in record_file(engine, path, now).items() if outcome != "unchanged"]


@click.group()
def predictions() -> None:
    """Log predictions, and let the ledger judge them.

    \b
    Example: tracker predictions check --as-of 2026-06-30
    """


for command in (
    log,
    import_,
    draft,
    lint,
    update,
    list_,
    show,
    search,
    tag,
    remind,
    check,
    resolve,
    void,
    reopen,
    score,
    export,
):
    predictions.add_command(command)
