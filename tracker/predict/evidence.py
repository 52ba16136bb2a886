"""The events for a criterion, the events against it, and the near misses with the clause each fails.

What speaks for and what against follows from the question. Matches of `exists` and `count >= n` speak for
it; under `not`, or with `count < n`, they speak against. Where values are compared (median, last, change),
an event whose own value satisfies the comparison speaks for it and one whose value does not speaks against.
In a share, the rest of the whole speaks against. Two kinds of event always speak against a claim that
things happen (exists, count, sum): one that would count but was called off, and one that misses by its
category alone (a comparable deal of the other kind).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from tracker.models.ledger import Event
from tracker.predict import show, words
from tracker.predict import syntax as s
from tracker.predict.bounds import Bounds, Truth, compare, relative_change
from tracker.predict.clauses import Check
from tracker.predict.dates import beginning, horizon
from tracker.predict.matching import Ledger, Match
from tracker.predict.measure import measure, value
from tracker.predict.moment import status_by
from tracker.predict.verdict import Evidence
from tracker.predict.walk import of_quantity, selections

COMPARABLE = {"infrastructure", "model", "application"}
FARTHEST = 2.8
"""An amount off by a factor of 2: what misses by more is not near."""
REACH = 31
"""Days outside a window that are near, and never more than a third of the window."""
SMALLEST = 0.02
"""The part of an asked sum below which one event does not matter."""
ABOUT = ("company", "subject", "target", "party")


@dataclass
class Found:
    """Collected evidence by event id; the first reason an event is met with stands."""

    fors: dict[str, Evidence] = field(default_factory=dict)
    against: dict[str, Evidence] = field(default_factory=dict)
    near: dict[str, Evidence] = field(default_factory=dict)

    def side(self, positive: bool) -> dict[str, Evidence]:
        return self.fors if positive else self.against

    def lists(self) -> tuple[list[Evidence], list[Evidence], list[Evidence]]:
        """For and against by day, near misses nearest first; an event that counts is no near miss."""
        near = [e for id_, e in self.near.items() if id_ not in self.fors and id_ not in self.against]
        ordered = [sorted(x.values(), key=_by_day) for x in (self.fors, self.against)]
        return ordered[0], ordered[1], sorted(near, key=lambda e: (e.distance, *_by_day(e)))


def _by_day(e: Evidence) -> tuple[str, str]:
    return str(e.day), e.event_id


def evidence(
    event: Event, clause: str | None = None, why: str | None = None, check: Check | None = None
) -> Evidence:
    return Evidence(
        event_id=event.id,
        description=words.describe(event),
        day=words.happened(event),
        clause=clause,
        why=why,
        unknown=check is not None and check.truth is None,
        distance=0.0 if check is None else round(check.distance, 4),
    )


def collect(criterion: s.Criterion, ledger: Ledger, found: Found, positive: bool = True) -> None:
    """Adds the evidence of a criterion; `ledger` must take the final view (`Moment.final`)."""
    match criterion:
        case s.AllOf(criteria=parts) | s.AnyOf(criteria=parts):
            for part in parts:
                collect(part, ledger, found, positive)
        case s.Negated(criterion=inner):
            collect(inner, ledger, found, not positive)
        case s.IfThen(condition=condition, then=then):
            collect(condition, ledger, found, positive)
            collect(then, ledger, found, positive)
        case s.Exists(selection=selection):
            _selected(selection, ledger, found, positive)
        case s.Known(value=known):
            for selection in of_quantity(known):
                _selected(selection, ledger, found, positive)
        case s.FirstBefore(one=one, other=other):
            _selected(one, ledger, found, positive)
            _selected(other, ledger, found, not positive)
        case s.Comparison(left=left, op=op, right=right):
            _compared(left, op, right, ledger, found, positive)
        case s.Between(value=inside, low=low, high=high):
            _compared(inside, ">=", low, ledger, found, positive)
            _compared(inside, "<=", high, ledger, found, positive)


def contrary(criterion: s.Criterion, ledger: Ledger, found: Found) -> None:
    """Adds what satisfies a prediction's contrary criterion as evidence against it."""
    other = Found()
    collect(criterion, ledger, other)
    text = show.show(criterion)
    told = {m.event.id: _telling(m) for x in selections(criterion) for m in ledger.matches(x).holding}
    for id_, entry in other.fors.items():
        if id_ not in found.fors:
            why = told.get(id_) or "it points the other way"
            found.against.setdefault(id_, entry.model_copy(update={"clause": text, "why": why}))


def _telling(match: Match) -> str:
    """What makes an event a contrary one: its category, status, plan and amounts; the rest can be seen."""
    asked = [(clause, c) for clause, c in match.checks if isinstance(clause, s.ValueCompare | s.Either)]
    shown = [c.why for _, c in asked if not c.why.startswith("the company is")]
    fields = [
        c.why
        for clause, c in match.checks
        if isinstance(clause, s.FieldIn) and clause.field not in ("salience", "type")
    ]
    return words.listed([*fields, *shown])


# ----- selections


def _selected(selection: s.Selection, ledger: Ledger, found: Found, positive: bool) -> None:
    for match in ledger.matches(selection).near:
        if match.truth is True:
            _holding(match, ledger, found, positive)
        elif _within_reach(match, selection, ledger):
            _missing(match, found, positive)


def _within_reach(match: Match, selection: s.Selection, ledger: Ledger) -> bool:
    """Whether an event that misses is about the right company, told as news, and near in time."""
    for clause, result in match.missed:
        if result.truth is None:
            continue
        if isinstance(clause, s.PartyIn) and clause.role in ABOUT:
            return False
        if isinstance(clause, s.FieldIn) and clause.field in ("salience", "type"):
            return False
    start, end = beginning(selection), horizon(selection, ledger.moment.deadline)
    if not any(isinstance(clause, s.StateDate | s.Reached) for clause, _ in match.missed):
        return True
    reach = dt.timedelta(days=REACH if start is None else min(REACH, max(3, (end - start).days // 3)))
    first = dt.date.min if start is None else start - reach
    return any(first <= state.date <= end + reach for state in match.event.states)


def _holding(match: Match, ledger: Ledger, found: Found, positive: bool) -> None:
    event = match.event
    found.side(positive).setdefault(event.id, evidence(event))
    if status_by(event, ledger.moment.deadline) == "terminated" and not _wants_end(match):
        found.side(not positive).setdefault(
            event.id, evidence(event, "called off", "counted, but was called off")
        )


def _wants_end(match: Match) -> bool:
    return match.event.type == "shutdown" or any("terminated" in show.clause(c) for c, _ in match.checks)


def _missing(match: Match, found: Found, positive: bool, counters: bool = True) -> None:
    clause, result = match.missed[0]
    why = words.listed([c.why for _, c in match.missed])
    entry = evidence(match.event, show.clause(clause), why, result)
    # Two things in doubt make an event less near than one.
    entry.distance += len(match.missed) - 1
    if counters and positive and _is_counter(match, clause, result):
        found.against.setdefault(match.event.id, entry)
    elif entry.distance <= FARTHEST:
        found.near.setdefault(match.event.id, entry)


def _is_counter(match: Match, clause: s.Clause, result: Check) -> bool:
    """A comparable deal of another category, or one that would count but was called off."""
    if result.truth is not False:
        return False
    if isinstance(clause, s.FieldIn) and clause.field == "category":
        return match.event.category in COMPARABLE
    return match.event.status == "terminated" and "terminated" in show.clause(clause)


# ----- comparisons


def _compared(
    left: s.Quantity, op: s.Op, right: s.Quantity, ledger: Ledger, found: Found, positive: bool
) -> None:
    upward = op not in ("<", "<=")
    limit = measure(right, ledger)
    inner = left.aggregate if isinstance(left, s.Scaled) else left
    if isinstance(inner, s.Share):
        _shared(inner, ledger, found, positive == upward)
    elif isinstance(inner, s.ValueOf | s.Change) and limit is not None and not _is_sum(inner):
        _valued(inner, op, limit, ledger, found, positive)
    else:
        for selection in of_quantity(left):
            _selected(selection, ledger, found, positive == upward)
        if _is_sum(inner) and limit is not None:
            _drop_small(found, ledger, SMALLEST * limit.low)
    for selection in of_quantity(right):
        _compared_with(selection, ledger, found, positive != upward)


def _compared_with(selection: s.Selection, ledger: Ledger, found: Found, positive: bool) -> None:
    """The events of the other side of a comparison; what just misses there is no near miss of the claim."""
    for match in ledger.matches(selection).holding:
        why = "it belongs to the number to beat"
        found.side(positive).setdefault(match.event.id, evidence(match.event, show.selection(selection), why))


def _drop_small(found: Found, ledger: Ledger, least: float) -> None:
    """Forgets near misses whose amount would not matter to the sum; the larger they are, the nearer."""
    for id_, entry in list(found.near.items()):
        known = ledger.index.by_id[id_].amount_usd
        top = None if known is None else known.high or known.low
        if top is not None and top < least:
            del found.near[id_]
        elif top is None:
            entry.distance += 2.0
        else:
            entry.distance += 1.0 / (1.0 + top / max(least, 1.0))


def _is_sum(quantity: s.Quantity) -> bool:
    return isinstance(quantity, s.ValueOf) and quantity.function == "sum"


def _shared(share: s.Share, ledger: Ledger, found: Found, positive: bool) -> None:
    parts = {m.event.id: m for m in ledger.matches(share.part).near}
    inside = {id_ for id_, m in parts.items() if m.truth is True}
    for match in ledger.matches(share.whole).near:
        if match.truth is not True:
            _missing(match, found, positive, counters=False)
        elif match.event.id in inside:
            found.side(positive).setdefault(match.event.id, evidence(match.event))
        elif match.event.id in parts and parts[match.event.id].truth is None:
            _missing(parts[match.event.id], found, positive, counters=False)
        else:
            against = evidence(
                match.event, f"of {show.selection(share.part)}", "a change, but not to what is asked for"
            )
            found.side(not positive).setdefault(match.event.id, against)


def _valued(
    quantity: s.ValueOf | s.Change, op: s.Op, limit: Bounds, ledger: Ledger, found: Found, positive: bool
) -> None:
    """Weighs every event by its own value: would it satisfy the comparison alone?"""
    inner = quantity if isinstance(quantity, s.ValueOf) else quantity.value
    base = None if isinstance(quantity, s.ValueOf) else measure(quantity.base, ledger)
    if not isinstance(inner, s.ValueOf):
        for selection in of_quantity(quantity):
            _selected(selection, ledger, found, positive == (op not in ("<", "<=")))
        return
    for match in ledger.matches(inner.selection).near:
        if match.truth is not True:
            # An event of another time, company or without a value is not near a median.
            if match.truth is None:
                _missing(match, found, positive, counters=False)
            continue
        own = value(match.event, inner.field)
        truth = compare(relative_change(own, base) if base else own, op, limit)
        told = _own_value(match.event, inner, base)
        _weighed(match.event, truth, told, _is_extreme(inner.function, op), (found, positive))


def _own_value(event: Event, inner: s.ValueOf, base: Bounds | None) -> str:
    own = value(event, inner.field)
    told = words.amount(event.amount_usd if inner.field == "amount" else event.valuation_usd)
    name = "value" if event.type == "valuation" else inner.field
    if base is None or not base.exact or not own.exact or not base.low:
        return f"its {name} is {told}"
    change = (own.low - base.low) / base.low * 100
    way = "above" if change >= 0 else "below"
    return f"its {name}, {told}, is {words.percent(abs(change))} {way} {words.dollars(base.low)}"


def _is_extreme(function: str, op: s.Op) -> bool:
    """Whether one event is enough for the comparison, so that the others do not speak against it."""
    return (function == "max" and op in (">", ">=")) or (function == "min" and op in ("<", "<="))


def _weighed(event: Event, truth: Truth, told: str, one_is_enough: bool, side: tuple[Found, bool]) -> None:
    found, positive = side
    if truth is None:
        entry = evidence(event, "the compared value", told, Check(None, "", False, 0.1))
        found.near.setdefault(event.id, entry)
    elif truth:
        found.side(positive).setdefault(event.id, evidence(event))
    elif not one_is_enough:
        found.side(not positive).setdefault(event.id, evidence(event, "the compared value", told))
