"""Predictions and verdicts as text for people."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tracker.predict import words

if TYPE_CHECKING:
    import datetime as dt

    from tracker.judging import JudgedPrediction, Logged
    from tracker.predict.prediction import StatedProbability
    from tracker.predict.verdict import CoverageNote, Evidence, Pace

COLOURS = {"met": "green", "not met": "red", "open": "cyan", "undecided": "yellow", "void": "white"}
WIDTH = 110


def verdict_text(j: JudgedPrediction, most: int | None = 5) -> str:
    """The report on one prediction; `most` near misses and events a side (None = all)."""
    v = j.verdict
    status = click.style(v.status.upper(), fg=COLOURS.get(v.status), bold=True)
    early = " (before its deadline)" if v.early else ""
    chance = f" - {j.probabilities[-1].by} {j.probabilities[-1].value:.0%}" if j.probabilities else ""
    lines = [
        f"{status}{early}  {click.style(j.prediction.title, bold=True)}",
        f"  {j.prediction.id} - deadline {v.deadline}{_left(v.at, v.deadline)}{chance}",
    ]
    if v.condition != "none":
        lines.append(f"  condition {v.condition}: {j.prediction.condition}")
    lines += [_wrapped(f"- {reason}") for reason in v.reasons]
    if v.pace is not None and v.pace.days_left and not v.concluded:
        lines.append(_wrapped(pace_text(v.pace)))
    lines += _events("for", "+", v.evidence_for, most)
    lines += _events("against", "-", v.evidence_against, most)
    lines += _events("near misses", "~", v.near_misses, most)
    return "\n".join([*lines, _wrapped(coverage_text(v.coverage)), ""])


def _left(at: dt.datetime, deadline: dt.date) -> str:
    left = (deadline - at.date()).days + 1
    return f", {words.days(left)} left" if left > 0 else ", over"


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="    ", break_long_words=False)


def _events(title: str, mark: str, listed: Sequence[Evidence], most: int | None) -> list[str]:
    if not listed:
        return [f"  {title}: none"]
    shown = listed if most is None else listed[:most]
    more = f", {len(shown)} shown (--all for the rest)" if len(shown) < len(listed) else ""
    return [f"  {title}: {len(listed)}{more}", *(_wrapped(f"  {mark} {_event(e, mark)}") for e in shown)]


def _event(e: Evidence, mark: str) -> str:
    if not e.why:
        return f"{e.description} [{e.event_id}]"
    verb = "" if mark != "~" else "in doubt: " if e.unknown else "fails: "
    return f"{e.description} [{e.event_id}] | {verb}{e.why}"


def pace_text(pace: Pace) -> str:
    """So far, needed, projected and the chance, in one line."""
    unit = pace.unit
    parts = [
        f"pace: {words.in_unit(pace.so_far, unit)} of {words.in_unit(pace.threshold, unit)} "
        f"in {words.days(pace.days_elapsed)}, {words.days(pace.days_left)} left"
    ]
    if pace.needed_per_week:
        parts.append(f"needed {words.in_unit(pace.needed_per_week, unit)} a week")
    if pace.projected is not None and pace.low is not None and pace.high is not None:
        span = f"{words.in_unit(pace.low, unit)} to {words.in_unit(pace.high, unit)}"
        parts.append(f"projected {words.in_unit(pace.projected, unit)} (80% interval {span})")
    if pace.probability is not None:
        parts.append(f"chance {pace.probability:.0%}")
    return "; ".join([*parts, pace.note] if pace.note else parts)


def coverage_text(note: CoverageNote) -> str:
    if note.sources == 0 and not note.gaps:
        return "coverage: the window has not opened"
    gaps = "no gap" if not note.gaps else "; ".join(str(g) for g in note.gaps[:3])
    more = f" and {len(note.gaps) - 3} more gaps" if len(note.gaps) > 3 else ""
    return f"coverage {note.start} to {note.end}: {note.sources} sources, {gaps}{more}"


def prediction_text(x: Logged) -> str:
    """One prediction in full."""
    p = x.prediction
    lines = [
        click.style(p.title, bold=True),
        f"  {p.id} - version {x.version}, digest {x.digest[:12]}, {p.kind}",
    ]
    lines.append(_wrapped(p.statement))
    if p.source:
        lines.append(
            "  source: "
            + ", ".join(str(v) for v in (p.source.document, p.source.section, p.source.date) if v)
        )
    lines.append(f"  by {p.author}; made {p.made}, opens {p.opens}, closes {p.closes}, deadline {p.deadline}")
    for title, text in (("if", p.condition), ("criterion", p.criterion), ("against", p.against)):
        if text:
            lines.append(_wrapped(f"{title}: {text}"))
    for title, listed in (("counts", p.counts), ("does not count", p.does_not_count)):
        lines += [_wrapped(f"{title}: {text}") for text in listed]
    if p.note:
        lines.append(_wrapped(f"note: {p.note}"))
    return "\n".join([*lines, *(_stated(s) for s in x.probabilities)])


def _stated(s: StatedProbability) -> str:
    return _wrapped(f"{s.at:%Y-%m-%d} {s.by}: {s.value:.0%}{f' - {s.why}' if s.why else ''}")
