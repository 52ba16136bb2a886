"""`tracker predictions score` and `export`: how good the forecasts were."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from tracker.cli.common import AS_OF, open_default_store, utc_now
from tracker.cli.output import FORMATS, format_option, print_rows
from tracker.cli.predictions.find import day
from tracker.errors import InputError

if TYPE_CHECKING:
    from tracker.cli.scored import Report
    from tracker.predict.outcomes import Columns, Read
    from tracker.predict.scoreboard import Judged

EXPORT_COLUMNS = (
    "question", "version", "forecaster", "kind", "probability", "outcome", "status", "deadline", "stated",
    "loss", "log", "life", "share", "base rate", "crowd", "tags", "belief",
)  # fmt: skip


def _columns(ctx: click.Context, param: click.Parameter, value: Sequence[str]) -> dict[str, str]:
    """Names of columns as NAME=COLUMN."""
    known = ("probability", "outcome", "question")
    pairs = dict(v.partition("=")[::2] for v in value)
    wrong = [name for name, column in pairs.items() if name not in known or not column]
    if wrong:
        told = f"{wrong[0]!r}: write probability=COLUMN, outcome=COLUMN or question=COLUMN"
        raise click.BadParameter(told, ctx, param)
    return pairs


def _choice(command: Any) -> Any:
    """The options that choose predictions of the ledger."""
    for option in (
        AS_OF,
        click.option(
            "--since",
            metavar="DAY",
            callback=day,
            help="Only those with their deadline on or after that day.",
        ),
        click.option("--tag", "tags", multiple=True, help="Only those with this tag (repeatable: with all)."),
        click.option("--by", metavar="NAME", help="Only this forecaster; median is that of all people."),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("file", metavar="[FILE]", required=False)
@_choice
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="NAME=COLUMN",
    callback=_columns,
    help="FILE: where probability, outcome or question stands, if not in a column of that name (repeatable).",
)
@click.option(
    "--group", "groups", multiple=True, metavar="COLUMN", help="FILE: score apart by it (repeatable)."
)
@click.option(
    "--picture", type=click.Path(dir_okay=False, path_type=Path), help="Write the diagram there, as SVG."
)
@format_option
def score(
    file: str | None,
    columns: dict[str, str],
    groups: tuple[str, ...],
    picture: Path | None,
    fmt: str,
    **choice: Any,
) -> None:
    """Score forecasts: Brier and what it consists of, log score, skill, and a reliability diagram.

    Without FILE: the predictions of the ledger whose deadline has passed, by forecaster, superseded versions
    included; void and ambiguous ones are counted, not scored. FILE is a CSV (- for stdin) with a line for
    each forecast: probability (0 to 1), outcome (1, 0, yes, no) and, if you like, question (lines of one
    question share what comes), "base rate" and crowd. docs/scores.md says what the figures mean.

    \b
    Example: tracker predictions score --by ana --since 2026-01-01 --picture reliability.svg
    """  # fmt: skip
    from tracker.cli.scored import Report
    from tracker.predict.outcomes import Columns

    if file is None:
        _refuse("needs a FILE", ("columns", "groups"))
        report = _of_ledger(**choice)
    else:
        _refuse("is for the ledger, not for a FILE", tuple(choice))
        read = _read(file, Columns(**columns, groups=groups))
        report = Report(
            read.groups, [s for g in read.groups.values() for s in g], {"unscored": read.unscored}
        )
    if picture is not None:
        report.draw(picture)
    report.show(fmt)


def _refuse(why: str, names: Sequence[str]) -> None:
    """Raises UsageError where one of these options is given."""
    ctx = click.get_current_context()
    for option in ctx.command.params:
        if option.name in names and ctx.params[option.name]:
            raise click.UsageError(f"{option.opts[0]} {why}")


def _of_ledger(
    by: str | None, tags: tuple[str, ...], since: dt.date | None, as_of: dt.datetime | None
) -> Report:
    from tracker.cli.scored import Report
    from tracker.predict.scoreboard import by_forecaster, people, score, tally

    judged = _chosen(by, tags, since, as_of)
    scored = [s for j in judged for s in score(j) if by in (None, s.forecaster)]
    return Report(by_forecaster(scored), scored if by else people(scored), vars(tally(judged)))


def _chosen(
    by: str | None, tags: tuple[str, ...], since: dt.date | None, as_of: dt.datetime | None
) -> list[Judged]:
    from tracker.predict.scoreboard import chosen
    from tracker.scoring import judged_versions

    return chosen(judged_versions(open_default_store(), as_of or utc_now(), as_of), by, tags, since)


@click.command()
@_choice
@click.option(
    "--format", "fmt", type=click.Choice(FORMATS), default="csv", show_default=True, help="How to print."
)
def export(fmt: str, by: str | None, **choice: Any) -> None:
    """Print every forecast with what came of it and its scores; the CSV can be scored again as a FILE.

    \b
    Example: tracker predictions export > forecasts.csv
    """
    from tracker.predict.scoreboard import lines

    rows = [line for j in _chosen(by, **choice) for line in lines(j) if by in (None, line["forecaster"])]
    print_rows(rows, EXPORT_COLUMNS, fmt)


# ----- a file


def _read(path: str, columns: Columns) -> Read:
    from tracker.predict.outcomes import read_outcomes

    with _opened(path) as file:
        try:
            return read_outcomes(file, path, columns)
        except (UnicodeDecodeError, csv.Error) as error:
            raise InputError(f"is not CSV in UTF-8: {error}", file=path) from error


@contextmanager
def _opened(path: str) -> Iterator[IO[str]]:
    try:
        # The mark that spreadsheets put before UTF-8 is no part of the first column's name.
        with click.open_file(path, encoding="utf-8-sig") as file:
            yield file
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=path, hint="check the path") from error
