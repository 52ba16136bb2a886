"""`tracker predictions score` on a CSV: what it reads, what it refuses, and a published table."""

from __future__ import annotations

import csv
import doctest
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.source_tree import ROOT
from tracker.cli import main, scored

FORECASTS = ROOT.parent / "shared" / "data" / "forecasts" / "forecastbench-2024-07-21-superforecasters.csv"
HEAD = "probability,outcome\n"


def score(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(main, ["predictions", "score", *arguments], input=text)


def rows(*arguments: str, text: str | None = None) -> list[dict[str, Any]]:
    result = score(*arguments, "--format", "json", text=text)
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def test_examples() -> None:
    assert doctest.testmod(scored).failed == 0


def test_a_row_fits_a_narrow_terminal() -> None:
    text = HEAD + "0.8,1\n0.4,0\n0.45,0\n"
    lines = score("-", text=text).stdout.splitlines()
    assert len(lines[1].split()) == 10
    assert lines[2].startswith("not scored")
    assert len(lines[0]) <= 80


def test_a_file_is_scored() -> None:
    [row] = rows("-", text=HEAD + "0.8,1\n0.4,no\n0.5,void\n,1\n")
    assert (row["group"], row["kind"], row["n"], row["unscored"]) == ("all", "yes/no", 2, 2)
    assert row["loss"] == pytest.approx((0.04 + 0.16) / 2)
    assert row["loss_low"] == pytest.approx(0.04)
    assert row["miscalibration"] - row["discrimination"] + row["uncertainty"] == pytest.approx(row["loss"])
    assert [p["n"] for p in row["calibration"]["pools"]] == [1, 1]
    assert row["calibration"]["assessment"].startswith("Too few to tell: 2 of the 20")


def test_the_table_has_the_diagram_and_the_sentence() -> None:
    result = score("-", text=HEAD + "0.8,1\n0.4,0\n0.4,0\n")
    lines = result.stdout.splitlines()
    assert lines[0].split() == [
        "group",
        "kind",
        "n",
        "score",
        "95%",
        "mcb",
        "dsc",
        "unc",
        "log",
        "life",
        "skill",
    ]
    assert "o came   + said (* both)" in result.stdout
    assert lines[-1].startswith("Too few to tell: 3 of the 20 questions")


def test_groups_are_apart_and_together_and_their_mean_counts_each_alike() -> None:
    text = "probability,outcome,team\n0.9,1,a\n0.9,1,a\n0.5,0,b\n"
    found = rows("-", "--group", "team", text=text)
    assert [(r["group"], r["n"]) for r in found] == [("a", 2), ("b", 1), ("all", 3)]
    assert [r["loss"] for r in found] == pytest.approx([0.01, 0.25, 0.09])
    assert [r["calibration"]["questions"] for r in found] == [2, 1, 3]
    assert "mean of the 2 groups: 0.130" in score("-", "--group", "team", text=text).stdout


def test_an_empty_group_is_a_group() -> None:
    text = "probability,outcome,team\n0.9,1,\n0.8,1,b\n"
    assert [(r["group"], r["n"]) for r in rows("-", "--group", "team", text=text)] == [
        ("(none)", 1),
        ("b", 1),
        ("all", 2),
    ]


def test_references_give_skill() -> None:
    text = "probability,outcome,base rate,crowd\n0.9,1,0.5,0.8\n0.2,0,0.5,\n"
    [row] = rows("-", text=text)
    assert row["skill_base_rate"] == pytest.approx(1 - (0.01 + 0.04) / 0.5)
    assert (row["skill_crowd"], row["skill_crowd_n"]) == (pytest.approx(0.75), 1)
    told = score("-", text=text).stdout
    assert "all, yes/no: skill against the base rate .900 (.840 to .960), n = 2\n" in told
    assert "all, yes/no: skill against the crowd .750, n = 1\n" in told


def test_what_was_called_impossible_is_told_and_is_still_json() -> None:
    [row] = rows("-", text=HEAD + "0,1\n0.5,1\n")
    assert row["log"] == "infinite"


def test_csv_and_an_empty_file() -> None:
    result = score("-", "--format", "csv", text=HEAD + "0.8,1\n")
    [row] = csv.DictReader(io.StringIO(result.stdout))
    assert (row["n"], row["loss_low"]) == ("1", "")
    assert float(row["loss"]) == pytest.approx(0.04)
    assert rows("-", text=HEAD) == []
    assert score("-", text=HEAD + "0.3,open\n").stdout == (
        "no forecast is scored\nnot scored: 1 without a probability or an outcome\n"
    )


def test_the_picture_is_written(tmp_path: Path) -> None:
    path = tmp_path / "r.svg"
    assert score("-", "--picture", str(path), text=HEAD + "0.8,1\n").exit_code == 0
    assert path.read_text("utf-8").startswith("<svg ")


@pytest.mark.parametrize(
    ("arguments", "text", "code", "words"),
    [
        (("-",), "p,outcome\n", 1, "-:1: has no column probability (its columns: p, outcome)"),
        (("-",), "", 1, "-:1: has no column probability, outcome (its columns: none)"),
        (("-",), HEAD + "0.5,1\n1.2,1\n", 1, "-:3: probability '1.2' is not between 0 and 1 (write a number"),
        (("-",), HEAD + "nan,1\n", 1, "-:2: probability 'nan' is not between"),
        (("-",), HEAD + "0.5,perhaps\n", 1, "-:2: outcome 'perhaps'"),
        (("-", "--group", "team"), HEAD, 1, "has no column team"),
        (
            ("nowhere.csv",),
            None,
            1,
            "nowhere.csv: cannot be read: No such file or directory (check the path)",
        ),
        (("-", "--column", "chance=p"), HEAD, 2, "'chance': write probability=COLUMN"),
        (("-", "--column", "probability"), HEAD, 2, "'probability': write probability=COLUMN"),
        (("-", "--picture", "x.svg"), HEAD, 1, "no yes/no forecast is scored (there is nothing to draw)"),
        (("-", "--picture", "no/where.svg"), HEAD + "0.5,1\n", 1, "no/where.svg cannot be written"),
    ],
)
def test_what_is_wrong_is_told(arguments: tuple[str, ...], text: str | None, code: int, words: str) -> None:
    result = score(*arguments, text=text)
    assert result.exit_code == code, result.output
    assert words in result.stderr


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"\xff\xfe\x00")
    result = score(str(path))
    assert (result.exit_code, "is not CSV in UTF-8" in result.stderr) == (1, True)
    path.write_text("﻿" + HEAD + "0.5,1\n", encoding="utf-8")
    assert rows(str(path))[0]["loss"] == 0.25


@pytest.mark.skipif(not FORECASTS.is_file(), reason="the forecasts are not here")
def test_the_published_table_of_the_superforecasters_comes_out() -> None:
    """ForecastBench, round of 2024-07-21, resolutions of 2025-06-24: mean squared error, three digits."""
    options = (str(FORECASTS), "--column", "probability=median_probability", "--group", "group")
    losses = {}
    for arguments in (options, (*options, "--group", "resolved")):
        found = csv.DictReader(io.StringIO(score(*arguments, "--format", "csv").stdout))
        losses |= {r["group"]: (round(float(r["loss"]), 3), int(r["n"])) for r in found}
    assert losses["dataset"] == (0.118, 422)
    assert losses["market / True"] == (0.087, 51)
    assert losses["market / False"] == (0.050, 25)
    assert losses["market"] == (0.075, 76)
    assert "mean of the 2 groups: 0.096" in score(*options).stdout
