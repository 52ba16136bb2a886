"""The answer to a criterion: true, false or unknown, and the reasons where it is unknown."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from tracker.models.ledger import Event
from tracker.predict import prose, show, words
from tracker.predict import syntax as s
from tracker.predict.bounds import Bounds, Truth, all_true, any_true, compare, opposite
from tracker.predict.matching import Ledger, Matches
from tracker.predict.measure import measure
from tracker.predict.verdict import Measure
from tracker.predict.walk import of_quantity


@dataclass(frozen=True)
class Answer:
    """`void`: the condition of an `if` is false. `reasons` say what is missing where `truth` is None."""

    truth: Truth
    reasons: tuple[str, ...] = ()
    void: bool = False


def answer(criterion: s.Criterion, ledger: Ledger) -> Answer:
    match criterion:
        case s.IfThen(condition=condition, then=then):
            return conditional(answer(condition, ledger), answer(then, ledger))
        case s.AllOf(criteria=parts):
            answers = [answer(p, ledger) for p in parts]
            return _joined(all_true(a.truth for a in answers), answers)
        case s.AnyOf(criteria=parts):
            answers = [answer(p, ledger) for p in parts]
            return _joined(any_true(a.truth for a in answers), answers)
        case s.Negated(criterion=inner):
            inside = answer(inner, ledger)
            return replace(inside, truth=opposite(inside.truth))
        case s.Unrecorded(reason=reason):
            return Answer(None, (f"The ledger cannot tell one part of it: {reason}.",))
    return _leaf(criterion, ledger)


def conditional(condition: Answer, then: Answer) -> Answer:
    """What follows an `if`: void where the condition is false, unknown while it is open."""
    if condition.truth is False:
        return Answer(None, ("The condition did not come about.",), void=True)
    if condition.truth is None:
        return Answer(None, tuple(f"The condition is undecided: {r}" for r in condition.reasons))
    return then


def _joined(truth: Truth, answers: list[Answer]) -> Answer:
    reasons = [r for a in answers if a.truth is None for r in a.reasons]
    return Answer(truth, tuple(dict.fromkeys(reasons)) if truth is None else ())


def _leaf(leaf: s.Criterion, ledger: Ledger) -> Answer:
    match leaf:
        case s.Exists(selection=selection):
            return _exists(ledger.matches(selection), ledger)
        case s.Known(value=value):
            return _known(value, ledger)
        case s.FirstBefore(one=one, other=other):
            return _first_before(ledger.matches(one), ledger.matches(other), ledger)
        case s.Comparison(left=left, op=op, right=right):
            return _compared(((left, op, right),), ledger)
        case s.Between(value=value, low=low, high=high):
            return _compared(((value, ">=", low), (value, "<=", high)), ledger)
    raise TypeError(f"not a question: {leaf!r}")


def _exists(found: Matches, ledger: Ledger) -> Answer:
    if found.sure:
        return Answer(True)
    if not found.possible and not found.unbounded:
        return Answer(False)
    return Answer(None, _doubts(found, ledger))


def _known(value: s.Aggregate, ledger: Ledger) -> Answer:
    found = measure(value, ledger)
    if found is not None and found.exact:
        return Answer(True)
    doubts = [d for x in of_quantity(value) for d in _doubts(ledger.matches(x), ledger)]
    return Answer(None, (_so_far(value, found, ledger), *dict.fromkeys(doubts)))


def _so_far(value: s.Aggregate, found: Bounds | None, ledger: Ledger) -> str:
    return f"{prose.capital(prose.so_far(value, found, ledger.moment.ended))}."


def only_one(options: dict[str, Answer]) -> tuple[Answer, str | None]:
    """Of several options the one that came true, where it is certain that it did and no other one did.

    False where none did; unknown where two did, for then the question is not clear.
    """
    came = [name for name, a in options.items() if a.truth]
    if len(came) > 1:
        return Answer(None, (f"More than one came true: {words.listed(came)}.",)), None
    if any(a.truth is None for a in options.values()):
        reasons = [f"{name}: {r}" for name, a in options.items() if a.truth is None for r in a.reasons]
        return Answer(None, tuple(reasons)), None
    return Answer(bool(came)), came[0] if came else None


Pair = tuple[s.Quantity, s.Op, s.Quantity]


def _compared(pairs: tuple[Pair, ...], ledger: Ledger) -> Answer:
    answers = [_one_pair(*pair, ledger) for pair in pairs]
    return _joined(all_true(a.truth for a in answers), answers)


def _one_pair(left: s.Quantity, op: s.Op, right: s.Quantity, ledger: Ledger) -> Answer:
    one, other = measure(left, ledger), measure(right, ledger)
    if one is None or other is None:
        return Answer(None, (_told(left, op, right, ledger),))
    truth = compare(one, op, other)
    if truth is not None:
        return Answer(truth)
    told = _told(left, op, right, ledger)
    doubts = [d for q in (left, right) for x in of_quantity(q) for d in _doubts(ledger.matches(x), ledger)]
    return Answer(None, (told, *dict.fromkeys(doubts)))


def _told(left: s.Quantity, op: s.Op, right: s.Quantity, ledger: Ledger) -> str:
    known = measure(left, ledger), measure(right, ledger)
    return prose.progress(left, op, right, known, ledger.moment.ended)


def label(quantity: s.Quantity) -> str:
    """A short name of a quantity.

    >>> label(s.Change(s.ValueOf("median", "amount", s.Selection(("valuation",))), s.MoneyLiteral(1e9)))
    'change of median amount of valuation'
    """
    match quantity:
        case s.Count(selection=selection):
            return f"count of {_types(selection)}"
        case s.ValueOf(function=function, field=field, selection=selection):
            return f"{function} {field} of {_types(selection)}"
        case s.Share(part=part):
            return f"share of {_types(part)}"
        case s.Change(value=value):
            return f"change of {label(value)}"
        case s.Scaled(factor=factor, aggregate=aggregate):
            return f"{show.plain(factor)} times the {label(aggregate)}"
    return show.quantity(quantity)


def _types(selection: s.Selection) -> str:
    return " or ".join(selection.types) or "event"


def _doubts(found: Matches, ledger: Ledger) -> tuple[str, ...]:
    """What could still tip the scales: events in doubt (after the deadline; before it, time will tell)."""
    if not ledger.moment.settled:
        return ()
    open_events = [m for m in found.near if m.truth is None]
    told = [f"{words.who(m.event)} ({words.listed([c.why for _, c in m.missed])})" for m in open_events]
    if not told:
        return ()
    more = [f"{words.number(len(told) - 3)} more"] if len(told) > 3 else []
    return (f"In doubt: {words.listed([*told[:3], *more])}.",)


def _first_before(one: Matches, other: Matches, ledger: Ledger) -> Answer:
    """True or false once one side has come, unless a doubtful event of the other could have come earlier."""
    first, second = _earliest(one.sure), _earliest(other.sure)
    maybe_first, maybe_second = _earliest(one.possible), _earliest(other.possible)
    missed = ledger.moment.gap
    if first and not missed and not (maybe_second and maybe_second <= first):
        return Answer(True)
    if second and not missed and not (maybe_first and maybe_first < second):
        return Answer(False)
    if not one.possible and not one.unbounded:
        return Answer(False)
    return Answer(None, (*_doubts(one, ledger), *_doubts(other, ledger)))


def _earliest(events: tuple[Event, ...]) -> dt.date | None:
    return min((day for e in events if (day := words.happened(e)) is not None), default=None)


# ----- the numbers behind the answer


def measures(leaf: s.Criterion, ledger: Ledger) -> list[Measure]:
    """A comparison's value so far beside what it asks for; nothing for questions without a number."""
    match leaf:
        case s.Comparison(left=left, op=op, right=right):
            return [_measured(left, op, right, ledger)]
        case s.Between(value=value, low=low, high=high):
            return [_measured(value, ">=", low, ledger), _measured(value, "<=", high, ledger)]
        case s.Known(value=value):
            return [_sought(value, ledger)]
    return []


def _measured(left: s.Quantity, op: s.Op, right: s.Quantity, ledger: Ledger) -> Measure:
    one, other, unit = measure(left, ledger), measure(right, ledger), s.unit_of(left)
    return Measure(
        label=label(left),
        text=f"{show.quantity(left)} {op} {show.quantity(right)}",
        told=_told(left, op, right, ledger),
        asked=f"{op} {words.bounds(other, unit)}",
        value=words.bounds(one, unit),
        low=None if one is None else one.low,
        high=_finite(one),
        unit=unit,
        op=op,
        threshold=other.low if other is not None and other.exact else None,
        holds=None if one is None or other is None else compare(one, op, other),
    )


def _sought(value: s.Aggregate, ledger: Ledger) -> Measure:
    """A value that is asked for as such."""
    found, unit = measure(value, ledger), s.unit_of(value)
    return Measure(
        label=label(value),
        text=show.quantity(value),
        told=_so_far(value, found, ledger),
        asked="its value",
        value=words.bounds(found, unit),
        low=None if found is None else found.low,
        high=_finite(found),
        unit=unit,
        op="known",
        threshold=None,
        holds=None,
    )


def _finite(known: Bounds | None) -> float | None:
    return None if known is None or known.high == float("inf") else known.high
