"""Amounts of money: every currency and style of news writing, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.extract.money import LONGEST_NUMBER, SYMBOLS, MoneySpan, find_money

BN, M = 1e9, 1e6


def only(text: str) -> MoneySpan:
    (found,) = find_money(text)
    return found


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("US$11bn", 11 * BN, "USD"),
        ("$87M", 87 * M, "USD"),
        ("$3.2 Billion", 3.2 * BN, "USD"),
        ("$1T", 1000 * BN, "USD"),
        ("$500k", 0.5 * M, "USD"),
        ("$60-billion", 60 * BN, "USD"),
        ("$ 50 million", 50 * M, "USD"),
        ("U.S. $30 mln", 30 * M, "USD"),
        ("USD1.2bn", 1.2 * BN, "USD"),
        ("5 million USD", 5 * M, "USD"),
        ("25 mln dlrs", 25 * M, "USD"),
        ("2.3 bln dlrs", 2.3 * BN, "USD"),
        ("$250,000", 0.25 * M, "USD"),
        ("€1.1 billion", 1.1 * BN, "EUR"),
        ("830 million euros", 830 * M, "EUR"),
        ("EUR 5m", 5 * M, "EUR"),
        ("4m euro", 4 * M, "EUR"),
        ("£30m", 30 * M, "GBP"),
        ("500 million pounds", 500 * M, "GBP"),
        ("25 mln stg", 25 * M, "GBP"),
        ("700m yuan", 700 * M, "CNY"),
        ("CN¥300m", 300 * M, "CNY"),
        ("RMB 2 billion", 2 * BN, "CNY"),
        ("¥100bn", 100 * BN, "JPY"),
        ("3bn yen", 3 * BN, "JPY"),
        ("Rs 500 crore", 5 * BN, "INR"),
        ("₹200 crore", 2 * BN, "INR"),
        ("Rs. 1,50,000 crore", 1500 * BN, "INR"),
        ("12 lakh rupees", 1.2 * M, "INR"),
        ("13.8bn Singapore dollars", 13.8 * BN, "SGD"),
        ("S$50m", 50 * M, "SGD"),
        ("A$400m", 400 * M, "AUD"),
        ("C$12 million", 12 * M, "CAD"),
        ("NZ$9m", 9 * M, "NZD"),
        ("HK$1.2bn", 1.2 * BN, "HKD"),
        ("NT$500 million", 500 * M, "TWD"),
        ("R$2bn", 2 * BN, "BRL"),
        ("₩1.3 trillion", 1300 * BN, "KRW"),
        ("1.5 trillion won", 1500 * BN, "KRW"),
        ("CHF 40m", 40 * M, "CHF"),
        ("300 million Swiss francs", 300 * M, "CHF"),
        ("SEK 300 million", 300 * M, "SEK"),
        ("1,200 million kronor", 1.2 * BN, "SEK"),
        ("8.5 billion dirhams", 8.5 * BN, "AED"),
        ("NIS 40 million", 40 * M, "ILS"),
        ("RM 30m", 30 * M, "MYR"),
        ("TRY 10m", 10 * M, "TRY"),
    ],
)
def test_currencies_and_scales(text: str, value: float, currency: str) -> None:
    found = only(f"Acme paid {text} for it.")
    assert (found.money.value, found.money.currency) == (pytest.approx(value), currency)
    assert found.money.text == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("half a billion dollars", 0.5 * BN),
        ("a quarter of a billion euros", 0.25 * BN),
        ("one and a half billion dollars", 1.5 * BN),
        ("two and a half billion dollars", 2.5 * BN),
        ("twenty-five million dollars", 25 * M),
        ("twelve million euros", 12 * M),
        ("a hundred million dollars", 100 * M),
        ("one billion dollars", BN),
    ],
)
def test_numbers_in_words(text: str, value: float) -> None:
    found = only(f"It cost {text} in all.")
    assert found.money.value == value
    assert found.money.text == text


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [
        ("up to $5bn", "up_to"),
        ("as much as $2.25bn", "up_to"),
        ("more than $7B", "at_least"),
        ("$7B+", "at_least"),
        ("at least $300m", "at_least"),
        ("upwards of $300m", "at_least"),
        ("$2bn or more", "at_least"),
        ("nearly $600 million", "about"),
        ("about £30m", "about"),
        ("an estimated $4bn", "about"),
        ("$87M", "exact"),
        ("the $87M", "exact"),
    ],
)
def test_qualifiers(text: str, qualifier: str) -> None:
    assert only(f"It raised {text}.").money.qualifier == qualifier


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("$40 billion to $80 billion", 40 * BN, 80 * BN),
        ("$40-80 billion", 40 * BN, 80 * BN),
        ("$40 to $50 million", 40 * M, 50 * M),
        ("$1.5m-$2m", 1.5 * M, 2 * M),
        ("10 to 12 million dollars", 10 * M, 12 * M),
        ("$2bn and $3bn", 2 * BN, 3 * BN),
    ],
)
def test_both_ends_of_a_range_are_one_amount(text: str, low: float, high: float) -> None:
    found = only(f"It would pay between {text} for it.")
    assert (found.money.value, found.money.max, found.money.qualifier) == (low, high, "range")
    assert found.money.text == text


def test_two_amounts_joined_by_and_are_no_range() -> None:
    found = find_money("It paid $1bn in cash and $500m in stock, then $2bn and $3bn.")
    assert [m.money.value for m in found] == [BN, 0.5 * BN, 2 * BN, 3 * BN]
    assert {m.money.max for m in found} == {None}


@pytest.mark.parametrize("text", ["$12 a share", "$31.50 per share", "$20 per user", "$10,000 per seat"])
def test_prices_of_one_share_or_seat_are_marked(text: str) -> None:
    assert only(f"The offer is {text} now.").per_share


def test_a_price_is_not_a_share_price() -> None:
    assert not only("It bought a share for $12 million.").per_share


@pytest.mark.parametrize(
    "text",
    [
        "an undisclosed sum",
        "not a dollar more",
        "the 2 million users of it",
        "iPhone 15 million seller",
        "several million dollars",
        "we try 10 times, then rub 2 stones",
        "version 8 of php 8",
        "$" + "9" * 400,
    ],
)
def test_what_is_no_amount(text: str) -> None:
    assert find_money(text) == []


def test_a_million_and_a_billion_are_told_apart_by_one_letter() -> None:
    assert [m.money.value for m in find_money("$2.5m, not $2.5bn")] == [2.5 * M, 2.5 * BN]


PIECES = st.sampled_from(
    [
        *SYMBOLS,
        "5",
        "1,000",
        "2.5",
        "m",
        "bn",
        " million",
        " to ",
        "-",
        " euros",
        " half a billion dollars",
        " up to ",
        "+",
        " a share",
        "\x00",
        "ß",
        "İ",
        "年",
        "\n",
        "\u202e",
        "9" * (LONGEST_NUMBER + 1),
    ]
)


@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=30).map("".join)))
def test_spans_are_exact_and_in_order(text: str) -> None:
    last = 0
    for found in find_money(text):
        assert text[found.start : found.end] == found.money.text
        assert (found.money.start, found.money.end) == (found.start, found.end)
        assert last <= found.start < found.end
        assert found.money.value is not None
        assert 0 <= found.money.value < 1e40
        assert found.money.max is None or found.money.max > found.money.value
        last = found.end


def test_ten_thousand_amounts() -> None:
    text = " ".join(f"${n}m" for n in range(1, 10_001))
    assert [m.money.value for m in find_money(text)] == [n * M for n in range(1, 10_001)]
