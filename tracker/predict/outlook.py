"""What may still come by the end of a window: how many more events, how much more money.

Counts: events arrive as a Poisson process whose rate has the Jeffreys prior Gamma(1/2, 0); after n events
in t days the number in the remaining u days is negative binomial with size n + 1/2 and success probability
t / (t + u) (Gelman et al., Bayesian Data Analysis, 3rd edition, section 2.6). Deals come in clusters, so its
variance is multiplied by the index of dispersion of the weekly counts (Cox and Lewis, The Statistical
Analysis of Series of Events, 1966, section 6.3), drawn to 1 as if `WEEKS_OF_PRIOR` weeks had shown none.

Sums: the same law for the number of events, and their sizes log-normal with mean and variance of the logs
unknown: flat prior of the mean, scaled inverse chi-square of the variance (Gelman et al., section 3.3). The
prior is as wide as deals are: logs of deal sizes of one type spread by 2 to 3.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from itertools import accumulate

LEVEL = 0.8
MOST = 10_000
DRAWS, LEAST_DRAWS, SIZES = 2000, 400, 20_000
"""Sums drawn: fewer where each adds up many sizes."""

WEEKS_OF_PRIOR = 4
WEEKS = 4
"""Dispersion is not asked of fewer weeks."""

PRIOR_SPREAD, PRIOR_SIZES = 2.0, 2
LARGEST = math.log(1e14)
"""No deal is larger than what the world makes in a year."""


def dispersion(days: Sequence[int], length: int) -> float:
    """The variance of weekly counts over their mean, 1 or more; `days` lie in 0 .. `length` - 1.

    >>> dispersion([0, 7, 14, 21], 28), round(dispersion([0, 1, 2, 3], 28), 2)
    (1.0, 2.29)
    """
    weeks = length // 7
    counts = [0] * weeks
    for day in days:
        if day // 7 < weeks:
            counts[day // 7] += 1
    mean = sum(counts) / weeks if weeks else 0.0
    if weeks < WEEKS or not mean:
        return 1.0
    excess = sum((c - mean) ** 2 for c in counts) / mean
    return max(1.0, (WEEKS_OF_PRIOR + excess) / (WEEKS_OF_PRIOR + weeks - 1))


def more_events(seen: int, elapsed: float, left: float, spread: float = 1.0) -> list[float]:
    """P(0), P(1), ... further events in `left` days after `seen` in `elapsed` days; sums to 1.

    >>> [round(p, 3) for p in more_events(0, 90, 10)][:2]
    [0.949, 0.047]
    """
    mean = (seen + 0.5) * left / elapsed
    size = mean / (
        spread - 1 + spread * mean / (seen + 0.5)
    )  # so that the variance is `spread` times as large
    log_stay, log_go = math.log(size / (size + mean)), math.log(mean / (size + mean))
    masses: list[float] = []
    total = 0.0
    while total < 1 - 1e-9 and len(masses) < MOST:
        k = len(masses)
        choose = math.lgamma(size + k) - math.lgamma(size) - math.lgamma(k + 1)
        masses.append(math.exp(choose + size * log_stay + k * log_go))
        total += masses[-1]
    return [m / total for m in masses]


def more_money(sizes: Sequence[float], arrivals: Sequence[float], seed: str) -> list[float]:
    """Sums of further amounts, ascending and equally likely; `sizes` (positive) are what they are like.

    The same seed gives the same draws.
    """
    draw = random.Random(seed)
    logs = [math.log(x) for x in sizes]
    mean = math.fsum(logs) / len(logs)
    squares = PRIOR_SIZES * PRIOR_SPREAD**2 + math.fsum((x - mean) ** 2 for x in logs)
    freedom = PRIOR_SIZES + len(logs) - 1
    usual = math.fsum(k * p for k, p in enumerate(arrivals))
    draws = int(max(LEAST_DRAWS, min(DRAWS, SIZES / (usual + 1))))
    sums = []
    for number in draw.choices(range(len(arrivals)), arrivals, k=draws):
        spread = math.sqrt(squares / (2 * draw.gammavariate(freedom / 2, 1)))
        middle = draw.gauss(mean, spread / math.sqrt(len(logs)))
        sums.append(math.fsum(math.exp(min(LARGEST, draw.gauss(middle, spread))) for _ in range(number)))
    return sorted(sums)


def likeliest(masses: Sequence[float], level: float = LEVEL) -> tuple[int, int]:
    """The run of likeliest numbers whose probability is nearest to `level`, both ends included.

    Counts are whole numbers: an interval of at least 80% would hold over 90% of what comes where few come.

    >>> likeliest([0.75, 0.2, 0.05]), likeliest([0.1, 0.2, 0.4, 0.2, 0.1])
    ((0, 0), (1, 3))
    """
    low = high = max(range(len(masses)), key=masses.__getitem__)
    held = masses[low]
    while held < level and high - low + 1 < len(masses):
        below = masses[low - 1] if low else -1.0
        above = masses[high + 1] if high + 1 < len(masses) else -1.0
        if abs(held + max(below, above) - level) > abs(held - level):
            break
        held += max(below, above)
        low, high = (low, high + 1) if above >= below else (low - 1, high)
    return low, high


def median(masses: Sequence[float]) -> int:
    """The number that as much lies below as above.

    >>> median([0.75, 0.2, 0.05]), median([0.25, 0.2, 0.55])
    (0, 2)
    """
    return next((k for k, below in enumerate(accumulate(masses)) if below >= 0.5), len(masses) - 1)


def middle_of(sums: Sequence[float], level: float = LEVEL) -> tuple[float, float]:
    """The interval of sums with as much above as below it; from nothing on where nothing may well come."""
    none = sum(not x for x in sums) / len(sums)
    tail = (1 - level) / 2
    if none > tail:
        return 0.0, sums[min(len(sums) - 1, int(level * len(sums)))]
    return sums[int(tail * len(sums))], sums[min(len(sums) - 1, int((1 - tail) * len(sums)))]
