"""Verdicts: every status, what counts for and against, and the clause each near miss fails."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.ledger_builder import event, money, noon, party, usd
from tracker.models.ledger import Event
from tracker.predict.coverage import ArticlePoint, Coverage, coverage_of
from tracker.predict.judge import judge
from tracker.predict.prediction import Prediction
from tracker.predict.verdict import Verdict

DEALS = (
    "acquisition where announced after 2026-03-26 and announced by 2026-06-30 and category is infrastructure "
    "and amount >= $10bn and acquirer kind in (cloud provider, enterprise software) "
    "and (origins >= 2 or filings >= 1)"
)
DEADLINE = dt.date(2026, 6, 30)
BEFORE, AFTER = noon("2026-05-15"), noon("2026-07-02")


def days_of(start: str, end: str) -> list[dt.date]:
    first, last = dt.date.fromisoformat(start), dt.date.fromisoformat(end)
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


def watched(*skipped: dt.date) -> Coverage:
    """A stream of articles on every day of the year but some."""
    points = [ArticlePoint("wire", d) for d in days_of("2026-01-01", "2026-12-31") if d not in skipped]
    return coverage_of([], points, dt.date(2026, 1, 1), dt.date(2026, 12, 31))


def prediction(criterion: str, **given: Any) -> Prediction:
    fields = {
        "id": "p", "title": "t", "statement": "s", "author": "a", "made": "2026-03-26", "opens": "2026-03-27",
        "deadline": str(DEADLINE), "criterion": criterion,
    }  # fmt: skip
    return Prediction.model_validate({**fields, **given})


def verdict(
    criterion: str,
    events: list[Event],
    now: dt.datetime = AFTER,
    coverage: Coverage | None = None,
    **given: Any,
) -> Verdict:
    return judge(prediction(criterion, **given), events, coverage or watched(), now)


def three(**last: Any) -> list[Event]:
    return [event(id="one"), event(id="two"), event(id="three", **last)]


# ----- statuses


def test_met_at_the_deadline_and_early() -> None:
    late, early = verdict(f"count({DEALS}) >= 3", three()), verdict(f"count({DEALS}) >= 3", three(), BEFORE)
    assert (late.status, late.early, late.due) == ("met", False, True)
    assert (early.status, early.early, early.due) == ("met", True, False)
    assert [e.event_id for e in late.evidence_for] == ["one", "three", "two"]


def test_open_before_the_deadline_and_not_met_after() -> None:
    assert verdict(f"count({DEALS}) >= 3", three()[:2], BEFORE).status == "open"
    assert verdict(f"count({DEALS}) >= 3", three()[:2]).status == "not met"


def test_the_deadline_day_belongs_to_the_window() -> None:
    last_moment = dt.datetime(2026, 6, 30, 23, 59, 59, tzinfo=dt.UTC)
    assert verdict(f"count({DEALS}) >= 3", [], last_moment).status == "open"
    assert verdict(f"count({DEALS}) >= 3", [], dt.datetime(2026, 7, 1, tzinfo=dt.UTC)).status == "not met"


def test_an_amount_in_doubt_leaves_it_undecided_and_is_named() -> None:
    result = verdict(f"count({DEALS}) >= 3", three(amount_usd=None))
    assert result.status == "undecided"
    assert any("the amount is not disclosed" in r for r in result.reasons)
    assert result.near_misses[0].unknown
    assert result.near_misses[0].event_id == "three"


def test_a_doubtful_event_does_not_matter_where_the_rest_decides() -> None:
    doubtful = event(amount_usd=None)
    assert verdict(f"count({DEALS}) >= 3", [*three(), doubtful]).status == "met"
    assert verdict(f"count({DEALS}) >= 3", [event(), doubtful]).status == "not met"


def test_no_not_met_out_of_an_outage_but_a_met() -> None:
    outage = watched(*days_of("2026-05-01", "2026-05-09"))
    result = verdict(f"count({DEALS}) >= 3", [event()], coverage=outage)
    assert result.status == "undecided"
    assert any("from 1 May to 9 May 2026 (9 days)" in r and "would not be met" in r for r in result.reasons)
    assert verdict(f"count({DEALS}) >= 3", three(), coverage=outage).status == "met"


def test_nothing_is_claimed_absent_out_of_an_outage() -> None:
    outage = watched(*days_of("2026-05-01", "2026-05-09"))
    assert verdict(f"not exists({DEALS})", [], coverage=outage).status == "undecided"
    assert verdict(f"count({DEALS}) <= 3", [event()], coverage=outage).status == "undecided"
    assert verdict(f"not exists({DEALS})", [event()], coverage=outage).status == "not met"


def test_an_outage_outside_the_window_does_not_matter() -> None:
    assert (
        verdict(f"count({DEALS}) >= 3", [], coverage=watched(*days_of("2026-01-02", "2026-03-01"))).status
        == "not met"
    )


def test_it_can_become_impossible_early() -> None:
    result = verdict(f"not exists({DEALS})", [event()], BEFORE)
    assert (result.status, result.early) == ("not met", True)
    assert result.reasons[0] == "It can no longer be met."
    closed = "count(acquisition where announced by 2026-04-30) >= 3"
    assert verdict(closed, [event()], BEFORE).status == "not met"


def test_what_can_still_be_called_off_is_not_met_early() -> None:
    criterion = "exists(acquisition where reached announced and not reached terminated)"
    assert verdict(criterion, [event()], BEFORE).status == "open"
    assert verdict(criterion, [event()]).status == "met"


def test_what_happened_after_the_deadline_does_not_count() -> None:
    off = {"announced": "2026-04-14", "terminated": "2026-07-01"}
    assert verdict("exists(acquisition where status is announced)", [event(states=off)]).status == "met"
    late = [event(id="late", states={"announced": "2026-07-01"})]
    result = verdict("exists(acquisition)", late)
    assert result.status == "not met"
    assert [e.why for e in result.near_misses] == ["one day too late: happened 1 July 2026"]


def listing(value: float | None) -> Event:
    return event("ipo", states={"completed": "2026-05-02"}, valuation_usd=usd(value))


LISTED = "exists(ipo where company is OpenAI and reached completed and valuation >= $1tn)"


@pytest.mark.parametrize(
    ("events", "now", "status", "condition"),
    [
        ([], BEFORE, "open", "open"),
        ([], AFTER, "void", "false"),
        ([listing(1.2e12)], AFTER, "not met", "met"),
        ([listing(None)], AFTER, "undecided", "undecided"),
        ([listing(1.2e12), *three()], AFTER, "met", "met"),
    ],
)  # fmt: skip
def test_conditions(events: list[Event], now: dt.datetime, status: str, condition: str) -> None:
    result = verdict(f"count({DEALS}) >= 3", events, now, condition=LISTED)
    assert (result.status, result.condition) == (status, condition)
    inline = verdict(f"if {LISTED} then count({DEALS}) >= 3", events, now)
    assert inline.status == status


def test_void_before_the_deadline_when_the_condition_has_failed_by_its_own() -> None:
    result = verdict(
        f"count({DEALS}) >= 3", three(), BEFORE, condition=LISTED, condition_deadline="2026-04-30"
    )
    assert (result.status, result.early) == ("void", False)


def test_what_the_ledger_cannot_tell_stays_undecided() -> None:
    unknowable = 'exists(shutdown where subject is Sora) and unrecorded "revenue is no field"'
    sora = event("shutdown", parties={"company": [party("OpenAI")], "subject": [party("Sora app")]})
    result = verdict(unknowable, [sora])
    assert result.status == "undecided"
    assert result.reasons[0] == "The ledger cannot tell one part of it: revenue is no field."
    assert [e.event_id for e in result.evidence_for] == [sora.id]
    assert verdict(unknowable, []).status == "not met"


# ----- near misses

BUYERS = "acquirer kind in (cloud provider, enterprise software)"
NO_INVESTOR = "the buyer is an investor, not a cloud provider or an enterprise software company"
NO_RATE = "the amount in XAU has no rate"
UNLISTED = "what kind of company Foo is, the company list does not say"


def on(day: str) -> dict[str, Any]:
    return {"states": {"announced": day}}


@pytest.mark.parametrize(
    ("given", "clause", "why"),
    [
        ({"amount_usd": usd(9.6e9)}, "amount >= $10bn", "$9.6bn is less than $10bn"),
        ({"amount_usd": None}, "amount >= $10bn", "the amount is not disclosed"),
        ({"amount_usd": usd(0, 12e9)}, "amount >= $10bn", "up to $12bn may lie on either side of $10bn"),
        ({"amount_usd": usd(4e9, None)}, "amount >= $10bn", "at least $4bn may lie on either side of $10bn"),
        ({"amount_usd": usd(4e9, 5e9)}, "amount >= $10bn", "$4bn to $5bn is less than $10bn"),
        ({"amount_usd": None, "amount": money(1e9, "XAU")}, "amount >= $10bn", NO_RATE),
        (on("2026-07-01"), "announced by 2026-06-30", "one day too late: announced 1 July 2026"),
        (on("2026-03-24"), "announced after 2026-03-26", "3 days too early: announced 24 March 2026"),
        ({"category": "other"}, "category is infrastructure", "the category is other, not infrastructure"),
        ({"origins": 1}, "origins >= 2 or filings >= 1", "one independent publisher and no filings"),
        ({"parties": {"acquirer": [party("GIP", "investor")]}}, BUYERS, NO_INVESTOR),
        ({"parties": {"acquirer": [party("Foo")]}}, BUYERS, UNLISTED),
        ({"parties": {"target": [party("Foo")]}}, BUYERS, "the buyer is not named"),
    ],
)  # fmt: skip
def test_a_near_miss_names_the_clause_and_the_value(given: dict[str, Any], clause: str, why: str) -> None:
    result = verdict(f"count({DEALS}) >= 3", [event(id="near", **given)])
    assert [(e.event_id, e.clause, e.why) for e in result.near_misses] == [("near", clause, why)]
    assert not result.evidence_for


def test_rumoured_only() -> None:
    criterion = "exists(acquisition where announced by 2026-06-30 and amount >= $10bn)"
    result = verdict(criterion, [event(states={"rumoured": "2026-04-01"})])
    assert [e.why for e in result.near_misses] == ["only rumoured"]
    off = event(states={"rumoured": "2026-04-01", "terminated": "2026-05-01"})
    assert [e.why for e in verdict(criterion, [off]).near_misses] == ["called off before it was announced"]


def test_two_failures_are_no_near_miss() -> None:
    far = event(category="other", amount_usd=usd(1e9))
    failed_and_doubtful = event(category="other", amount_usd=None)
    assert not verdict(f"count({DEALS}) >= 3", [far, failed_and_doubtful]).near_misses


def test_near_misses_come_nearest_first() -> None:
    sizes = {"far": 6e9, "close": 9.6e9, "beyond": 1e9}
    events = [event(id=i, amount_usd=usd(size)) for i, size in sizes.items()]
    assert [e.event_id for e in verdict(f"count({DEALS}) >= 3", events).near_misses] == ["close", "far"]


# ----- evidence against


def test_comparable_deals_of_the_other_category_and_called_off_deals_speak_against() -> None:
    model = event(id="model", category="model")
    off = event(id="off", states={"announced": "2026-04-14", "terminated": "2026-06-01"})
    result = verdict(f"count({DEALS}) >= 3", [model, off])
    assert {e.event_id: e.why for e in result.evidence_against} == {
        "model": "the category is model, not infrastructure",
        "off": "counted, but was called off",
    }
    assert [e.event_id for e in result.evidence_for] == ["off"]


def test_the_contrary_criterion_speaks_against() -> None:
    raise_ = event("financing", id="raise", valuation_usd=usd(900e9), category="model")
    result = verdict(f"count({DEALS}) >= 3", [raise_], against="exists(financing where valuation >= $500bn)")
    assert [(e.event_id, e.why) for e in result.evidence_against] == [
        ("raise", "a valuation of $900bn is at least $500bn")
    ]


def test_a_counterexample_speaks_against_a_claim_of_absence() -> None:
    result = verdict("not exists(acquisition where amount > $11bn)", [event(id="big", amount_usd=usd(20e9))])
    assert (result.status, [e.event_id for e in result.evidence_against]) == ("not met", ["big"])


def test_the_rest_of_the_whole_speaks_against_a_share() -> None:
    events = [
        event("pricing", id=i, from_="seat", to=to)
        for i, to in (("a", "usage"), ("b", "credits"), ("c", "seat"))
    ]
    result = verdict("share(pricing where to in (usage, credits) of pricing) >= 60%", events)
    assert result.status == "met"
    assert [e.event_id for e in result.evidence_for] == ["a", "b"]
    assert [e.event_id for e in result.evidence_against] == ["c"]


def test_each_mark_is_weighed_against_a_stated_baseline() -> None:
    marks = [
        event("valuation", id=i, amount_usd=usd(v))
        for i, v in (("low", 400e9), ("high", 900e9), ("deep", 300e9))
    ]
    result = verdict("change(median(amount of valuation where company is OpenAI) from $840bn) <= -40%", marks)
    assert result.status == "met"
    assert [e.event_id for e in result.evidence_for] == ["deep", "low"]
    assert [e.event_id for e in result.evidence_against] == ["high"]
    told = (
        "The median valuation mark of OpenAI is 52% lower than $840bn; a fall of at least 40% is asked for."
    )
    assert result.reasons == [told]
    assert result.evidence_against[0].why == "its value, $900bn, is 7.1% above $840bn"


def test_a_value_of_nothing_is_undecided_not_zero() -> None:
    result = verdict("change(median(amount of valuation) from $840bn) <= -40%", [])
    assert result.status == "undecided"
    assert result.reasons == ["No valuation mark counts; a fall of at least 40% is asked for."]


def test_first_before_first() -> None:
    one = event("ipo", id="a", states={"completed": "2026-05-01"})
    two = event("ipo", id="b", states={"completed": "2026-05-03"}, parties={"company": [party("Anthropic")]})
    criterion = "first(ipo where company is OpenAI) before first(ipo where company is Anthropic)"
    assert verdict(criterion, [one, two]).status == "met"
    assert verdict(criterion, [one], BEFORE).status == "met"
    assert verdict(criterion, [two], BEFORE).status == "not met"
    assert verdict(criterion, [], BEFORE).status == "open"
    assert verdict(criterion, []).status == "not met"


def test_thresholds_in_another_currency() -> None:
    loan = usd(570e6)
    assert loan is not None
    in_euro = loan.model_copy(update={"currency": "EUR", "rate": 1.14})
    exact = verdict("exists(financing where amount >= €500m)", [event("financing", amount_usd=in_euro)])
    assert exact.status == "met"  # 570m / 1.14 = €500m: the rate of another day must not decide
    short = verdict("exists(financing where amount >= €501m)", [event("financing", amount_usd=in_euro)])
    assert [e.why for e in short.near_misses] == ["€500m is less than €501m"]
    assert (
        verdict("sum(amount of financing) >= €100m", [event("financing", amount_usd=usd(1e9))]).status
        == "met"
    )


@pytest.mark.parametrize(
    ("place", "evidence", "truth"),
    [
        (["Dunkirk"], "", "met"),
        (["Texas"], "", "not met"),
        ([], "built in France", "met"),
        ([], "built", "undecided"),
    ],
)
def test_places(place: list[str], evidence: str, truth: str) -> None:
    site = event("commitment", place=place, evidence=evidence or "A sentence.")
    assert verdict("exists(commitment where place is EU)", [site]).status == truth


def test_the_same_input_gives_the_same_bytes_in_any_order() -> None:
    events = [*three(), event(id="near", amount_usd=usd(9.6e9)), event(id="model", category="model")]
    one, other = verdict(f"count({DEALS}) >= 3", events), verdict(f"count({DEALS}) >= 3", events[::-1])
    assert one.model_dump_json() == other.model_dump_json()
