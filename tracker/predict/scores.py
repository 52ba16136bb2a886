"""Scoring rules: how far a stated belief was from what came. All are proper: honesty scores best on average.

Scores count losses: 0 is perfect, more is worse.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence


def brier(probability: float, outcome: float) -> float:
    """Squared distance of a probability from the outcome, both 0 to 1; from 0 to 1, and 0.25 for "50%".

    An outcome between 0 and 1 is what a market that is still open says. Half the score of Brier 1950,
    "Verification of forecasts expressed in terms of probability",
    doi 10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2, as is usual.

    >>> round(brier(0.7, 1), 2), brier(0.5, 0)
    (0.09, 0.25)
    """
    return (probability - outcome) ** 2


def logarithmic(probability: float, outcome: float) -> float:
    """Surprise in nats, from 0 to infinity, and 0.69 for "50%"; infinite where what was impossible came.

    Good 1952, "Rational decisions", doi 10.1111/j.2517-6161.1952.tb00104.x.

    >>> round(logarithmic(0.5, 1), 4), logarithmic(0.0, 1.0), logarithmic(1.0, 1.0)
    (0.6931, inf, 0.0)
    """
    weighed = ((outcome, probability), (1 - outcome, 1 - probability))
    # What does not come costs nothing, also where it was impossible: 0 times infinity is not a number.
    return sum(weight * _surprise(p) for weight, p in weighed if weight)


def _surprise(probability: float) -> float:
    return -math.log(probability) if probability > 0 else math.inf


def brier_of_options(probabilities: Mapping[str, float], outcome: str) -> float:
    """Half the squared distance over all options; from 0 to 1, and with two options the same as `brier`.

    >>> round(brier_of_options({"a": 0.7, "b": 0.3}, "a"), 2), brier_of_options({"a": 1.0, "b": 0.0}, "b")
    (0.09, 1.0)
    """
    return sum(brier(p, float(option == outcome)) for option, p in _with(probabilities, outcome).items()) / 2


def logarithmic_of_options(probabilities: Mapping[str, float], outcome: str) -> float:
    """Surprise in nats at the option that came, from 0 to infinity.

    >>> round(logarithmic_of_options({"a": 0.5, "b": 0.5}, "a"), 4)
    0.6931
    """
    return _surprise(_with(probabilities, outcome)[outcome])


def _with(probabilities: Mapping[str, float], outcome: str) -> Mapping[str, float]:
    """An option nobody listed had no chance."""
    return {outcome: 0.0, **probabilities}


def pinball(value: float, level: float, outcome: float) -> float:
    """Loss of one quantile in the unit of the outcome, from 0 to infinity; `level` is between 0 and 1.

    Koenker and Bassett 1978, "Regression quantiles", doi 10.2307/1913643.

    >>> pinball(10, 0.9, 12), round(pinball(12, 0.9, 10), 2)
    (1.8, 0.2)
    """
    return (outcome - value) * level if outcome >= value else (value - outcome) * (1 - level)


def crps(quantiles: Mapping[float, float], outcome: float) -> float:
    """Continuous ranked probability score of a forecast told by quantiles (value by level), in its unit.

    Twice the mean pinball loss, which comes to the score as the levels grow dense. Range 0 to infinity. Laio
    and Tamea 2007, doi 10.5194/hess-11-1267-2007.

    >>> crps({0.5: 10}, 12), crps({0.25: 8, 0.75: 12}, 10)
    (2.0, 1.0)
    """
    return 2 * sum(pinball(v, level, outcome) for level, v in quantiles.items()) / len(quantiles)


Step = tuple[dt.datetime, float]


def time_average(steps: Sequence[Step], start: dt.datetime, end: dt.datetime) -> tuple[float, float] | None:
    """The mean of a step function over the time it is known, and the share of start..end for which it is.

    `steps` are (from when on, loss), oldest first; the last one lasts to the end. None where no step stands
    before the end.

    >>> day = [dt.datetime(2026, 1, n, tzinfo=dt.UTC) for n in range(1, 6)]
    >>> time_average([(day[1], 0.4), (day[2], 0.1)], day[0], day[4])
    (0.2, 0.75)
    """
    bounds = [max(at, start) for at, _ in steps] + [end]
    known = [
        (loss, (until - since).total_seconds())
        for (_, loss), since, until in zip(steps, bounds, bounds[1:], strict=False)
        if until > since
    ]
    total = sum(seconds for _, seconds in known)
    if not total:
        return None
    return math.fsum(loss * seconds for loss, seconds in known) / total, total / (end - start).total_seconds()
