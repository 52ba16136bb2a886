"""A quick look before the careful one: leaves out events that fail for good in two ways, or in one by far.

What is left out is neither a match nor near, so verdicts are the same with the sieve and without; it only
spares the reasons that nobody would read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tracker.models.ledger import Event
from tracker.predict import syntax as s
from tracker.predict.dates import span_of
from tracker.predict.moment import reached

FAR = 2.1
"""The factor by which an amount is far off: beyond `evidence.FARTHEST`, which is a factor of 2."""
PLAIN = ("type", "category")
"""Fields that every event has and that no later report changes but by correction."""

Weight = Callable[[Event], int]
"""How surely an event fails: 0 perhaps not, 1 for good, 2 for good and by far."""


def promising(events: Sequence[Event], clauses: Sequence[s.Clause], failures: int = 2) -> list[Event]:
    """The events that fail for good in fewer ways; with 1 only those that may match."""
    quick = sorted(clauses, key=lambda c: not isinstance(c, s.FieldIn))
    weights = [w for clause in quick if (w := _weight(clause)) is not None]
    if failures == 1:
        for weigh in weights:
            events = [e for e in events if not weigh(e)]
        return list(events)
    return [e for e in events if _total(e, weights, failures) < failures]


def _total(event: Event, weights: Sequence[Weight], enough: int) -> int:
    total = 0
    for weigh in weights:
        total += weigh(event)
        if total >= enough:
            break
    return total


def _weight(clause: s.Clause) -> Weight | None:
    match clause:
        case s.FieldIn(field=field, values=values) if field in PLAIN:
            return lambda event: int(getattr(event, field) not in values)
        case s.StateDate():
            return _day_weight(clause)
        case s.ValueCompare(op=">=" | ">", money=s.MoneyLiteral(currency="USD", value=limit), field=field):
            return _small(field, limit)
    return None


def _day_weight(clause: s.StateDate) -> Weight:
    first, last = span_of(clause)

    def weigh(event: Event) -> int:
        day = reached(event, clause.state)
        outside = day is not None and ((first and day < first) or (last and day > last))
        return int(bool(outside))

    return weigh


def _small(field: s.ValueField, limit: float) -> Weight:
    name = "amount_usd" if field == "amount" else "valuation_usd"

    def weigh(event: Event) -> int:
        known = getattr(event, name)
        if known is None or known.high is None or known.high >= limit:
            return 0
        return 2 if known.high * FAR < limit else 1

    return weigh
