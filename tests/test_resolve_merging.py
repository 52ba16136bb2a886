"""Tellings that only seem to be of one deal, or of two: bidders, owners, investors, mergers, old ones."""

from __future__ import annotations

from dataclasses import replace

from tests.mention_builders import deal, events_of, one_event, told
from tracker.models.mention import Party, Span
from tracker.models.told import MentionIn

BACK = {"salience": "background"}


def raise_(day: str, status: str = "completed", **fields: object) -> MentionIn:
    return told(day, "financing", status, **{"company": "OpenAI", **fields})


def promise(day: str, **fields: object) -> MentionIn:
    return told(day, "commitment", "announced", **{"company": "Google", **fields})


def merge(day: str, target: str, status: str = "completed", **fields: object) -> MentionIn:
    return deal(day, status, **{"target": target, "kind": "merger", "acquirer": [], **fields})


def test_a_merger_has_no_fixed_sides() -> None:
    event = one_event(
        merge("2026-02-02", "Confluent", acquirer="OpenAI"),
        merge("2026-02-03", "OpenAI", acquirer="Confluent"),
    )
    assert event.origins == 2
    rival = merge("2026-02-03", "OpenAI", acquirer="Nvidia")
    assert len(events_of(merge("2026-02-02", "Confluent", acquirer="OpenAI"), rival)) == 2


def test_two_mergers_read_in_one_sentence_are_one_unless_there_is_only_talk() -> None:
    pair = [merge("2026-02-02", name, key="same") for name in ("Confluent", "OpenAI")]
    assert len(events_of(*pair)) == 1
    talk = [merge("2026-02-02", name, "rumoured", key="same") for name in ("Confluent", "OpenAI")]
    assert len(events_of(*talk)) == 2


def test_the_owner_told_for_the_company_that_merges_is_no_rival() -> None:
    event = one_event(
        deal("2026-02-02", "completed", acquirer="OpenAI"),
        merge("2026-03-02", "Confluent", acquirer="Sam Altman", **BACK),
    )
    assert event.names("acquirer")[0] == "OpenAI"


def test_a_rival_bidder_read_into_one_article_does_not_join_the_bids() -> None:
    news = [deal(f"2026-01-0{d}", "announced", acquirer="Google") for d in range(1, 6)]
    both = deal("2026-01-06", "announced", acquirer=["Google", "Nvidia"])
    events = events_of(*news, both, deal("2026-01-07", "rumoured", acquirer="Nvidia"))
    assert [(e.names("acquirer")[0], e.status) for e in events] == [
        ("Google", "announced"),
        ("Nvidia", "rumoured"),
    ]


def test_undated_background_with_a_lesser_known_buyer_is_an_older_deal() -> None:
    news = [deal(f"2026-01-0{d}", "completed", acquirer="Google") for d in range(1, 4)]
    person = deal("2026-01-04", "completed", acquirer=["Google", "Elon Musk"])
    older = deal("2026-05-04", "completed", acquirer="Elon Musk", **BACK)
    assert [e.salience for e in events_of(*news, person, older)] == ["main", "background"]


def test_one_investor_by_itself_is_not_the_round_that_is_talked_of() -> None:
    alone = raise_("2026-04-24", "announced", investors="Google", amount=40)
    talk = raise_("2026-04-30", "rumoured", amount=50, valuation=900)
    assert len(events_of(alone, talk)) == 2
    assert len(events_of(alone, raise_("2026-04-30", "rumoured", investors="Google", amount=50))) == 1


def test_talk_at_one_valuation_is_of_one_round() -> None:
    event = one_event(
        raise_("2026-01-15", "rumoured", amount=100, valuation=830),
        raise_("2026-01-28", "rumoured", investors="SoftBank", amount=30, valuation=830),
    )
    assert [c.field for c in event.contradictions] == ["amount"]


def test_talk_names_no_round_that_one_investor_alone_announced_before() -> None:
    alone = raise_("2025-10-25", "announced", investors="Nvidia", amount=100)
    assert len(events_of(alone, raise_("2025-12-19", "rumoured", amount=100))) == 2


def test_an_old_investment_is_not_a_part_of_the_round_that_its_investor_joined() -> None:
    news = [raise_(f"2026-03-0{d}", investors=["Google", "Nvidia", "SoftBank"], amount=10) for d in (1, 2)]
    named = raise_("2026-03-03", investors=["Google", "IBM", "Nvidia", "SoftBank"], amount=10)
    old = raise_("2026-03-20", investors="IBM", amount=10, **BACK)
    assert len(events_of(*news, named, old)) == 2


def test_one_investors_share_of_a_named_round_is_told_of_the_round() -> None:
    event = one_event(
        raise_("2026-01-07", round="series_e", amount=20),
        raise_("2026-01-08", round="series_e", amount=20),
        raise_("2026-01-29", "announced", round="series_e", investors="Nvidia", amount=2),
    )
    assert [(c.field, c.value) for c in event.contradictions] == [("amount", "USD 2,000,000,000")]


def test_talk_taken_up_again_after_half_a_year_is_other_talk() -> None:
    talk = [deal(day, "rumoured", acquirer=[]) for day in ("2026-01-05", "2026-05-05", "2026-12-05")]
    assert [len(e.sources) for e in events_of(*talk)] == [2, 1]


def test_rounds_at_valuations_a_factor_apart_are_two() -> None:
    first = raise_("2026-01-15", "announced", valuation=380)
    assert len(events_of(first, raise_("2026-03-01", "rumoured", valuation=900))) == 2


def test_promises_without_a_common_sum_are_soon_others() -> None:
    first = promise("2026-01-05", partners="Nvidia")
    assert len(events_of(first, promise("2026-02-05", partners="Nvidia"))) == 1
    assert len(events_of(first, promise("2026-04-05", partners="Nvidia"))) == 2
    assert len(events_of(first, promise("2026-01-09"))) == 2


def test_a_rumour_after_a_listing_misread_as_done_goes_on() -> None:
    steps = [
        told(day, "ipo", status, company="OpenAI")
        for day, status in (("2026-06-08", "completed"), ("2026-06-26", "rumoured"))
    ]
    assert len(events_of(*steps)) == 1


def test_undated_background_does_not_stretch_the_time_of_a_round() -> None:
    news = raise_("2026-01-05", amount=2)
    retold = raise_("2026-05-05", amount=2, **BACK)
    assert len(events_of(news, retold)) == 1
    assert len(events_of(news, retold, raise_("2026-06-05", amount=2, date="2026-06-05", **BACK))) == 2


def test_background_of_a_done_deal_goes_to_the_news_of_it() -> None:
    talk = [deal(f"2026-05-0{d}", "rumoured", acquirer=[]) for d in range(1, 4)]
    done = deal("2026-01-05", "completed", acquirer="IBM")
    events = events_of(*talk, done, deal("2026-05-04", "completed", acquirer=[], **BACK))
    assert {e.status: len(e.sources) for e in events} == {"completed": 2, "rumoured": 3}


def test_a_product_closes_once_in_a_month_whoever_is_said_to_run_it() -> None:
    def close(day: str, company: str) -> MentionIn:
        return told(day, "shutdown", "completed", company=company, subject="Sora", scope="product")

    assert len(events_of(close("2026-03-24", "OpenAI"), close("2026-03-26", "Disney"))) == 1
    assert len(events_of(close("2026-03-24", "OpenAI"), close("2026-06-26", "Disney"))) == 2


def test_background_that_names_no_buyer_goes_to_what_was_news() -> None:
    news = [deal(f"2026-05-0{d}", "announced", acquirer="Google") for d in (1, 2)]
    other = deal("2026-06-15", "completed", acquirer="Nvidia", **BACK)
    bare = deal("2026-06-17", "completed", acquirer=[], **BACK)
    events = events_of(*news, other, bare)
    assert [(e.names("acquirer"), len(e.sources)) for e in events] == [(["Google"], 3), (["Nvidia"], 1)]


def test_background_that_tells_a_year_long_gone_is_an_older_deal() -> None:
    def retold(text: str) -> MentionIn:
        start = text.index("Confluent")
        source = deal("2026-02-01", "completed", **BACK)
        target = Party(name="Confluent", text="Confluent", start=start, end=start + 9)
        evidence = Span(text=text, start=0, end=len(text))
        mention = source.mention.model_copy(update={"evidence": evidence, "target": [target]})
        return replace(source, mention=mention)

    news = deal("2026-01-05", "announced")
    assert len(events_of(news, retold("IBM bought Confluent back in 2022, its largest purchase."))) == 2
    for text in (
        "IBM bought Confluent in 2025.",
        "IBM, which was founded in 1911, bought Confluent.",
        "IBM bought Confluent in 2022,000 shares.",
    ):
        assert len(events_of(news, retold(text))) == 1, text
