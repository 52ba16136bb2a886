"""Grammar: one sentence per type, status and what is known of the parties."""

from __future__ import annotations

import doctest
import importlib
import itertools
import pkgutil

import pytest

import tracker.brief
from tests.test_brief_support import moment, money, simple, source
from tracker.brief.money import amount_text, coined, point_usd, short
from tracker.brief.sentences import tellable, telling
from tracker.models.ledger import Interval
from tracker.models.mention import EVENT_TYPES, STATUSES

ACQUISITIONS = [
    ("rumoured", {}, "IBM is reportedly in talks to buy Confluent for $11bn."),
    ("announced", {}, "IBM agreed to buy Confluent for $11bn."),
    ("completed", {}, "IBM bought Confluent for $11bn."),
    ("terminated", {}, "IBM’s plan to buy Confluent for $11bn fell through."),
    ("announced", {"acquirer": "KKR|CVC"}, "KKR and CVC agreed to buy Confluent for $11bn."),
    ("rumoured", {"acquirer": "KKR|CVC"}, "KKR and CVC are reportedly in talks to buy Confluent for $11bn."),
    ("completed", {"acquirer": ""}, "Confluent was bought for $11bn."),
    ("announced", {"acquirer": ""}, "Confluent is to be bought for $11bn."),
    ("rumoured", {"acquirer": ""}, "Confluent is reportedly in talks to be bought for $11bn."),
    ("terminated", {"acquirer": ""}, "A plan to buy Confluent for $11bn fell through."),
    ("completed", {"target": ""}, "IBM bought an unnamed company for $11bn."),
    ("completed", {"seller": "Acme"}, "IBM bought Confluent from Acme for $11bn."),
    ("completed", {"kind": "stake"}, "IBM bought a stake in Confluent for $11bn."),
    (
        "completed",
        {"kind": "stake", "acquirer": ""},
        "An unnamed buyer bought a stake in Confluent for $11bn.",
    ),
    ("announced", {"kind": "acquihire", "amount": None}, "IBM agreed to hire the team of Confluent."),
    (
        "completed",
        {"kind": "licence_hire"},
        "IBM licensed the technology of and hired from Confluent for $11bn.",
    ),
    (
        "announced",
        {"kind": "merger", "acquirer": "", "target": "A1|B2"},
        "A1 and B2 agreed to merge in a deal worth $11bn.",
    ),
    (
        "terminated",
        {"kind": "merger", "amount": None},
        "The planned merger of IBM and Confluent fell through.",
    ),
    ("completed", {"acquirer": "xAI", "amount": None}, "xAI bought Confluent."),
    ("completed", {"target": "Acme Inc.", "amount": None}, "IBM bought Acme Inc."),
]
OTHERS = [
    ("financing", "completed", {"company": "Helia"}, "Helia raised money."),
    ("financing", "completed", {"company": "Helia", "round": "series_b"}, "Helia raised a Series B round."),
    (
        "financing",
        "completed",
        {
            "company": "Helia",
            "round": "series_b",
            "amount": money(50e6),
            "lead": "Oak",
            "investors": "Oak|Elm|Fir",
        },
        "Helia raised $50m in a Series B round led by Oak, with Elm and Fir.",
    ),
    (
        "financing",
        "rumoured",
        {"company": "Helia", "amount": money(2e9, qualifier="range", top=3e9), "valuation": money(40e9)},
        "Helia is reportedly seeking to raise $2bn to $3bn, at a valuation of $40bn.",
    ),
    (
        "financing",
        "announced",
        {"company": "Helia", "round": "debt", "amount": money(830e6)},
        "Helia is to raise $830m of debt.",
    ),
    (
        "financing",
        "terminated",
        {"company": "Helia", "amount": money(1e9)},
        "Helia’s plan to raise $1bn fell through.",
    ),
    (
        "financing",
        "completed",
        {"company": "Oak", "kind": "fund", "amount": money(1e9)},
        "Oak raised a fund of $1bn.",
    ),
    (
        "financing",
        "completed",
        {"company": "Helia", "lead": "Helia|Oak", "investors": "oak|Helia"},
        "Helia raised money led by Oak.",
    ),
    ("financing", "completed", {"amount": money(1e6)}, "An unnamed company raised $1m."),
    (
        "shutdown",
        "announced",
        {"company": "OpenAI", "subject": "Sora", "scope": "product"},
        "OpenAI will shut down Sora.",
    ),
    (
        "shutdown",
        "completed",
        {"company": "OpenAI", "subject": "Sora", "scope": "product"},
        "OpenAI shut down Sora.",
    ),
    (
        "shutdown",
        "rumoured",
        {"company": "OpenAI", "subject": "Sora", "scope": "product"},
        "OpenAI is reportedly considering shutting down Sora.",
    ),
    (
        "shutdown",
        "terminated",
        {"company": "OpenAI", "subject": "Sora", "scope": "product"},
        "OpenAI’s plan to shut down Sora fell through.",
    ),
    (
        "shutdown",
        "completed",
        {"company": "Acme", "subject": "Lyon site", "scope": "unit"},
        "Acme closed Lyon site.",
    ),
    (
        "shutdown",
        "announced",
        {"company": "Notion|Notion", "subject": "Notion|Skiff", "scope": "product"},
        "Notion will shut down Skiff.",
    ),
    (
        "shutdown",
        "completed",
        {"company": "Volkswagen", "subject": "Volkswagen", "scope": "unit"},
        "Volkswagen closed part of its business.",
    ),
    ("shutdown", "completed", {"subject": "Humane", "scope": "company"}, "Humane shut down."),
    ("shutdown", "announced", {"subject": "Sora", "scope": "product"}, "Sora will be shut down."),
    ("commitment", "announced", {"company": "Fjord"}, "Fjord announced plans for infrastructure."),
    (
        "commitment",
        "announced",
        {"company": "Fjord", "amount": money(2e9), "place": ["Norway"], "partners": "NBIM"},
        "Fjord pledged $2bn for infrastructure in Norway with NBIM.",
    ),
    ("commitment", "completed", {"amount": money(2e9)}, "$2bn for infrastructure was committed."),
    (
        "commitment",
        "rumoured",
        {"company": "Fjord"},
        "Fjord is reportedly planning infrastructure.",
    ),
    (
        "pricing",
        "completed",
        {"company": "Acme", "subject": "Desk", "from_": "seat", "to": "usage"},
        "Acme moved Desk from per-seat to usage-based pricing.",
    ),
    (
        "pricing",
        "announced",
        {"company": "Acme", "to": "outcome"},
        "Acme will move its prices to outcome-based pricing.",
    ),
    ("pricing", "completed", {"company": "Acme", "subject": "Desk"}, "Acme changed how it charges for Desk."),
    ("valuation", "completed", {"company": "Orbit", "amount": money(3e11)}, "Orbit was valued at $300bn."),
    ("valuation", "rumoured", {"company": "Orbit"}, "Orbit would reportedly be valued anew."),
    (
        "ipo",
        "completed",
        {"company": "Quarry", "amount": money(3e9)},
        "Quarry went public, raising $3bn.",
    ),
    ("ipo", "announced", {"company": "Quarry"}, "Quarry announced plans to go public."),
    ("ipo", "rumoured", {"company": "Quarry"}, "Quarry is reportedly planning to go public."),
    ("ipo", "terminated", {"company": "Quarry"}, "Quarry’s plan to go public fell through."),
]


@pytest.mark.parametrize(("status", "over", "expected"), ACQUISITIONS)
def test_acquisition(status, over, expected):
    given = {"acquirer": "IBM", "target": "Confluent", "amount": money(11e9)} | over
    given = {k: v for k, v in given.items() if v != ""}
    assert telling(simple("acquisition", status, **given)).text == expected


@pytest.mark.parametrize(("type_", "status", "over", "expected"), OTHERS)
def test_other_types(type_, status, over, expected):
    sentence = telling(simple(type_, status, **over))
    assert sentence.text == expected
    assert sentence.event_ids == ["e1"]


def test_a_pledge_says_what_it_is_for_by_the_words_of_its_reports():
    title = "SoftBank to invest up to €75 billion in French data centers"
    told = [source(1, "announced", moment("2026-06-24"), title=title)]
    pledge = simple("commitment", "announced", company="SoftBank", amount=money(75e9, "EUR", "up_to"))
    pledge.sources = told
    assert telling(pledge).text == "SoftBank pledged up to €75bn for data centres."


def test_a_headline_about_factories_closes_no_company():
    event = simple("shutdown", "announced", company="Volvo", subject="Volvo", scope="company")
    event.sources[0].title = "Volvo to close two factories"
    assert telling(event).text == "Volvo will close part of its business."


@pytest.mark.parametrize(
    ("type_", "given", "expected"),
    [
        ("financing", {"investors": "Oak", "amount": money(1e9)}, False),
        ("financing", {"company": "Helia"}, True),
        ("acquisition", {"acquirer": "IBM"}, True),
        ("acquisition", {"seller": "IBM"}, False),
        ("valuation", {"company": "Orbit"}, False),
        ("valuation", {"company": "Orbit", "amount": money(1e9)}, True),
    ],
)
def test_an_event_of_nobody_is_not_tellable(type_, given, expected):
    assert tellable(simple(type_, "completed", **given)) is expected


@pytest.mark.parametrize(("type_", "status"), list(itertools.product(EVENT_TYPES, STATUSES)))
def test_every_type_and_status_is_told_without_parties(type_, status):
    text = telling(simple(type_, status)).text
    assert text[0].isupper()
    assert text.endswith(".")
    assert "  " not in text


def test_amounts_in_other_currencies_carry_dollars():
    euros = Interval(low=1.2e9, high=1.2e9, currency="EUR", rate=1.09)
    assert amount_text(money(1.1e9, "EUR"), euros) == "€1.1bn (about $1.2bn)"
    assert amount_text(money(95e9, "SEK"), None) == "SEK 95bn"
    assert amount_text(money(None)) is None
    assert amount_text(money(5e9, qualifier="up_to")) == "up to $5bn"
    assert (short(999_600), coined(1.5e12), short(1e6)) == ("1m", "$1.5tn", "1m")


def test_a_currency_without_a_rate_has_no_dollar_figure():
    event = simple("financing", "completed", company="X", amount=money(1e9, "XYZ"))
    assert point_usd(event) is None


def test_examples_in_the_documentation_hold():
    modules = [
        importlib.import_module(f"tracker.brief.{m.name}")
        for m in pkgutil.iter_modules(tracker.brief.__path__)
    ]
    results = [doctest.testmod(m) for m in modules]
    assert sum(r.attempted for r in results) > 15
    assert not any(r.failed for r in results)


def test_a_name_that_begins_another_word_does_not_keep_it_small():
    told = telling(simple("pricing", "rumoured", subject="a"))
    assert told.text == "An unnamed vendor is reportedly planning to change how it charges for a."
