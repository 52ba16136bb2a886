"""Puts the judged predictions of the store before the scores."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session

from tracker.errors import PredictionError
from tracker.judging import JudgedPrediction, Logged, logged, verdicts_on
from tracker.models.ledger import Event
from tracker.predict.forecast import NONE
from tracker.predict.prediction import Prediction
from tracker.predict.scoreboard import Judged, Stated
from tracker.predict.verdict import day_end
from tracker.store.rulings import Drawn, drawn_verdicts

OUTCOMES = {"met": 1.0, "not met": 0.0}


def judged_versions(
    engine: sa.Engine,
    at: dt.datetime,
    known_by: dt.datetime | None = None,
    events: Sequence[Event] | None = None,
) -> list[Judged]:
    """Every version of every prediction made by `at`, with its verdict at `at`. Facts are not forecast.

    A caller that has the ledger of that moment already gives it as `events`.
    """
    asked = [x for x in logged(engine, at, versions=True) if x.prediction.kind != "fact"]
    with Session(engine) as session:
        drawn = drawn_verdicts(session, known_by)
    found = {_key(j): j for j in verdicts_on(engine, asked, at, known_by, events=events)}
    return [_judged(stretch, found[_key(stretch.last)], drawn) for stretch in _stretches(asked, at)]


@dataclass(frozen=True)
class Stretch:
    """What stood as one: the versions with one digest, and the first one of the next digest."""

    first: Logged
    last: Logged
    after: Logged | None


def _key(x: Logged | JudgedPrediction) -> tuple[str, int]:
    return x.prediction.id, x.version


def _stretches(versions: Sequence[Logged], at: dt.datetime) -> Iterator[Stretch]:
    """The versions by digest, in order.

    A change of title or note alone does not change what was predicted. A first version counts from the day it
    was made, for it may be logged later; others from when they were logged.
    """
    by_id = sorted(versions, key=_key)
    for _, mine in itertools.groupby(by_id, key=lambda x: x.prediction.id):
        known = [x for n, x in enumerate(mine) if n == 0 or x.logged_at <= at]
        runs = [list(run) for _, run in itertools.groupby(known, key=lambda x: x.digest)]
        for run, after in itertools.zip_longest(runs, runs[1:]):
            yield Stretch(run[0], run[-1], after[0] if after else None)


def _judged(stretch: Stretch, j: JudgedPrediction, drawn: Sequence[Drawn]) -> Judged:
    prediction, verdict = j.prediction, j.verdict
    opens = midnight(prediction.opens)
    ends = [day_end(prediction.deadline), *_concluded(j, drawn)]
    if stretch.after is not None:
        ends.append(stretch.after.logged_at)
    return Judged(
        id=prediction.id,
        version=j.version,
        kind=_kind(j),
        status=verdict.status,
        opens=opens if stretch.first.version == 1 else max(opens, stretch.first.logged_at),
        closes=day_end(prediction.closes),
        ends=min(ends),
        deadline=prediction.deadline,
        due=verdict.due,
        stated=_stated(stretch.last),
        outcome=_outcome(j),
        tags=prediction.tags,
    )


# ----- the forms


def _kind(j: JudgedPrediction) -> str:
    """yes/no, choice, or the unit that quantiles are in."""
    match j.prediction.form:
        case "date":
            return "days"
        case "numeric":
            return j.verdict.measures[0].unit
    return j.prediction.form


def _stated(x: Logged) -> list[Stated]:
    """Probabilities, and forecasts of the other forms; of a yes or no the latter are of the ledger."""
    said = [Stated(p.at, p.by, p.value) for p in x.probabilities]
    for f in x.forecasts:
        if x.prediction.form == "yes/no":
            said.append(Stated(f.at, f.by, float(f.stated["yes"])))
        else:
            said.append(Stated(f.at, f.by, {k: _number(x.prediction, v) for k, v in f.stated.items()}))
    return sorted(said, key=lambda s: s.at)


def _outcome(j: JudgedPrediction) -> float | str | None:
    """What came; None where there is no verdict, or a ruling that names no answer."""
    status, answer, form = j.verdict.status, j.verdict.answer, j.prediction.form
    if status not in OUTCOMES or form == "yes/no":
        return OUTCOMES.get(status)
    if status == "not met":
        return NONE if form == "choice" else _days(j.prediction, None)
    if answer is None or form == "choice":
        return answer
    try:
        return _number(j.prediction, answer)
    except ValueError:
        what = "day" if form == "date" else "number"
        told = f"the answer of {j.prediction.id}, {answer!r}, is not a {what}"
        raise PredictionError(told, hint="reopen it, and resolve it with another --answer") from None


def _number(prediction: Prediction, value: float | str) -> float:
    """A value as a number; a day as days after the opening."""
    if prediction.form == "date":
        return _days(prediction, dt.date.fromisoformat(str(value)))
    return float(value)


def _days(prediction: Prediction, day: dt.date | None) -> float:
    """Days from the opening to a day, at most to the day after the deadline, which None stands for, too.

    What had not come by then is only known to be later. Both what was said and what came are cut there, which
    keeps the score proper (Allen, Ginsbourger and Ziegel 2023, doi 10.1137/22M1532184).
    """
    last = prediction.deadline + dt.timedelta(days=1)
    return float((min(day or last, last) - prediction.opens).days)


def midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def _concluded(j: JudgedPrediction, drawn: Sequence[Drawn]) -> list[dt.datetime]:
    """When its verdict was known: as its file says, and as it was last drawn."""
    mine = [d for d in drawn if (d.prediction_id, d.version) == (j.prediction.id, j.version)]
    found = [d.at for d in mine[-1:] if d.status == j.verdict.status and j.verdict.concluded]
    if j.prediction.judged is not None:
        found.append(midnight(j.prediction.judged))
    return found
