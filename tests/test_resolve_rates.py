"""Amounts in US dollars."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.models.mention import Money
from tracker.resolve.rates import EcbRates, in_usd

DAY = dt.date(2024, 3, 15)
RATES = EcbRates()


def test_uses_the_rate_of_the_day() -> None:
    rate = RATES.usd("EUR", DAY)
    assert rate is not None
    assert rate.day == DAY
    assert rate.usd == pytest.approx(1.0892)  # published by the ECB for 15 March 2024


def test_a_sunday_takes_the_rate_of_the_friday_before() -> None:
    assert RATES.usd("EUR", dt.date(2024, 3, 17)) == RATES.usd("EUR", DAY)


def test_a_day_after_the_shipped_rates_takes_the_last_one_and_says_so() -> None:
    rate = RATES.usd("GBP", dt.date(2999, 1, 1))
    assert rate is not None
    assert rate.day < dt.date(2999, 1, 1)


@pytest.mark.parametrize(
    ("currency", "day"), [("RUB", DAY), ("AED", DAY), ("XXX", DAY), ("EUR", dt.date(1990, 1, 2))]
)
def test_no_rate_is_no_amount(currency: str, day: dt.date) -> None:
    assert RATES.usd(currency, day) is None
    assert in_usd(Money(value=1e9, currency=currency), day, RATES) is None


@pytest.mark.parametrize(
    ("money", "low", "high"),
    [
        (Money(value=10.0), 10.0, 10.0),
        (Money(value=10.0, qualifier="about"), 9.5, 10.5),
        (Money(value=10.0, qualifier="up_to"), 0.0, 10.0),
        (Money(value=10.0, qualifier="at_least"), 10.0, None),
        (Money(value=10.0, max=12.0, qualifier="range"), 10.0, 12.0),
        (Money(value=10.0, qualifier="range"), 10.0, 10.0),
    ],
)
def test_an_amount_is_an_interval(money: Money, low: float, high: float | None) -> None:
    known = in_usd(money, DAY, RATES)
    assert known is not None
    assert known.low == pytest.approx(low)
    assert (known.high is None) == (high is None)
    if high is not None:
        assert known.high == pytest.approx(high)
    assert (known.rate, known.rate_date) == (None, None)


def test_undisclosed_is_no_amount() -> None:
    assert in_usd(None, DAY, RATES) is None
    assert in_usd(Money(value=None), DAY, RATES) is None


@given(
    st.floats(0, 1e13), st.floats(0, 1e13), st.sampled_from(["exact", "about", "up_to", "at_least", "range"])
)
def test_the_told_figure_lies_in_its_interval(value: float, upper: float, qualifier: str) -> None:
    money = Money(value=value, max=upper, currency="EUR", qualifier=qualifier)
    known = in_usd(money, DAY, RATES)
    assert known is not None
    assert known.rate is not None
    assert known.high is None or known.low <= known.high
    assert known.low <= value * known.rate * (1 + 1e-9)
    assert known.high is None or value * known.rate <= known.high * (1 + 1e-9)
