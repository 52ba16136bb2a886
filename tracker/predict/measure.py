"""Counts, sums, extremes, medians, shares and changes over the ledger, as intervals.

An event that may or may not belong widens the interval, and so does an amount that is only bounded. Where
more events may still come (the window is open) or may have been missed (a gap in the coverage), the
interval has no upper end.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from tracker.models.ledger import Event
from tracker.predict import syntax as s
from tracker.predict.bounds import Bounds, relative_change
from tracker.predict.clauses import value_bounds
from tracker.predict.matching import Ledger, Matches
from tracker.predict.rates import usd
from tracker.predict.words import happened

NOTHING_KNOWN = Bounds(0.0, math.inf)


def measure(quantity: s.Quantity, ledger: Ledger) -> Bounds | None:
    """The interval of a quantity (USD, percent or a plain number); None where there is nothing to compute
    it from.
    """
    match quantity:
        case s.Number(value=value) | s.Percent(value=value):
            return Bounds.exactly(value)
        case s.MoneyLiteral():
            return Bounds.exactly(usd(quantity, ledger.moment.made))
        case s.Scaled(factor=factor, aggregate=aggregate):
            inner = measure(aggregate, ledger)
            return None if inner is None else inner.scaled(factor)
        case s.Change(value=value, base=base):
            now, before = measure(value, ledger), measure(base, ledger)
            return None if now is None or before is None else relative_change(now, before)
    return _aggregate(quantity, ledger)


def _aggregate(quantity: s.Count | s.ValueOf | s.Share, ledger: Ledger) -> Bounds | None:
    match quantity:
        case s.Share(part=part, whole=whole):
            return _share(ledger.matches(part), ledger.matches(whole))
        case s.Count(selection=selection):
            found = ledger.matches(selection)
            return Bounds(len(found.sure), math.inf if found.unbounded else len(found.possible))
        case s.ValueOf(function=function, field=field, selection=selection):
            return FUNCTIONS[function](ledger.matches(selection), field)


def value(event: Event, field: s.ValueField) -> Bounds:
    return value_bounds(event, field) or NOTHING_KNOWN


def _values(events: Sequence[Event], field: s.ValueField) -> list[Bounds]:
    return [value(e, field) for e in events]


def _sum(found: Matches, field: s.ValueField) -> Bounds:
    low = math.fsum(b.low for b in _values(found.sure, field))
    high = math.fsum(b.high for b in _values(found.possible, field))
    return Bounds(low, math.inf if found.unbounded else high)


def _max(found: Matches, field: s.ValueField) -> Bounds | None:
    if not found.possible:
        return NOTHING_KNOWN if found.unbounded else None
    low = max((b.low for b in _values(found.sure, field)), default=0.0)
    high = max(b.high for b in _values(found.possible, field))
    return Bounds(low, math.inf if found.unbounded else high)


def _min(found: Matches, field: s.ValueField) -> Bounds | None:
    if not found.possible:
        return NOTHING_KNOWN if found.unbounded else None
    low = min(b.low for b in _values(found.possible, field))
    high = min((b.high for b in _values(found.sure, field)), default=math.inf)
    return Bounds(0.0 if found.unbounded else low, high)


def _median(found: Matches, field: s.ValueField) -> Bounds | None:
    if found.unbounded:
        return NOTHING_KNOWN
    if not found.possible:
        return None
    sure = _values(found.sure, field)
    kept = {id(e) for e in found.sure}
    extra = [value(e, field) for e in found.possible if id(e) not in kept]
    return Bounds(_lowest_median(sure, extra), _highest_median(sure, extra))


def _lowest_median(sure: Sequence[Bounds], extra: Sequence[Bounds]) -> float:
    """The smallest median that any choice of the doubtful values gives: their k smallest, for some k."""
    lows = [b.low for b in sure]
    added = sorted(b.low for b in extra)
    choices = [lows + added[:k] for k in range(len(added) + 1)]
    return min(statistics.median(c) for c in choices if c)


def _highest_median(sure: Sequence[Bounds], extra: Sequence[Bounds]) -> float:
    highs = [b.high for b in sure]
    added = sorted((b.high for b in extra), reverse=True)
    choices = [highs + added[:k] for k in range(len(added) + 1)]
    return max(statistics.median(c) for c in choices if c)


def _last(found: Matches, field: s.ValueField) -> Bounds | None:
    """The value of the newest event; several on one day, and doubtful ones after it, widen the interval."""
    if found.unbounded:
        return NOTHING_KNOWN
    if not found.possible:
        return None
    newest_sure = max((_day(e) for e in found.sure), default=0)
    rivals = [value(e, field) for e in found.possible if _day(e) >= newest_sure]
    return Bounds(min(b.low for b in rivals), max(b.high for b in rivals))


def _day(event: Event) -> int:
    day = happened(event)
    return day.toordinal() if day else event.first_reported.toordinal()


def _share(part: Matches, whole: Matches) -> Bounds | None:
    """Percent of the whole; a doubtful event is put where it lowers, then where it raises the share."""
    if part.unbounded or whole.unbounded:
        return Bounds(0.0, 100.0)
    if not whole.possible:
        return None
    part_sure, part_possible = {e.id for e in part.sure}, {e.id for e in part.possible}
    sure, possible = {e.id for e in whole.sure}, {e.id for e in whole.possible}
    surely_in = len(sure & part_sure)
    surely_out = len(sure - part_possible)
    low_total = surely_in + len(possible - (sure & part_sure))
    high_in = len(possible & part_possible)
    return Bounds(_percent(surely_in, low_total), _percent(high_in, high_in + surely_out))


def _percent(part: int, whole: int) -> float:
    return 100.0 * part / whole if whole else 0.0


FUNCTIONS = {"sum": _sum, "max": _max, "min": _min, "median": _median, "last": _last}
