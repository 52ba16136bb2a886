"""`tracker predictions log` and `import`: what is expected becomes a frozen prediction."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.common import open_default_store, utc_now
from tracker.cli.predictions.find import chance, criterion, day
from tracker.cli.predictions.lint import report
from tracker.errors import PredictionError

if TYPE_CHECKING:
    import datetime as dt

    from tracker.predict.prediction import Prediction


@click.command()
@click.option("--statement", required=True, help="What is expected, in words.")
@click.option(
    "--criterion",
    required=True,
    metavar="LINE",
    callback=criterion,
    help="How the ledger tells (docs/criterion.md).",
)
@click.option(
    "--deadline", required=True, metavar="DAY", callback=day, help="The last day on which it can come true."
)
@click.option("--probability", "chance", required=True, metavar="P", callback=chance, help="70, 70% or 0.7.")
@click.option("--by", "author", required=True, help="Who says so.")
@click.option("--why", default="", help="The reason for the probability.")
@click.option("--id", "id_", help="Short id; made from the title if not given.")
@click.option("--title", help="A headline; the statement if not given.")
@click.option("--opens", metavar="DAY", callback=day, help="First day that matters; today if not given.")
@click.option(
    "--closes",
    metavar="DAY",
    callback=day,
    help="Last day for new probabilities; the deadline if not given.",
)
@click.option("--condition", metavar="LINE", callback=criterion, help="Void if this is false.")
@click.option(
    "--condition-deadline",
    metavar="DAY",
    callback=day,
    help="When the condition must hold; the deadline if not given.",
)
@click.option("--against", metavar="LINE", callback=criterion, help="Events that speak against it.")
@click.option("--counts", multiple=True, help="Fine print: what counts (repeatable).")
@click.option("--does-not-count", multiple=True, help="Fine print: what does not (repeatable).")
@click.option("--source", "document", help="The document it was made in.")
@click.option("--section", default="", help="The section of the document.")
@click.option("--tag", "tags", multiple=True, help="A tag (repeatable).")
@click.option("--anyway", is_flag=True, help="Log it in spite of its faults.")
def log(anyway: bool, **options: Any) -> None:
    """Log one prediction; it is frozen by a digest.

    What is wrong with it, and how often it would have come true before, is told on standard error; one that
    holds or fails whatever happens is not accepted.

    \b
    Example: tracker predictions log --by ana --probability 70% --deadline 2027-06-30 \\
      --statement "Three infrastructure deals above $10bn" \\
      --criterion "count(acquisition where category is infrastructure and amount >= $10bn) >= 3"
    """
    from tracker.acceptance import examine, state_base_rate
    from tracker.judging import record

    now = utc_now()
    if options["deadline"] < now.date():
        raise PredictionError(f"the deadline {options['deadline']} has passed", hint="choose a day to come")
    prediction = _from_options(options, now)
    engine = open_default_store()
    (examined,) = examine(engine, [prediction], now)
    for line in report(examined):
        click.echo(line, err=True)
    if examined.faults and not anyway:
        raise PredictionError(str(examined.faults[0]), hint="mend it, or log it with --anyway")
    outcome = record(engine, prediction, now)
    if outcome != "unchanged":
        state_base_rate(engine, examined, now)
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


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def import_(file: Path) -> None:
    """Log every prediction of a TOML file; changed ones become new versions.

    `tracker predictions lint FILE` tells before what is wrong with them.

    \b
    Example: tracker predictions import data/predictions/great-ai-inversion.toml
    """
    from tracker.acceptance import examine, state_base_rate
    from tracker.judging import record_file
    from tracker.predict.load import load_predictions

    engine, now = open_default_store(), utc_now()
    made = record_file(engine, file, now)
    fresh = [p for p in load_predictions(file) if made[p.id] != "unchanged"]
    for examined in examine(engine, fresh, now):
        state_base_rate(engine, examined, now)
    outcomes = list(made.values())
    told = (f"{outcomes.count('new')} new", f"{outcomes.count('changed')} changed")
    click.echo(f"{file}: {', '.join(told)}, {outcomes.count('unchanged')} unchanged")
