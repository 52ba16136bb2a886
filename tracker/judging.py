"""Puts stored predictions before the stored ledger: what briefings and `tracker predictions check` show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from tracker import pipeline
from tracker.models.ledger import Event
from tracker.models.ruling import Ruling
from tracker.predict.coverage import ArticlePoint, Coverage, FetchPoint, coverage_of
from tracker.predict.dates import beginning
from tracker.predict.index import NEAR, Index
from tracker.predict.judge import Case
from tracker.predict.load import load_predictions
from tracker.predict.pace import YEAR
from tracker.predict.prediction import Prediction, StatedForecast, StatedProbability
from tracker.predict.ruling import ruled, standing, tags
from tracker.predict.scoreboard import REFERENCES
from tracker.predict.sensitivity import flips
from tracker.predict.verdict import Verdict
from tracker.store import predictions as store
from tracker.store import rulings as decided
from tracker.store.engine import transaction
from tracker.store.events import Wanted
from tracker.store.judgements import judged_after

LOOK_BACK = YEAR + NEAR
"""An event last told of longer before a window decides nothing in it, is not near, and tells no pace."""


@dataclass(frozen=True)
class Logged:
    """A version of a prediction with its stated probabilities, forecasts and rulings, all oldest first.

    Of a yes or no the only forecasts are the ledger's own: `{"yes": 0.2}`.
    """

    prediction: Prediction
    version: int
    digest: str
    logged_at: dt.datetime
    probabilities: list[StatedProbability]
    rulings: list[Ruling]
    forecasts: list[StatedForecast]

    @property
    def forecast_at(self) -> dt.datetime | None:
        """When a person last stated a probability or a forecast."""
        times = [p.at for p in self.probabilities]
        if self.prediction.form != "yes/no":
            times += [f.at for f in self.forecasts if f.by not in REFERENCES]
        return max(times, default=None)


@dataclass(frozen=True)
class JudgedPrediction:
    """A prediction, its probabilities (oldest first), its verdict, and when a person last forecast it."""

    prediction: Prediction
    version: int
    digest: str
    probabilities: list[StatedProbability]
    verdict: Verdict
    forecast_at: dt.datetime | None


def record(engine: sa.Engine, prediction: Prediction, now: dt.datetime) -> store.Outcome:
    """Log one prediction with its probabilities, whole or not at all."""
    payload = prediction.model_dump(mode="json", exclude={"probabilities", "forecasts"})
    stated = [store.Probability(p.at, p.by, p.value, p.why) for p in prediction.probabilities]
    with transaction(engine) as session:
        outcome = store.log_prediction(session, prediction.id, prediction.digest, payload, now)
        store.add_probabilities(session, prediction.id, stated)
        store.add_forecasts(session, prediction.id, [_stored(f) for f in prediction.forecasts])
    return outcome


def _stored(forecast: StatedForecast) -> store.Forecast:
    return store.Forecast(forecast.at, forecast.by, dict(forecast.stated), forecast.why)


def state(engine: sa.Engine, id_: str, stated: StatedProbability | StatedForecast) -> None:
    """Add a probability or a forecast to a prediction."""
    with transaction(engine) as session:
        if isinstance(stated, StatedForecast):
            store.add_forecasts(session, id_, [_stored(stated)])
            return
        told = store.Probability(stated.at, stated.by, stated.value, stated.why)
        store.add_probabilities(session, id_, [told])


def record_file(engine: sa.Engine, path: Path, now: dt.datetime) -> dict[str, store.Outcome]:
    """Log every prediction of a TOML file; what became of each, by id, in the file's order."""
    return {p.id: record(engine, p, now) for p in load_predictions(path)}


def logged(engine: sa.Engine, at: dt.datetime | None = None, *, versions: bool = False) -> list[Logged]:
    """Every prediction in its newest version, or with `versions` in all of them, oldest first.

    With `at` only those made by then, and the probabilities and rulings by then.
    """
    with Session(engine) as session:
        return logged_in(session, at, versions=versions)


def logged_in(session: Session, at: dt.datetime | None = None, *, versions: bool = False) -> list[Logged]:
    """`logged` as a part of a larger piece of work."""
    rows = store.every_version(session) if versions else store.newest_predictions(session)
    told = Told(store.probabilities(session, at), store.forecasts(session, at), decided.rulings(session, at))
    found = [_logged(row, told) for row in rows]
    return [x for x in found if at is None or x.prediction.made <= (at - dt.timedelta(microseconds=1)).date()]


class Told(NamedTuple):
    """What was said of all predictions, by id."""

    probabilities: dict[str, list[store.Probability]]
    forecasts: dict[str, list[store.Forecast]]
    rulings: dict[str, list[Ruling]]


def _logged(row: store.LoggedRow, told: Told) -> Logged:
    id_ = row.prediction_id
    stated = [StatedProbability(**vars(p)) for p in told.probabilities.get(id_, [])]
    forecasts = [StatedForecast(**vars(f)) for f in told.forecasts.get(id_, [])]
    made = told.rulings.get(id_, [])
    own = Prediction.model_validate(row.payload)
    changed = {"probabilities": stated, "tags": tags(own.tags, made)}
    return Logged(
        own.model_copy(update=changed), row.version, row.digest, row.logged_at, stated, made, forecasts
    )


def verdicts(
    engine: sa.Engine,
    at: dt.datetime,
    known_by: dt.datetime | None = None,
    *,
    ids: Collection[str] = (),
    events: Sequence[Event] | None = None,
    versions: bool = False,
    sensitive: bool = False,
) -> list[JudgedPrediction]:
    """Every prediction made by `at` (or those of `ids`) with its verdict at `at`, rulings included.

    Only articles published before `at` count and, with `known_by`, only those seen by then. A caller that has
    the ledger of that moment already gives it as `events`. With `versions` superseded ones are judged,
    too; with `sensitive` verdicts say which single changes would flip them, which takes its time.
    """
    asked = [x for x in logged(engine, at, versions=versions) if not ids or x.prediction.id in ids]
    return verdicts_on(engine, asked, at, known_by, events=events, sensitive=sensitive)


def verdicts_on(
    engine: sa.Engine,
    asked: Sequence[Logged],
    at: dt.datetime,
    known_by: dt.datetime | None = None,
    *,
    events: Sequence[Event] | None = None,
    sensitive: bool = False,
) -> list[JudgedPrediction]:
    """The verdicts on predictions that were read already; else as `verdicts`."""
    if not asked:
        return []
    if events is None:
        events = known_events(engine, at, known_by, _wanted([x.prediction for x in asked]))
    with Session(engine) as session:
        return judged_in(session, asked, events, at, known_by, sensitive=sensitive)


def judged_in(
    session: Session,
    asked: Sequence[Logged],
    events: Sequence[Event],
    at: dt.datetime,
    known_by: dt.datetime | None = None,
    *,
    sensitive: bool = False,
) -> list[JudgedPrediction]:
    """The verdicts on some predictions by a ledger, rulings included."""
    windows = [x.prediction.window() for x in asked]
    start, end = min(w[0] for w in windows), max(w[1] for w in windows)
    coverage, found = _coverage(session, at, known_by, start, end), Index(events)
    return [_judged(x, Case(x.prediction, found, coverage, at), sensitive) for x in asked]


def _judged(x: Logged, case: Case, sensitive: bool) -> JudgedPrediction:
    verdict = case.verdict()
    if sensitive:
        verdict.flips = flips(case)
    verdict = ruled(verdict, standing(x.rulings, x.version))
    return JudgedPrediction(x.prediction, x.version, x.digest, x.probabilities, verdict, x.forecast_at)


def _wanted(asked: Sequence[Prediction]) -> Wanted:
    """What verdicts can rest on: events of the types asked for that were told of late enough."""
    chosen = [x for p in asked for x in p.questions()]
    starts = [beginning(x) for x in chosen]
    types = {t for x in chosen for t in x.types} if all(x.types for x in chosen) else set()
    bounded = [day for day in starts if day is not None]
    if len(bounded) < len(starts) or not bounded:
        return Wanted(types=sorted(types))
    since = dt.datetime.combine(min(bounded) - LOOK_BACK, dt.time(), dt.UTC)
    return Wanted(types=sorted(types), since=since)


def known_events(
    engine: sa.Engine, at: dt.datetime, known_by: dt.datetime | None, wanted: Wanted | None = None
) -> list[Event]:
    """The ledger of a moment, or at least what is wanted of it; the stored one where nothing is newer, for
    deriving it again takes time.
    """
    limits: dict[str, Any] = {}
    with Session(engine) as session:
        if store.published_since(session, at):
            limits["published_before"] = at
        if known_by is not None and (store.seen_after(session, known_by) or judged_after(session, known_by)):
            limits["seen_by"] = known_by
    return pipeline.ledger(engine, wanted=wanted, **limits)


def _coverage(
    session: Session, at: dt.datetime, known_by: dt.datetime | None, start: dt.date, end: dt.date
) -> Coverage:
    fetches = [FetchPoint(*p) for p in store.fetch_points(session, known_by)]
    articles = [ArticlePoint(*p) for p in store.article_points(session, at, known_by)]
    return coverage_of(fetches, articles, start, end)
