"""What is wrong with a prediction before it is accepted, its back-test, and what would flip a verdict."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import pytest

from tests.ledger_builder import event, noon, party, source, usd
from tests.test_predict_verdicts import AFTER, BEFORE, prediction, watched
from tracker.models.company import COMPANY_KINDS
from tracker.models.ledger import Event
from tracker.predict.backtest import BackTest, backtest, baseline, told
from tracker.predict.forecast import checked
from tracker.predict.index import Index
from tracker.predict.judge import Case
from tracker.predict.lint import Finding, Known, lint
from tracker.predict.parse import parse
from tracker.predict.prediction import Prediction
from tracker.predict.sensitivity import by_change, flips
from tracker.predict.shift import shifted
from tracker.predict.show import show

IN_TIME = "announced after 2026-03-26 and announced by 2026-06-30"
NOW = noon("2026-04-01")


def found(p: Prediction, events: Iterable[Event] = (), known: Known | None = None) -> list[Finding]:
    return lint(p, Index(events), known or Known(), NOW)


def faults(criterion: str, events: Iterable[Event] = (), known: Known | None = None) -> list[str]:
    return [f.told for f in found(prediction(criterion), events, known) if f.fault]


def test_a_good_prediction_has_nothing_wrong() -> None:
    good = f"count(acquisition where {IN_TIME} and acquirer kind is cloud provider and amount >= $1bn) >= 3"
    assert found(prediction(good), [event()], Known(("Amazon",), COMPANY_KINDS)) == []


@pytest.mark.parametrize(
    ("criterion", "told"),
    [
        (f"count(acquisition where {IN_TIME}) >= 0", "it holds, whatever happens"),
        (f"share(ipo where {IN_TIME} of ipo where {IN_TIME}) > 100%", "it can never hold, whatever happens"),
        (
            "exists(ipo where announced after 2026-06-01 and announced by 2026-05-01)",
            "ipo where announced after 2026-06-01 and announced by 2026-05-01 begins on 2026-06-02, "
            "after its last day 2026-05-01",
        ),
        (f"exists(ipo where {IN_TIME} and acquirer is Amazon)", "ipo has no acquirer"),
    ],
)
def test_criteria_that_cannot_be_judged(criterion: str, told: str) -> None:
    assert told in faults(criterion)


@pytest.mark.parametrize(
    ("clause", "field"),
    [
        ("category is model and category is infrastructure", "category"),
        ("amount >= $10bn and amount < $1bn", "amount"),
    ],
)
def test_what_no_event_can_be(clause: str, field: str) -> None:
    assert any(t.startswith(f"no event has such a {field}") for t in faults(f"exists(ipo where {clause})"))


def test_what_is_known_already_is_no_prediction() -> None:
    early = event(states={"announced": "2026-03-30"})
    assert faults(f"exists(acquisition where {IN_TIME})", [early]) == [
        "it holds already by the ledger of today"
    ]
    assert faults(f"exists(acquisition where {IN_TIME})") == []


def test_words_that_the_ledger_does_not_know() -> None:
    known = Known(("Amazon Web Services",), ("cloud provider",))
    asked = f"exists(acquisition where {IN_TIME} and acquirer in (Amazon, Amazno) and target kind is clown)"
    told = [f.told for f in found(prediction(asked), (), known)]
    assert told == ["no company is of kind 'clown'", "the ledger has never heard of 'Amazno'"]


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("OpenAI is worth more than 1 trillion by June.", "'1 trillion' has no currency"),
        ("The number of deals is above 10 by June.", "'10' has no unit"),
        ("A major deal is made.", "'major' is not defined"),
    ],
)
def test_statements_that_leave_something_open(statement: str, told: str) -> None:
    p = prediction(f"exists(ipo where {IN_TIME})", statement=statement)
    assert told in [f.told for f in found(p)]


def test_a_word_that_the_fine_print_defines_is_clear() -> None:
    p = prediction(
        f"exists(ipo where {IN_TIME})", statement="A major deal.", counts=["Major: $10bn or more."]
    )
    assert found(p) == []


def test_days_that_do_not_fit() -> None:
    told = [f.told for f in found(prediction("exists(ipo where announced by 2026-12-31)"))]
    assert told[0] == "the criterion looks until 2026-12-31, the deadline is 2026-06-30"
    assert told[1].endswith("has no first day: all that the ledger has ever heard of counts")
    late = lint(prediction(f"exists(ipo where {IN_TIME})"), Index(()), Known(), AFTER)
    assert [f.told for f in late if f.fault] == ["2026-06-30 has passed"]


def test_predictions_that_overlap() -> None:
    one = prediction(f"count(ipo where {IN_TIME}) >= 3")
    twin, kin = (
        one.model_copy(update={"id": "twin"}),
        prediction(f"count(ipo where {IN_TIME}) >= 5", id="kin"),
    )
    told = [f.told for f in found(one, (), Known(others=[one, twin, kin]))]
    assert told == ["twin asks the same", "kin rests on the same events"]


# ----- back-test


def test_every_day_of_a_criterion_moves() -> None:
    moved = shifted(parse(f"count(ipo where {IN_TIME} and amount >= $1bn) >= 3"), dt.timedelta(days=-96))
    assert show(moved) == (
        "count(ipo where announced after 2025-12-20 and announced by 2026-03-26 and amount >= $1bn) >= 3"
    )


def history() -> list[Event]:
    """Deals on single days of three windows of 96 days before 27 March 2026; the first only opens them."""
    days = ("2025-06-01", "2025-07-01", "2026-01-10", "2026-02-10")
    alone = [source("2026-01-10", n=7)]
    events = [event(id=f"e{n}", states={"announced": d}, sources=alone) for n, d in enumerate(days)]
    return [
        *events,
        event(id="x", states={"announced": "2026-03-01"}, sources=[*alone, source("2026-03-01")]),
    ]


def test_past_windows_of_the_same_length() -> None:
    tested = backtest(prediction(f"exists(acquisition where {IN_TIME})"), Index(history()), NOW)
    assert [(str(w.start), str(w.end), w.held) for w in tested.windows] == [
        ("2025-12-21", "2026-03-26", True),
        ("2025-09-16", "2025-12-20", False),
        ("2025-06-12", "2025-09-15", True),
    ]
    assert tested.base_rate == pytest.approx(2.5 / 4)
    assert told(tested) == (
        "It would have come true in two of three earlier windows of 96 days (12 June 2025 to 26 March 2026); "
        "base rate 62%. Four events matched, three told by one source only, most by outlet7 (3)."
    )


def test_a_ledger_without_a_past_says_so() -> None:
    tested = backtest(prediction(f"exists(acquisition where {IN_TIME})"), Index(()), NOW)
    assert (tested.base_rate, tested.windows) == (None, ())
    assert "does not reach back" in told(tested)


def past(days: Sequence[str]) -> Index:
    start = event(id="old", states={"announced": "2025-01-01"})
    return Index([start, *(event(id=f"e{n}", states={"announced": d}) for n, d in enumerate(days))])


# Earlier windows of 96 days begin on 2025-03-08, 06-12, 09-16 and 12-21.
PAST = past(["2025-03-09", "2025-06-21", "2025-06-22", "2025-12-30", "2025-12-30", "2025-12-31"])


def test_the_past_of_a_number_gives_its_quantiles() -> None:
    asked = prediction(f"known(count(acquisition where {IN_TIME}))", form="numeric")
    tested = backtest(asked, PAST, NOW)
    assert [w.came for w in tested.windows] == [3, 0, 2, 1]
    stated = baseline(asked, tested)
    assert stated == {"0.1": 0.0, "0.25": 0.5, "0.5": 1.5, "0.75": 2.5, "0.9": 3.0}
    assert checked("numeric", stated, ()) == stated
    assert baseline(asked, BackTest(tested.windows[:3])) is None


def test_the_past_of_a_day_counts_from_the_first_of_the_window() -> None:
    asked = prediction(f"exists(acquisition where {IN_TIME})", form="date")
    tested = backtest(asked, PAST, NOW)
    assert [w.came for w in tested.windows] == [9, 96, 9, 1]
    stated = baseline(asked, tested)
    assert stated is not None
    assert checked("date", stated, ()) == stated
    assert stated["0.9"] == "2026-07-01"


def test_the_past_of_a_choice_shares_out_its_windows() -> None:
    big = f"exists(acquisition where {IN_TIME} and amount >= $1000bn)"
    few = f"count(acquisition where {IN_TIME}) >= 1"
    asked = prediction(few, form="choice", options={"any": few, "huge": big})
    tested = backtest(asked, PAST, NOW)
    assert [w.came for w in tested.windows] == ["any", "none", "any", "any"]
    stated = baseline(asked, tested)
    assert stated == {"any": 3.5 / 5.5, "huge": 0.5 / 5.5, "none": 1.5 / 5.5}
    assert checked("choice", stated, asked.options) == stated


# ----- sensitivity


def case(criterion: str, events: list[Event], now: dt.datetime = AFTER) -> Case:
    return Case(prediction(criterion), events, watched(), now)


def test_what_would_flip_a_sum_is_half_or_twice_of_a_part() -> None:
    asked = f"sum(amount of acquisition where {IN_TIME}) >= $50bn"
    result = flips(case(asked, [event(amount_usd=usd(30e9)), event(id="small", amount_usd=usd(1e9))]))
    assert ("amount", "twice as much", "met") in {(f.field, f.value, f.becomes) for f in result}
    assert not [f for f in result if "$50bn" in f.value]


def test_which_change_of_which_event_would_flip_the_verdict() -> None:
    asked = f"count(acquisition where {IN_TIME} and category is infrastructure and amount >= $10bn) >= 2"
    near = event(id="near", amount_usd=usd(9.6e9), parties={"target": [party("Near")]})
    far = event(id="far", amount_usd=usd(9.6e9), category="model")
    result = flips(case(asked, [event(id="in"), near, far]))
    assert {(f.event_id, f.field, f.value, f.becomes) for f in result} == {("near", "amount", "$10bn", "met")}
    assert by_change(result) == [
        "met if the amount of Near: acquisition announced 14 April 2026, $9.6bn were $10bn"
    ]


def test_a_verdict_that_rests_on_one_event_falls_with_it() -> None:
    asked = f"exists(acquisition where {IN_TIME} and category is infrastructure and status is announced)"
    result = {(f.field, f.value): f.becomes for f in flips(case(asked, [event()]))}
    assert result[("category", "model")] == result[("status", "terminated")] == "not met"
    assert flips(case(asked, [event(), event()])) == []
    assert {f.becomes for f in flips(case(asked, [event(category="model")], BEFORE))} == set()


def test_many_changes_are_counted() -> None:
    asked = f"exists(acquisition where {IN_TIME} and category is infrastructure)"
    lines = by_change(flips(case(asked, [event()])))
    assert (len(lines), lines[-1]) == (4, "and 1 more")
