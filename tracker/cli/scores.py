"""`tracker predictions score`: how good the forecasts were, in numbers, a diagram and a sentence."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from tracker.cli.output import format_option, print_rows
from tracker.errors import InputError, PredictionError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tracker.predict.calibration import Calibration
    from tracker.predict.outcomes import Columns, Read
    from tracker.predict.scoreboard import Scored
    from tracker.predict.summary import Figure, Summary

FIGURES = ("loss", "log", "life")
"""The figures of a summary that have an interval, beside the skills."""

CSV_COLUMNS = (
    "group", "kind", "n", "loss", "loss_low", "loss_high", "miscalibration", "discrimination", "uncertainty",
    "log", "log_low", "log_high", "life", "life_low", "life_high", "share", "skill", "skill_base_rate",
    "skill_base_rate_low", "skill_base_rate_high", "skill_base_rate_n", "skill_crowd", "skill_crowd_low",
    "skill_crowd_high", "skill_crowd_n", "due", "judged", "void", "ambiguous", "undecided", "unscored",
)  # fmt: skip
TABLE_COLUMNS = ("group", "kind", "n", "score", "95%", "mcb", "dsc", "unc", "log", "life", "skill")


def _columns(ctx: click.Context, param: click.Parameter, value: Sequence[str]) -> dict[str, str]:
    """Names of columns as NAME=COLUMN."""
    known = ("probability", "outcome", "question")
    pairs = dict(v.partition("=")[::2] for v in value)
    wrong = [name for name, column in pairs.items() if name not in known or not column]
    if wrong:
        told = f"{wrong[0]!r}: write probability=COLUMN, outcome=COLUMN or question=COLUMN"
        raise click.BadParameter(told, ctx, param)
    return pairs


@click.command()
@click.argument("file", metavar="[FILE]", required=False)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="NAME=COLUMN",
    callback=_columns,
    help="FILE: where probability, outcome or question stands, if not in a column of that name (repeatable).",
)
@click.option(
    "--group", "groups", multiple=True, metavar="COLUMN", help="FILE: score apart by it (repeatable)."
)
@click.option(
    "--picture", type=click.Path(dir_okay=False, path_type=Path), help="Write the diagram there, as SVG."
)
@format_option
def score(
    file: str | None, columns: dict[str, str], groups: tuple[str, ...], picture: Path | None, fmt: str
) -> None:
    """Score forecasts: Brier and what it consists of, log score, skill, and a reliability diagram.

    FILE is a CSV (- for stdin) with a line for each forecast: probability (0 to 1), outcome (1, 0, yes, no)
    and, if you like, question (lines of one question share what comes), "base rate" and crowd.

    \b
    Example: tracker predictions score forecasts.csv --group team --picture reliability.svg
    """
    from tracker.predict.outcomes import Columns

    read = _read(file or "-", Columns(**columns, groups=groups))
    report(read.groups, {"unscored": read.unscored}, picture, fmt)


def _read(path: str, columns: Columns) -> Read:
    from tracker.predict.outcomes import read_outcomes

    with _opened(path) as file:
        try:
            return read_outcomes(file, path, columns)
        except (UnicodeDecodeError, csv.Error) as error:
            raise InputError(f"is not CSV in UTF-8: {error}", file=path) from error


@contextmanager
def _opened(path: str) -> Iterator[IO[str]]:
    try:
        # The mark that spreadsheets put before UTF-8 is no part of the first column's name.
        with click.open_file(path, encoding="utf-8-sig") as file:
            yield file
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=path, hint="check the path") from error


# ----- what both scores of a file and of the ledger print


def report(
    groups: Mapping[str, Sequence[Scored]], counts: dict[str, int], picture: Path | None, fmt: str
) -> None:
    """Print the summaries; `counts` says what they leave out."""
    from tracker.predict.calibration import calibration
    from tracker.predict.summary import TOGETHER, said, summaries

    pooled = [s for scored in groups.values() for s in scored]
    named = {name or TOGETHER: scored for name, scored in groups.items()}
    found = summaries(named if len(named) < 2 else {**named, TOGETHER: pooled})
    plain = said(pooled)
    curve = calibration(plain) if plain else None
    if picture is not None:
        _draw(curve, picture)
    if fmt == "table":
        _told(found, len(named), curve)
        return
    rows = [flat(s, counts) for s in found]
    extra = {"calibration": _curve(curve)} if curve else {}
    print_rows([{**row, **extra} if row["group"] == TOGETHER else row for row in rows], CSV_COLUMNS, fmt)


def _draw(curve: Calibration | None, path: Path) -> None:
    from tracker.predict.diagram import picture

    if curve is None:
        raise PredictionError("no yes/no forecast is scored", hint="there is nothing to draw")
    try:
        path.write_text(picture(curve, "all forecasts"), encoding="utf-8")
    except OSError as error:
        raise PredictionError(f"{path} cannot be written: {error.strerror}", hint="choose another") from error


def _curve(curve: Calibration) -> dict[str, Any]:
    from dataclasses import asdict

    from tracker.predict.calibration import assessment

    return {
        "assessment": assessment(curve),
        "chance": curve.chance,
        "questions": curve.questions,
        "pools": [asdict(p) for p in curve.pools],
        "places": [asdict(p) for p in curve.places],
    }


def flat(s: Summary, counts: Mapping[str, int]) -> dict[str, Any]:
    """A summary as one record of plain values."""
    row: dict[str, Any] = {"group": s.group, "kind": s.kind, "n": s.loss.n}
    for name in FIGURES:
        row |= _figure(name, getattr(s, name))
    if s.parts is not None:
        row |= {n: getattr(s.parts, n) for n in ("miscalibration", "discrimination", "uncertainty", "skill")}
    for name, skill in s.skill.items():
        named = f"skill_{name.replace(' ', '_')}"
        row |= {**_figure(named, skill), f"{named}_n": skill.n}
    return {**row, "share": s.share, **counts}


def _figure(name: str, figure: Figure | None) -> dict[str, Any]:
    if figure is None:
        return {name: None, f"{name}_low": None, f"{name}_high": None}
    return {
        name: _finite(figure.value), f"{name}_low": _finite(figure.low), f"{name}_high": _finite(figure.high)
    }  # fmt: skip


def _finite(value: float | None) -> float | str | None:
    """JSON has no infinity."""
    return "infinite" if value is not None and math.isinf(value) else value


def _told(found: Sequence[Summary], groups: int, curve: Calibration | None) -> None:
    from tracker.predict.calibration import assessment
    from tracker.predict.diagram import text
    from tracker.predict.summary import mean_of_groups

    if not found:
        click.echo("no forecast is scored")
        return
    print_rows([_row(s) for s in found], TABLE_COLUMNS, "table")
    for line in _skills(found):
        click.echo(line)
    if groups > 1 and len({s.kind for s in found}) == 1:
        click.echo(f"mean of the {groups} groups: {mean_of_groups(found[:groups]):.3f}")
    if curve is not None:
        click.echo(f"\n{text(curve)}\n\n{assessment(curve)}")


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
    """
    >>> _short(0.11758), _short(12345.6), _short(None), _short(math.inf)
    ('0.118', '12,346', '', 'inf')
    """
    if value is None:
        return ""
    return f"{value:,.0f}" if 100 <= abs(value) < math.inf else f"{value:.3f}"
