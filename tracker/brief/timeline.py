"""The geometry of two more charts: deals by day and size, and what a forecaster said over time.

Lengths are SVG user units.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.brief.charts import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Tick
from tracker.brief.model import Balance, Forecast, Point
from tracker.brief.money import coined
from tracker.models.mention import Category
from tracker.spoken import day_text

LOWEST = 1e6
"""USD: what is smaller stands on the base line."""

LABELLED = 4
LETTER = 6.4
"""Width of a letter of a label, at most."""


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    category: Category
    fresh: bool


@dataclass(frozen=True)
class Label:
    x: float
    y: float
    text: str
    anchor: str


@dataclass(frozen=True)
class Timeline:
    """`week` is the band of the issue's own week, from and to."""

    dots: list[Dot]
    labels: list[Label]
    y_ticks: list[Tick]
    x_ticks: list[Tick]
    week: tuple[float, float]
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT
    top: float = TOP
    base: float = HEIGHT - BOTTOM


def timeline(balance: Balance) -> Timeline | None:
    """The disclosed deals by day and, on a logarithmic scale, size; None where there is none."""
    if not balance.points:
        return None
    first, last = balance.columns[0].first_day, balance.columns[-1].first_day
    end = last + dt.timedelta(days=7)
    top = max(p.usd for p in balance.points)
    high = max(8, math.ceil(math.log10(top) + 0.15))

    def x(day: dt.date) -> float:
        share = (day - first).days / (end - first).days
        return round(LEFT + (WIDTH - LEFT - RIGHT) * share, 1)

    def y(usd: float) -> float:
        share = (math.log10(max(usd, LOWEST)) - 6) / (high - 6)
        return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * share, 1)

    dots = [Dot(x(p.day), y(p.usd), p.category, p.day >= last) for p in balance.points]
    return Timeline(
        dots=dots,
        labels=_labels(balance.points, dots),
        y_ticks=[Tick(y(10**n), coined(10.0**n)) for n in range(6, high + 1)],
        x_ticks=[Tick(x(c.first_day), day_text(c.first_day, year=False)) for c in balance.columns[::4]],
        week=(x(last), x(end)),
    )


def _labels(points: Sequence[Point], dots: Sequence[Dot]) -> list[Label]:
    """The names of the biggest, where they lie on no other name."""
    found: list[Label] = []
    for point, dot in list(zip(points, dots, strict=True))[: 3 * LABELLED]:
        right = dot.x < WIDTH / 2
        label = Label(dot.x + (8 if right else -8), dot.y + 4, point.name, "start" if right else "end")
        if point.name and not any(_overlap(label, other) for other in found):
            found.append(label)
        if len(found) == LABELLED:
            break
    return found


def _overlap(one: Label, other: Label) -> bool:
    if abs(one.y - other.y) > 14:
        return False
    (a, b), (c, d) = _span(one), _span(other)
    return a < d and c < b


def _span(label: Label) -> tuple[float, float]:
    width = LETTER * len(label.text)
    return (label.x, label.x + width) if label.anchor == "start" else (label.x - width, label.x)


# ----- what was said over time

SPARK_WIDTH, SPARK_HEIGHT = 240.0, 40.0


@dataclass(frozen=True)
class Spark:
    """A line of steps from the day a prediction was made to the moment, 0 at the base and 1 at the top."""

    path: str
    dots: list[tuple[float, float]]
    told: str
    width: float = SPARK_WIDTH
    height: float = SPARK_HEIGHT


def spark(forecast: Forecast, at: dt.datetime) -> Spark | None:
    """The stated probabilities over time; None where there were not two."""
    odds = forecast.odds
    if len(odds) < 2 or odds[0].at >= at:
        return None
    start, whole = odds[0].at, (at - odds[0].at).total_seconds()
    dots = [
        (
            round(4 + (SPARK_WIDTH - 8) * (o.at - start).total_seconds() / whole, 1),
            round(4 + (SPARK_HEIGHT - 8) * (1 - o.value), 1),
        )
        for o in odds
    ]
    path = f"M{dots[0][0]} {dots[0][1]}" + "".join(f"H{x}V{y}" for x, y in dots[1:]) + f"H{SPARK_WIDTH - 4}"
    told = ", ".join(f"{o.value:.0%} on {day_text(o.at.date())}" for o in odds)
    return Spark(path, dots, told)
