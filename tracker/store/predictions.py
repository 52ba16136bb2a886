"""Logged predictions in the store: every version stays, and so does every stated probability."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from sqlmodel import Session, col, func, select

from tracker.models.tables import Article, Fetch, ForecastRow, PredictionRow, ProbabilityRow

Outcome = Literal["new", "changed", "unchanged"]


@dataclass(frozen=True)
class LoggedRow:
    """The newest version of a prediction, as stored."""

    prediction_id: str
    version: int
    digest: str
    logged_at: dt.datetime
    payload: dict[str, Any]


@dataclass(frozen=True)
class Probability:
    """One stated probability (0 to 1)."""

    at: dt.datetime
    by: str
    value: float
    why: str = ""


@dataclass(frozen=True)
class Forecast:
    """One stated distribution: probabilities (0 to 1) by answer, or values by level of probability."""

    at: dt.datetime
    by: str
    stated: dict[str, Any]
    why: str = ""


def log_prediction(
    session: Session, prediction_id: str, digest: str, payload: dict[str, Any], now: dt.datetime
) -> Outcome:
    """Store a prediction; one whose payload differs from the newest version is stored as the next version."""
    newest = newest_version(session, prediction_id)
    if newest is not None and newest.payload == payload:
        return "unchanged"
    version = newest.version + 1 if newest else 1
    session.add(
        PredictionRow(
            prediction_id=prediction_id, version=version, digest=digest, logged_at=now, payload=payload
        )
    )
    session.flush()
    return "changed" if newest else "new"


def newest_version(session: Session, prediction_id: str) -> PredictionRow | None:
    query = (
        select(PredictionRow)
        .where(PredictionRow.prediction_id == prediction_id)
        .order_by(col(PredictionRow.version).desc())
        .limit(1)
    )
    return session.exec(query).first()


def newest_predictions(session: Session) -> list[LoggedRow]:
    """The newest version of every prediction, in the order in which they were first logged."""
    newest = select(func.max(PredictionRow.id)).group_by(col(PredictionRow.prediction_id))
    first = (
        select(PredictionRow.prediction_id, func.min(PredictionRow.id).label("first"))
        .group_by(PredictionRow.prediction_id)
        .subquery()
    )
    query = (
        select(PredictionRow)
        .join(first, first.c.prediction_id == PredictionRow.prediction_id)
        .where(col(PredictionRow.id).in_(newest))
        .order_by(first.c.first)
    )
    rows = session.exec(query)
    return [LoggedRow(r.prediction_id, r.version, r.digest, r.logged_at, r.payload) for r in rows]


def every_version(session: Session) -> list[LoggedRow]:
    """Every version of every prediction, in the order in which they were logged."""
    rows = session.exec(select(PredictionRow).order_by(col(PredictionRow.id)))
    return [LoggedRow(r.prediction_id, r.version, r.digest, r.logged_at, r.payload) for r in rows]


def add_probabilities(session: Session, prediction_id: str, stated: Iterable[Probability]) -> int:
    """Add probabilities that are not there yet; returns how many were new."""
    known = {(p.at, p.by, p.value) for p in probabilities(session).get(prediction_id, [])}
    fresh = [p for p in stated if (p.at, p.by, p.value) not in known]
    session.add_all(
        ProbabilityRow(prediction_id=prediction_id, at=p.at, by=p.by, value=p.value, why=p.why) for p in fresh
    )
    session.flush()
    return len(fresh)


def probabilities(session: Session, until: dt.datetime | None = None) -> dict[str, list[Probability]]:
    """The history of every prediction by id, oldest first; with `until` as it stood then."""
    query = select(ProbabilityRow).order_by(col(ProbabilityRow.at), col(ProbabilityRow.id))
    if until is not None:
        query = query.where(ProbabilityRow.at <= until)
    history: dict[str, list[Probability]] = {}
    for row in session.exec(query):
        history.setdefault(row.prediction_id, []).append(Probability(row.at, row.by, row.value, row.why))
    return history


def add_forecasts(session: Session, prediction_id: str, stated: Iterable[Forecast]) -> int:
    """Add forecasts that are not there yet; returns how many were new."""
    known = [(f.at, f.by, f.stated) for f in forecasts(session).get(prediction_id, [])]
    fresh = [f for f in stated if (f.at, f.by, f.stated) not in known]
    session.add_all(ForecastRow(prediction_id=prediction_id, **vars(f)) for f in fresh)
    session.flush()
    return len(fresh)


def forecasts(session: Session, until: dt.datetime | None = None) -> dict[str, list[Forecast]]:
    """The distributions stated of every prediction by id, oldest first; with `until` as it stood then."""
    query = select(ForecastRow).order_by(col(ForecastRow.at), col(ForecastRow.id))
    if until is not None:
        query = query.where(ForecastRow.at <= until)
    history: dict[str, list[Forecast]] = {}
    for row in session.exec(query):
        history.setdefault(row.prediction_id, []).append(Forecast(row.at, row.by, row.stated, row.why))
    return history


# ----- what coverage is computed from


def fetch_points(session: Session, until: dt.datetime | None = None) -> list[tuple[str, dt.date, bool, int]]:
    """Every crawl of a live source as (source, day it ended, whether it worked, articles known before).

    A crawl today of a stretch that ended long ago has not looked at the days since: what a replayed source
    covers is the days that it has articles of.
    """
    query = select(Fetch.source_id, Fetch.finished, Fetch.ok, Fetch.unchanged)
    query = query.where(col(Fetch.source_id).not_in(_replayed_sources()))
    if until is not None:
        query = query.where(Fetch.finished <= until)
    return [
        (source, finished.date(), ok, unchanged) for source, finished, ok, unchanged in session.exec(query)
    ]


def _replayed_sources() -> Any:
    """Sources whose articles all count as seen when they were published."""
    live = select(Article.source_id).where(Article.seen_at != Article.published)
    return select(Article.source_id).where(col(Article.source_id).not_in(live)).distinct()


def article_points(
    session: Session, before: dt.datetime, seen_by: dt.datetime | None = None
) -> list[tuple[str, dt.date]]:
    """(source, day) of what was published before a time and, with `seen_by`, seen by another; each once."""
    query = select(Article.source_id, Article.published).where(Article.published < before).distinct()
    if seen_by is not None:
        query = query.where(Article.seen_at <= seen_by)
    return sorted({(source, published.date()) for source, published in session.exec(query)})


def published_since(session: Session, time: dt.datetime) -> bool:
    """Whether the store holds an article published at or after a time."""
    return session.exec(select(Article.id).where(Article.published >= time).limit(1)).first() is not None


def seen_after(session: Session, time: dt.datetime) -> bool:
    """Whether the store holds an article seen after a time."""
    return session.exec(select(Article.id).where(Article.seen_at > time).limit(1)).first() is not None
