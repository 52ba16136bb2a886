"""Calibration without bins: CORP (consistent, optimal, reproducible, by pool-adjacent-violators).

Dimitriadis, Gneiting and Jordan 2021, "Stable reliability diagrams for probabilistic classifiers",
doi 10.1073/pnas.2016191118. The probability that each stated probability should have been is the isotonic
regression of what came on what was said; no choice of bins can change it.
"""

from __future__ import annotations

import itertools
import math
import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.predict.scores import brier

RESAMPLES = 1000
SEED = 1
BAND = 0.9
"""The share of calibrated forecasters of whom the curve lies in the band at any one place."""

ENOUGH = 20
"""Fewer questions than this tell nothing of calibration."""


@dataclass(frozen=True)
class Said:
    """A stated probability and what came, both 0 to 1. Forecasts of one question share what came."""

    question: str
    probability: float
    outcome: float


@dataclass(frozen=True)
class Pool:
    """Neighbouring stated probabilities that the regression gives one value.

    low, high, mean: what was said. came: the share that came. n: how many.
    """

    low: float
    high: float
    mean: float
    came: float
    n: int


@dataclass(frozen=True)
class Decomposition:
    """Mean Brier score = miscalibration - discrimination + uncertainty, each 0 to 1.

    miscalibration: what recalibrating would save. discrimination: what the recalibrated forecasts save
    against always saying the share that came. uncertainty: the score of always saying that share.
    """

    score: float
    miscalibration: float
    discrimination: float
    uncertainty: float

    @property
    def skill(self) -> float | None:
        """Against always saying the share that came, which nobody knew before: 1 is perfect, 0 no better."""
        return 1 - self.score / self.uncertainty if self.uncertainty else None


@dataclass(frozen=True)
class Place:
    """A stated probability, the curve there, and the band for a calibrated forecaster who says the same."""

    said: float
    came: float
    low: float
    high: float


@dataclass(frozen=True)
class Calibration:
    """The curve as pools and at each stated probability, with its band.

    chance: the share of calibrated forecasters whose miscalibration is at least as large. questions: how many
    that share no outcome. unsettled: how many outcomes are neither 0 nor 1.
    """

    pools: list[Pool]
    places: list[Place]
    parts: Decomposition
    chance: float
    questions: int
    unsettled: int

    def band(self, said: float) -> tuple[float, float]:
        """The band at a probability, straight between the places."""
        at = [p.said for p in self.places]
        right = min(bisect(at, said), len(at) - 1)
        a, b = self.places[max(right - 1, 0)], self.places[right]
        share = (said - a.said) / (b.said - a.said) if b.said > a.said else 0.0
        share = min(max(share, 0.0), 1.0)
        return a.low + share * (b.low - a.low), a.high + share * (b.high - a.high)


# ----- isotonic regression

_Group = tuple[float, float, int]
"""What was said, the sum of what came, and how many."""


def grouped(said: Sequence[Said]) -> list[_Group]:
    ordered = sorted(said, key=lambda s: s.probability)
    groups = []
    for probability, same in itertools.groupby(ordered, key=lambda s: s.probability):
        outcomes = [s.outcome for s in same]
        groups.append((probability, math.fsum(outcomes), len(outcomes)))
    return groups


def fitted(sums: Sequence[tuple[float, int]]) -> Iterator[tuple[float, int, int]]:
    """Isotonic regression by pool-adjacent-violators: (mean, groups, n) of each pool, in order.

    `sums` are (sum of outcomes, n) of the groups in order. Ayer et al. 1955,
    doi 10.1214/aoms/1177728423.

    >>> [mean for mean, _, _ in fitted([(0, 1), (1, 1), (0, 1), (1, 1)])]
    [0.0, 0.5, 1.0]
    """
    pools: list[tuple[float, int, int]] = []
    for total, n in sums:
        pool = (total, n, 1)
        while pools and pools[-1][0] * pool[1] >= pool[0] * pools[-1][1]:
            before = pools.pop()
            pool = (before[0] + pool[0], before[1] + pool[1], before[2] + pool[2])
        pools.append(pool)
    return ((total / n, groups, n) for total, n, groups in pools)


def _curve(sums: Sequence[tuple[float, int]]) -> list[float]:
    return [mean for mean, groups, _ in fitted(sums) for _ in range(groups)]


def pools_of(groups: Sequence[_Group]) -> list[Pool]:
    left = iter(groups)
    pools = []
    for came, width, n in fitted([(total, n) for _, total, n in groups]):
        mine = list(itertools.islice(left, width))
        mean = math.fsum(p * k for p, _, k in mine) / n
        pools.append(Pool(mine[0][0], mine[-1][0], mean, came, n))
    return pools


def decompose(said: Sequence[Said]) -> Decomposition:
    """The CORP decomposition of the mean Brier score of one forecast or more.

    >>> parts = decompose([Said("a", 0.2, 0), Said("b", 0.4, 1), Said("c", 0.6, 0), Said("d", 0.8, 1)])
    >>> [round(x, 3) for x in (parts.score, parts.miscalibration, parts.discrimination, parts.uncertainty)]
    [0.2, 0.075, 0.125, 0.25]
    """
    pools = pools_of(grouped(said))
    values = sorted(said, key=lambda s: s.probability)
    curve = itertools.chain.from_iterable(itertools.repeat(p.came, p.n) for p in pools)
    n, share = len(said), math.fsum(s.outcome for s in said) / len(said)
    score = math.fsum(brier(s.probability, s.outcome) for s in said) / n
    best = math.fsum(brier(came, s.outcome) for came, s in zip(curve, values, strict=True)) / n
    flat = math.fsum(brier(share, s.outcome) for s in said) / n
    return Decomposition(score, score - best, flat - best, flat)


# ----- against chance


def calibration(said: Sequence[Said], resamples: int = RESAMPLES) -> Calibration:
    """The curve of one forecast or more, with band and chance by `resamples` draws from a fixed seed."""
    groups, parts = grouped(said), decompose(said)
    drawn = [_replay(groups, sums) for sums in _calibrated(said, groups, resamples)]
    curve = _curve([(total, n) for _, total, n in groups])
    bands = [_middle(values) for values in zip(*(fit for fit, _ in drawn), strict=True)]
    places = [Place(g[0], came, *band) for g, came, band in zip(groups, curve, bands, strict=True)]
    # Rounding must not make equal miscalibration look larger.
    worse = sum(miss >= parts.miscalibration - 1e-12 for _, miss in drawn)
    return Calibration(
        pools=pools_of(groups),
        places=places,
        parts=parts,
        chance=(worse + 1) / (resamples + 1),
        questions=len({s.question for s in said}),
        unsettled=sum(0 < s.outcome < 1 for s in said),
    )


def _calibrated(
    said: Sequence[Said], groups: Sequence[_Group], resamples: int
) -> Iterator[list[tuple[float, int]]]:
    """What would come if each stated probability were right, by group.

    One draw decides a question for all who forecast it, for they share what comes.
    """
    chance = random.Random(SEED)
    place = {group[0]: n for n, group in enumerate(groups)}
    questions = {question: n for n, question in enumerate(dict.fromkeys(s.question for s in said))}
    asked = [(questions[s.question], s.probability, place[s.probability]) for s in said]
    for _ in range(resamples):
        draws = [chance.random() for _ in questions]
        came = [0] * len(groups)
        for question, probability, n in asked:
            came[n] += draws[question] < probability
        yield [(total, group[2]) for total, group in zip(came, groups, strict=True)]


def _replay(groups: Sequence[_Group], sums: Sequence[tuple[float, int]]) -> tuple[list[float], float]:
    """The curve at each group, and the miscalibration, of outcomes that are 0 or 1."""
    fit = _curve(sums)
    lost = 0.0
    for (said, _, n), (total, _), came in zip(groups, sums, fit, strict=True):
        lost += n * (said**2 - came**2) - 2 * total * (said - came)
    return fit, lost / sum(n for _, _, n in groups)


def _middle(values: Sequence[float]) -> tuple[float, float]:
    """The bounds of the middle share BAND."""
    ordered = sorted(values)
    cut = round((1 - BAND) / 2 * (len(ordered) - 1))
    return ordered[cut], ordered[-1 - cut]


# ----- in words


def assessment(found: Calibration) -> str:
    """What may be said of it: nothing below ENOUGH questions, and never more than the data hold.

    Where fewer than 5% of calibrated forecasters would look as miscalibrated it is called so, where fewer
    than 20% would it is left in doubt; else nothing speaks against calibration, which is no proof of it.
    """
    if found.questions < ENOUGH:
        return (
            f"Too few to tell: {found.questions} of the {ENOUGH} questions that calibration is judged from."
        )
    if found.unsettled:
        return f"Not judged: {_outcomes(found.unsettled)} neither 0 nor 1."
    share = "under 1%" if found.chance < 0.01 else f"{found.chance:.0%}"
    told = f"{share} of calibrated forecasters would look this far off or further"
    if found.chance < 0.05:
        return f"Not calibrated: {worst(found)}; {told}."
    if found.chance < 0.2:
        return f"In doubt: {worst(found)}; {told}."
    return f"Calibrated as far as {found.questions} questions can tell; {told}."


def _outcomes(n: int) -> str:
    return "1 outcome is" if n == 1 else f"{n} outcomes are"


def worst(found: Calibration) -> str:
    """The pool that costs most, in words."""
    pool = max(found.pools, key=lambda p: p.n * abs(p.mean - p.came))
    way = "too high" if pool.mean > pool.came else "too low"
    said = f"{pool.mean:.0%}" if pool.low == pool.high else f"{pool.low:.0%} to {pool.high:.0%}"
    return f"{way} where {said} was said ({pool.n} times): {pool.came:.0%} came"
