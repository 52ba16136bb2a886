"""What a comparison of a criterion comes to so far and what it asks for, as an English sentence."""

from __future__ import annotations

import math

from tracker.predict import show, words
from tracker.predict import syntax as s
from tracker.predict.bounds import Bounds
from tracker.predict.dates import beginning, top_dates

NOUNS = {"pricing": "pricing change", "valuation": "valuation mark", "ipo": "listing"}
FUNCTIONS = {"max": "largest", "min": "smallest", "median": "median", "last": "latest"}
LIMITS: dict[s.Op, str] = {
    ">=": "at least", ">": "more than", "<=": "at most", "<": "less than", "=": "exactly",
}  # fmt: skip
OF_WHOM = ("company", "party", "subject", "target")


def progress(
    left: s.Quantity, op: s.Op, right: s.Quantity, known: tuple[Bounds | None, ...], over: bool
) -> str:
    """One comparison; `known` is what is known of its two sides, `over` that nothing more may come."""
    one, other = known
    if other is None:
        return f"{capital(_missing(right, over))}."
    return f"{capital(so_far(left, one, over))}; {asked(left, op, right, other)}."


FIT, CONTRADICT, COUNT = ("fits", "fit"), ("contradicts it", "contradict it"), ("counts", "count")


def fitting(selection: s.Selection, found: Bounds, positive: bool, over: bool) -> str:
    """How many events fit the question of an `exists`, or contradict it under a `not`."""
    return f"{capital(_number_that(selection, FIT if positive else CONTRADICT, found, over))}."


def noun(selection: s.Selection, n: float) -> str:
    """
    >>> noun(s.Selection(("commitment", "ipo")), 2), noun(s.Selection(()), 1)
    ('commitments and listings', 'event')
    """
    named = [NOUNS.get(t, t) for t in selection.types] or ["event"]
    return words.listed([x if n == 1 else f"{x}s" for x in named], "or" if n == 1 else "and")


def _whose(selection: s.Selection) -> str:
    asked = [c for c in selection.conjuncts if isinstance(c, s.PartyIn) and c.role in OF_WHOM]
    return f" of {words.listed(asked[0].names, 'or')}" if asked else ""


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# ----- what there is


def so_far(quantity: s.Quantity, known: Bounds | None, over: bool) -> str:
    """
    >>> so_far(s.Count(s.Selection(("acquisition",))), Bounds(0, 0), False)
    'no acquisition counts so far'
    >>> so_far(s.Count(s.Selection(("acquisition",))), Bounds(2, 3), True)
    'two acquisitions count for certain, one more may'
    """
    if known is None:
        return _missing(quantity, over)
    match quantity:
        case s.Count(selection=selection):
            return _number_that(selection, COUNT, known, over)
        case s.ValueOf(function="sum", selection=selection):
            return _total(selection, known, over)
        case s.ValueOf(selection=selection):
            return f"the {value_name(quantity)} is {_between(known, 'money')}{_yet(over)}"
        case s.Share(whole=whole) if known == Bounds(0, 100):
            return f"how many of the {noun(whole, 2)} fit is not known{'' if over else ' yet'}"
        case s.Share(whole=whole):
            return f"{_between(known, 'percent')} of the {noun(whole, 2)} fit{_yet(over)}"
        case s.Change():
            return _changed(quantity, known, over)
        case s.Scaled(factor=factor, aggregate=inner):
            return f"{show.plain(factor)} times this is {_between(known, s.unit_of(inner))}{_yet(over)}"
    return f"it is {_between(known, s.unit_of(quantity))}"


def _yet(over: bool) -> str:
    return "" if over else " so far"


def _missing(quantity: s.Quantity, over: bool) -> str:
    match quantity:
        case s.Share(whole=selection):
            return f"there is no share of {noun(selection, 2)} to tell{'' if over else ' yet'}"
        case s.ValueOf(selection=selection):
            return f"no {noun(selection, 1)}{_whose(selection)} counts{'' if over else ' yet'}"
        case s.Change(value=value, base=s.MoneyLiteral()) | s.Scaled(aggregate=value):
            return _missing(value, over)
        case s.Change(value=s.ValueOf(selection=selection)):
            return f"there are no {noun(selection, 2)}{_whose(selection)} to compare{'' if over else ' yet'}"
    return "there is nothing to compute it from"


def _number_that(selection: s.Selection, verbs: tuple[str, str], known: Bounds, over: bool) -> str:
    low = int(known.low)
    subject = f"{words.number(low)} {noun(selection, 2 if low > 1 else 1)}{_whose(selection)}"
    head = f"{subject} {verbs[low > 1]}"
    if known.exact:
        return head + _yet(over)
    more = "more may" if math.isinf(known.high) else f"{words.number(int(known.high) - low)} more may"
    return f"{head} for certain{_yet(over)}, {more}"


def _total(selection: s.Selection, known: Bounds, over: bool) -> str:
    things = f"the {noun(selection, 2)} that count"
    if known.high == 0:
        return f"no {noun(selection, 1)} counts{_yet(over)}"
    if known.exact:
        return f"{things} come to {words.roughly(known.low)}{_yet(over)}"
    certain = f"{words.roughly(known.low)} is certain" if known.low else "nothing is certain"
    if math.isinf(known.high):
        return f"of {things}, {certain}{_yet(over)} and some amounts are not disclosed"
    return f"of {things}, {certain}{_yet(over)} and {words.roughly(known.high)} is possible"


def _between(known: Bounds, unit: s.Unit) -> str:
    if known.exact or math.isinf(known.high):
        return words.bounds(known, unit)
    return f"between {words.in_unit(known.low, unit)} and {words.in_unit(known.high, unit)}"


def value_name(value: s.ValueOf) -> str:
    """
    >>> value_name(s.ValueOf("median", "valuation", s.Selection(("financing",))))
    'median valuation of the financings'
    """
    # The amount of a valuation mark is the company's value.
    if value.selection.types == ("valuation",):
        return f"{FUNCTIONS.get(value.function, value.function)} valuation mark{_whose(value.selection)}"
    thing = f"the {noun(value.selection, 2)}{_whose(value.selection)}"
    return f"{FUNCTIONS.get(value.function, value.function)} {value.field} of {thing}"


def _changed(change: s.Change, known: Bounds, over: bool) -> str:
    """
    >>> change = s.Change(s.Number(1), s.Number(2))
    >>> _changed(change, Bounds(-34.4, -23.4), False)
    'the number is 23% to 34% lower so far than it was before'
    >>> _changed(change, Bounds(-100, math.inf), False)
    'how the number compares with what it was before is not known yet'
    """
    name = value_name(change.value) if isinstance(change.value, s.ValueOf) else "number"
    base = _base(change.base)
    if known.low <= -100 and math.isinf(known.high):
        return f"how the {name} compares with {base} is not known{'' if over else ' yet'}"
    if known.exact and not known.low:
        return f"the {name} is the same as {base}{_yet(over)}"
    if known.low * known.high > 0 and not math.isinf(known.high):
        way = "higher" if known.low > 0 else "lower"
        return f"the {name} is {_share(known)} {way}{_yet(over)} than {base.removeprefix('what ')}"
    return f"the {name} is {_between(known, 'percent')} away{_yet(over)} from {base}"


def _share(known: Bounds) -> str:
    """How far both ends are from nothing, the nearer one first."""
    ends = [words.percent(share) for share in sorted((abs(known.low), abs(known.high)))]
    return " to ".join(dict.fromkeys(ends))


def _base(base: s.Quantity) -> str:
    match base:
        case s.MoneyLiteral():
            return show.money(base)
        case s.ValueOf(selection=selection) | s.Count(selection=selection):
            return f"what it was {_time(selection)}"
    return "what it was before"


def _time(selection: s.Selection) -> str:
    """When the events of a selection happened: the time that another is compared with."""
    for clause in top_dates(selection):
        if clause.until is not None:
            return f"between {words.span(clause.day, clause.until, 'and')}"
    first = beginning(selection)
    return f"since {words.day(first)}" if first else "before"


# ----- what is asked for


def asked(left: s.Quantity, op: s.Op, right: s.Quantity, limit: Bounds) -> str:
    """
    >>> asked(s.Count(s.Selection(())), ">=", s.Number(3), Bounds.exactly(3))
    'three are asked for'
    >>> asked(s.Change(s.Number(1), s.Number(2)), "<=", s.Percent(-40), Bounds.exactly(-40))
    'a fall of at least 40% is asked for'
    """
    if isinstance(left, s.Change) and limit.exact:
        return _change_asked(op, limit.low)
    unit = s.unit_of(left)
    if unit != "number":
        verb = "of them are" if isinstance(left, s.Share) else "is"
        return f"{LIMITS[op]} {words.bounds(limit, unit)} {verb} asked for"
    head = "" if op == ">=" else f"{LIMITS[op].replace('less', 'fewer')} "
    verb = "is" if limit.exact and limit.low == 1 else "are"
    return f"{head}{_how_many(limit)} {verb} asked for{_as_many_as(right)}"


def _how_many(limit: Bounds) -> str:
    if math.isinf(limit.high):
        return words.bounds(limit, "number")
    if limit.low != int(limit.low) or limit.high != int(limit.high):
        return words.bounds(limit, "number")
    low, high = words.number(int(limit.low)), words.number(int(limit.high))
    if limit.exact:
        return low
    return f"{low} to {high}" if limit.low else f"up to {high}"


def _as_many_as(right: s.Quantity) -> str:
    if isinstance(right, s.Scaled) and isinstance(right.aggregate, s.Count):
        times = "twice" if right.factor == 2 else f"{show.plain(right.factor)} times"
        return f", {times} the number {_time(right.aggregate.selection)}"
    return f", the number {_time(right.selection)}" if isinstance(right, s.Count) else ""


def _change_asked(op: s.Op, limit: float) -> str:
    downward = op in ("<", "<=")
    if limit == 0:
        return f"a {'fall' if downward else 'rise'} is asked for"
    if (limit < 0) == downward:
        way = "fall" if downward else "rise"
        bound = "at least" if op in ("<=", ">=") else "more than" if op != "=" else "exactly"
        return f"a {way} of {bound} {words.percent(abs(limit))} is asked for"
    return f"a change of {LIMITS[op]} {words.in_unit(limit, 'percent')} is asked for"
