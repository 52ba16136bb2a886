"""`tracker predictions log` and `import`: what is expected becomes a frozen prediction."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.common import BY, open_default_store, utc_now
from tracker.cli.predictions.find import FORMS, criterion, day, expected
from tracker.cli.predictions.form import fill_in
from tracker.cli.predictions.lint import report
from tracker.errors import PredictionError

if TYPE_CHECKING:
    import datetime as dt

    from tracker.predict.prediction import Prediction


@click.command()
@click.option("--statement", help="What is expected, in words; opens an editor if not given.")
@click.option(
    "--criterion",
    metavar="LINE",
    callback=criterion,
    help="How the ledger tells (docs/criterion.md).",
)
@click.option("--deadline", metavar="DAY", callback=day, help="The last day on which it can come true.")
@click.option("--probability", "chance", metavar="P", help="70, 70% or 0.7; see update for other forms.")
@click.option("--form", type=click.Choice(FORMS), default="yes/no", show_default=True, help="What is asked.")
@click.option("--option", "options", multiple=True, metavar="NAME=LINE", help="Of a choice (repeatable).")
@BY
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
def log(anyway: bool, **given: Any) -> None:
    """Log one prediction; it is frozen by a digest.

    What is wrong with it, and how often it would have come true before, is told on standard error; one that
    holds or fails whatever happens is not accepted. Without --statement an editor opens with a form.

    The form is yes/no; numeric (the criterion is known(QUANTITY)); date (by when the criterion holds); or
    choice (which of the options comes true). A condition makes it void where that is false by its deadline.

    \b
    Example: tracker predictions log --by ana --probability 70% --deadline 2027-06-30 \\
      --statement "Three infrastructure deals above $10bn" \\
      --criterion "count(acquisition where category is infrastructure and amount >= $10bn) >= 3"
    """
    now = utc_now()
    if given["statement"] is None:
        prediction = fill_in(given["by"], now.date())
    else:
        _missing(given)
        _to_come(given["deadline"], now)
        prediction = _from_options(given, now)
    _accept(prediction, anyway, now)


def _missing(given: dict[str, Any]) -> None:
    needed = {"deadline": "--deadline", "chance": "--probability"}
    if given["form"] != "choice":
        needed["criterion"] = "--criterion"
    for name, option in needed.items():
        if given[name] is None:
            raise click.UsageError(f"Missing option '{option}'.")


def _to_come(deadline: dt.date, now: dt.datetime) -> None:
    if deadline < now.date():
        raise PredictionError(f"the deadline {deadline} has passed", hint="choose a day to come")


def _accept(prediction: Prediction, anyway: bool, now: dt.datetime) -> None:
    """Examine a prediction, and log it unless it has faults."""
    from tracker.acceptance import examine, state_base_rate
    from tracker.judging import record

    _to_come(prediction.deadline, now)
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


OTHERWISE = ("id_", "chance", "why", "document", "section", "by", "options")
"""Options that are no field of a prediction."""


def _from_options(given: dict[str, Any], now: dt.datetime) -> Prediction:
    from pydantic import ValidationError

    from tracker.predict.load import first_problem
    from tracker.predict.prediction import Prediction
    from tracker.predict.words import slug

    fields = {k: v for k, v in given.items() if k not in OTHERWISE}
    title = fields["title"] or fields["statement"]
    named = dict(_option(text) for text in given["options"])
    fields |= {"id": given["id_"] or slug(title), "title": title, "author": given["by"], "made": now.date()}
    fields |= {"options": named, **_stated(given, named, now)}
    if given["document"]:
        fields["source"] = {"document": given["document"], "section": given["section"]}
    found = {k: list(v) if isinstance(v, tuple) else v for k, v in fields.items() if v is not None}
    try:
        return Prediction.model_validate(found)
    except ValidationError as error:
        raise click.UsageError(first_problem(error)) from error


def _option(text: str) -> tuple[str, str]:
    """An option of a choice: its name and the line that tells."""
    name, equals, line = text.partition("=")
    if not equals:
        raise click.UsageError(f"--option {text!r} is not NAME=LINE")
    return name.strip(), line.strip()


def _stated(given: dict[str, Any], options: dict[str, str], now: dt.datetime) -> dict[str, Any]:
    """What is expected, as the field of a prediction that has it."""
    own = {"at": now, "by": given["by"], "why": given["why"]}
    value = expected(given["form"], given["chance"], options)
    if given["form"] == "yes/no":
        return {"probabilities": [own | {"value": value}]}
    return {"forecasts": [own | {"stated": value}]}


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
