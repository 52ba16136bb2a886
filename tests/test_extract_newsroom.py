"""The demo newsroom as the shipped models read it, against its annotations: floors just below the figures."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

from benchmarks.corpus import newsroom_set
from benchmarks.labelling import listed, same
from tests.extract_support import extractor
from tracker.models.mention import KEY_ROLE

FLOORS = {"recall": 0.47, "precision": 0.87, "status": 0.93, "amount": 0.9}
CEILINGS = {"invented": 0.05, "stale": 0.05}
"""Shares of items without a deal and of deals told. The newsroom is oblique on purpose: of plain news the
models find more (docs/benchmarks.md)."""
CORE = ("acquisition", "financing", "shutdown")
Event = dict[str, Any]


@cache
def scored() -> Counter[str]:
    """Counts over all items: events found, predicted, annotated, and how many of their fields are right."""
    newsroom = newsroom_set()
    counts: Counter[str] = Counter()
    for name, mentions in extractor().extract(newsroom.documents):
        gold = [e for e in newsroom.gold[name] if e["type"] in CORE]
        told = [m.as_json() for m in mentions if m.type in CORE and m.salience == "main"]
        counts["empty"] += not newsroom.gold[name]
        counts["invented"] += not newsroom.gold[name] and bool(told)
        counts["gold"] += sum(e["salience"] == "main" and not e.get("doubt") for e in gold)
        for event in told:
            match = next((g for g in gold if about_the_same(g, event)), None)
            counts["predicted"] += not (match and match.get("doubt"))
            if match and not match.get("doubt"):
                gold.remove(match)
                counts.update(right(match, event))
    return counts


def about_the_same(gold: Event, event: Event) -> bool:
    role = KEY_ROLE[gold["type"]]
    names = [p["name"] for p in event.get(role, [])]
    known = [n for name in listed(gold, role) for n in (name, *(gold.get("aliases") or {}).get(name, []))]
    return gold["type"] == event["type"] and any(same(a, b) for a in known for b in names)


def right(gold: Event, event: Event) -> list[str]:
    if gold["salience"] != "main":
        return ["stale"]
    value = (gold.get("amount") or {}).get("value")
    told = (event.get("amount") or {}).get("value")
    out = ["found", *(["status"] if gold["status"] == event["status"] else [])]
    return out + (["amounts"] if value else []) + (["amount"] if value and value == told else [])


def test_deals_are_found() -> None:
    counts = scored()
    assert counts["gold"] > 100
    assert counts["found"] / counts["gold"] >= FLOORS["recall"]
    assert counts["found"] / counts["predicted"] >= FLOORS["precision"]


def test_status_and_amounts() -> None:
    counts = scored()
    assert counts["status"] / counts["found"] >= FLOORS["status"]
    assert counts["amount"] / counts["amounts"] >= FLOORS["amount"]


def test_little_is_invented() -> None:
    counts = scored()
    assert counts["empty"] > 20
    assert counts["invented"] / counts["empty"] <= CEILINGS["invented"]
    assert counts["stale"] / counts["predicted"] <= CEILINGS["stale"]
