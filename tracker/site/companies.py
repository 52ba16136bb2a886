"""A company as its page shows it: who it is, and the events it takes part in."""

from __future__ import annotations

import datetime as dt
import string
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.brief.grammar import NAME_LIMIT
from tracker.brief.text import clean
from tracker.models.company import Company
from tracker.models.ledger import Event
from tracker.site.events import ROLE_LABELS, TYPE_LABELS, Named, headline
from tracker.site.places import company_page, event_page

EVENTS_SHOWN = 400
"""More would make a page that a phone cannot load; the months list them all."""

OTHERS = "other"


@dataclass(frozen=True)
class Line:
    """An event in a list: the day it reached its status, in one sentence, and the part somebody has in it."""

    day: dt.date
    status: str
    type: str
    text: str
    path: str
    role: str = ""


@dataclass(frozen=True)
class Entry:
    """A company in a list."""

    id: str
    name: str
    path: str
    events: int
    listed: bool


@dataclass(frozen=True)
class CompanyPage:
    """events: newest first; more: how many are not shown."""

    name: str
    listed: bool
    kind: str
    category: str
    region: str
    ticker: str
    also: list[str]
    parent: Named | None
    since: dt.date | None
    events: list[Line]
    more: int


def line(event: Event, role: str = "") -> Line:
    day = event.reached(event.status) or event.last_reported.date()
    return Line(day, event.status, TYPE_LABELS[event.type], headline(event), event_page(event.id), role)


def newest_first(events: Sequence[Event]) -> list[Event]:
    return sorted(events, key=lambda e: (e.first_reported, e.id), reverse=True)


def company_page_of(
    company: Company, listed: bool, events: Sequence[Event], entries: Mapping[str, Entry]
) -> CompanyPage:
    """`entries` are the companies that have a page, by id."""
    shown = newest_first(events)[:EVENTS_SHOWN]
    owner = entries.get(company.parent)
    parent = Named(owner.name, owner.path) if owner else Named(company.parent) if company.parent else None
    return CompanyPage(
        name=clean(company.name, NAME_LIMIT),
        listed=listed,
        kind=company.kind,
        category=company.category or "",
        region=company.region,
        ticker=company.ticker,
        also=[clean(n, NAME_LIMIT) for n in company.names[1:]],
        parent=parent,
        since=company.since,
        events=[line(e, _roles(e, company.id)) for e in shown],
        more=len(events) - len(shown),
    )


def _roles(event: Event, id_: str) -> str:
    theirs = [role for role, parties in event.parties.items() if id_ in [p.company_id for p in parties]]
    return ", ".join(ROLE_LABELS[role] for role in theirs if role in ROLE_LABELS).lower()


def entry(company: Company, listed: bool, events: int) -> Entry:
    name = clean(company.name, NAME_LIMIT)
    return Entry(company.id, name or company.id, company_page(company.id), events, listed)


def letter_of(name: str) -> str:
    """The letter under which a name is listed.

    >>> letter_of("Électricité"), letter_of("xAI"), letter_of("8VC"), letter_of("小米")
    ('e', 'x', 'other', 'other')
    """
    first = unicodedata.normalize("NFKD", name.strip())[:1].casefold()
    return first if first in string.ascii_lowercase and first else OTHERS


def by_letter(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for e in sorted(entries, key=lambda e: (letter_of(e.name) == OTHERS, e.name.casefold(), e.id)):
        found.setdefault(letter_of(e.name), []).append(e)
    return found
