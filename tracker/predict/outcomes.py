"""Forecasts and outcomes from a CSV file, scored as the ledger's own are."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from tracker.errors import InputError
from tracker.predict.scoreboard import REFERENCES, YES_NO, Scored
from tracker.predict.scores import brier, logarithmic

WORDS = {"yes": 1.0, "no": 0.0, "true": 1.0, "false": 0.0, "met": 1.0, "not met": 0.0}
NEITHER = ("", "void", "ambiguous", "open", "undecided")
"""Outcomes that are counted, not scored."""


@dataclass(frozen=True)
class Columns:
    """The names of the columns; `question` marks rows that share an outcome, `groups` what is told apart."""

    probability: str = "probability"
    outcome: str = "outcome"
    question: str = "question"
    groups: Sequence[str] = ()


@dataclass(frozen=True)
class Read:
    """What a file holds: its rows by group, and how many have no probability or no outcome."""

    groups: Mapping[str, list[Scored]]
    unscored: int


def read_outcomes(file: IO[str], name: str, columns: Columns) -> Read:
    """Score the rows of a CSV file. Raises InputError naming the line where a value cannot be used."""
    rows = csv.DictReader(file)
    _need(rows.fieldnames or (), columns, name)
    groups: dict[str, list[Scored]] = {}
    unscored = 0
    for row in rows:
        line = rows.line_num
        if not row[columns.probability] or (row[columns.outcome] or "").strip().lower() in NEITHER:
            unscored += 1
            continue
        scored = _scored(row, columns, name, line)
        groups.setdefault(" / ".join(row[g] or "" for g in columns.groups), []).append(scored)
    return Read(groups, unscored)


def _need(found: Iterable[str], columns: Columns, name: str) -> None:
    missing = [c for c in (columns.probability, columns.outcome, *columns.groups) if c not in found]
    if missing:
        has = ", ".join(found) or "none"
        raise InputError(f"has no column {', '.join(missing)}", file=name, line=1, hint=f"its columns: {has}")


def _scored(row: Mapping[str, str], columns: Columns, name: str, line: int) -> Scored:
    probability = _number(row[columns.probability], columns.probability, name, line)
    outcome = _number(row[columns.outcome], columns.outcome, name, line)
    others = {r: _number(row[r], r, name, line) for r in REFERENCES if row.get(r)}
    return Scored(
        question=row.get(columns.question) or str(line),
        version=1,
        forecaster=row.get("forecaster") or "",
        kind=YES_NO,
        loss=brier(probability, outcome),
        log=logarithmic(probability, outcome),
        probability=probability,
        outcome=outcome,
        references={r: brier(p, outcome) for r, p in others.items()},
    )


def _number(text: str | None, column: str, name: str, line: int) -> float:
    """A number from 0 to 1, or a word for one of both."""
    plain = (text or "").strip().lower()
    try:
        value = WORDS[plain] if plain in WORDS else float(plain)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        hint = "write a number from 0 to 1, or yes or no"
        raise InputError(f"{column} {plain!r} is not between 0 and 1", file=name, line=line, hint=hint)
    return value
