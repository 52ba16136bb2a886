"""The demo newsroom, as its writers annotated it, gives each deal once, in the state it is in."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest

from tests.mention_builders import mention
from tracker.config import shipped
from tracker.models.ledger import Event
from tracker.models.mention import ROLES
from tracker.models.told import ArticleRef, MentionIn
from tracker.pipeline import company_directory
from tracker.resolve.deals import derive
from tracker.resolve.rates import EcbRates

FIELDS = (
    "kind",
    "salience",
    "amount",
    "valuation",
    "round",
    "scope",
    "date",
    "category",
    "aliases",
    "from_",
    "to",
)


def items() -> Iterator[dict[str, Any]]:
    for path in sorted(shipped("data", "newsroom").glob("items-*.jsonl")):
        yield from map(json.loads, path.read_text("utf-8").splitlines())


def told(number: int, item: dict[str, Any], event: dict[str, Any]) -> MentionIn:
    published = dt.datetime.fromisoformat(item["published"])
    article = ArticleRef(
        id=number, key=item["id"], source_id=item["outlet"], url=f"https://{item['outlet']}.example/{item['id']}",
        title=item["title"], lead=" ".join(item["paragraphs"])[:600], published=published, seen_at=published,
    )  # fmt: skip
    event = {**event, "from_": event.get("from")}
    fields = {name: event[name] for name in (*FIELDS, *ROLES[event["type"]]) if event.get(name)}
    return MentionIn(number, mention(event["type"], event["status"], **fields), article)


@lru_cache(maxsize=1)
def ledger() -> list[Event]:
    pairs = [(item, event) for item in items() for event in item["events"]]
    mentions = [told(number, *pair) for number, pair in enumerate(pairs, 1)]
    return derive(mentions, company_directory(), EcbRates())


def news_of(type_: str, role: str, name: str) -> list[Event]:
    return [e for e in ledger() if e.type == type_ and e.salience == "main" and name in e.names(role)]


@pytest.mark.parametrize(
    ("target", "steps"),
    [
        ("Confluent", [["announced", "completed"]]),
        ("Manus", [["completed", "terminated"], ["rumoured"]]),  # Meta's, and the founders' to take it back
        ("Globalstar", [["rumoured", "announced"]]),
        ("SambaNova", [["rumoured", "terminated"]]),
        ("Wiz", [["completed"]]),  # the attempt of 2024 that failed is background
        ("Groq", [["announced"]]),
        ("Armis", [["announced"]]),
    ],
)
def test_an_acquisition_is_told_once(target: str, steps: list[list[str]]) -> None:
    found = news_of("acquisition", "target", target)
    assert sorted([s.status for s in e.states] for e in found) == sorted(steps)


def test_rounds_of_one_company_are_kept_apart() -> None:
    rounds = [e.round for e in news_of("financing", "company", "Anthropic")]
    assert rounds.count("series_g") == rounds.count("series_h") == 1
    assert rounds.count("strategic") == 2  # Amazon's and Google's
    debts = [
        e.amount.value for e in news_of("financing", "company", "Nscale") if e.round == "debt" and e.amount
    ]
    assert len(debts) == 2


def test_the_price_most_sources_give_is_shown_and_the_other_kept() -> None:
    (event,) = news_of("acquisition", "target", "Confluent")
    assert event.amount_usd is not None
    assert event.amount_usd.low == 11e9
    assert [c.value for c in event.contradictions] == ["USD 11,400,000,000"]


def test_a_product_closed_in_two_steps_is_one_shutdown() -> None:
    (event,) = news_of("shutdown", "subject", "Sora")
    assert [s.status for s in event.states] == ["announced", "completed"]


def test_every_annotated_mention_is_in_one_event() -> None:
    told_here = sorted(s.mention_id for e in ledger() for s in e.sources)
    assert told_here == list(range(1, sum(len(item["events"]) for item in items()) + 1))
