"""What is known of a number, as an interval, and comparisons that may come out unknown."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

Truth = bool | None
"""True, False, or None where it cannot be told (Kleene's strong three-valued logic)."""


def all_true(truths: Iterable[Truth]) -> Truth:
    """
    >>> all_true([True, None]), all_true([None, False]), all_true([])
    (None, False, True)
    """
    seen = list(truths)
    if False in seen:
        return False
    return None if None in seen else True


def any_true(truths: Iterable[Truth]) -> Truth:
    """
    >>> any_true([False, None]), any_true([None, True]), any_true([])
    (None, True, False)
    """
    return opposite(all_true(opposite(t) for t in truths))


def opposite(truth: Truth) -> Truth:
    return None if truth is None else not truth


@dataclass(frozen=True)
class Bounds:
    """A number between `low` and `high`, both included; `high` may be infinite."""

    low: float
    high: float

    @classmethod
    def exactly(cls, value: float) -> Bounds:
        return cls(value, value)

    @property
    def exact(self) -> bool:
        return self.low == self.high

    def scaled(self, factor: float) -> Bounds:
        ends = sorted((_times(self.low, factor), _times(self.high, factor)))
        return Bounds(ends[0], ends[1])


def _times(value: float, factor: float) -> float:
    # 0 x infinity is 0 here: none of an unbounded amount is nothing.
    return 0.0 if factor == 0 else value * factor


def compare(a: Bounds, op: str, b: Bounds) -> Truth:
    """Whether `a op b` holds for every, for no, or only for some values within the bounds.

    >>> compare(Bounds(9e9, 12e9), ">=", Bounds.exactly(10e9)) is None
    True
    >>> compare(Bounds(11e9, 12e9), ">=", Bounds.exactly(10e9))
    True
    """
    match op:
        case ">=":
            return _decide(a.low >= b.high, a.high < b.low)
        case ">":
            return _decide(a.low > b.high, a.high <= b.low)
        case "<=":
            return _decide(a.high <= b.low, a.low > b.high)
        case "<":
            return _decide(a.high < b.low, a.low >= b.high)
        case "=":
            return _decide(a.exact and b.exact and a.low == b.low, a.high < b.low or a.low > b.high)
    raise ValueError(f"unknown comparison {op!r}")


def _decide(surely: bool, surely_not: bool) -> Truth:
    if surely:
        return True
    return False if surely_not else None


def relative_change(value: Bounds, base: Bounds) -> Bounds:
    """The change from `base` to `value` in percent.

    >>> relative_change(Bounds.exactly(60), Bounds.exactly(100))
    Bounds(low=-40.0, high=-40.0)
    """
    low = -100.0 if math.isinf(base.high) else _percent(value.low, base.high)
    return Bounds(low, math.inf if math.isinf(value.high) else _percent(value.high, base.low))


def _percent(value: float, base: float) -> float:
    # Rounded, so that a fall from 840 to 504 is exactly 40 %.
    return math.inf if base == 0 else round((value - base) / base * 100, 9)
