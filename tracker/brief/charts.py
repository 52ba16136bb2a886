"""The geometry of the charts: plain numbers that the templates draw as SVG. Lengths are SVG user units."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.brief.forecasts import last_day
from tracker.brief.model import Column, Forecast
from tracker.brief.money import coined
from tracker.models.mention import Category
from tracker.spoken import day_text

WIDTH, HEIGHT = 720.0, 250.0
LEFT, RIGHT, TOP, BOTTOM = 56.0, 12.0, 18.0, 30.0
ORDER: tuple[Category, ...] = ("infrastructure", "model", "application", "other")


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    css: str
    label: str


@dataclass(frozen=True)
class Tick:
    at: float
    label: str
    strong: bool = False


@dataclass(frozen=True)
class BarChart:
    boxes: list[Box]
    totals: list[tuple[float, float, str]]
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT
    base: float = HEIGHT - BOTTOM


@dataclass(frozen=True)
class PaceChart:
    steps: str
    fan: str | None
    middle: str | None
    threshold: float
    threshold_label: str
    today: float
    today_label: str
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    dots: list[tuple[float, float]]
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT
    base: float = HEIGHT - BOTTOM
    top: float = TOP


def nice_ticks(top: float, most: int = 4) -> list[float]:
    """Round values from 0 that reach `top` in at most `most` steps of 1, 2 or 5 times a power of ten.

    >>> nice_ticks(13), nice_ticks(0)
    ([0, 5, 10, 15], [0, 1])
    """
    if top <= 0:
        return [0, 1]
    rough = top / most
    power = 10 ** math.floor(math.log10(rough))
    step = next(f * power for f in (1, 2, 5, 10) if f * power >= rough * (1 - 1e-9))
    if top >= 1:
        step = max(step, 1)
    return [step * n for n in range(math.ceil(top / step - 1e-9) + 1)]


def _r(value: float) -> float:
    return round(value, 2)


def _scale(value: float, low: float, high: float, start: float, end: float) -> float:
    return _r(start + (end - start) * (value - low) / (high - low))


def bar_chart(columns: Sequence[Column]) -> BarChart:
    """Stacked columns: deals a week by category, infrastructure at the base so that its trend can be read."""
    totals = [sum(c.counts.values()) for c in columns]
    ticks = nice_ticks(max(totals, default=0))
    slot = (WIDTH - LEFT - RIGHT) / max(len(columns), 1)
    boxes: list[Box] = []
    labels: list[tuple[float, float, str]] = []
    for n, column in enumerate(columns):
        x, base = LEFT + slot * (n + 0.16), 0
        for category in ORDER:
            value = column.counts[category]
            if value:
                boxes.append(_box(x, slot * 0.68, base, value, ticks[-1], column, category))
            base += value
        labels.append((_r(LEFT + slot * (n + 0.5)), _r(_y(base, ticks[-1]) - 5), str(base)))
    x_ticks = [
        Tick(_r(LEFT + slot * (n + 0.5)), c.week.split("-")[1], strong=n == len(columns) - 1)
        for n, c in enumerate(columns)
    ]
    return BarChart(boxes, labels, x_ticks, [Tick(_y(t, ticks[-1]), f"{t:g}") for t in ticks])


def _y(value: float, top: float) -> float:
    return _scale(value, 0, top, HEIGHT - BOTTOM, TOP)


def _box(
    x: float, width: float, base: float, value: int, top: float, column: Column, category: Category
) -> Box:
    upper = _y(base + value, top)
    return Box(
        _r(x), upper, _r(width), _r(_y(base, top) - upper), category, f"{column.week}: {value} {category}"
    )


def _measured(value: float, unit: str) -> str:
    return coined(value) if unit == "USD" else f"{value:g}"


def pace_chart(forecast: Forecast, at: dt.datetime) -> PaceChart | None:
    """The running count or sum against its threshold, with the 80% fan; None where it has no pace."""
    pace = forecast.pace
    if pace is None or forecast.deadline is None:
        return None
    start, end, now = _days(forecast, at)
    top = max(pace.threshold, pace.so_far, pace.high or 0, pace.projected or 0)
    ticks = nice_ticks(top * 1.05)
    frame = _Frame(start, end, ticks[-1])
    today = frame.x(now)
    return PaceChart(
        steps=_steps(forecast.climb, frame, start, now, pace.so_far),
        fan=_fan(frame, now, end, pace.so_far, pace.low, pace.high),
        middle=f"M{today} {frame.y(pace.so_far)}L{frame.x(end)} {frame.y(pace.projected)}"
        if pace.projected is not None and now < end
        else None,
        threshold=frame.y(pace.threshold),
        threshold_label=f"{_measured(pace.threshold, pace.unit)} needed",
        today=today,
        today_label=day_text(now, year=False),
        x_ticks=[Tick(frame.x(start), day_text(start)), Tick(frame.x(end), day_text(end))],
        y_ticks=[Tick(frame.y(t), _measured(t, pace.unit)) for t in ticks],
        dots=[(frame.x(max(day, start)), frame.y(value)) for day, value in forecast.climb if day <= now],
    )


@dataclass(frozen=True)
class _Frame:
    start: dt.date
    end: dt.date
    top: float

    def x(self, day: dt.date) -> float:
        return _scale(day.toordinal(), self.start.toordinal(), self.end.toordinal(), LEFT, WIDTH - RIGHT)

    def y(self, value: float) -> float:
        return _y(min(value, self.top), self.top)


def _days(forecast: Forecast, at: dt.datetime) -> tuple[dt.date, dt.date, dt.date]:
    """The chart's first and last day, and the day of judgement between them."""
    assert forecast.deadline is not None
    assert forecast.pace is not None
    start = (forecast.pace.counted_from or forecast.made).date()
    end = max(last_day(forecast.deadline), start + dt.timedelta(days=1))
    return start, end, min(max(last_day(at), start), end)


def _steps(
    climb: Sequence[tuple[dt.date, float]], frame: _Frame, start: dt.date, now: dt.date, so_far: float
) -> str:
    path = f"M{frame.x(start)} {frame.y(0)}"
    for day, value in climb:
        if day <= now:
            path += f"H{frame.x(max(day, start))}V{frame.y(value)}"
    return f"{path}H{frame.x(now)}V{frame.y(so_far)}"


def _fan(
    frame: _Frame, now: dt.date, end: dt.date, so_far: float, low: float | None, high: float | None
) -> str | None:
    if low is None or high is None or now >= end:
        return None
    apex = f"M{frame.x(now)} {frame.y(so_far)}"
    return f"{apex}L{frame.x(end)} {frame.y(high)}L{frame.x(end)} {frame.y(low)}Z"


def odds_marker(probability: float, width: float = 240.0) -> float:
    """Where a probability stands on the seven-step scale of that width."""
    return _r(width * probability)
