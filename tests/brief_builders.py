"""Short ways to build an event of the ledger for the briefing's tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tracker.brief.week import Week
from tracker.models.ledger import Event, Interval, PartyRef, Source, State
from tracker.models.mention import Money

WEEK = Week(2026, 26)
DAY = dt.timedelta(days=1)


def moment(day: str, hour: int = 9) -> dt.datetime:
    return dt.datetime.fromisoformat(day).replace(hour=hour, tzinfo=dt.UTC)


def money(
    value: float | None, currency: str = "USD", qualifier: str = "exact", top: float | None = None
) -> Money:
    return Money.model_validate({"value": value, "max": top, "currency": currency, "qualifier": qualifier})


def source(article: int, status: str, published: dt.datetime, **over: Any) -> Source:
    values: dict[str, Any] = {
        "mention_id": article,
        "article_id": article,
        "source_id": "wire.example",
        "url": f"https://wire.example/{article}",
        "title": f"Report {article}",
        "published": published,
        "seen_at": published,
        "tier": 2,
        "origin": f"o{article}",
        "salience": "main",
        "status": status,
        "evidence": f"This is what report {article} says.",
        "start": 0,
        "end": 30,
        "confidence": 0.9,
    }
    return Source.model_validate(values | over)


def event(id_: str, type_: str, told: list[tuple[str, str]], parties: dict[str, str], **over: Any) -> Event:
    """An event told as (status, day) in order; `parties` are names by role, several parted by a bar."""
    sources = over.pop("sources", None) or [source(n, s, moment(d)) for n, (s, d) in enumerate(told, 1)]
    refs = {
        role: [PartyRef(name=n, company_id=n.lower()) for n in names.split("|")]
        for role, names in parties.items()
    }
    states = [
        State.model_validate({"status": s, "date": d, "article_id": n}) for n, (s, d) in enumerate(told, 1)
    ]
    amount = over.get("amount")
    if amount is not None and "amount_usd" not in over and amount.currency == "USD":
        over["amount_usd"] = Interval(low=amount.value or 0, high=amount.value)
    values: dict[str, Any] = {
        "id": id_,
        "type": type_,
        "status": told[-1][0],
        "salience": "main",
        "category": "infrastructure",
        "parties": refs,
        "states": states,
        "first_reported": sources[0].published,
        "last_reported": sources[-1].published,
        "origins": len({s.origin for s in sources}),
        "confidence": 0.9,
        "sources": sources,
    }
    return Event.model_validate(values | over)


def simple(type_: str, status: str, **over: Any) -> Event:
    """One event of a type and status, its parties given by role as keyword arguments."""
    roles = {
        role: over.pop(role)
        for role in ("acquirer", "target", "seller", "company", "lead", "investors", "subject", "partners")
        if role in over
    }
    return event("e1", type_, [(status, "2026-06-24")], roles, **over)


def many(number: int) -> list[Event]:
    """Acquisitions of one week, each smaller than the one before."""
    return [
        event(
            f"many-{n:03}",
            "acquisition" if n % 2 else "financing",
            [("completed", "2026-06-25")],
            {"acquirer": f"Buyer {n}", "target": f"Target {n}"} if n % 2 else {"company": f"Startup {n}"},
            amount=money((number - n) * 1e7),
        )
        for n in range(number)
    ]
