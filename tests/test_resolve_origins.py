"""Copies of one article are one origin."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.mention_builders import deal, one_event
from tracker.resolve.origins import SAME_TEXT, Read, words_of

RELEASE = (
    "The company said on Monday it had signed a definitive agreement to buy the maker of streaming software "
    "for thirty-one dollars a share in cash and expects to close the purchase by the middle of next year"
)


def test_independent_articles_count_apart() -> None:
    event = one_event(deal("2026-01-05", "announced"), deal("2026-01-05", "announced"))
    assert event.origins == 2


def test_one_publisher_is_one_origin() -> None:
    event = one_event(
        deal("2026-01-05", "announced", outlet="wire"), deal("2026-01-09", "announced", outlet="wire")
    )
    assert event.origins == 1


def test_one_title_is_one_origin() -> None:
    title = "IBM to buy Confluent for $11 billion"
    event = one_event(
        deal("2026-01-05", "announced", title=title), deal("2026-01-06", "announced", title=title + "!")
    )
    assert event.origins == 1


def test_a_rewritten_release_is_one_origin_named_after_the_first() -> None:
    first = deal("2026-01-05", "announced", outlet="wire", lead=RELEASE)
    copy = deal(
        "2026-01-06", "announced", outlet="portal", lead=RELEASE.replace("Monday", "Jan 5") + " it added"
    )
    event = one_event(copy, first)
    assert event.origins == 1
    assert {s.origin for s in event.sources} == {"wire.example"}


def test_a_filing_counts_apart() -> None:
    event = one_event(deal("2026-01-05", "announced"), deal("2026-01-05", "announced", filing=True, tier=1))
    assert (event.origins, event.filings) == (1, 1)


@given(st.lists(st.lists(st.sampled_from("abcdef"), max_size=14).map(" ".join), max_size=12))
def test_the_first_that_shares_most_words_is_found(leads: list[str]) -> None:
    read, seen = Read(), []
    for number, lead in enumerate(leads):
        words = words_of(f"Headline {number}", lead)
        alike = (
            n for n, other in enumerate(seen)
            if len(words.shingles & other.shingles) >= SAME_TEXT * len(words.shingles | other.shingles)
        )  # fmt: skip
        assert read.copied_by(words) == next(alike, None)
        read.add(words)
        seen.append(words)
