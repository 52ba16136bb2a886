"""A page for every event, and lists of them by the month in which they were first told."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from tracker.brief.text import plural
from tracker.models.ledger import Event
from tracker.site import places
from tracker.site.archive import Page, Shared, digest
from tracker.site.companies import line
from tracker.site.events import Named, event_page
from tracker.spoken import month_text

PART = 400
"""Events in one part of a month: its page stays one that a phone can load."""

LATEST = 25


def pages(shared: Shared) -> Iterator[Page]:
    for event in shared.archive.events:
        inputs = digest(shared.inputs[event.id], shared.mentioned(event))
        yield shared.page("event.html", places.event_page(event.id), inputs, partial(_event, shared, event))
    months = {m: list(mine) for m, mine in itertools.groupby(shared.latest, key=_month_of)}
    for month, mine in months.items():
        yield from _month(shared, month, mine)
    totals, latest = {m: len(mine) for m, mine in months.items()}, shared.latest[:LATEST]
    inputs = digest(totals, shared.told(latest))
    yield shared.page("events.html", places.EVENTS, inputs, partial(_months, totals, latest))


def _event(shared: Shared, event: Event) -> Mapping[str, Any]:
    page = event_page(event, shared.mentioned(event))
    return {"title": page.headline, "long_title": True, "e": page}


def _month_of(event: Event) -> str:
    return f"{event.first_reported:%Y-%m}"


def _first_of(month: str) -> dt.date:
    return dt.date.fromisoformat(f"{month}-01")


def _month(shared: Shared, month: str, mine: Sequence[Event]) -> Iterator[Page]:
    parts = [mine[n : n + PART] for n in range(0, len(mine), PART)]
    listed = [Named(str(n + 1), places.month_page(month, n + 1)) for n in range(len(parts))]
    values = {
        "title": month_text(_first_of(month)),
        "note": f"{len(mine):,} {plural(len(mine), 'event')} first told in this month, the latest first.",
        "up": Named("All months", places.EVENTS),
        "pages": listed,
    }
    for n, part in enumerate(parts, 1):
        inputs = digest(values, shared.told(part))
        yield shared.page("list.html", places.month_page(month, n), inputs, partial(_lines, values, part))


def _lines(values: Mapping[str, Any], events: Sequence[Event]) -> Mapping[str, Any]:
    return {**values, "lines": [line(e) for e in events]}


def _months(totals: Mapping[str, int], latest: Sequence[Event]) -> Mapping[str, Any]:
    named = [
        (
            m[:4],
            {"path": places.month_page(m), "name": month_text(_first_of(m), year=False), "total": totals[m]},
        )
        for m in totals
    ]
    years = [(y, [m for _, m in mine]) for y, mine in itertools.groupby(named, key=lambda pair: pair[0])]
    return {"years": years, "total": sum(totals.values()), "latest": [line(e) for e in latest]}
