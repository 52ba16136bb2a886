"""The geometry of the site's charts: probability histories and the reliability diagram, in SVG user units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.brief.likelihood import percent
from tracker.brief.text import clean
from tracker.predict.calibration import Calibration
from tracker.predict.diagram import Row, rows
from tracker.predict.prediction import StatedProbability
from tracker.spoken import day_text

WIDTH, HEIGHT = 720.0, 240.0
LEFT, RIGHT, TOP, BOTTOM = 48.0, 16.0, 14.0, 30.0
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
FORECASTERS = 4
"""More lines than this cannot be told apart; the table has them all."""


@dataclass(frozen=True)
class Line:
    """What one forecaster said, as a path of steps and the points at which it changed."""

    by: str
    path: str
    dots: list[tuple[float, float]]
    label_y: float


@dataclass(frozen=True)
class OddsChart:
    lines: list[Line]
    y_ticks: list[tuple[float, str]]
    first: str
    last: str
    today: float | None
    today_label: str
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT
    top: float = TOP
    base: float = HEIGHT - BOTTOM


def _between(value: float, low: float, high: float, start: float, end: float) -> float:
    return round(start + (end - start) * (value - low) / (high - low), 1)


def _y(share: float) -> float:
    return _between(share, 0, 1, HEIGHT - BOTTOM, TOP)


def odds_chart(
    stated: Sequence[StatedProbability], made: dt.date, deadline: dt.date, at: dt.datetime
) -> OddsChart | None:
    """The probabilities of the first forecasters from the day it was made to its deadline, if any."""
    if not stated:
        return None
    start = min(made, min(s.at.date() for s in stated))
    end = max(deadline, start + dt.timedelta(days=1))
    now = min(max((at - dt.timedelta(microseconds=1)).date(), start), end)

    def x(day: dt.date) -> float:
        return _between(min(day, end).toordinal(), start.toordinal(), end.toordinal(), LEFT, WIDTH - RIGHT)

    names = list(dict.fromkeys(s.by for s in stated))[:FORECASTERS]
    lines = []
    for name in names:
        points = [(x(s.at.date()), _y(s.value)) for s in stated if s.by == name]
        path = f"M{points[0][0]} {points[0][1]}" + "".join(f"H{px}V{py}" for px, py in points[1:])
        lines.append(Line(clean(name, 40), f"{path}H{max(x(now), points[-1][0])}", points, points[-1][1]))
    return OddsChart(
        lines=lines,
        y_ticks=[(_y(t), percent(t)) for t in TICKS],
        first=day_text(start),
        last=day_text(end),
        today=x(now) if start < now < end else None,
        today_label=day_text(now, year=False),
    )


# ----- the reliability diagram

SIZE, MARGIN = 320.0, 44.0


@dataclass(frozen=True)
class Diagram:
    """Stated probabilities against what came: the band, the curve, a dot for each pool, and its rows."""

    band: str
    curve: str
    dots: list[tuple[float, float, float]]
    ticks: list[tuple[float, float, str]]
    rows: list[Row]
    size: float = SIZE
    margin: float = MARGIN


def diagram(found: Calibration) -> Diagram:
    places = found.places
    band = [(p.said, p.high) for p in places] + [(p.said, p.low) for p in reversed(places)]
    most = max(p.n for p in found.pools)
    return Diagram(
        band=_points(band),
        curve=_points([(p.said, p.came) for p in places]),
        dots=[(_across(p.mean), _up(p.came), round(3 + 5 * (p.n / most) ** 0.5, 1)) for p in found.pools],
        ticks=[(_across(t), _up(t), percent(t)) for t in TICKS],
        rows=rows(found),
    )


def _across(share: float) -> float:
    return round(MARGIN + share * SIZE, 1)


def _up(share: float) -> float:
    return round(12 + (1 - share) * SIZE, 1)


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{_across(a)},{_up(b)}" for a, b in points)
