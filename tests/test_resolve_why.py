"""Each field of an event says why it shows its value."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mention_builders import deal, one_event


@pytest.mark.parametrize(
    ("chosen", "other", "basis"),
    [
        ({"amount": 11}, {}, "unopposed"),
        ({"amount": 11}, {"amount": 12, "salience": "background"}, "news"),
        ({"amount": 11}, {"amount": 12, "status": "rumoured"}, "firm"),
        ({"amount": 11, "filing": True}, {"amount": 12, "tier": 1}, "filing"),
        ({"amount": 11, "tier": 1}, {"amount": 12}, "tier"),
        ({"amount": 11}, {"amount": 12, "day": "2026-01-04"}, "recency"),
        ({"amount": 11}, {"amount": 12}, "order"),
    ],
)
def test_the_first_measure_that_differs_decides_an_amount(
    chosen: dict[str, Any], other: dict[str, Any], basis: str
) -> None:
    event = one_event(*(deal(**{"day": "2026-01-05", "status": "announced", **f}) for f in (chosen, other)))
    assert event.amount is not None
    assert (event.amount.value, event.why["amount"].basis) == (11e9, basis)


def test_a_reason_names_its_articles_and_their_weight() -> None:
    told = [deal(day, "announced", amount=11) for day in ("2026-01-05", "2026-01-07")]
    event = one_event(*told, deal("2026-01-09", "announced", amount=12))
    why = event.why["amount"]
    assert (why.basis, why.article_ids) == ("origins", [t.article.id for t in told])
    assert (why.tier, why.filing, why.origins, why.latest) == (2, False, 2, told[1].article.published)


def test_parties_and_category_have_reasons() -> None:
    event = one_event(
        deal("2026-01-02", "rumoured", acquirer=["IBM", "Google"]), deal("2026-01-10", "announced")
    )
    assert {field: reason.basis for field, reason in event.why.items()} == {
        "acquirer": "firm",
        "target": "unopposed",
        "category": "company list",
    }
    news = [deal(f"2026-01-0{d}", "announced", target="Quillbox") for d in range(1, 9)]
    event = one_event(*news, deal("2026-01-09", "announced", target="Quillbox", acquirer=["IBM", "Reuters"]))
    assert (event.why["acquirer"].basis, event.why["category"].basis) == ("majority", "unopposed")
    assert len(event.why["acquirer"].article_ids) == 9
