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
from tracker.predict.verdict import Gap, Pace
from tracker.predict.walk import is_sum, leaves
from tracker.predict.words import days

EARLY, FEW = 5, 3
"""No projection in the first fifth of a window, unless a few events are there: it would say nothing."""
YEAR = dt.timedelta(days=365)


def pace_of(
    criterion: s.Criterion, ledger: Ledger, opens: dt.date, seed: str, gaps: Sequence[Gap] = ()
) -> Pace | None:
    """The pace of the first `count` or `sum` that must reach a stated number; None where there is none.

    Days in `gaps`, on which too little was watched, tell nothing of the rate.
    """
    for leaf in leaves(criterion):
        if (
            isinstance(leaf, s.Comparison)
            and leaf.op in (">", ">=")
            and isinstance(leaf.left, s.Count | s.ValueOf)
        ):
            goal = measure(leaf.right, ledger)
            summed = is_sum(leaf.left)
            if goal is not None and goal.exact and (summed or isinstance(leaf.left, s.Count)):
                return _pace(
                    _least(goal.low, leaf.op, summed), _course(leaf.left, ledger, opens, gaps), ledger, seed
                )
    return None


def _least(goal: float, op: str, summed: bool) -> float:
    """The smallest total that satisfies the comparison."""
    if summed:
        return goal
    return math.floor(goal) + 1 if op == ">" else math.ceil(goal)


@dataclass(frozen=True)
class Course:
    """A count or a sum so far: its events, what is like them from the year before, and the days; `watched`
    are those elapsed that are in no gap of the coverage.
    """

    what: s.Count | s.ValueOf
    events: tuple[Event, ...]
    earlier: tuple[Event, ...]
    start: dt.date
    elapsed: int
    watched: int
    left: int

    def sizes(self, events: Sequence[Event]) -> list[float]:
        if isinstance(self.what, s.Count):
            return [1.0] * len(events)
        return [value(e, self.what.field).low for e in events]

    @property
    def is_early(self) -> bool:
        return len(self.events) < FEW and self.watched * EARLY < self.elapsed + self.left

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


def _pace(goal: float, course: Course, ledger: Ledger, seed: str) -> Pace:
    what = course.what
    sizes = course.sizes(course.events)
    total, left = math.fsum(sizes), course.left
    outlook = None if course.is_early else _outlook(course, goal - total, seed)
    return Pace(
        unit="number" if isinstance(what, s.Count) else "money",
        so_far=total,
        threshold=goal,
        days_elapsed=course.elapsed,
        days_left=left,
        needed_per_week=max(0.0, goal - total) / left * 7 if left else None,
        rate_per_week=total / course.watched * 7 if course.watched else None,
        projected=None if outlook is None else total + outlook.middle,
        low=None if outlook is None else total + outlook.low,
        high=None if outlook is None else total + outlook.high,
        probability=1.0 if total >= goal else None if outlook is None else outlook.enough,
        can_no_longer_be_met=left == 0 and total < goal and not ledger.matches(what.selection).unbounded,
        note=_note(course, outlook),
    )


def _course(what: s.Count | s.ValueOf, ledger: Ledger, opens: dt.date, gaps: Sequence[Gap]) -> Course:
    moment, selection = ledger.moment, what.selection
    start, end = beginning(selection) or opens, horizon(selection, moment.deadline)
    today = (moment.now - dt.timedelta(microseconds=1)).date()
    elapsed = max(0, min((today - start).days + 1, (end - start).days + 1))
    left = max(0, (end - max(today, start - dt.timedelta(days=1))).days)
    last = start + dt.timedelta(days=elapsed - 1)
    missed = sum(max(0, (min(g.end, last) - max(g.start, start)).days + 1) for g in gaps)
    earlier = _earlier(selection, ledger)
    return Course(what, ledger.matches(selection).sure, earlier, start, elapsed, elapsed - missed, left)


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
    if not course.watched:
        return "no day of it was watched"
    if course.is_early:
        return "too early to project"
    if outlook is not None and course.left and course.watched < course.elapsed:
        return f"projected from {days(course.watched)} that were watched"
    return "no amount yet to project from" if outlook is None else ""


def _outlook(course: Course, needed: float, seed: str) -> Outlook | None:
    """None where there is nothing to project from."""
    if course.left == 0:
        return Outlook(0.0, 0.0, 0.0, float(needed <= 0))
    if not course.watched:
        return None
    if isinstance(course.what, s.Count):
        masses = more_events(len(course.events), course.watched, course.left, course.spread)
        low, high = likeliest(masses)
        return Outlook(
            median(masses), low, high, min(1.0, math.fsum(p for k, p in enumerate(masses) if k >= needed))
        )
    now, before = ([x for x in course.sizes(e) if x > 0] for e in (course.events, course.earlier))
    if not now and not before:
        return None
    arrivals = more_events(len(now), course.watched, course.left, course.spread)
    sums = more_money([*now, *before], arrivals, seed)
    return Outlook(sums[len(sums) // 2], *middle_of(sums), sum(x >= needed for x in sums) / len(sums))
