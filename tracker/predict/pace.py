"""Where a count or a sum is heading by the end of its window, by what came in it so far.

How large further amounts may be, and how much events cluster, is also read from the year before the window.
The draws of sums are seeded by the prediction's digest, so that a verdict repeats byte for byte.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.models.ledger import Event
from tracker.predict import syntax as s
from tracker.predict.dates import beginning, horizon, top_dates
from tracker.predict.matching import Ledger
from tracker.predict.measure import measure, value
from tracker.predict.moment import reached
from tracker.predict.outlook import dispersion, likeliest, median, middle_of, more_events, more_money
from tracker.predict.verdict import Pace
from tracker.predict.walk import leaves

EARLY, FEW = 5, 3
"""No projection in the first fifth of a window, unless a few events are there: it would say nothing."""
YEAR = dt.timedelta(days=365)


def pace_of(criterion: s.Criterion, ledger: Ledger, opens: dt.date, seed: str) -> Pace | None:
    """The pace of the first `count` or `sum` that must reach a stated number; None where there is none."""
    for leaf in leaves(criterion):
        if (
            isinstance(leaf, s.Comparison)
            and leaf.op in (">", ">=")
            and isinstance(leaf.left, s.Count | s.ValueOf)
        ):
            goal = measure(leaf.right, ledger)
            is_sum = isinstance(leaf.left, s.ValueOf) and leaf.left.function == "sum"
            if goal is not None and goal.exact and (is_sum or isinstance(leaf.left, s.Count)):
                return _pace(leaf.left, _least(goal.low, leaf.op, is_sum), ledger, opens, seed)
    return None


def _least(goal: float, op: str, is_sum: bool) -> float:
    """The smallest total that satisfies the comparison."""
    if is_sum:
        return goal
    return math.floor(goal) + 1 if op == ">" else math.ceil(goal)


@dataclass(frozen=True)
class Course:
    """A count or a sum so far: its events, what is like them from the year before, and the days."""

    what: s.Count | s.ValueOf
    events: tuple[Event, ...]
    earlier: tuple[Event, ...]
    start: dt.date
    elapsed: int
    left: int

    def sizes(self, events: Sequence[Event]) -> list[float]:
        if isinstance(self.what, s.Count):
            return [1.0] * len(events)
        return [value(e, self.what.field).low for e in events]

    @property
    def is_early(self) -> bool:
        return len(self.events) < FEW and self.elapsed * EARLY < self.elapsed + self.left

    @property
    def spread(self) -> float:
        """How much its events cluster, by the week."""
        state = _state(self.what.selection)
        first = self.start - YEAR if self.earlier else self.start
        days = [day for e in (*self.earlier, *self.events) if (day := reached(e, state))]
        inside = [(day - first).days for day in days if day >= first]
        return dispersion(inside, (self.start - first).days + self.elapsed)


@dataclass(frozen=True)
class Outlook:
    """What may come beyond what there is: the middle, 80% of the outcomes, and the chance of enough."""

    middle: float
    low: float
    high: float
    enough: float


def _pace(what: s.Count | s.ValueOf, goal: float, ledger: Ledger, opens: dt.date, seed: str) -> Pace:
    course = _course(what, ledger, opens)
    sizes = course.sizes(course.events)
    total, elapsed, left = math.fsum(sizes), course.elapsed, course.left
    outlook = None if course.is_early else _outlook(course, goal - total, seed)
    return Pace(
        unit="number" if isinstance(what, s.Count) else "money",
        so_far=total,
        threshold=goal,
        days_elapsed=elapsed,
        days_left=left,
        needed_per_week=max(0.0, goal - total) / left * 7 if left else None,
        rate_per_week=total / elapsed * 7 if elapsed else None,
        projected=None if outlook is None else total + outlook.middle,
        low=None if outlook is None else total + outlook.low,
        high=None if outlook is None else total + outlook.high,
        probability=1.0 if total >= goal else None if outlook is None else outlook.enough,
        can_no_longer_be_met=left == 0 and total < goal and not ledger.matches(what.selection).unbounded,
        note=_note(course, outlook),
    )


def _course(what: s.Count | s.ValueOf, ledger: Ledger, opens: dt.date) -> Course:
    moment, selection = ledger.moment, what.selection
    start, end = beginning(selection) or opens, horizon(selection, moment.deadline)
    today = (moment.now - dt.timedelta(microseconds=1)).date()
    elapsed = max(0, min((today - start).days + 1, (end - start).days + 1))
    left = max(0, (end - max(today, start - dt.timedelta(days=1))).days)
    return Course(what, ledger.matches(selection).sure, _earlier(selection, ledger), start, elapsed, left)


def _earlier(selection: s.Selection, ledger: Ledger) -> tuple[Event, ...]:
    """What the selection would have held in the year before its first day; nothing where it has none."""
    start = beginning(selection)
    if start is None:
        return ()
    before = s.StateDate(_state(selection), "between", start - YEAR, start - dt.timedelta(days=1))
    others = (c for c in selection.conjuncts if not isinstance(c, s.StateDate))
    asked = s.Selection(selection.types, s.Every((*others, before)))
    return Ledger(ledger.index, ledger.moment, misses=False).matches(asked).sure


def _state(selection: s.Selection) -> str:
    return next((c.state for c in top_dates(selection)), "happened")


def _note(course: Course, outlook: Outlook | None) -> str:
    if course.elapsed == 0:
        return "the window has not opened"
    if course.is_early:
        return "too early to project"
    return "no amount yet to project from" if outlook is None else ""


def _outlook(course: Course, needed: float, seed: str) -> Outlook | None:
    """None where there is nothing to project from."""
    if course.left == 0:
        return Outlook(0.0, 0.0, 0.0, float(needed <= 0))
    if course.elapsed == 0:
        return None
    if isinstance(course.what, s.Count):
        masses = more_events(len(course.events), course.elapsed, course.left, course.spread)
        low, high = likeliest(masses)
        return Outlook(
            median(masses), low, high, min(1.0, math.fsum(p for k, p in enumerate(masses) if k >= needed))
        )
    now, before = ([x for x in course.sizes(e) if x > 0] for e in (course.events, course.earlier))
    if not now and not before:
        return None
    arrivals = more_events(len(now), course.elapsed, course.left, course.spread)
    sums = more_money([*now, *before], arrivals, seed)
    return Outlook(sums[len(sums) // 2], *middle_of(sums), sum(x >= needed for x in sums) / len(sums))
