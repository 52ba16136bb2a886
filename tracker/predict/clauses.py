"""Asks one clause of one event. The answer may be unknown, and says why it is what it is."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tracker.models.ledger import Event, Interval
from tracker.predict import show, words
from tracker.predict import syntax as s
from tracker.predict.bounds import Bounds, Truth, all_true, any_true, compare, opposite
from tracker.predict.dates import not_reached, state_date
from tracker.predict.moment import Moment, reached, status_by
from tracker.predict.names import same_company
from tracker.predict.places import lies_in
from tracker.predict.rates import usd


@dataclass(frozen=True)
class Check:
    """truth: None = cannot be told. fixed: later news of the event will not change it (corrections aside).

    distance orders near misses: 0 is nearest.
    """

    truth: Truth
    why: str
    fixed: bool
    distance: float = 1.0


def check(clause: s.Clause, event: Event, moment: Moment) -> Check:
    match clause:
        case s.Every() | s.Either() | s.Without():
            return _compound(clause, event, moment)
        case s.StateDate():
            return Check(*state_date(clause, event, moment))
        case s.ValueCompare() | s.ValueBetween() | s.Disclosed():
            return _money(clause, event, moment)
    return CHECKS[type(clause)](clause, event, moment)


# ----- and, or, not


def _compound(clause: s.Every | s.Either | s.Without, event: Event, moment: Moment) -> Check:
    match clause:
        case s.Without(clause=inner):
            inside = check(inner, event, moment)
            return replace(inside, truth=opposite(inside.truth), why=inside.why)
        case s.Every(clauses=parts):
            return _joined([check(p, event, moment) for p in parts], all_true, decisive=False)
        case s.Either(clauses=parts):
            return _joined([check(p, event, moment) for p in parts], any_true, decisive=True)


def _joined(checks: list[Check], combine: Callable[[list[Truth]], Truth], *, decisive: bool) -> Check:
    # One part may decide alone (a failing part of `and`, a holding part of `or`): then only such parts
    # matter.
    truth = combine([c.truth for c in checks])
    if truth is decisive:
        deciding = [c for c in checks if c.truth is decisive]
        fixed = any(c.fixed for c in deciding)
    else:
        deciding = [c for c in checks if c.truth is truth]
        fixed = all(c.fixed for c in checks)
    why = " and ".join(dict.fromkeys(c.why for c in deciding))
    return Check(truth, why, fixed, min(c.distance for c in deciding))


# ----- fields and parties


def _reached(clause: s.Reached, event: Event, moment: Moment) -> Check:
    day = reached(event, clause.state)
    if day is None:
        return Check(False, not_reached(clause.state, event, moment), moment.settled, 0.5)
    late = (day - moment.deadline).days
    if late > 0:
        return Check(False, f"{words.days(late)} too late: {clause.state} {words.day(day)}", True, late / 30)
    return Check(True, f"{clause.state} {words.day(day)}", True)


def _field(clause: s.FieldIn, event: Event, moment: Moment) -> Check:
    if clause.field == "status":
        status = status_by(event, moment.deadline)
        return Check(status in clause.values, f"the status is {status}", moment.settled, 0.5)
    value = getattr(event, "from_" if clause.field == "from" else clause.field)
    if value is None and clause.field == "kind":
        value = "company" if event.type == "acquisition" else None
    if value is None:
        return Check(None, f"the {clause.field} is not stated", False, 0.3)
    can_change = clause.field == "salience" and value == "background"
    return Check(value in clause.values, _field_is(clause, value), not can_change)


def _field_is(clause: s.FieldIn, value: str) -> str:
    """
    >>> _field_is(s.FieldIn("category", ("infrastructure",)), "other")
    'the category is other, not infrastructure'
    """
    if clause.field == "salience":
        return "told only in passing" if value == "background" else "told as news"
    name = {"from": "old pricing", "to": "new pricing"}.get(clause.field, clause.field)
    wanted = words.listed([v for v in clause.values if v != value], "or")
    told = f"the {name} is {value}".replace("_", " ")
    return told if value in clause.values else f"{told}, not {wanted}".replace("_", " ")


def _parties(event: Event, role: str) -> list[tuple[str, str, str | None]]:
    roles = event.parties if role == "party" else [role]
    return [(p.name, p.company_id, p.kind) for r in roles for p in event.parties.get(r, [])]


def _party_in(clause: s.PartyIn, event: Event, moment: Moment) -> Check:
    found = _parties(event, clause.role)
    if not found:
        return Check(None, f"the {_role(clause.role)} is not named", False, 0.3)
    loose = clause.role in ("subject", "target")
    hit = any(
        same_company(wanted, name, id_, loose=loose) for wanted in clause.names for name, id_, _ in found
    )
    named = words.listed(list(dict.fromkeys(name for name, _, _ in found)))
    return Check(hit, f"the {_role(clause.role)} is {named}", True)


def _role(role: str) -> str:
    return {"acquirer": "buyer"}.get(role, role)


def _party_kind(clause: s.PartyKind, event: Event, moment: Moment) -> Check:
    found = _parties(event, clause.role)
    kinds = {kind.casefold() for _, _, kind in found if kind}
    if kinds & {k.casefold() for k in clause.kinds}:
        return Check(True, f"the {_role(clause.role)} is {_a(sorted(kinds))}", True)
    unknown = [name for name, _, kind in found if not kind]
    if not found:
        return Check(None, f"the {_role(clause.role)} is not named", False, 0.3)
    if unknown:
        told = f"what kind of company {words.listed(unknown)} is, the company list does not say"
        return Check(None, told, False, 0.3)
    told = f"the {_role(clause.role)} is {_a(sorted(kinds))}, not {_a(clause.kinds, 'or')}"
    return Check(False, told, True)


# Kinds that stand for a business, not for a company: "the buyer is in energy".
_FIELDS = {"consumer internet", "telecom", "energy", "security", "media", "developer tools"}


def _a(kinds: Sequence[str], word: str = "and") -> str:
    """
    >>> _a(["cloud provider", "enterprise software"], "or"), _a(["energy"])
    ('a cloud provider or an enterprise software company', 'an energy company')
    """
    return words.listed([_one(kind) for kind in kinds], word)


def _one(kind: str) -> str:
    business = kind in _FIELDS or kind.endswith(("software", "application", "platform"))
    return f"{'an' if kind[:1] in 'aeiou' else 'a'} {kind}{' company' if business else ''}"


def _place(clause: s.PlaceIn, event: Event, moment: Moment) -> Check:
    stated = ", ".join(event.place)
    if stated:
        return Check(lies_in(stated, clause.places), f"the place is {stated}", True)
    if any(lies_in(f"{source.title}. {source.evidence}", clause.places) for source in event.sources):
        return Check(True, "the place is named in the text", True)
    return Check(None, "the place is not stated", False, 0.4)


# ----- money and counts


def value_bounds(event: Event, field: s.ValueField) -> Bounds | None:
    """The interval of an event's amount or valuation in USD; None where it is undisclosed."""
    known = _interval(event, field)
    return None if known is None else Bounds(known.low, math.inf if known.high is None else known.high)


def _interval(event: Event, field: s.ValueField) -> Interval | None:
    known = event.amount_usd if field == "amount" else event.valuation_usd
    return None if known is None or (known.low <= 0 and known.high is None) else known


def _money(clause: s.ValueCompare | s.ValueBetween | s.Disclosed, event: Event, moment: Moment) -> Check:
    known = _interval(event, clause.field)
    if isinstance(clause, s.Disclosed):
        told = "not disclosed" if known is None else words.amount(known)
        why = f"the {clause.field} is {told}"
        return Check(known is not None, why, known is not None, 0.1)
    if known is None:
        return Check(None, f"the {clause.field} {_why_unknown(event, clause.field)}", False, 0.1)
    if isinstance(clause, s.ValueCompare):
        against = _against(known, clause.op, clause.money, moment)
        return (
            replace(against, why=f"a valuation of {against.why}") if clause.field == "valuation" else against
        )
    ends = [_against(known, ">=", clause.low, moment), _against(known, "<=", clause.high, moment)]
    return _joined(ends, all_true, decisive=False)


def _why_unknown(event: Event, field: s.ValueField) -> str:
    told = event.amount if field == "amount" else event.valuation
    return f"in {told.currency} has no rate" if told and told.value is not None else "is not disclosed"


OPPOSITE_OP = {">=": "<", ">": "<=", "<=": ">", "<": ">=", "=": "is not"}
IN_WORDS = {
    ">=": "is at least", ">": "is more than", "<=": "is at most", "<": "is less than", "=": "is exactly",
    "is not": "is not",
}  # fmt: skip


def _against(known: Interval, op: s.Op, threshold: s.MoneyLiteral, moment: Moment) -> Check:
    low, high, limit = known.low, math.inf if known.high is None else known.high, usd(threshold, moment.made)
    if threshold.currency == known.currency and known.rate:
        # The same currency on both sides: the exchange rate must not decide.
        low, high, limit = low / known.rate, high / known.rate, threshold.value
    told, wanted = _told(low, high, threshold, known), show.money(threshold)
    truth = compare(Bounds(low, high), op, Bounds.exactly(limit))
    if truth is None:
        return Check(None, f"{told} may lie on either side of {wanted}", False, 0.1)
    sign = op if truth else OPPOSITE_OP[op]
    return Check(truth, f"{told} {IN_WORDS[sign]} {wanted}", True, _ratio(low, high, limit))


def _told(low: float, high: float, threshold: s.MoneyLiteral, known: Interval) -> str:
    text = words.amount(Interval(low=low, high=None if math.isinf(high) else high))
    same = threshold.currency == known.currency and known.rate
    return text.replace("$", show.SYMBOLS.get(known.currency, f"{known.currency} ")) if same else text


def _ratio(low: float, high: float, limit: float) -> float:
    """Distance of an amount from a threshold; a factor of 2 is about as far as 83 days."""
    nearest = min(max(limit, low), high)
    return 4 * abs(math.log(nearest) - math.log(limit)) if nearest > 0 and limit > 0 else 10.0


def _counter(clause: s.Counter, event: Event, moment: Moment) -> Check:
    value = float(getattr(event, clause.field))
    truth = compare(Bounds.exactly(value), clause.op, Bounds.exactly(clause.number))
    # Reports only add up, so what asks for more stays true and what asks for less stays false.
    grows = clause.field != "confidence" and clause.op in (">=", ">")
    shrinks = clause.field != "confidence" and clause.op in ("<=", "<")
    fixed = bool(truth and grows) or bool(truth is False and shrinks)
    return Check(truth, _counted(clause.field, value), fixed, 0.2)


def _counted(field: str, value: float) -> str:
    if field == "confidence":
        return f"the confidence is {value:.0%}"
    noun = {"origins": "independent publisher", "filings": "filing"}[field]
    return f"{words.number(int(value))} {noun}{'' if value == 1 else 's'}"


def _text(clause: s.TextHas, event: Event, moment: Moment) -> Check:
    wanted = clause.text.casefold()
    hit = any(wanted in f"{x.title}\n{x.evidence}".casefold() for x in event.sources)
    return Check(hit, f'the text {"has" if hit else "lacks"} "{clause.text}"', hit)


CHECKS: dict[type, Callable[..., Check]] = {
    s.Reached: _reached,
    s.FieldIn: _field,
    s.PartyIn: _party_in,
    s.PartyKind: _party_kind,
    s.PlaceIn: _place,
    s.Counter: _counter,
    s.TextHas: _text,
}
