"""Scores of many forecasts: means with bootstrap intervals, skill, and the calibration behind them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tracker.predict.calibration import RESAMPLES, SEED, Decomposition, Said, decompose
from tracker.predict.scoreboard import REFERENCES, YES_NO, Scored

INTERVAL = 0.95
"""The share of bootstrap samples that an interval holds."""

TOGETHER = "all"


@dataclass(frozen=True)
class Figure:
    """A mean with its interval and the number of forecasts; low and high are None below two questions."""

    value: float
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True)
class Summary:
    """The scores of a group of forecasts of one kind; None where there is nothing to compute one from.

    loss: mean Brier, or CRPS in the unit of `kind`. log: in nats. life: the loss averaged over the time that
    predictions stood, and `share` the mean share of it with a statement. parts: the decomposition of Brier.
    skill: by name of what is compared with: 1 is perfect, 0 no better, below 0 worse.
    """

    group: str
    kind: str
    loss: Figure
    log: Figure | None
    life: Figure | None
    share: float | None
    parts: Decomposition | None
    skill: Mapping[str, Figure]


def summary(group: str, scored: Sequence[Scored]) -> Summary:
    """The scores of one forecast or more, all of one kind."""
    logs = [(s.question, s.log, 1.0) for s in scored if s.log is not None]
    lives = [(s.question, s.life, 1.0) for s in scored if s.life is not None]
    shares = [s.share for s in scored if s.share is not None]
    plain = said(scored)
    return Summary(
        group=group,
        kind=scored[0].kind,
        loss=ratio([(s.question, s.loss, 1.0) for s in scored]),
        log=ratio(logs) if logs else None,
        life=ratio(lives) if lives else None,
        share=math.fsum(shares) / len(shares) if shares else None,
        parts=decompose(plain) if plain else None,
        skill={name: skill for name in REFERENCES if (skill := _skill(scored, name))},
    )


def summaries(groups: Mapping[str, Sequence[Scored]]) -> list[Summary]:
    """A summary for each group and kind, in order."""
    found = []
    for name, scored in groups.items():
        kinds = dict.fromkeys(s.kind for s in scored)
        found += [summary(name, [s for s in scored if s.kind == kind]) for kind in kinds]
    return found


def said(scored: Iterable[Scored]) -> list[Said]:
    """What calibration is judged from: the yes/no forecasts."""
    return [
        Said(s.question, s.probability, s.outcome)
        for s in scored
        if s.kind == YES_NO and s.probability is not None and s.outcome is not None
    ]


def _skill(scored: Sequence[Scored], reference: str) -> Figure | None:
    """1 - loss / loss of the reference, over what both forecast."""
    pairs = [(s.question, s.loss, s.references[reference]) for s in scored if reference in s.references]
    if not math.fsum(other for _, _, other in pairs):
        return None
    found = ratio(pairs)
    low = None if found.high is None else 1 - found.high
    high = None if found.low is None else 1 - found.low
    return Figure(1 - found.value, low, high, found.n)


# ----- the bootstrap

Weighed = tuple[str, float, float]
"""The question, what goes above the line and what goes below it."""


def ratio(items: Sequence[Weighed]) -> Figure:
    """The sum above over the sum below, with its interval.

    Questions are drawn, not forecasts, for forecasts of one question share what comes. Percentile bootstrap,
    Efron 1979, doi 10.1214/aos/1176344552.

    >>> ratio([("a", 0.04, 1), ("b", 0.16, 1)]).value
    0.1
    """
    sums: dict[str, tuple[float, float]] = {}
    for question, above, below in items:
        a, b = sums.get(question, (0.0, 0.0))
        sums[question] = (a + above, b + below)
    low, high = _interval(list(sums.values())) if len(sums) > 1 else (None, None)
    value = math.fsum(a for _, a, _ in items) / math.fsum(b for _, _, b in items)
    return Figure(value, low, high, len(items))


def _interval(sums: Sequence[tuple[float, float]]) -> tuple[float, float]:
    chance = np.random.default_rng(SEED)
    above, below = np.array(sums).T
    draws = (chance.integers(len(sums), size=len(sums)) for _ in range(RESAMPLES))
    # A sample without any loss below the line says nothing.
    found = sorted(float(above[d].sum() / below[d].sum()) for d in draws if below[d].any())
    cut = round((1 - INTERVAL) / 2 * (len(found) - 1))
    return found[cut], found[-1 - cut]


def mean_of_groups(found: Sequence[Summary]) -> float:
    """The mean of the groups' losses, each group counting alike, however many forecasts it holds."""
    return math.fsum(s.loss.value for s in found) / len(found)
