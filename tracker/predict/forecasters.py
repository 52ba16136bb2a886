"""Several people's probabilities of one prediction, and what they come to together."""

from __future__ import annotations

import statistics
from collections.abc import Iterable

from tracker.predict.prediction import StatedProbability


def latest(stated: Iterable[StatedProbability]) -> dict[str, StatedProbability]:
    """The last statement of each forecaster, by name; `stated` is oldest first."""
    return {p.by: p for p in stated}


def median(stated: Iterable[StatedProbability]) -> float | None:
    """The median (0 to 1) of the last probabilities of all forecasters; None where there are none."""
    values = [p.value for p in latest(stated).values()]
    return statistics.median(values) if values else None
