"""Scores and calibration: cases computed by hand, what a score must not do, and the diagram."""

from __future__ import annotations

import datetime as dt
import doctest
import importlib
import math
import random
import re
import xml.etree.ElementTree as ET

import pytest

from tracker.predict.calibration import Said, assessment, calibration, decompose
from tracker.predict.diagram import picture, rows, text
from tracker.predict.scoreboard import Scored
from tracker.predict.scores import brier_of_options, logarithmic, logarithmic_of_options, time_average
from tracker.predict.summary import ratio, summary

SVG = "{http://www.w3.org/2000/svg}"
DAYS = [dt.datetime(2026, 1, n, tzinfo=dt.UTC) for n in range(1, 12)]


def said(*pairs: tuple[float, float]) -> list[Said]:
    return [Said(str(n), probability, outcome) for n, (probability, outcome) in enumerate(pairs)]


def drawn(count: int, truth: float = 1.0, seed: int = 7) -> list[Said]:
    """Forecasts of an honest forecaster, or of one whose distances from 50% are 1/`truth` times too wide."""
    chance = random.Random(seed)
    stated = [chance.choice((0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9)) for _ in range(count)]
    return said(*((p, float(chance.random() < 0.5 + truth * (p - 0.5))) for p in stated))


@pytest.mark.parametrize("name", ["scores", "calibration", "diagram", "summary", "scoreboard"])
def test_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"tracker.predict.{name}")).failed == 0


# ----- rules


def test_what_was_impossible_and_came_is_infinitely_bad_and_the_reverse_costs_nothing() -> None:
    assert logarithmic(0, 1) == logarithmic(1, 0) == math.inf
    assert logarithmic(0, 0) == logarithmic(1, 1) == 0
    assert logarithmic(0.25, 0.5) == pytest.approx((math.log(4) + math.log(4 / 3)) / 2)


def test_an_option_that_nobody_listed_had_no_chance() -> None:
    assert brier_of_options({"a": 0.6, "b": 0.4}, "c") == pytest.approx((0.36 + 0.16 + 1) / 2)
    assert logarithmic_of_options({"a": 0.6, "b": 0.4}, "c") == math.inf


def test_a_life_is_averaged_over_time_from_the_first_statement() -> None:
    steps = [(DAYS[0], 0.5), (DAYS[4], 0.1)]
    assert time_average(steps, DAYS[2], DAYS[10]) == (pytest.approx((2 * 0.5 + 6 * 0.1) / 8), 1.0)
    assert time_average(steps[1:], DAYS[0], DAYS[10]) == (pytest.approx(0.1), 0.6)
    assert time_average(steps, DAYS[0], DAYS[4]) == (0.5, 1.0)
    assert time_average(steps[1:], DAYS[0], DAYS[4]) is None
    assert time_average([], DAYS[0], DAYS[4]) is None


# ----- calibration


def test_the_curve_pools_what_falls_and_keeps_what_rises() -> None:
    found = calibration(said((0.1, 0), (0.3, 1), (0.3, 0), (0.6, 0), (0.9, 1)), resamples=50)
    pooled = [(p.low, p.high, p.n) for p in found.pools]
    assert pooled == [(0.1, 0.1, 1), (0.3, 0.6, 3), (0.9, 0.9, 1)]
    assert [p.came for p in found.pools] == pytest.approx([0, 1 / 3, 1])
    assert found.pools[1].mean == pytest.approx(0.4)
    # by hand: squares .01 .49 .09 .36 .01; recalibrated 0 4/9 1/9 1/9 0; the share 2/5
    parts = found.parts
    assert parts.score == pytest.approx(0.96 / 5)
    assert parts.miscalibration == pytest.approx((0.96 - 2 / 3) / 5)
    assert parts.discrimination == pytest.approx((1.2 - 2 / 3) / 5)
    assert (parts.uncertainty, parts.skill) == (pytest.approx(0.24), pytest.approx(1 - 0.96 / 1.2))


def test_without_uncertainty_there_is_no_skill() -> None:
    parts = decompose(said((0.9, 1), (0.8, 1)))
    assert (parts.uncertainty, parts.skill) == (0, None)


def test_nothing_is_said_of_calibration_below_twenty_questions() -> None:
    forecasts = drawn(20)
    assert assessment(calibration(forecasts[:19])).startswith("Too few to tell: 19 of the 20 questions")
    assert assessment(calibration(forecasts)).startswith("Calibrated as far as 20 questions can tell")
    # Ten forecasters of one question are one question.
    shared = [Said(str(n % 10), s.probability, s.outcome) for n, s in enumerate(drawn(100))]
    assert assessment(calibration(shared)).startswith("Too few to tell: 10 of")


def test_honest_forecasters_are_seldom_accused_and_overconfident_ones_found() -> None:
    def chances(truth: float) -> list[float]:
        return [calibration(drawn(100, truth, seed), resamples=100).chance for seed in range(40)]

    assert sum(c < 0.05 for c in chances(1.0)) <= 5
    assert sum(c < 0.05 for c in chances(0.3)) >= 36


def test_what_is_wrong_is_told_with_its_numbers() -> None:
    high = said(*[(0.9, float(n < 15)) for n in range(30)])
    told = assessment(calibration(high))
    assert told == (
        "Not calibrated: too high where 90% was said (30 times): 50% came; "
        "under 1% of calibrated forecasters would look this far off or further."
    )
    low = said(*[(0.1, float(n < 15)) for n in range(30)])
    assert "too low where 10% was said" in assessment(calibration(low))


def test_a_borderline_case_is_left_in_doubt() -> None:
    found = calibration(said(*[(0.5, float(n < 20)) for n in range(30)]))
    # 9.9% of fair coins fall 20 times or more on one side in 30 throws.
    assert found.chance == pytest.approx(0.099, abs=0.03)
    assert assessment(found).startswith("In doubt: too low where 50% was said (30 times): 67% came")


def test_markets_that_are_still_open_are_scored_and_not_judged() -> None:
    found = calibration([*drawn(30), Said("open", 0.5, 0.4)])
    assert assessment(found) == "Not judged: 1 outcome is neither 0 nor 1."


def test_the_same_numbers_come_again() -> None:
    assert calibration(drawn(50)) == calibration(drawn(50))


# ----- intervals


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    chance = random.Random(3)
    held = 0
    for _ in range(100):
        figure = ratio([(str(n), chance.random(), 1.0) for n in range(40)])
        assert figure.low is not None
        assert figure.high is not None
        held += figure.low <= 0.5 <= figure.high
    assert 88 <= held <= 99


def test_forecasts_of_one_question_are_drawn_together() -> None:
    values = [random.Random(1).random() for _ in range(20)]
    alone = ratio([(str(n), v, 1.0) for n, v in enumerate(values)])
    tenfold = ratio([(str(n), v, 1.0) for n, v in enumerate(values) for _ in range(10)])
    assert (tenfold.low, tenfold.high) == (pytest.approx(alone.low), pytest.approx(alone.high))
    assert ratio([("one", 0.2, 1.0), ("one", 0.4, 1.0)]).low is None


def test_skill_is_over_what_both_forecast() -> None:
    def scored(question: str, loss: float, **others: float) -> Scored:
        return Scored(question, 1, "ana", "yes/no", loss, references=others)

    found = summary("ana", [scored("a", 0.1, crowd=0.2), scored("b", 0.1, crowd=0.2), scored("c", 0.9)])
    assert found.loss.value == pytest.approx(1.1 / 3)
    assert (found.skill["crowd"].value, found.skill["crowd"].n) == (pytest.approx(0.5), 2)
    assert (found.skill["crowd"].low, found.skill["crowd"].high) == (pytest.approx(0.5), pytest.approx(0.5))
    perfect = summary("ana", [scored("a", 0.1, crowd=0.0)])
    assert perfect.skill == {}


# ----- the diagram


def test_text_and_picture_show_the_same_numbers() -> None:
    found = calibration(drawn(80))
    svg = ET.fromstring(picture(found, "<ana>"))
    titles = [str(dot.findtext(f"{SVG}title")) for dot in svg.iter(f"{SVG}circle")]
    lines = text(found).splitlines()[1:-1]
    assert len(titles) == len(lines) == len(found.pools) > 2
    assert titles == [str(row) for row in rows(found)]
    for title, line in zip(titles, lines, strict=True):
        numbers = re.findall(r"[\d.]+", title)
        assert re.findall(r"[\d.]+", line) == numbers
    assert svg.findtext(f"{SVG}title") == "Reliability of <ana>"
    assert svg.findtext(f"{SVG}desc") == assessment(found)


def test_the_picture_draws_what_it_says() -> None:
    found = calibration(said(*[(0.25, float(n < 10)) for n in range(20)]))
    svg = ET.fromstring(picture(found, "one pool"))
    [dot] = svg.iter(f"{SVG}circle")
    frame = next(r for r in svg.iter(f"{SVG}rect") if r.get("fill") == "none")
    left, top, size = (float(frame.get(name) or 0) for name in ("x", "y", "width"))
    assert float(dot.get("cx") or 0) == left + 0.25 * size
    assert float(dot.get("cy") or 0) == top + 0.5 * size


def test_the_text_fits_a_terminal() -> None:
    assert max(map(len, text(calibration(drawn(300))).splitlines())) <= 100
    [_, line, _] = text(calibration(said((0.25, 1)))).splitlines()
    assert line.endswith(" ----------+-----------------------------o")
