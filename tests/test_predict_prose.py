"""What is measured and what misses, in plain sentences; what no reader would call near is left out."""

from __future__ import annotations

import doctest
import importlib
import re

import pytest

from tests.ledger_builder import event, party, usd
from tests.test_predict_verdicts import AFTER, BEFORE, days_of, verdict, watched
from tracker.models.ledger import Event

PREDICATE = re.compile(r"asked is|[<>]=|contrary criterion|salience|\\b(count|sum|share|change) of\\b")


def deal(id_: str, amount: float | None = 12e9, **over: object) -> Event:
    return event(id=id_, amount_usd=None if amount is None else usd(amount), **over)


@pytest.mark.parametrize(
    ("criterion", "events", "told"),
    [
        (
            "count(acquisition) >= 3",
            [],
            "No acquisition counts so far; three are asked for.",
        ),
        (
            "count(acquisition where amount >= $10bn) >= 3",
            [deal("a"), deal("b", None)],
            "One acquisition counts for certain so far, one more may; three are asked for.",
        ),
        (
            "sum(amount of commitment) >= $50bn",
            [event("commitment", id="c", amount_usd=usd(0, 87e9))],
            "Of the commitments that count, nothing is certain so far and $87bn is possible; "
            "at least $50bn is asked for.",
        ),
        (
            "sum(amount of commitment) >= $50bn",
            [event("commitment", id="c", amount_usd=None)],
            "Of the commitments that count, nothing is certain so far and some amounts are not disclosed; "
            "at least $50bn is asked for.",
        ),
        (
            "share(pricing where to is usage of pricing) >= 60%",
            [event("pricing", id="p", from_="seat", to=None)],
            "How many of the pricing changes fit is not known yet; at least 60% of them are asked for.",
        ),
        (
            "change(median(valuation of financing) from $10bn) >= 25%",
            [event("financing", id="f", valuation_usd=usd(3.185e9))],
            "The median valuation of the financings is 68% lower so far than $10bn; "
            "a rise of at least 25% is asked for.",
        ),
        (
            "count(acquisition where amount >= $1bn) >= 2 * count(financing)",
            [event("financing", id="f"), deal("a")],
            "One acquisition counts so far; two are asked for, twice the number before.",
        ),
    ],
)
def test_progress_is_an_english_sentence(criterion: str, events: list[Event], told: str) -> None:
    assert verdict(criterion, events, BEFORE).reasons == [told]


def test_after_the_deadline_nothing_is_so_far() -> None:
    assert verdict("count(acquisition) >= 3", [], AFTER).reasons == [
        "No acquisition counts; three are asked for."
    ]


def test_a_counterexample_contradicts_and_does_not_fit() -> None:
    result = verdict("not exists(acquisition where amount > $11bn)", [deal("big")])
    assert result.reasons == ["One acquisition contradicts it."]


def test_no_predicate_language_reaches_a_reader() -> None:
    events = [deal("a"), deal("b", None), deal("c", category="model"), deal("d", salience="background")]
    criterion = (
        "count(acquisition where category is infrastructure and amount >= $10bn and salience is main) >= 3"
    )
    result = verdict(criterion, events, against="exists(acquisition where category is model)")
    texts = [*result.reasons, *(e.why or "" for e in (*result.evidence_against, *result.near_misses))]
    assert texts
    assert not [t for t in texts if PREDICATE.search(t)]


def test_what_decides_stands_first() -> None:
    outage = watched(*days_of("2026-05-01", "2026-05-09"))
    reasons = verdict("count(acquisition) >= 3", [], coverage=outage).reasons
    assert reasons[0].startswith("Too few sources were watched from 1 May to 9 May 2026")


@pytest.mark.parametrize(
    ("criterion", "missed"),
    [
        ("count(acquisition where salience is main) >= 3", {"salience": "background"}),
        ("exists(acquisition where target is Foo)", {"parties": {"target": [party("Bar")]}}),
        ("exists(acquisition where announced after 2026-03-26)", {"states": {"announced": "2026-01-10"}}),
        ("exists(acquisition where announced after 2026-03-26)", {"states": {"rumoured": "2025-12-31"}}),
        ("exists(acquisition where amount >= $10bn)", {"amount_usd": usd(3e9)}),
    ],
)
def test_what_no_reader_would_call_near_is_no_near_miss(criterion: str, missed: dict[str, object]) -> None:
    assert not verdict(criterion, [event(id="far", **missed)]).near_misses


def test_a_small_amount_is_not_near_a_large_sum_and_the_largest_is_nearest() -> None:
    loans = [
        event("commitment", id=name, amount_usd=usd(size), place=[])
        for name, size in (("small", 1e8), ("large", 4e10), ("middle", 5e9))
    ]
    result = verdict("sum(amount of commitment where place is Norway) >= $50bn", loans, BEFORE)
    assert [e.event_id for e in result.near_misses] == ["large", "middle"]


def test_the_other_side_of_a_comparison_has_no_near_misses() -> None:
    events = [deal("base", 2e9, states={"announced": "2026-02-01"}), deal("unknown", None)]
    criterion = (
        "count(acquisition where announced after 2026-03-26 and amount >= $1tn) "
        ">= 2 * count(acquisition where announced between 2026-01-01 and 2026-03-26)"
    )
    result = verdict(criterion, events, BEFORE)
    assert [(e.event_id, e.why) for e in result.evidence_against] == [
        ("base", "it belongs to the number to beat")
    ]


def test_no_projection_out_of_a_few_days() -> None:
    result = verdict("count(acquisition) >= 3", [], BEFORE, opens="2026-05-12")
    assert result.pace is not None
    assert (result.pace.projected, result.pace.note) == (None, "too early to project")


def test_examples_in_the_documentation_hold() -> None:
    for name in ("prose", "words", "clauses"):
        assert not doctest.testmod(importlib.import_module(f"tracker.predict.{name}")).failed
