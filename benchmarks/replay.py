"""The ledger of both news files up to a day beside a timeline made by hand: what is found, once or in pieces.

`timeline.jsonl` says of each deal of the timeline that the files mention: its lines there, how a mention of
it is known, and documents that tell it. A deal is found if one of them is read as a telling of it, and once
if all that are read are in one event that is no other deal's.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.corpus import SHARED
from benchmarks.deal_pairs import Reading, told_share
from tracker.models.told import MentionIn

TIMELINE = SHARED / "timeline" / "deals-2025-12_2026-05.csv"
MENTIONED = Path(__file__).with_name("deal-pairs") / "timeline.jsonl"
UNTIL = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
TYPES = ("acquisition", "financing", "shutdown")


def published_before(mentions: Iterable[MentionIn], day: dt.datetime) -> list[MentionIn]:
    return [m for m in mentions if m.article.published < day]


def lines() -> int:
    """How many lines of the timeline are of the three types."""
    with TIMELINE.open(encoding="utf-8", newline="") as file:
        return sum(row["type"] in TYPES for row in csv.DictReader(file))


def events_of(deal: dict[str, Any], reading: Reading) -> set[str]:
    """The events that hold tellings of a deal."""
    found = (reading.event({**deal, "document": document}) for document in deal["documents"])
    return {event for event in found if event}


def replay(deals: list[dict[str, Any]], reading: Reading, total: int) -> list[str]:
    """The figures, and a line for each deal that is missed, in pieces, or in one event with another."""
    found = [(deal, events_of(deal, reading)) for deal in deals]
    holders = defaultdict(list)
    for deal, events in found:
        for event in events:
            holders[event].append(deal["party"])
    told = []
    for deal, events in found:
        fault = _fault(events, max((len(holders[e]) for e in events), default=0))
        if fault:
            told.append(f"| {_name(deal)} | {fault} | {deal.get('note', '')} |")
    seen = sum(bool(events) for _, events in found)
    once = told_share(len(deals) - len(told), len(deals))
    rows = sum(len(deal["rows"]) for deal in deals)
    return [
        f"The timeline has {total} acquisitions, financings and shutdowns; {rows} of them, steps of "
        f"{len(deals)} deals, are mentioned in the files by {UNTIL - dt.timedelta(days=1):%Y-%m-%d}.",
        f"Found: {told_share(seen, len(deals))}. Found once: {once}.",
        "",
        "| deal | fault | cause |",
        "|---|---|---|",
        *told,
    ]


def _fault(events: set[str], holders: int) -> str:
    if not events:
        return "missed"
    if len(events) > 1:
        return f"in {len(events)} events"
    return "in one event with another" if holders > 1 else ""


def _name(deal: dict[str, Any]) -> str:
    other = f" and {deal['with']}" if deal.get("with") else ""
    return f"{deal['party']}{other}, {deal['type']}"
