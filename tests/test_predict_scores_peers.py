"""The same numbers as the libraries of the field, to 1e-9, on random input."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.predict.calibration import Said, decompose, grouped, pools_of
from tracker.predict.scores import brier, brier_of_options, crps, logarithmic, pinball

scoringrules = pytest.importorskip("scoringrules")
metrics = pytest.importorskip("sklearn.metrics")
isotonic = pytest.importorskip("sklearn.isotonic")
diagnostics = pytest.importorskip("model_diagnostics.scoring")

UNHURRIED = settings(deadline=None, max_examples=60)
SAME = {"rel": 1e-9, "abs": 1e-9}
CHANCE = st.integers(0, 10**6).map(lambda n: n / 10**6) | st.sampled_from((0.0, 0.1, 0.5, 1.0))
"""scikit-learn takes probabilities that differ by less than a rounding for one."""

PAIR = st.tuples(CHANCE, st.booleans().map(float))
PAIRS = st.lists(PAIR, min_size=1, max_size=60)
TWO_OR_MORE = st.lists(PAIR, min_size=2, max_size=60)
"""model-diagnostics cannot decompose a single forecast."""

NUMBER = st.floats(-1e6, 1e6)
LEVELS = st.lists(st.floats(0.01, 0.99), min_size=1, max_size=9, unique=True)


def arrays(pairs: list[tuple[float, float]]) -> tuple[Any, Any]:
    """What was said, what came."""
    return np.array([p for p, _ in pairs]), np.array([y for _, y in pairs])


def said(pairs: list[tuple[float, float]]) -> list[Said]:
    return [Said(str(n), p, y) for n, (p, y) in enumerate(pairs)]


@UNHURRIED
@given(CHANCE, st.booleans().map(float))
def test_brier_is_that_of_scoringrules(probability: float, outcome: float) -> None:
    theirs = float(scoringrules.brier_score(outcome, probability))
    assert brier(probability, outcome) == pytest.approx(theirs, **SAME)


@UNHURRIED
@given(st.floats(1e-6, 1 - 1e-6), st.booleans().map(float))
def test_log_is_that_of_scoringrules(probability: float, outcome: float) -> None:
    theirs = float(scoringrules.log_score(outcome, probability))
    assert logarithmic(probability, outcome) == pytest.approx(theirs, **SAME)


@UNHURRIED
@given(PAIRS)
def test_the_means_are_those_of_scikit_learn(pairs: list[tuple[float, float]]) -> None:
    stated, came = arrays(pairs)
    ours = decompose(said(pairs)).score
    assert ours == pytest.approx(metrics.brier_score_loss(came, stated, pos_label=1), **SAME)
    inside = [(min(max(p, 1e-6), 1 - 1e-6), y) for p, y in pairs]
    stated, came = arrays(inside)
    mean = math.fsum(logarithmic(p, y) for p, y in inside) / len(inside)
    assert mean == pytest.approx(metrics.log_loss(came, stated, labels=[0, 1]), **SAME)


@UNHURRIED
@given(st.lists(st.integers(1, 100), min_size=2, max_size=6), st.data())
def test_options_are_those_of_scikit_learn(weights: list[int], data: st.DataObject) -> None:
    options = [f"o{n}" for n in range(len(weights))]
    shares = {o: w / sum(weights) for o, w in zip(options, weights, strict=True)}
    came = data.draw(st.sampled_from(options))
    theirs = metrics.brier_score_loss([came], [list(shares.values())], labels=options, scale_by_half=True)
    assert brier_of_options(shares, came) == pytest.approx(theirs, **SAME)


@UNHURRIED
@given(LEVELS, st.data(), NUMBER)
def test_quantiles_are_those_of_scoringrules_and_scikit_learn(
    levels: list[float], data: st.DataObject, came: float
) -> None:
    values = data.draw(st.lists(NUMBER, min_size=len(levels), max_size=len(levels)))
    theirs = float(scoringrules.crps_quantile(came, np.array(values), np.array(levels)))
    assert crps(dict(zip(levels, values, strict=True)), came) == pytest.approx(theirs, **SAME)
    one = metrics.mean_pinball_loss([came], values[:1], alpha=levels[0])
    assert pinball(values[0], levels[0], came) == pytest.approx(one, **SAME)


@UNHURRIED
@given(PAIRS)
def test_the_curve_is_that_of_scikit_learn(pairs: list[tuple[float, float]]) -> None:
    stated, came = arrays(pairs)
    theirs = isotonic.IsotonicRegression().fit(stated, came).predict(np.unique(stated))
    groups = grouped(said(pairs))
    ours = [p.came for p in pools_of(groups) for g in groups if p.low <= g[0] <= p.high]
    assert ours == pytest.approx(list(theirs), **SAME)


@UNHURRIED
@given(TWO_OR_MORE)
def test_the_decomposition_is_that_of_model_diagnostics(pairs: list[tuple[float, float]]) -> None:
    stated, came = arrays(pairs)
    theirs = diagnostics.decompose(came, stated, scoring_function=diagnostics.SquaredError())
    ours = decompose(said(pairs))
    for name in ("score", "miscalibration", "discrimination", "uncertainty"):
        assert getattr(ours, name) == pytest.approx(theirs[name].item(), **SAME), name
    total = ours.miscalibration - ours.discrimination + ours.uncertainty
    assert ours.score == pytest.approx(total, **SAME)
    assert ours.miscalibration >= -1e-12
    assert ours.discrimination >= -1e-12
