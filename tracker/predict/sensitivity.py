"""Which single change of category, status or amount of one event would make a verdict another one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from tracker.models.ledger import Event, Interval, State
from tracker.models.mention import CATEGORIES, STATUSES
from tracker.predict import syntax as s
from tracker.predict import words
from tracker.predict.index import Index
from tracker.predict.judge import Case
from tracker.predict.rates import usd
from tracker.predict.verdict import Flip
from tracker.predict.walk import clauses, is_sum, leaves, literals

MOST = 40
"""Events that are looked at: the nearest to counting, or to counting no more."""

Change = tuple[str, str, dict[str, object]]
"""A field, its other value in words, and what the event is changed by."""


def flips(case: Case) -> list[Flip]:
    """The changes that would flip the verdict of a case, events in their own order."""
    relevant = _relevant(case)
    asked = list(case.questions())
    moneys = _moneys(case)
    summed = any(
        is_sum(q) for x in leaves(case.asked) if isinstance(x, s.Comparison) for q in (x.left, x.right)
    )
    status, found = case.status(), []
    categories = any(isinstance(c, s.FieldIn) and c.field == "category" for x in asked for c in clauses(x))
    for event in relevant[:MOST]:
        changes = chain(_changes(event, moneys, categories), _scaled(event) if summed else ())
        for field, value, update in changes:
            others = [event.model_copy(update=update) if e is event else e for e in relevant]
            becomes = case.over(Index(others)).status()
            if becomes != status:
                told = words.describe(event)
                found.append(
                    Flip(event_id=event.id, description=told, field=field, value=value, becomes=becomes)  # type: ignore[arg-type]
                )
    return found


def _relevant(case: Case) -> list[Event]:
    """The events that count, may count or miss by one clause: no single change makes another one count."""
    views = (case.so_far, case.ledger)
    found = {m.event.id: m.event for x in case.questions() for v in views for m in v.matches(x).near}
    found |= {e.id: e for x in case.questions() for v in views for e in v.matches(x).possible}
    return sorted(found.values(), key=lambda e: (e.first_reported, e.id))


def _moneys(case: Case) -> list[float]:
    """The thresholds of a criterion in USD."""
    return sorted({usd(m, case.moment.made) for m in literals(case.asked)})


def _changes(event: Event, moneys: list[float], categories: bool) -> Iterator[Change]:
    if categories:
        for category in CATEGORIES:
            if category != event.category:
                yield "category", category, {"category": category}
    for status in STATUSES:
        if status != event.status:
            yield "status", status, _with_status(event, status)
    for limit in moneys:
        yield "amount", words.dollars(limit), {"amount_usd": Interval(low=limit, high=limit)}
        less = Interval(low=0.99 * limit, high=0.99 * limit)
        yield "amount", f"less than {words.dollars(limit)}", {"amount_usd": less}


def _scaled(event: Event) -> Iterator[Change]:
    """Half and twice the amount: of a sum only the size of the parts matters."""
    known = event.amount_usd
    if known is None:
        return
    for factor, told in ((0.5, "half as much"), (2.0, "twice as much")):
        high = None if known.high is None else factor * known.high
        yield "amount", told, {"amount_usd": Interval(low=factor * known.low, high=high)}


def _with_status(event: Event, status: str) -> dict[str, object]:
    """The event with that as its furthest status, on the day of its last one."""
    last = max(event.states, key=lambda x: x.date)
    kept = [x for x in event.states if STATUSES.index(x.status) < STATUSES.index(status)]
    new = State(status=status, date=last.date, article_id=last.article_id)  # type: ignore[arg-type]
    return {"status": status, "states": [*kept, new]}


def by_change(found: list[Flip], most: int = 3) -> list[str]:
    """What would flip the verdict, one line each, at most so many and the number of the others."""
    told = list(dict.fromkeys(map(str, found)))
    return [*told[:most], f"and {len(told) - most} more"] if len(told) > most else told
