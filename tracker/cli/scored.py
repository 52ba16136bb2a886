"""Scores as tables, records, a diagram and a sentence."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.output import print_rows
from tracker.errors import PredictionError

if TYPE_CHECKING:
    from tracker.predict.calibration import Calibration
    from tracker.predict.scoreboard import Scored
    from tracker.predict.summary import Figure, Summary

FIGURES = ("loss", "log", "life")
"""The figures of a summary that have an interval, beside the skills."""

CSV_COLUMNS = (
    "group", "kind", "n", "loss", "loss_low", "loss_high", "miscalibration", "discrimination", "uncertainty",
    "log", "log_low", "log_high", "life", "life_low", "life_high", "share", "skill", "skill_base_rate",
    "skill_base_rate_low", "skill_base_rate_high", "skill_base_rate_n", "skill_crowd", "skill_crowd_low",
    "skill_crowd_high", "skill_crowd_n", "due", "judged", "void", "ambiguous", "undecided", "unstated",
    "early", "superseded", "unscored",
)  # fmt: skip
TABLE_COLUMNS = ("group", "kind", "n", "score", "95%", "mcb", "dsc", "unc", "log", "life", "skill")


Groups = Mapping[str, Sequence["Scored"]]


@dataclass(frozen=True)
class Report:
    """Forecasts by group, those that the diagram is drawn of, and counts of what is not scored."""

    groups: Groups
    pooled: Sequence[Scored]
    counts: Mapping[str, int]

    def show(self, fmt: str) -> None:
        from tracker.predict.summary import TOGETHER, summaries

        one = len(self.groups) < 2
        named = {name or (TOGETHER if one else "(none)"): scored for name, scored in self.groups.items()}
        every = named if one else {**named, TOGETHER: self.pooled}
        found = summaries(every)
        if fmt == "table":
            self._told(found, len(named))
            return
        rows = [{**flat(s), **self.counts} for s in found]
        if fmt != "csv":
            curves = {name: _calibration(scored) for name, scored in every.items()}
            rows = [{**r, "calibration": _record(curves[r["group"]], r["kind"])} for r in rows]
        print_rows(rows, CSV_COLUMNS, fmt)

    def draw(self, path: Path) -> None:
        """Write the diagram as SVG. Raises PredictionError where there is nothing to draw or it cannot be."""
        from tracker.predict.diagram import picture

        curve = _calibration(self.pooled)
        if curve is None:
            raise PredictionError("no yes/no forecast is scored", hint="there is nothing to draw")
        try:
            path.write_text(picture(curve, "all forecasts"), encoding="utf-8")
        except OSError as error:
            told = f"{path} cannot be written: {error.strerror}"
            raise PredictionError(told, hint="choose another") from error

    def _told(self, found: Sequence[Summary], groups: int) -> None:
        from tracker.predict.calibration import assessment
        from tracker.predict.diagram import text
        from tracker.predict.summary import mean_of_groups

        if found:
            print_rows([_row(s) for s in found], TABLE_COLUMNS, "table")
        else:
            click.echo("no forecast is scored")
        for line in _skills(found):
            click.echo(line)
        if groups > 1 and "unscored" in self.counts:
            click.echo(f"mean of the {groups} groups: {mean_of_groups(found[:groups]):.3f}")
        click.echo(counted(self.counts))
        curve = _calibration(self.pooled)
        if curve is not None:
            click.echo(f"\n{text(curve)}\n\n{assessment(curve)}")


def counted(counts: Mapping[str, int]) -> str:
    """What the scores leave out, in a sentence.

    >>> counted({"unscored": 0})
    'not scored: 0 without a probability or an outcome'
    """
    if "unscored" in counts:
        return f"not scored: {counts['unscored']} without a probability or an outcome"
    due, judged = counts["due"], counts["judged"]
    rate = f" ({judged / due:.0%})" if due else ""
    told = f"{judged} of {due} due predictions and versions have a verdict{rate}"
    names = (
        ("superseded", "superseded"), ("void", "void"), ("ambiguous", "ambiguous"),
        ("undecided", "undecided"), ("unstated", "with no probability in time"),
        ("early", "judged early and not yet due"),
    )  # fmt: skip
    return ", ".join([told, *(f"{counts[name]} {word}" for name, word in names if counts[name])])


def _calibration(scored: Sequence[Scored]) -> Calibration | None:
    from tracker.predict.calibration import calibration
    from tracker.predict.summary import said

    plain = said(scored)
    return calibration(plain) if plain else None


def _record(curve: Calibration | None, kind: str) -> dict[str, Any] | None:
    from tracker.predict.calibration import assessment
    from tracker.predict.scoreboard import YES_NO

    if curve is None or kind != YES_NO:
        return None
    return {
        "assessment": assessment(curve),
        "chance": curve.chance,
        "questions": curve.questions,
        "pools": [asdict(p) for p in curve.pools],
        "places": [asdict(p) for p in curve.places],
    }


def flat(s: Summary) -> dict[str, Any]:
    """A summary as one record of plain values."""
    row: dict[str, Any] = {"group": s.group, "kind": s.kind, "n": s.loss.n}
    for name in FIGURES:
        row |= _figure(name, getattr(s, name))
    if s.parts is not None:
        row |= {n: getattr(s.parts, n) for n in ("miscalibration", "discrimination", "uncertainty", "skill")}
    for name, skill in s.skill.items():
        named = f"skill_{name.replace(' ', '_')}"
        row |= {**_figure(named, skill), f"{named}_n": skill.n}
    return {**row, "share": s.share}


def _figure(name: str, figure: Figure | None) -> dict[str, Any]:
    if figure is None:
        return {name: None, f"{name}_low": None, f"{name}_high": None}
    return {
        name: _finite(figure.value), f"{name}_low": _finite(figure.low), f"{name}_high": _finite(figure.high)
    }  # fmt: skip


def _finite(value: float | None) -> float | str | None:
    """JSON has no infinity."""
    return "infinite" if value is not None and math.isinf(value) else value


def _skills(found: Sequence[Summary]) -> Iterator[str]:
    for s in found:
        for name, skill in s.skill.items():
            told = f"{_short(skill.value)}{_range(skill)}, n = {skill.n}"
            yield f"{s.group}, {s.kind}: skill against the {name} {told}"


def _range(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return ""
    return f" ({_short(figure.low)} to {_short(figure.high)})"


def _row(s: Summary) -> dict[str, str]:
    parts = s.parts
    return {
        "group": s.group,
        "kind": s.kind,
        "n": str(s.loss.n),
        "score": _short(s.loss.value),
        # Without spaces, so that a narrow terminal does not break it.
        "95%": _range(s.loss).strip(" ()").replace(" to ", "-"),
        "mcb": _short(parts.miscalibration if parts else None),
        "dsc": _short(parts.discrimination if parts else None),
        "unc": _short(parts.uncertainty if parts else None),
        "log": _short(s.log.value if s.log else None),
        "life": _short(s.life.value if s.life else None),
        "skill": _short(parts.skill if parts else None),
    }


def _short(value: float | None) -> str:
    """Three digits, without the 0 before them, so that a narrow terminal holds a row.

    >>> _short(0.11758), _short(-0.5), _short(12345.6), _short(None), _short(math.inf)
    ('.118', '-.500', '12,346', '', 'inf')
    """
    if value is None:
        return ""
    if abs(value) < 1:
        return f"{value:.3f}".replace("0.", ".", 1)
    return f"{value:,.0f}" if 100 <= abs(value) < math.inf else f"{value:.3f}"
