"""Rulings on predictions and the verdicts that were drawn: they are added and read, never changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from tracker.models.ruling import OWN, Ruling
from tracker.models.tables import RulingRow, VerdictRow


@dataclass(frozen=True)
class Drawn:
    """A verdict as it was drawn; `erratum` says what it was before and why it changed."""

    prediction_id: str
    version: int
    at: dt.datetime
    status: str
    erratum: str
    payload: dict[str, Any]


def add_ruling(session: Session, prediction_id: str, ruling: Ruling) -> None:
    payload = ruling.model_dump(mode="json", exclude=OWN)
    own = {name: getattr(ruling, name) for name in OWN}
    session.add(RulingRow(prediction_id=prediction_id, payload=payload, **own))
    session.flush()


def rulings(session: Session, until: dt.datetime | None = None) -> dict[str, list[Ruling]]:
    """The rulings on every prediction by id, oldest first; with `until` those made by then."""
    query = select(RulingRow).order_by(col(RulingRow.at), col(RulingRow.id))
    if until is not None:
        query = query.where(RulingRow.at <= until)
    found: dict[str, list[Ruling]] = {}
    for row in session.exec(query):
        own = {name: getattr(row, name) for name in OWN}
        found.setdefault(row.prediction_id, []).append(Ruling.model_validate(row.payload | own))
    return found


def add_verdict(session: Session, drawn: Drawn) -> None:
    session.add(VerdictRow(**vars(drawn)))
    session.flush()


def drawn_verdicts(session: Session, until: dt.datetime | None = None) -> list[Drawn]:
    """Every verdict drawn, oldest first; with `until` those drawn by then."""
    query = select(VerdictRow).order_by(col(VerdictRow.at), col(VerdictRow.id))
    if until is not None:
        query = query.where(VerdictRow.at <= until)
    return [
        Drawn(r.prediction_id, r.version, r.at, r.status, r.erratum, r.payload) for r in session.exec(query)
    ]
