"""One deal once: what is grouped, what is kept apart, and what an event then shows."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.mention_builders import deal, events_of, one_event, told
from tracker.models.mention import Money


def raise_(day: str, status: str = "completed", **fields: object):  # type: ignore[no-untyped-def]
    return told(day, "financing", status, **{"company": "OpenAI", **fields})


def states(event) -> list[tuple[str, str]]:  # type: ignore[no-untyped-def]
    return [(s.status, s.date.isoformat()) for s in event.states]


# --- acquisitions


def test_rumour_announcement_and_completion_are_one_deal() -> None:
    event = one_event(
        deal("2026-03-17", "completed", target="Confluent, Inc."),
        deal("2025-11-20", "rumoured", acquirer="International Business Machines"),
        deal("2025-12-08", "announced", amount=11),
    )
    assert states(event) == [
        ("rumoured", "2025-11-20"),
        ("announced", "2025-12-08"),
        ("completed", "2026-03-17"),
    ]
    assert (event.status, event.names("acquirer"), event.names("target")) == (
        "completed",
        ["IBM"],
        ["Confluent"],
    )
    assert event.parties["acquirer"][0].kind == "enterprise software"
    assert event.category == "infrastructure"
    assert event.amount_usd is not None
    assert event.amount_usd.low == 11e9


def test_suitors_of_one_target_are_kept_apart_but_a_rumour_may_name_several() -> None:
    events = events_of(
        deal("2026-01-02", "rumoured", acquirer=["IBM", "Google", "Nvidia"]),
        deal("2026-01-10", "announced", acquirer="Google"),
        deal("2026-01-12", "announced", acquirer="Nvidia"),
        deal("2026-01-20", "terminated", acquirer="Nvidia"),
    )
    assert [(e.names("acquirer"), e.status) for e in events] == [
        (["Google"], "announced"),
        (["Nvidia"], "terminated"),
    ]


def test_a_deal_called_off_and_taken_up_much_later_is_another() -> None:
    first, second = events_of(
        deal("2024-07-01", "announced"), deal("2024-07-20", "terminated"), deal("2025-03-18", "announced")
    )
    assert (first.status, second.status) == ("terminated", "announced")


def test_talks_that_failed_and_are_revived_at_once_go_on() -> None:
    event = one_event(deal("2026-01-05", "terminated"), deal("2026-01-19", "announced"))
    assert event.status == "announced"


def test_a_late_retelling_does_not_revive_a_terminated_deal() -> None:
    event = one_event(
        deal("2025-12-30", "announced"), deal("2026-04-27", "terminated"), deal("2026-05-02", "rumoured")
    )
    assert event.status == "terminated"


def test_a_rumour_after_the_completion_is_another_deal() -> None:
    assert len(events_of(deal("2026-01-05", "completed"), deal("2026-05-05", "rumoured"))) == 2


def test_the_same_pair_years_later_is_another_deal() -> None:
    assert len(events_of(deal("2022-01-05", "completed"), deal("2026-05-05", "announced"))) == 2


def test_a_minority_stake_is_not_the_takeover() -> None:
    assert len(events_of(deal("2026-01-05", "completed", kind="stake"), deal("2026-02-05", "announced"))) == 2


def test_a_unit_in_other_words_is_known_by_its_owners() -> None:
    unit = {"acquirer": "Zayo", "seller": "Crown Castle", "amount": 4.25, "kind": "unit"}
    event = one_event(
        deal("2026-05-28", "completed", target="fibre business", **unit),
        deal("2026-05-29", "completed", target="optical assets", **unit),
    )
    assert event.origins == 2


def test_a_telling_without_the_target_joins_by_buyer_and_price() -> None:
    event = one_event(
        deal("2026-01-05", "announced", amount=11), deal("2026-01-06", "announced", target=[], amount=11)
    )
    assert event.names("target") == ["Confluent"]
    assert (
        len(events_of(deal("2026-01-05", "announced", amount=11), deal("2026-01-06", "announced", target=[])))
        == 2
    )


def test_a_name_that_two_companies_bear_needs_the_deal_to_agree() -> None:
    one = deal("2026-01-05", "announced", target="AMI", acquirer="Lattice")
    assert len(events_of(one, deal("2026-01-06", "announced", target="AMI", acquirer=[]))) == 2
    assert len(events_of(one, deal("2026-01-06", "announced", target="AMI", acquirer="Lattice"))) == 1


def test_provisional_companies_are_joined_by_likeness() -> None:
    event = one_event(
        deal("2026-01-05", "announced", target="Quillbox Systems"),
        deal("2026-01-06", "announced", target="Quillbox"),
    )
    assert event.names("target") == ["Quillbox Systems"]
    assert (
        len(
            events_of(
                deal("2026-01-05", "announced", target="Play"),
                deal("2026-01-05", "announced", target="Plaid"),
            )
        )
        == 2
    )


# --- financings


def test_two_rounds_in_one_quarter_are_two_deals() -> None:
    events = events_of(
        raise_("2026-01-05", round="series_a", amount=1), raise_("2026-02-20", round="series_b", amount=1)
    )
    assert [e.round for e in events] == ["series_a", "series_b"]


def test_equity_and_debt_in_one_article_are_two_deals_with_two_ids() -> None:
    events = events_of(
        raise_("2026-01-05", amount=5, key="same"), raise_("2026-01-05", round="debt", amount=2, key="same")
    )
    assert len({e.id for e in events}) == 2
    assert {e.amount_usd.low for e in events if e.amount_usd} == {5e9, 2e9}


def test_a_round_grows_between_rumour_and_close() -> None:
    event = one_event(
        raise_("2026-01-05", "rumoured", amount=2.0),
        raise_("2026-02-20", round="series_c", amount=2.25),
        raise_("2026-02-21", round="series_c", amount=2.25),
    )
    assert (event.status, event.round) == ("completed", "series_c")
    assert event.amount is not None
    assert event.amount.value == 2.25e9
    assert [(c.field, c.value) for c in event.contradictions] == [("amount", "USD 2,000,000,000")]


def test_two_closed_rounds_of_different_size_are_two_deals() -> None:
    assert len(events_of(raise_("2026-01-05", amount=2), raise_("2026-02-20", amount=3))) == 2


def test_one_sum_in_two_currencies_is_one_round() -> None:
    event = one_event(
        raise_("2026-01-05", amount=Money(value=0.8e9, currency="EUR")),
        raise_("2026-01-06", amount=Money(value=1e9, currency="USD")),
    )
    assert event.contradictions == []


def test_two_strategic_investors_are_two_investments() -> None:
    a = raise_("2026-04-20", "announced", round="strategic", investors="Nvidia", amount=5)
    assert len(events_of(a, raise_("2026-04-24", "announced", round="strategic", investors="Google"))) == 2


def test_valuations_far_apart_are_two_rounds() -> None:
    assert (
        len(events_of(raise_("2026-01-05", valuation=10), raise_("2026-03-05", "rumoured", valuation=50)))
        == 2
    )


def test_a_fund_of_an_investor_is_not_a_round() -> None:
    fund = raise_("2026-01-06", company="Quillbox Ventures", amount=3, kind="fund")
    assert len(events_of(raise_("2026-01-05", company="Quillbox Ventures", amount=3), fund)) == 2
    assert len(events_of(raise_("2026-01-05", amount=2), raise_("2026-01-06", amount=3, kind="fund"))) == 2


def test_a_fund_that_is_none_joins_by_its_sum_or_valuation() -> None:
    assert len(events_of(raise_("2026-01-05", amount=3), raise_("2026-01-06", amount=3, kind="fund"))) == 1
    talk = raise_("2026-01-05", "rumoured", kind="fund", valuation=130)
    assert len(events_of(talk, raise_("2026-01-15", "rumoured", amount=5, valuation=134))) == 1


# --- background


def test_an_old_deal_retold_joins_its_event_and_is_no_news() -> None:
    event = one_event(
        deal("2025-12-08", "announced", amount=11),
        deal("2026-06-30", "completed", salience="background", amount=11),
    )
    assert (event.salience, event.status) == ("main", "announced")
    assert event.last_reported.date() == dt.date(2025, 12, 8)
    assert len(event.sources) == 2


def test_background_without_an_event_makes_a_background_event_of_its_text_date() -> None:
    event = one_event(raise_("2026-06-30", salience="background", amount=0.02, date="2025-07"))
    assert event.salience == "background"
    assert states(event) == [("completed", "2025-07-31")]


def test_background_of_an_earlier_failed_attempt_does_not_call_off_the_completed_deal() -> None:
    events = events_of(
        deal("2026-03-11", "completed", amount=32),
        deal("2026-03-11", "terminated", salience="background", amount=23),
        deal("2026-03-12", "terminated", salience="background", amount=23),
    )
    assert {(e.salience, e.status) for e in events} == {("main", "completed"), ("background", "terminated")}
    assert len(events) == 2


def test_background_told_by_two_origins_is_a_state() -> None:
    back = {"salience": "background"}
    event = one_event(
        deal("2026-01-05", "rumoured"),
        deal("2026-02-24", "terminated", **back),
        deal("2026-02-25", "terminated", **back),
    )
    assert event.status == "terminated"


# --- other types


def test_a_product_closed_in_steps_is_one_shutdown() -> None:
    shut = {"company": "OpenAI", "subject": "Sora", "scope": "product"}
    event = one_event(
        told("2026-03-24", "shutdown", "announced", **shut),
        told("2026-04-26", "shutdown", "completed", **shut),
    )
    assert (event.status, event.scope) == ("completed", "product")


def test_promises_are_kept_apart_by_place_and_sum() -> None:
    def promise(day: str, amount: float | None, place: str):  # type: ignore[no-untyped-def]
        return told(day, "commitment", "announced", company="Google", amount=amount, place=place)

    assert len(events_of(promise("2026-03-01", 10, "Portugal"), promise("2026-03-20", 3, "Spain"))) == 2
    assert len(events_of(promise("2026-03-01", 10, "Portugal"), promise("2026-03-20", None, "Spain"))) == 2
    assert len(events_of(promise("2026-03-01", 10, "Portugal"), promise("2026-03-03", 10, "Sines"))) == 1
    assert len(events_of(promise("2026-03-01", 10, "Portugal"), promise("2026-03-20", None, "Portugal"))) == 1


def test_pricing_valuation_and_ipo() -> None:
    def price(day: str, to: str):  # type: ignore[no-untyped-def]
        return told(day, "pricing", "announced", company="OpenAI", subject="Codex", from_="seat", to=to)

    assert len(events_of(price("2026-04-02", "usage"), price("2026-04-04", "usage"))) == 1
    assert len(events_of(price("2026-04-02", "usage"), price("2026-04-04", "credits"))) == 2

    def mark(day: str, amount: float):  # type: ignore[no-untyped-def]
        return told(day, "valuation", "completed", company="OpenAI", amount=amount)

    assert len(events_of(mark("2026-04-02", 850), mark("2026-04-10", 852))) == 1
    assert len(events_of(mark("2026-04-02", 850), mark("2026-04-10", 600))) == 2
    steps = [
        told(d, "ipo", s, company="OpenAI")
        for d, s in (("2026-01-15", "rumoured"), ("2026-06-09", "announced"))
    ]
    assert one_event(*steps).status == "announced"


# --- the fields of an event


def test_a_better_tier_decides_the_amount_and_the_rest_is_kept() -> None:
    event = one_event(
        deal("2026-01-05", "announced", amount=12, tier=3),
        deal("2026-01-06", "announced", amount=12, tier=3),
        deal("2026-01-05", "announced", amount=11, tier=1),
    )
    assert event.amount is not None
    assert event.amount.value == 11e9
    assert [(c.field, c.value, len(c.article_ids)) for c in event.contradictions] == [
        ("amount", "USD 12,000,000,000", 2)
    ]


def test_more_origins_and_then_more_digits_decide_the_amount() -> None:
    bound = Money(value=11e9, qualifier="at_least")
    event = one_event(
        deal("2026-01-05", "announced", amount=11.57),
        deal("2026-01-06", "announced", amount=11.6),
        deal("2026-01-07", "announced", amount=bound),
    )
    assert event.amount is not None
    assert event.amount.value == 11.57e9
    assert event.contradictions == []


def test_the_rate_is_of_the_day_of_the_announcement() -> None:
    event = one_event(
        deal("2026-01-05", "announced", amount=Money(value=8e9, currency="EUR")),
        deal("2026-03-05", "completed"),
    )
    assert event.amount_usd is not None
    assert (event.amount_usd.low, event.amount_usd.rate_date) == (10e9, dt.date(2026, 1, 5))


def test_an_amount_without_a_rate_is_kept_in_its_currency() -> None:
    event = one_event(deal("2026-01-05", "announced", amount=Money(value=8e9, currency="AED")))
    assert (event.amount_usd, event.amount.currency if event.amount else "") == (None, "AED")


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("2026-01-03", "2026-01-03"),
        ("2026-01", "2026-01-05"),
        ("2025-12", "2025-12-31"),
        ("2026-09-30", "2026-01-05"),
        ("1999-01-01", "2026-01-05"),
        ("2026", "2026-01-05"),
        ("2026-13", "2026-01-05"),
        ("01/03/2026", "2026-01-05"),
    ],
)
def test_a_stated_date_counts_if_it_can_be_one(stated: str, day: str) -> None:
    assert states(one_event(deal("2026-01-05", "announced", date=stated))) == [("announced", day)]


def test_a_misread_party_is_set_aside() -> None:
    good = [deal(f"2026-01-0{d}", "announced") for d in range(1, 9)]
    event = one_event(*good, deal("2026-01-09", "announced", acquirer=["IBM", "Reuters"]))
    assert event.names("acquirer") == ["IBM"]
    assert [(c.field, c.value) for c in event.contradictions] == [("acquirer", "Reuters")]


def test_a_merger_told_as_a_purchase_does_not_list_the_buyer_as_target() -> None:
    event = one_event(
        deal("2026-01-05", "rumoured", acquirer=[], target=["IBM", "Confluent"]),
        deal("2026-01-09", "completed"),
    )
    assert (event.names("acquirer"), event.names("target")) == (["IBM"], ["Confluent"])


def test_category_of_an_unknown_company_is_what_most_mentions_say() -> None:
    new = {"target": "Quillbox"}
    event = one_event(
        deal("2026-01-05", "announced", category="application", confidence=0.9, **new),
        deal("2026-01-06", "announced", category="model", confidence=0.3, **new),
    )
    assert event.category == "application"


def test_confidence_grows_with_independent_origins_only() -> None:
    alone = one_event(deal("2026-01-05", "announced", outlet="wire")).confidence
    repeated = one_event(*(deal("2026-01-05", "announced", outlet="wire") for _ in range(5))).confidence
    confirmed = one_event(deal("2026-01-05", "announced"), deal("2026-01-05", "announced")).confidence
    assert alone == repeated == pytest.approx(0.8)
    assert confirmed == pytest.approx(0.96)
