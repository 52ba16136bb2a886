"""`tracker predictions list`, `search` and `show`."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from tracker.cli.common import AS_OF, open_default_store
from tracker.cli.output import FORMATS, format_option, print_rows
from tracker.cli.predictions.find import known, listed

LIST_COLUMNS = ("id", "kind", "made", "deadline", "probability", "title")


@click.command("list")
@click.option("--tag", "tags", multiple=True, help="Only those with this tag (repeatable: with all).")
@click.option("--by", help="Only those that this forecaster made or gave a probability for.")
@AS_OF
@format_option
def list_(tags: tuple[str, ...], by: str | None, as_of: dt.datetime | None, fmt: str) -> None:
    """List the logged predictions in their newest versions.

    The probability is the only forecaster's last one, or the median of the last ones of several.

    \b
    Example: tracker predictions list --tag acquisitions --format jsonl
    """
    from tracker.judging import logged

    found = [x for x in logged(open_default_store(), as_of) if set(tags) <= set(x.prediction.tags)]
    if by is not None:
        found = [x for x in found if by in {x.prediction.author, *(p.by for p in x.probabilities)}]
    print_rows([listed(x) for x in found], LIST_COLUMNS, fmt)


SEARCHED = (
    "id",
    "title",
    "statement",
    "criterion",
    "condition",
    "author",
    "note",
    "tags",
    "counts",
    "does_not_count",
)


@click.command()
@click.argument("words", nargs=-1, required=True)
@AS_OF
@format_option
def search(words: tuple[str, ...], as_of: dt.datetime | None, fmt: str) -> None:
    """Find predictions that have all of WORDS in title, statement, criterion, fine print, author or tags.

    \b
    Example: tracker predictions search openai listing
    """
    from tracker.judging import logged

    rows = [listed(x) for x in logged(open_default_store(), as_of)]
    found = [row for row in rows if all(word.casefold() in _searched(row) for word in words)]
    print_rows(found, LIST_COLUMNS, fmt)


def _searched(row: dict[str, Any]) -> str:
    return "\n".join(str(row[field]) for field in SEARCHED if row[field]).casefold()


@click.command()
@click.argument("id_", metavar="ID")
@AS_OF
@click.option("--format", "fmt", type=click.Choice(("text", *FORMATS)), default="text", show_default=True)
def show(id_: str, as_of: dt.datetime | None, fmt: str) -> None:
    """Show one prediction: statement, dates, criterion, fine print and probabilities.

    \b
    Example: tracker predictions show inversion-1-infrastructure-deals
    """
    from tracker.cli.verdicts import prediction_text
    from tracker.judging import logged

    found = {x.prediction.id: x for x in logged(open_default_store(), as_of)}
    known([id_], found)
    if fmt == "text":
        click.echo(prediction_text(found[id_]))
    else:
        print_rows([listed(found[id_])], LIST_COLUMNS, fmt)
