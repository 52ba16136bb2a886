"""What a prediction is held against before it is accepted: the rules of good questions, and its own past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session

from tracker import pipeline
from tracker.judging import logged
from tracker.models.company import COMPANY_KINDS
from tracker.predict.backtest import BackTest, backtest, baseline
from tracker.predict.index import Index
from tracker.predict.lint import Finding, Known, lint
from tracker.predict.prediction import Prediction
from tracker.store import predictions as store
from tracker.store.engine import transaction

LEDGER = "base rate"
"""The machine among the forecasters: its forecast is the base rate of a back-test."""


@dataclass(frozen=True)
class Examined:
    prediction: Prediction
    findings: list[Finding]
    tested: BackTest

    @property
    def faults(self) -> list[Finding]:
        return [f for f in self.findings if f.fault]


def examine(engine: sa.Engine, predictions: Sequence[Prediction], now: dt.datetime) -> list[Examined]:
    """Lint and back-test some predictions by the stored ledger and the predictions that are open."""
    events = pipeline.ledger(engine)
    with Session(engine) as session:
        companies = pipeline.companies(session).companies.values()
    names = {n for c in companies for n in c.names} | {
        p.name for e in events for listed in e.parties.values() for p in listed
    }
    others = [x.prediction for x in logged(engine) if x.prediction.deadline >= now.date()]
    known, index = Known(names, COMPANY_KINDS, [*others, *predictions]), Index(events)
    return [Examined(p, lint(p, index, known, now), backtest(p, index, now)) for p in predictions]


def state_base_rate(engine: sa.Engine, examined: Examined, now: dt.datetime) -> None:
    """Log what the ledger's own past forecasts as the machine's forecast, where it tells enough."""
    tested = examined.tested
    stated = baseline(examined.prediction, tested)
    if stated is None:
        return
    why = f"{tested.hits} of {tested.decided} earlier windows"
    if examined.prediction.form != "yes/no":
        why = f"{sum(w.came is not None for w in tested.windows)} earlier windows"
    with transaction(engine) as session:
        store.add_forecasts(session, examined.prediction.id, [store.Forecast(now, LEDGER, stated, why)])
