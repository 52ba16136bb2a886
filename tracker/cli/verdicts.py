"""Predictions and verdicts as text for people."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tracker.predict import words
from tracker.predict.sensitivity import by_change

if TYPE_CHECKING:
    import datetime as dt

    from tracker.judging import JudgedPrediction, Logged
    from tracker.predict.prediction import StatedForecast, StatedProbability
    from tracker.predict.verdict import CoverageNote, Evidence, Pace
    from tracker.store.rulings import Drawn

COLOURS = {"met": "green", "not met": "red", "open": "cyan", "undecided": "yellow", "void": "white"}
WIDTH = 98
"""Fits a terminal of 100 columns."""


def verdict_text(j: JudgedPrediction, most: int | None = 5, errata: Sequence[Drawn] = ()) -> str:
    """The report on one prediction; `most` near misses and events a side (None = all)."""
    v = j.verdict
    status = click.style(v.status.upper(), fg=COLOURS.get(v.status), bold=True)
    early = " (before its deadline)" if v.early else ""
    chance = _says(j.probabilities)
    lines = [
        f"{status}{early}  {click.style(j.prediction.title, bold=True)}",
        f"  {j.prediction.id}; deadline {words.day(v.deadline)}{_left(v.at, v.deadline)}{chance}",
        *([labelled("answer", str(v.answer))] if v.answer is not None else []),
        *_whys(v.reasons),
    ]
    if v.condition != "none":
        lines.append(labelled("condition", f"{v.condition}; {j.prediction.condition}"))
    lines += [labelled("erratum", f"{d.at:%Y-%m-%d}: {d.status}, {d.erratum}") for d in errata]
    lines += _events("for", "+", v.evidence_for, most)
    lines += _events("against", "-", v.evidence_against, most)
    lines += _events("near misses", "~", v.near_misses, most)
    if v.pace is not None and v.pace.days_left and not v.concluded:
        lines.append(labelled("pace", pace_text(v.pace)))
    if v.flips:
        lines += [labelled("would be" if n == 0 else "", told) for n, told in enumerate(by_change(v.flips))]
    return "\n".join([*lines, labelled("coverage", coverage_text(v.coverage)), ""])


def _says(stated: Sequence[StatedProbability]) -> str:
    """The only forecaster's last probability, or the median of several."""
    from tracker.predict.forecasters import latest, median

    people, together = latest(stated), median(stated)
    if together is None:
        return ""
    who = next(iter(people)) if len(people) == 1 else f"the median of {len(people)} forecasters"
    return f"; {who} {'says' if len(people) == 1 else 'is'} {together:.0%}"


def _whys(reasons: Sequence[str]) -> list[str]:
    """The reason that decides behind a label, the others below it."""
    return [labelled("why" if n == 0 else "", reason) for n, reason in enumerate(reasons)]


def _left(at: dt.datetime, deadline: dt.date) -> str:
    left = (deadline - at.date()).days + 1
    return f", {words.days(left)} left" if left > 0 else ", over"


def labelled(label: str, text: str) -> str:
    return _filled(text, f"  {label}: " if label else "    ", "    ")


def _filled(text: str, first: str, rest: str) -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _events(title: str, mark: str, listed: Sequence[Evidence], most: int | None) -> list[str]:
    if not listed:
        return [f"  {title}: none"]
    shown = listed if most is None else listed[:most]
    more = f", {len(shown)} shown (--all for the rest)" if len(shown) < len(listed) else ""
    lines = [f"  {title}: {len(listed)}{more}"]
    for e in shown:
        lines.append(_filled(f"{e.description} [{e.event_id}]", f"    {mark} ", "      "))
        if e.why:
            lines.append(_filled(_because(e, mark), "        ", "        "))
    return lines


def _because(e: Evidence, mark: str) -> str:
    return f"in doubt: {e.why}" if mark == "~" and e.unknown else str(e.why)


def pace_text(pace: Pace) -> str:
    """So far, needed, projected and the chance, in one line."""
    unit = pace.unit
    parts = [
        f"{words.in_unit(pace.so_far, unit)} of {words.in_unit(pace.threshold, unit)} "
        f"in {words.days(pace.days_elapsed)}, {words.days(pace.days_left)} left"
    ]
    if pace.needed_per_week:
        parts.append(f"{words.in_unit(pace.needed_per_week, unit)} a week needed")
    if pace.projected is not None and pace.low is not None and pace.high is not None:
        span = f"{words.in_unit(pace.low, unit)} to {words.in_unit(pace.high, unit)}"
        parts.append(f"{words.in_unit(pace.projected, unit)} projected (80% interval {span})")
    if pace.probability is not None:
        parts.append(f"chance at this pace {_chance(pace.probability)}")
    return "; ".join([*parts, pace.note] if pace.note else parts)


def _chance(probability: float) -> str:
    if probability < 0.01:
        return "under 1%"
    return "over 99%" if probability > 0.99 else f"{probability:.0%}"


def coverage_text(note: CoverageNote) -> str:
    if note.sources == 0 and not note.gaps:
        return "the window has not opened"
    gaps = "no gap" if not note.gaps else "gaps " + "; ".join(str(g) for g in note.gaps[:3])
    more = f" and {len(note.gaps) - 3} more" if len(note.gaps) > 3 else ""
    counted = f"{note.sources} source{'' if note.sources == 1 else 's'}"
    return f"{words.span(note.start, note.end)}, {counted}, {gaps}{more}"


def prediction_text(x: Logged) -> str:
    """One prediction in full."""
    p = x.prediction
    lines = [
        click.style(p.title, bold=True),
        f"  {p.id} - version {x.version}, digest {x.digest[:12]}, {p.kind}",
    ]
    lines.append(_line(p.statement))
    if p.source:
        lines.append(
            "  source: "
            + ", ".join(str(v) for v in (p.source.document, p.source.section, p.source.date) if v)
        )
    lines.append(f"  by {p.author}; made {p.made}, opens {p.opens}, closes {p.closes}, deadline {p.deadline}")
    for title, text in (
        ("if", p.condition),
        *p.options.items(),
        ("criterion", p.criterion),
        ("against", p.against),
    ):
        if text:
            lines.append(_line(f"{title}: {text}"))
    for title, listed in (("counts", p.counts), ("does not count", p.does_not_count)):
        lines += [_line(f"{title}: {text}") for text in listed]
    if p.note:
        lines.append(_line(f"note: {p.note}"))
    return "\n".join([*lines, *map(_stated, x.probabilities), *map(_stated, x.forecasts)])


def _line(text: str) -> str:
    return _filled(text, "  ", "    ")


def _stated(s: StatedProbability | StatedForecast) -> str:
    return _line(f"{s.at:%Y-%m-%d} {s.by}: {said(s)}{f' - {s.why}' if s.why else ''}")


def said(s: StatedProbability | StatedForecast) -> str:
    """What somebody expects, as people write it."""
    from tracker.predict.prediction import StatedProbability

    if isinstance(s, StatedProbability):
        return f"{s.value:.0%}"
    return ", ".join(_pair(name, value) for name, value in s.stated.items())


def _pair(name: str, value: float | str) -> str:
    """An option and its probability, or a level and its value."""
    level = name.replace(".", "", 1).isdecimal() and 0 < float(name) < 1
    if not level and isinstance(value, float):
        return f"{name} {value:.0%}"
    return f"{float(name):.0%}: {value:g}" if isinstance(value, float) else f"{float(name):.0%}: {value}"
