"""The events for a criterion, the events against it, and the near misses with the clause each fails.

What speaks for and what against follows from the question. Matches of `exists` and `count >= n` speak for
it; under `not`, or with `count < n`, they speak against. Where values are compared (median, last, change),
an event whose own value satisfies the comparison speaks for it and one whose value does not speaks against.
In a share, the rest of the whole speaks against. Two kinds of event always speak against a claim that
things happen (exists, count, sum): one that would count but was called off, and one that misses by its
category alone (a comparable deal of the other kind).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tracker.models.ledger import Event
from tracker.predict import show, words
from tracker.predict import syntax as s
from tracker.predict.bounds import Bounds, Truth, compare, relative_change
from tracker.predict.clauses import Check
from tracker.predict.matching import Ledger, Match
from tracker.predict.measure import measure, value
from tracker.predict.moment import status_by
from tracker.predict.verdict import Evidence
from tracker.predict.walk import of_quantity

COMPARABLE = {"infrastructure", "model", "application"}
FARTHEST = 6.0
"""Half a year, or an amount off by a factor of 4.5: what misses by more is not near."""


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
    for id_, entry in other.fors.items():
        if id_ not in found.fors:
            found.against.setdefault(
                id_, entry.model_copy(update={"clause": text, "why": "contrary criterion"})
            )


# ----- selections


def _selected(selection: s.Selection, ledger: Ledger, found: Found, positive: bool) -> None:
    for match in ledger.matches(selection).near:
        if match.truth is True:
            _holding(match, ledger, found, positive)
        else:
            _missing(match, found, positive)


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
    why = "; ".join(c.why for _, c in match.missed)
    entry = evidence(match.event, show.clause(clause), why, result)
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
    for selection in of_quantity(right):
        _selected(selection, ledger, found, positive != upward)


def _is_sum(quantity: s.Quantity) -> bool:
    return isinstance(quantity, s.ValueOf) and quantity.function == "sum"


def _shared(share: s.Share, ledger: Ledger, found: Found, positive: bool) -> None:
    inside = {m.event.id for m in ledger.matches(share.part).holding}
    for match in ledger.matches(share.whole).near:
        if match.truth is not True:
            _missing(match, found, positive, counters=False)
        elif match.event.id in inside:
            found.side(positive).setdefault(match.event.id, evidence(match.event))
        else:
            against = evidence(
                match.event, f"of {show.selection(share.part)}", "belongs to the rest of the whole"
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
            _missing(match, found, positive, counters=False)
            continue
        own = value(match.event, inner.field)
        truth = compare(relative_change(own, base) if base else own, op, limit)
        _weighed(match.event, truth, _is_extreme(inner.function, op), found, positive)


def _is_extreme(function: str, op: s.Op) -> bool:
    """Whether one event is enough for the comparison, so that the others do not speak against it."""
    return (function == "max" and op in (">", ">=")) or (function == "min" and op in ("<", "<="))


def _weighed(event: Event, truth: Truth, one_is_enough: bool, found: Found, positive: bool) -> None:
    told = words.amount(event.amount_usd)
    if truth is None:
        entry = evidence(event, "the compared value", f"amount {told}", Check(None, "", False, 0.1))
        found.near.setdefault(event.id, entry)
    elif truth:
        found.side(positive).setdefault(event.id, evidence(event))
    elif not one_is_enough:
        found.side(not positive).setdefault(event.id, evidence(event, "the compared value", f"amount {told}"))
