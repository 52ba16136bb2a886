"""`tracker predictions`: log what you expect, and let the ledger judge it."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.common import AS_OF, open_default_store, utc_now
from tracker.cli.output import FORMATS, format_option, print_rows
from tracker.cli.scores import score
from tracker.errors import CriterionError, PredictionError

if TYPE_CHECKING:
    import sqlalchemy as sa

    from tracker.judging import JudgedPrediction, Logged
    from tracker.predict.prediction import Prediction

LIST_COLUMNS = ("id", "kind", "made", "deadline", "probability", "title")
CHECK_COLUMNS = ("id", "status", "deadline", "probability", "for", "against", "near", "reasons")


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


predictions.add_command(score)


# ----- log


def _day(ctx: click.Context, param: click.Parameter, value: str | None) -> dt.date | None:
    """A day in ISO form."""
    try:
        return None if value is None else dt.date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is not an ISO day such as 2026-06-30", ctx, param) from None


def _criterion(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """A line of the criterion language; an error is shown with its place."""
    from tracker.predict.parse import caret, parse

    try:
        if value is not None:
            parse(value)
    except CriterionError as error:
        raise click.BadParameter(f"{error}\n{caret(error)}".rstrip("\n"), ctx, param) from error
    return value


def _chance(ctx: click.Context, param: click.Parameter, value: str) -> float:
    """A probability as 70, 70% or 0.7."""
    from tracker.predict.prediction import probability

    try:
        return probability(value)
    except PredictionError as error:
        raise click.BadParameter(str(error), ctx, param) from error


@predictions.command()
@click.option("--statement", required=True, help="What is expected, in words.")
@click.option(
    "--criterion",
    required=True,
    metavar="LINE",
    callback=_criterion,
    help="How the ledger tells (docs/criterion.md).",
)
@click.option(
    "--deadline", required=True, metavar="DAY", callback=_day, help="The last day on which it can come true."
)
@click.option("--probability", "chance", required=True, metavar="P", callback=_chance, help="70, 70% or 0.7.")
@click.option("--by", "author", required=True, help="Who says so.")
@click.option("--why", default="", help="The reason for the probability.")
@click.option("--id", "id_", help="Short id; made from the title if not given.")
@click.option("--title", help="A headline; the statement if not given.")
@click.option("--opens", metavar="DAY", callback=_day, help="First day that matters; today if not given.")
@click.option(
    "--closes",
    metavar="DAY",
    callback=_day,
    help="Last day for new probabilities; the deadline if not given.",
)
@click.option("--condition", metavar="LINE", callback=_criterion, help="Void if this is false.")
@click.option(
    "--condition-deadline",
    metavar="DAY",
    callback=_day,
    help="When the condition must hold; the deadline if not given.",
)
@click.option("--against", metavar="LINE", callback=_criterion, help="Events that speak against it.")
@click.option("--counts", multiple=True, help="Fine print: what counts (repeatable).")
@click.option("--does-not-count", multiple=True, help="Fine print: what does not (repeatable).")
@click.option("--source", "document", help="The document it was made in.")
@click.option("--section", default="", help="The section of the document.")
@click.option("--tag", "tags", multiple=True, help="A tag (repeatable).")
def log(**options: Any) -> None:
    """Log one prediction; it is frozen by a digest.

    \b
    Example: tracker predictions log --by ana --probability 70% --deadline 2027-06-30 \\
      --statement "Three infrastructure deals above $10bn" \\
      --criterion "count(acquisition where category is infrastructure and amount >= $10bn) >= 3"
    """
    from tracker.judging import record

    now = utc_now()
    if options["deadline"] < now.date():
        raise PredictionError(f"the deadline {options['deadline']} has passed", hint="choose a day to come")
    prediction = _from_options(options, now)
    outcome = record(open_default_store(), prediction, now)
    told = {"new": "logged", "changed": "logged as a new version of", "unchanged": "already logged:"}[outcome]
    click.echo(f"{told} {prediction.id} ({prediction.digest[:12]})")


def _from_options(options: dict[str, Any], now: dt.datetime) -> Prediction:
    from pydantic import ValidationError

    from tracker.predict.load import first_problem
    from tracker.predict.prediction import Prediction

    fields = {k: v for k, v in options.items() if k not in ("id_", "chance", "why", "document", "section")}
    title = fields["title"] or fields["statement"]
    stated = {"at": now, "by": fields["author"], "value": options["chance"], "why": options["why"]}
    fields |= {
        "id": options["id_"] or slug(title),
        "title": title,
        "made": now.date(),
        "probabilities": [stated],
    }
    if options["document"]:
        fields["source"] = {"document": options["document"], "section": options["section"]}
    given = {k: list(v) if isinstance(v, tuple) else v for k, v in fields.items() if v is not None}
    try:
        return Prediction.model_validate(given)
    except ValidationError as error:
        raise click.UsageError(first_problem(error)) from error


def slug(text: str, longest: int = 48) -> str:
    """
    >>> slug("Three deals above $10bn, by June!")
    'three-deals-above-10bn-by-june'
    """
    words = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return words[:longest].rstrip("-") or "prediction"


# ----- import, list, show


@predictions.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def import_(file: Path) -> None:
    """Log every prediction of a TOML file; changed ones become new versions.

    \b
    Example: tracker predictions import data/predictions/great-ai-inversion.toml
    """
    from tracker.judging import record_file

    outcomes = list(record_file(open_default_store(), file, utc_now()).values())
    told = (f"{outcomes.count('new')} new", f"{outcomes.count('changed')} changed")
    click.echo(f"{file}: {', '.join(told)}, {outcomes.count('unchanged')} unchanged")


@predictions.command("list")
@AS_OF
@format_option
def list_(as_of: dt.datetime | None, fmt: str) -> None:
    """List the logged predictions in their newest versions.

    \b
    Example: tracker predictions list --format jsonl
    """
    from tracker.judging import logged

    print_rows([_listed(x) for x in logged(open_default_store(), as_of)], LIST_COLUMNS, fmt)


def _listed(x: Logged) -> dict[str, Any]:
    row = x.prediction.model_dump(mode="json")
    return {**row, "probability": _percent(x.probabilities), "version": x.version, "digest": x.digest}


def _percent(stated: list[Any]) -> str | None:
    return f"{stated[-1].value:.0%}" if stated else None


@predictions.command()
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
    _known([id_], found)
    if fmt == "text":
        click.echo(prediction_text(found[id_]))
    else:
        print_rows([_listed(found[id_])], LIST_COLUMNS, fmt)


def _known(ids: tuple[str, ...] | list[str], found: dict[str, Any]) -> None:
    unknown = [i for i in ids if i not in found]
    if unknown:
        hint = "see tracker predictions list" if found else "log or import one first"
        raise PredictionError(f"no prediction is called {', '.join(unknown)}", hint=hint)


# ----- check


@predictions.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@AS_OF
@click.option("--all", "everything", is_flag=True, help="Report every near miss, not the nearest five.")
@click.option("--format", "fmt", type=click.Choice(("report", *FORMATS)), default="report", show_default=True)
def check(ids: tuple[str, ...], as_of: dt.datetime | None, everything: bool, fmt: str) -> None:
    """Judge predictions against the ledger, with evidence for and against and near misses.

    \b
    Example: tracker predictions check --as-of 2026-06-30 --format json
    """
    from tracker.cli.verdicts import verdict_text
    from tracker.judging import logged, verdicts

    engine, at = open_default_store(), as_of or utc_now()
    _known(ids, {x.prediction.id: x for x in logged(engine, at)})
    judged = verdicts(engine, at, as_of, ids=ids)
    if fmt != "report":
        print_rows([_checked(j) for j in judged], CHECK_COLUMNS, fmt)
        return
    if not judged:
        click.echo("no prediction is logged yet; log or import one first", err=True)
    for j in judged:
        click.echo(verdict_text(j, None if everything else 5))


def _checked(j: JudgedPrediction) -> dict[str, Any]:
    verdict = j.verdict
    counts = {
        "for": len(verdict.evidence_for),
        "against": len(verdict.evidence_against),
        "near": len(verdict.near_misses),
        "probability": _percent(j.probabilities),
    }
    return {"id": j.prediction.id, "title": j.prediction.title, **verdict.model_dump(mode="json"), **counts}
