"""Conclusions on stored predictions: drawn once, drawn again when the ledger changes, overruled by people.

A conclusion is stored when it is first drawn. Whatever makes it another one later (news, a corrected event, a
ruling) stores the new one beside it with an erratum, in the transaction that changed it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlmodel import Session

from tracker.errors import PredictionError
from tracker.judging import JudgedPrediction, Logged, judged_in, logged, logged_in
from tracker.models.ruling import Ruling
from tracker.predict.ruling import standing
from tracker.store.engine import transaction
from tracker.store.events import Changes, load_events
from tracker.store.rulings import Drawn, add_ruling, add_verdict, drawn_verdicts

Key = tuple[str, int]
"""A version of a prediction."""


def conclude(engine: sa.Engine, judged: Sequence[JudgedPrediction], now: dt.datetime) -> list[Drawn]:
    """Store the conclusions among some verdicts that are not stored yet; returns them."""
    with Session(engine) as session:
        if not _new(session, judged, now, ""):
            return []
    with transaction(engine) as session:
        return _draw(session, judged, now, "")


def draw_again(session: Session, changes: Changes, now: dt.datetime, cause: str) -> list[Drawn]:
    """Judge again, by the stored ledger, every prediction with a stored conclusion; `cause` goes into the
    errata of those that come out otherwise. Nothing to do where no event changed.
    """
    if not (changes.new or changes.changed or changes.gone):
        return []
    before = _last(session)
    asked = [x for x in logged_in(session, now, versions=True) if (x.prediction.id, x.version) in before]
    if not asked:
        return []
    return _draw(session, judged_in(session, asked, load_events(session), now), now, cause)


def _last(session: Session) -> dict[Key, Drawn]:
    return {(d.prediction_id, d.version): d for d in drawn_verdicts(session)}


def _draw(session: Session, judged: Iterable[JudgedPrediction], now: dt.datetime, cause: str) -> list[Drawn]:
    found = _new(session, judged, now, cause)
    for drawn in found:
        add_verdict(session, drawn)
    return found


def _new(session: Session, judged: Iterable[JudgedPrediction], now: dt.datetime, cause: str) -> list[Drawn]:
    """The conclusions that are new, or other than the stored ones."""
    before = _last(session)
    found = []
    for j in judged:
        last, status = before.get((j.prediction.id, j.version)), j.verdict.status
        if last.status == status if last else not (j.verdict.concluded or j.verdict.due):
            continue
        erratum = f"was {last.status}; {cause or 'the ledger has changed'}" if last else ""
        payload = j.verdict.model_dump(mode="json")
        found.append(Drawn(j.prediction.id, j.version, now, status, erratum, payload))
    return found


def errata(engine: sa.Engine, until: dt.datetime | None = None) -> dict[str, list[Drawn]]:
    """The conclusions that replaced others, by prediction, oldest first."""
    with Session(engine) as session:
        drawn = [d for d in drawn_verdicts(session, until) if d.erratum]
    return {id_: [d for d in drawn if d.prediction_id == id_] for id_ in {d.prediction_id for d in drawn}}


# ----- rulings


def rule(engine: sa.Engine, id_: str, ruling: Ruling, *, early: bool = False) -> JudgedPrediction:
    """Store a ruling and the conclusion that follows from it, whole or not at all; returns the verdict.

    Raises PredictionError where the deadline has not passed (unless `early`), where another ruling stands,
    and where there is none to take back.
    """
    with transaction(engine) as session:
        # Checked behind the writers' lock: of two rulings at once the second must see the first.
        x = find(logged_in(session), id_)
        _check(x, ruling, early)
        made = ruling.model_copy(update={"version": x.version})
        add_ruling(session, id_, made)
        again = find(logged_in(session), id_)
        (judged,) = judged_in(session, [again], load_events(session), made.at)
        _draw(session, [judged], made.at, f"{made.kind} by {made.by}: {made.why}")
    return judged


def _check(x: Logged, ruling: Ruling, early: bool) -> None:
    stands = standing(x.rulings, x.version)
    if ruling.kind == "reopen":
        if stands is None:
            raise PredictionError(
                f"no ruling on {x.prediction.id} stands",
                hint="tracker predictions resolve ID undecided overrules the ledger",
            )
        return
    if stands is not None:
        what = stands.outcome if stands.kind == "resolve" else "void"
        raise PredictionError(f"{stands.by} has ruled {x.prediction.id} {what}", hint="reopen it first")
    if ruling.kind == "resolve" and not early and ruling.at.date() <= x.prediction.deadline:
        raise PredictionError(
            f"the deadline of {x.prediction.id} is {x.prediction.deadline}", hint="--early if you are sure"
        )


def find(predictions: Iterable[Logged], id_: str) -> Logged:
    """The prediction of an id. Raises PredictionError where there is none."""
    found = {x.prediction.id: x for x in predictions}
    if id_ not in found:
        hint = "see tracker predictions list" if found else "log or import one first"
        raise PredictionError(f"no prediction is called {id_}", hint=hint)
    return found[id_]


def tag(engine: sa.Engine, id_: str, ruling: Ruling) -> Logged:
    """Add tags to a prediction, or take them off."""
    x = find(logged(engine), id_)
    with transaction(engine) as session:
        add_ruling(session, id_, ruling.model_copy(update={"version": x.version}))
    return find(logged(engine), id_)
