"""What a person says of a prediction: `tracker predictions resolve`, `void`, `reopen`, `tag`, `update`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tracker.cli.common import BY, PERHAPS_WHY, WHY, open_default_store, utc_now
from tracker.cli.predictions.find import expected as expected_of
from tracker.cli.verdicts import said
from tracker.errors import PredictionError

if TYPE_CHECKING:
    from tracker.models.ruling import Ruling
    from tracker.predict.prediction import Prediction, StatedForecast, StatedProbability

OUTCOMES = {"yes": "met", "no": "not met", "ambiguous": "ambiguous", "undecided": "undecided"}


def _ruling(kind: Any, by: str, why: str, **given: Any) -> Ruling:
    from tracker.models.ruling import Ruling

    # The version is the newest one, which the store knows.
    return Ruling(kind=kind, version=0, at=utc_now(), by=by, why=why, **given)


def _rule(id_: str, ruling: Ruling, early: bool = False) -> None:
    from tracker.conclusions import rule

    judged = rule(open_default_store(), id_, ruling, early=early)
    click.echo(f"{id_} is {judged.verdict.status}")


@click.command()
@click.argument("id_", metavar="ID")
@click.argument("outcome", type=click.Choice(tuple(OUTCOMES)))
@click.option("--answer", metavar="VALUE", help="The number, day or option that came.")
@click.option("--early", is_flag=True, help="Before its deadline.")
@BY
@WHY
def resolve(id_: str, outcome: str, answer: str | None, early: bool, by: str, why: str) -> None:
    """Decide a prediction, whatever the ledger says of it.

    OUTCOME is yes, no, ambiguous (the world is unclear) or undecided. A prediction whose question is flawed
    is voided instead. The ruling stands until it is taken back with reopen, also when the ledger changes.

    \b
    Example: tracker predictions resolve three-deals yes --why "the third closed under another name"
    """
    _rule(id_, _ruling("resolve", by, why, outcome=OUTCOMES[outcome], answer=answer), early)


@click.command()
@click.argument("id_", metavar="ID")
@BY
@WHY
def void(id_: str, by: str, why: str) -> None:
    """Annul a prediction whose question is flawed; it is counted, not scored.

    \b
    Example: tracker predictions void three-deals --why "the criterion asks for the wrong year"
    """
    _rule(id_, _ruling("void", by, why))


@click.command()
@click.argument("id_", metavar="ID")
@BY
@WHY
def reopen(id_: str, by: str, why: str) -> None:
    """Take back the ruling on a prediction: the ledger judges it again.

    \b
    Example: tracker predictions reopen three-deals --why "resolved by mistake"
    """
    _rule(id_, _ruling("reopen", by, why))


@click.command()
@click.argument("id_", metavar="ID")
@click.argument("tags", nargs=-1, required=True)
@click.option("--remove", is_flag=True, help="Take the tags off.")
@BY
def tag(id_: str, tags: tuple[str, ...], remove: bool, by: str) -> None:
    """Tag a prediction; tags are no part of what is frozen.

    \b
    Example: tracker predictions tag three-deals acquisitions q2
    """
    from tracker.conclusions import tag as put

    ruling = _ruling("untag" if remove else "tag", by, "", tags=list(tags))
    now = put(open_default_store(), id_, ruling).prediction.tags
    click.echo(f"{id_}: {', '.join(now) or 'no tags'}")


@click.command()
@click.argument("id_", metavar="ID")
@click.argument("expected", metavar="P")
@BY
@PERHAPS_WHY
def update(id_: str, expected: str, by: str, why: str) -> None:
    """State a new probability P (70, 70% or 0.7) of a prediction that has not closed.

    Of other forms P is a list: numeric "10%: 2, 50%: 4, 90%: 9" or with amounts "10%: $2bn, 90%: $9bn"; date
    "10%: 2026-05-01, 50%: 2026-06-15"; choice "Amazon: 60%, none: 40%".

    \b
    Example: tracker predictions update three-deals 55% --why "one of the two fell through"
    """
    from tracker.conclusions import find
    from tracker.judging import logged, state

    engine, now = open_default_store(), utc_now()
    prediction = find(logged(engine), id_).prediction
    if now.date() > prediction.closes:
        raise PredictionError(f"{id_} closed on {prediction.closes}", hint="log a new prediction")
    stated = _stated(prediction, expected, {"at": now, "by": by, "why": why})
    state(engine, id_, stated)
    click.echo(f"{id_}: {by} says {said(stated)}")


def _stated(prediction: Prediction, text: str, own: dict[str, Any]) -> StatedProbability | StatedForecast:
    from tracker.predict.prediction import StatedForecast, StatedProbability

    value = expected_of(prediction.form, text, prediction.options)
    if isinstance(value, float):
        return StatedProbability(value=value, **own)
    return StatedForecast(stated=value, **own)
