"""Asks one clause of one event. The answer may be unknown, and says why it is what it is."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from tracker.models.ledger import Event, Interval
from tracker.predict import show, words
from tracker.predict import syntax as s
from tracker.predict.bounds import Bounds, Truth, all_true, any_true, compare, opposite
from tracker.predict.dates import state_date
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
        return Check(False, f"{status_by(event, moment.deadline)} only", moment.settled, 0.5)
    late = (day - moment.deadline).days
    if late > 0:
        return Check(False, f"{clause.state} {words.days(late)} late ({day})", True, late / 30)
    return Check(True, f"{clause.state} {day}", True)


def _field(clause: s.FieldIn, event: Event, moment: Moment) -> Check:
    if clause.field == "status":
        status = status_by(event, moment.deadline)
        return Check(status in clause.values, f"status {status}", moment.settled, 0.5)
    value = getattr(event, "from_" if clause.field == "from" else clause.field)
    if value is None and clause.field == "kind":
        value = "company" if event.type == "acquisition" else None
    if value is None:
        return Check(None, f"{clause.field} not stated", False, 0.3)
    can_change = clause.field == "salience" and value == "background"
    return Check(value in clause.values, f"{clause.field} {value}", not can_change)


def _parties(event: Event, role: str) -> list[tuple[str, str, str | None]]:
    roles = event.parties if role == "party" else [role]
    return [(p.name, p.company_id, p.kind) for r in roles for p in event.parties.get(r, [])]


def _party_in(clause: s.PartyIn, event: Event, moment: Moment) -> Check:
    found = _parties(event, clause.role)
    if not found:
        return Check(None, f"{clause.role} not named", False, 0.3)
    loose = clause.role in ("subject", "target")
    hit = any(
        same_company(wanted, name, id_, loose=loose) for wanted in clause.names for name, id_, _ in found
    )
    return Check(hit, f"{clause.role} {' and '.join(name for name, _, _ in found)}", True)


def _party_kind(clause: s.PartyKind, event: Event, moment: Moment) -> Check:
    found = _parties(event, clause.role)
    kinds = {kind.casefold() for _, _, kind in found if kind}
    if kinds & {k.casefold() for k in clause.kinds}:
        return Check(True, f"{clause.role} kind {' and '.join(sorted(kinds))}", True)
    unknown = [name for name, _, kind in found if not kind]
    if not found:
        return Check(None, f"{clause.role} not named", False, 0.3)
    if unknown:
        return Check(None, f"{clause.role} kind unknown ({' and '.join(unknown)})", False, 0.3)
    return Check(False, f"{clause.role} kind {' and '.join(sorted(kinds))}", True)


def _place(clause: s.PlaceIn, event: Event, moment: Moment) -> Check:
    stated = ", ".join(event.place)
    if stated:
        return Check(lies_in(stated, clause.places), f"place {stated}", True)
    if any(lies_in(f"{source.title}. {source.evidence}", clause.places) for source in event.sources):
        return Check(True, "place named in the text", True)
    return Check(None, "place not stated", False, 0.4)


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
        why = f"{clause.field} {words.amount(known)}"
        return Check(known is not None, why, known is not None, 0.1)
    if known is None:
        return Check(None, f"{clause.field} {_why_unknown(event, clause.field)}", False, 0.1)
    if isinstance(clause, s.ValueCompare):
        return _against(known, clause.op, clause.money, moment)
    ends = [_against(known, ">=", clause.low, moment), _against(known, "<=", clause.high, moment)]
    return _joined(ends, all_true, decisive=False)


def _why_unknown(event: Event, field: s.ValueField) -> str:
    told = event.amount if field == "amount" else event.valuation
    return f"in {told.currency} has no rate" if told and told.value is not None else "undisclosed"


OPPOSITE_OP = {">=": "<", ">": "<=", "<=": ">", "<": ">=", "=": "is not"}


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
    return Check(truth, f"{told} {sign} {wanted}", True, _ratio(low, high, limit))


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
        return f"confidence {show.plain(value)}"
    noun = {"origins": "independent origin", "filings": "filing"}[field]
    return f"{value:.0f} {noun}{'' if value == 1 else 's'}"


def _text(clause: s.TextHas, event: Event, moment: Moment) -> Check:
    wanted = clause.text.casefold()
    hit = any(wanted in f"{x.title}\n{x.evidence}".casefold() for x in event.sources)
    return Check(hit, f'text {"has" if hit else "lacks"} "{clause.text}"', hit)


CHECKS: dict[type, Callable[..., Check]] = {
    s.Reached: _reached,
    s.FieldIn: _field,
    s.PartyIn: _party_in,
    s.PartyKind: _party_kind,
    s.PlaceIn: _place,
    s.Counter: _counter,
    s.TextHas: _text,
}
