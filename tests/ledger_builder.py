"""Builds ledger events for the tests of predictions from a few words."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from tracker.models.ledger import Event, Interval, PartyRef, Source, State
from tracker.models.mention import Money

_numbers = count(1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def noon(text: str) -> dt.datetime:
    return dt.datetime.combine(day(text), dt.time(12), dt.UTC)


def usd(low: float | None, high: float | None = -1.0) -> Interval | None:
    """An exact amount, or an interval where `high` is given (None = no upper bound)."""
    if low is None:
        return None
    return Interval(low=low, high=low if high == -1.0 else high)


def party(name: str, kind: str | None = None) -> PartyRef:
    return PartyRef(name=name, company_id=name.lower().replace(" ", "-"), kind=kind)


def source(when: str, n: int = 1, title: str = "A headline", evidence: str = "A sentence.") -> Source:
    return Source(
        mention_id=n, article_id=n, source_id=f"outlet{n}", url=f"https://outlet{n}.example/{n}", title=title,
        published=noon(when), seen_at=noon(when), tier=1, origin=f"outlet{n}", salience="main",
        status="announced", evidence=evidence, start=0, end=len(evidence), confidence=0.9,
    )  # fmt: skip


def event(
    type_: str = "acquisition", *, id: str | None = None, states: dict[str, str] | None = None, **given: Any
) -> Event:
    """An event; by default a deal of $11bn by a cloud provider for an infrastructure company, on 14 April
    2026.
    """
    states = states or {"announced": "2026-04-14"}
    first = min(states.values())
    title, evidence = given.pop("title", "A headline"), given.pop("evidence", "A sentence.")
    fields: dict[str, Any] = {
        "id": id or f"{type_}-{next(_numbers)}",
        "type": type_,
        "status": list(states)[-1],
        "salience": "main",
        "category": "infrastructure",
        "parties": {"acquirer": [party("Amazon", "cloud provider")], "target": [party("Globalstar")]}
        if type_ == "acquisition"
        else {"company": [party("OpenAI", "model lab")]},
        "amount_usd": usd(11e9),
        "states": [State(status=s, date=day(d), article_id=1) for s, d in states.items()],
        "first_reported": noon(first),
        "last_reported": noon(max(states.values())),
        "origins": 2,
        "confidence": 0.9,
        "sources": [source(first, title=title, evidence=evidence)],
    }
    return Event(**{**fields, **given})


def money(value: float | None, currency: str = "USD", qualifier: Any = "exact") -> Money:
    return Money(value=value, currency=currency, qualifier=qualifier)
