"""Intervals: whatever the doubtful amounts turn out to be, the true value lies within the bounds."""

from __future__ import annotations

import datetime as dt
import math
import statistics
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger_builder import day, event, noon, usd
from tracker.models.ledger import Event, Interval
from tracker.predict.answer import answer
from tracker.predict.bounds import Bounds, compare
from tracker.predict.matching import Ledger
from tracker.predict.measure import measure
from tracker.predict.moment import Moment
from tracker.predict.outlook import likeliest, middle_of, more_events, more_money
from tracker.predict.pace import pace_of
from tracker.predict.parse import parse
from tracker.predict.syntax import Comparison, Quantity
from tracker.predict.verdict import Gap

DEADLINE = dt.date(2026, 6, 30)
SETTLED = Moment(noon("2026-07-02"), DEADLINE, dt.date(2026, 3, 26))


def quantity(text: str) -> Quantity:
    parsed = parse(
        f"{text} >= {'50%' if text.startswith(('share', 'change')) else '$1' if ' of ' in text else '1'}"
    )
    assert isinstance(parsed, Comparison)
    return parsed.left


def measured(text: str, events: list[Event], moment: Moment = SETTLED) -> Bounds | None:
    return measure(quantity(text), Ledger(events, moment))


def raises(*amounts: Interval | None) -> list[Event]:
    return [event("financing", amount_usd=a) for a in amounts]


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("count(financing)", Bounds(4, 4)),
        ("count(financing where amount >= $5bn)", Bounds(1, 3)),
        ("sum(amount of financing)", Bounds(9e9, math.inf)),
        ("max(amount of financing)", Bounds(6e9, math.inf)),
        ("min(amount of financing)", Bounds(0, 1e9)),
        ("median(amount of financing)", Bounds(1.5e9, 7e9)),
        ("sum(amount of financing where amount < $2bn)", Bounds(1e9, math.inf)),
        ("2 * count(financing)", Bounds(8, 8)),
        ("share(financing where amount >= $5bn of financing)", Bounds(25, 75)),
        ("max(amount of ipo)", None),
    ],
)
def test_bounds(text: str, bounds: Bounds | None) -> None:
    events = raises(usd(1e9), usd(6e9), usd(2e9, 8e9), None)
    assert measured(text, events) == bounds


def test_the_last_value_is_the_newest_events_or_that_of_several_on_one_day() -> None:
    marks = [("2026-04-01", 800e9), ("2026-05-01", 700e9), ("2026-05-01", 720e9)]
    events = [event("valuation", states={"announced": d}, amount_usd=usd(v)) for d, v in marks]
    assert measured("last(amount of valuation)", events) == Bounds(700e9, 720e9)
    assert measured("change(last(amount of valuation) from $1tn)", events) == Bounds(-30, -28)


def test_an_open_window_has_no_upper_end() -> None:
    moment = Moment(noon("2026-05-01"), DEADLINE, dt.date(2026, 3, 26))
    assert measured("count(financing)", raises(usd(1e9)), moment) == Bounds(1, math.inf)
    assert measured("median(amount of financing)", raises(usd(1e9)), moment) == Bounds(0, math.inf)
    closed = "count(financing where announced by 2026-04-30)"
    assert measured(closed, raises(usd(1e9)), moment) == Bounds(1, 1)


values = st.floats(0, 1e12, allow_nan=False)
intervals = st.one_of(
    st.tuples(values, values).map(lambda v: usd(min(v), max(v))), values.map(usd), st.none()
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(intervals, st.floats(0, 1)), min_size=1, max_size=6), values)
def test_the_truth_lies_within_the_bounds(
    drawn: list[tuple[Interval | None, float]], threshold: float
) -> None:
    """Draws one true amount within each interval and compares with the plain arithmetic on those."""
    true = [within(known, where) for known, where in drawn]
    events, limit = raises(*(known for known, _ in drawn)), f"${round(threshold)}"
    over = [v for v in true if v >= round(threshold)]
    expected: dict[str, Any] = {
        "sum(amount of financing)": math.fsum(true),
        "max(amount of financing)": max(true),
        "min(amount of financing)": min(true),
        "median(amount of financing)": statistics.median(true),
        f"count(financing where amount >= {limit})": len(over),
        f"sum(amount of financing where amount >= {limit})": math.fsum(over),
        f"share(financing where amount >= {limit} of financing)": 100 * len(over) / len(true),
        f"median(amount of financing where amount >= {limit})": statistics.median(over) if over else None,
    }
    for text, value in expected.items():
        bounds = measured(text, events)
        if value is not None:
            assert bounds is not None
            assert bounds.low <= value * (1 + 1e-9) + 1e-6, text
            assert value <= bounds.high * (1 + 1e-9) + 1e-6, text


def within(known: Interval | None, where: float) -> float:
    if known is None:
        return where * 1e12
    high = known.high if known.high is not None else known.low + 1e12
    return min(high, known.low + where * (high - known.low))


@given(values, values, values, values, st.sampled_from([">=", ">", "<=", "<", "="]))
def test_a_comparison_is_decided_only_where_every_value_agrees(
    a: float, b: float, c: float, d: float, op: str
) -> None:
    one, other = Bounds(min(a, b), max(a, b)), Bounds(min(c, d), max(c, d))
    corners = {compare(Bounds.exactly(x), op, Bounds.exactly(y)) for x in (a, b) for y in (c, d)}
    truth = compare(one, op, other)
    if truth is not None:
        assert corners == {truth}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(intervals, st.integers(1, 180)), max_size=6), st.integers(0, 5), st.integers(1, 180)
)
def test_an_early_answer_is_never_taken_back(
    drawn: list[tuple[Interval | None, int]], n: int, when: int
) -> None:
    """What is decided by the events known on a day stays so when the later ones come."""
    first = dt.date(2026, 1, 1)
    events = [
        event("financing", amount_usd=a, states={"announced": str(first + dt.timedelta(days=d))})
        for a, d in drawn
    ]
    criterion = parse(f"count(financing where announced by 2026-06-30 and amount >= $1bn) >= {n}")
    day = first + dt.timedelta(days=when)
    known = [e for e in events if e.first_reported.date() <= day]
    early = answer(criterion, Ledger(known, Moment(noon(str(day)), DEADLINE, first))).truth
    final = answer(criterion, Ledger(events, Moment(noon("2026-07-02"), DEADLINE, first))).truth
    if early is not None:
        assert early == final


# ----- pace


def pace(text: str, events: list[Event], now: str, *gaps: Gap) -> Any:
    ledger = Ledger(events, Moment(noon(now), DEADLINE, dt.date(2026, 3, 26), final=True))
    return pace_of(parse(text), ledger, dt.date(2026, 3, 27), "seed", gaps)


def test_pace_of_a_count() -> None:
    result = pace("count(acquisition where announced after 2026-03-26) >= 3", [event()], "2026-05-15")
    assert (result.so_far, result.threshold, result.days_elapsed, result.days_left) == (1, 3, 50, 46)
    assert result.needed_per_week == pytest.approx(2 / 46 * 7)
    # By the negative binomial nothing more comes with 38%, up to one with 65%: the middle is one.
    assert result.projected == 2
    stay = 50 / 96
    assert result.probability == pytest.approx(1 - stay**1.5 * (1 + 1.5 * (1 - stay)), abs=1e-6)
    assert result.low <= result.projected <= result.high


def test_pace_of_a_sum_repeats_and_knows_its_limits() -> None:
    text = "sum(amount of commitment where announced after 2026-03-26) >= $50bn"
    sites = [event("commitment", amount_usd=usd(v)) for v in (5e9, 10e9, 4e9)]
    result = pace(text, sites, "2026-05-15")
    assert result == pace(text, sites, "2026-05-15")
    assert 19e9 <= result.low <= result.projected <= result.high
    assert 0 < result.probability < 1
    assert pace(text, [], "2026-05-15").note == "no amount yet to project from"
    assert pace(text, [], "2026-05-15").projected is None
    assert pace(text, sites, "2026-03-20").note == "the window has not opened"


def test_pace_ends_with_the_window() -> None:
    over = pace("count(acquisition) >= 3", [event()], "2026-07-02")
    assert (over.days_left, over.projected, over.can_no_longer_be_met, over.probability) == (0, 1, True, 0)
    assert pace("count(acquisition) >= 1", [event()], "2026-05-15").probability == 1
    assert pace("exists(acquisition)", [event()], "2026-05-15") is None
    assert pace("count(acquisition) > 3", [], "2026-05-15").threshold == 4


@given(st.integers(0, 50), st.floats(1, 400), st.floats(0.5, 400))
def test_arrivals_are_a_distribution_with_the_known_mean(seen: int, elapsed: float, left: float) -> None:
    masses = more_events(seen, elapsed, left)
    assert math.fsum(masses) == pytest.approx(1)
    if left <= 10 * elapsed:
        mean = math.fsum(k * p for k, p in enumerate(masses))
        assert mean == pytest.approx((seen + 0.5) * left / elapsed, rel=1e-3)


@given(st.integers(0, 50), st.floats(1, 400), st.floats(0.5, 400), st.floats(1, 5))
def test_clusters_widen_a_count_and_leave_its_mean(
    seen: int, elapsed: float, left: float, spread: float
) -> None:
    masses = more_events(seen, elapsed, min(left, 2 * elapsed), spread)
    mean = math.fsum(k * p for k, p in enumerate(masses))
    variance = math.fsum((k - mean) ** 2 * p for k, p in enumerate(masses))
    expected = (seen + 0.5) * min(left, 2 * elapsed) / elapsed
    assert mean == pytest.approx(expected, rel=1e-3)
    assert variance == pytest.approx(spread * (expected + expected**2 / (seen + 0.5)), rel=2e-2)


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=30))
def test_the_likeliest_run_holds_its_median_and_about_the_level(weights: list[float]) -> None:
    masses = [w / sum(weights) for w in weights]
    low, high = likeliest(masses)
    held = math.fsum(masses[low : high + 1])
    least = max(masses)
    assert 0 <= low <= high < len(masses)
    assert abs(held - 0.8) <= max(least, 0.2) + 1e-9


def test_money_is_drawn_from_sizes_as_spread_as_deals_are() -> None:
    sums = more_money([1e9] * 50, more_events(10, 50, 50), "seed")
    assert sums == more_money([1e9] * 50, more_events(10, 50, 50), "seed")
    assert sums == sorted(sums)
    low, high = middle_of(sums)
    few_low, few_high = middle_of(more_money([1e9], more_events(10, 50, 50), "seed"))
    assert 2e9 < low < 10e9 < high < 40e9
    assert few_high / few_low > high / low
    assert middle_of([0.0] * 7 + [1.0, 2.0, 3.0]) == (0.0, 2.0)


def test_what_was_there_in_the_year_before_says_how_large_deals_are() -> None:
    text = "sum(amount of commitment where announced after 2026-03-26) >= $50bn"
    old = [
        event("commitment", amount_usd=usd(3e9), states={"announced": f"2025-{month:02}-05"})
        for month in range(5, 12)
    ]
    one = [event("commitment", amount_usd=usd(5e9))]
    alone, beside = pace(text, one, "2026-05-15"), pace(text, [*one, *old], "2026-05-15")
    assert alone.so_far == beside.so_far == 5e9
    assert beside.high < alone.high
    assert pace(text, old, "2026-05-15").projected is not None


def test_days_on_which_nothing_was_watched_say_nothing_of_the_pace() -> None:
    text = "count(acquisition where announced after 2026-03-26) >= 3"
    gap = Gap(start=day("2026-03-01"), end=day("2026-04-20"), why="no source")
    seen, whole = pace(text, [event()], "2026-05-15", gap), pace(text, [event()], "2026-05-15")
    assert (seen.days_elapsed, seen.note) == (50, "projected from 25 days that were watched")
    assert seen.rate_per_week == pytest.approx(2 * whole.rate_per_week)
    assert (seen.probability > whole.probability, seen.projected >= whole.projected) == (True, True)
    blind = pace(text, [event()], "2026-05-15", Gap(start=gap.start, end=DEADLINE, why="no source"))
    assert (blind.projected, blind.note) == (None, "no day of it was watched")
