"""Where a count or a sum is heading by the end of its window.

Counts: events arrive as a Poisson process whose rate has the Jeffreys prior Gamma(1/2, 0); after n events
in t days the number in the remaining u days is negative binomial with size n + 1/2 and success probability
t / (t + u) (Gelman et al., Bayesian Data Analysis, 3rd edition, section 2.6).

Sums: the same law for the number of events to come, and their sizes drawn with replacement from the sizes
seen so far (compound Poisson with the bootstrap of Efron, Annals of Statistics 7, 1979). The draws are
seeded by the prediction's digest, so that a verdict repeats byte for byte.
"""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Sequence

from tracker.predict import syntax as s
from tracker.predict.dates import beginning, horizon
from tracker.predict.matching import Ledger
from tracker.predict.measure import measure, value
from tracker.predict.verdict import Pace
from tracker.predict.walk import leaves

DRAWS = 2000
TAILS = (0.1, 0.9)
MOST = 10_000
EARLY, FEW = 5, 3
"""No projection in the first fifth of a window, unless a few events are there: it would say nothing."""


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


def _pace(what: s.Count | s.ValueOf, goal: float, ledger: Ledger, opens: dt.date, seed: str) -> Pace:
    moment, selection = ledger.moment, what.selection
    start, end = beginning(selection) or opens, horizon(selection, moment.deadline)
    today = (moment.now - dt.timedelta(microseconds=1)).date()
    elapsed = max(0, min((today - start).days + 1, (end - start).days + 1))
    left = max(0, (end - max(today, start - dt.timedelta(days=1))).days)
    sizes = [
        1.0 if isinstance(what, s.Count) else value(e, what.field).low for e in ledger.matches(selection).sure
    ]
    total = math.fsum(sizes)
    early = len(sizes) < FEW and elapsed * EARLY < elapsed + left
    outcomes = None if early else _outcomes(what, sizes, elapsed, left, seed)
    met = None if outcomes is None else _mass(outcomes, goal - total)
    return Pace(
        unit="number" if isinstance(what, s.Count) else "money",
        so_far=total,
        threshold=goal,
        days_elapsed=elapsed,
        days_left=left,
        needed_per_week=max(0.0, goal - total) / left * 7 if left else None,
        rate_per_week=total / elapsed * 7 if elapsed else None,
        projected=None if outcomes is None else total + _mean(outcomes),
        low=None if outcomes is None else total + _quantile(outcomes, TAILS[0]),
        high=None if outcomes is None else total + _quantile(outcomes, TAILS[1]),
        probability=1.0 if total >= goal else met,
        can_no_longer_be_met=left == 0 and total < goal and not ledger.matches(selection).unbounded,
        note=_note(elapsed, sizes, what) or ("too early to project" if early else ""),
    )


def _note(elapsed: int, sizes: Sequence[float], what: s.Count | s.ValueOf) -> str:
    if elapsed == 0:
        return "the window has not opened"
    if not isinstance(what, s.Count) and not any(sizes):
        return "no amount yet to project from"
    return ""


Outcomes = list[tuple[float, float]]
"""What may still come, ascending, each with its probability."""


def _outcomes(
    what: s.Count | s.ValueOf, sizes: list[float], elapsed: int, left: int, seed: str
) -> Outcomes | None:
    if left == 0:
        return [(0.0, 1.0)]
    if elapsed == 0:
        return None
    arrivals = more_events(len(sizes), elapsed, left)
    if isinstance(what, s.Count):
        return [(float(k), p) for k, p in enumerate(arrivals)]
    return _more_money(sizes, arrivals, seed) if any(sizes) else None


def more_events(seen: int, elapsed: float, left: float) -> list[float]:
    """P(0), P(1), ... further events in `left` days after `seen` in `elapsed` days; sums to 1.

    >>> [round(p, 3) for p in more_events(0, 90, 10)][:2]
    [0.949, 0.047]
    """
    size, stay = seen + 0.5, elapsed / (elapsed + left)
    masses: list[float] = []
    log_p, total = size * math.log(stay), 0.0
    while total < 1 - 1e-9 and len(masses) < MOST:
        k = len(masses)
        masses.append(math.exp(math.lgamma(size + k) - math.lgamma(size) - math.lgamma(k + 1) + log_p))
        total += masses[-1]
        log_p += math.log1p(-stay)
    return [m / total for m in masses]


def _more_money(sizes: Sequence[float], arrivals: Sequence[float], seed: str) -> Outcomes:
    draw = random.Random(seed)
    numbers = draw.choices(range(len(arrivals)), arrivals, k=DRAWS)
    return [(total, 1 / DRAWS) for total in sorted(math.fsum(draw.choices(sizes, k=n)) for n in numbers)]


def _mean(outcomes: Outcomes) -> float:
    return math.fsum(x * p for x, p in outcomes)


def _quantile(outcomes: Outcomes, level: float) -> float:
    reached = 0.0
    for outcome, mass in outcomes:
        reached += mass
        if reached >= level - 1e-12:
            return outcome
    return outcomes[-1][0]


def _mass(outcomes: Outcomes, needed: float) -> float:
    """The probability that at least `needed` comes."""
    return min(1.0, math.fsum(p for x, p in outcomes if x >= needed))
