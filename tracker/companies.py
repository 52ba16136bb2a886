"""The companies of the store: who is mentioned and how often, and what people decide about them."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from tracker import pipeline
from tracker.conclusions import draw_again
from tracker.corrections import Author, Done, decide
from tracker.errors import InputError, LedgerError
from tracker.models.company import Company
from tracker.models.judgement import Decision
from tracker.models.ledger import Event, PartyRef
from tracker.resolve.companies import Directory
from tracker.resolve.listings import match_listings, read_sec
from tracker.resolve.names import normalise
from tracker.resolve.registry import read_value
from tracker.store.engine import transaction
from tracker.store.events import newest_extractor
from tracker.store.judgements import add_listings


@dataclass(frozen=True)
class Known:
    """A company as the ledger knows it. A provisional one is a name that nobody has listed.

    tellings: how many sources tell of events that it takes part in. shared: names that others bear, too,
    and that therefore link to none of them.
    """

    company: Company
    provisional: bool = False
    tellings: int = 0
    events: list[Event] = field(default_factory=list)
    shared: list[str] = field(default_factory=list)


def known(engine: sa.Engine, as_of: dt.datetime | None = None) -> list[Known]:
    """Every listed company and every provisional one of the ledger, the most mentioned first."""
    directory = directory_of(engine, as_of)
    found = of_events(pipeline.ledger(engine, seen_by=as_of), directory)
    found += [_known(c, directory, []) for id_, c in directory.companies.items() if id_ not in _ids(found)]
    return sorted(found, key=lambda k: (-k.tellings, k.company.id))


def directory_of(engine: sa.Engine, as_of: dt.datetime | None = None) -> Directory:
    """The listed companies as they are known, or were at a time."""
    with Session(engine) as session:
        return pipeline.companies(session, as_of)


def _ids(found: Iterable[Known]) -> set[str]:
    return {k.company.id for k in found}


def of_events(events: Iterable[Event], directory: Directory) -> list[Known]:
    """The companies that take part in events."""
    theirs: dict[str, list[Event]] = {}
    names: dict[str, Counter[str]] = {}
    for event in events:
        parties = {p.company_id: p.name for role in event.parties for p in _companies(event, role)}
        for id_, name in parties.items():
            theirs.setdefault(id_, []).append(event)
            names.setdefault(id_, Counter())[name] += len(event.sources)
    found = []
    for id_, told in theirs.items():
        name = max(names[id_], key=lambda n: (names[id_][n], n))
        company = directory.companies.get(id_) or Company(id=id_, name=name, kind="", category=None)
        found.append(_known(company, directory, told))
    return found


def _companies(event: Event, role: str) -> list[PartyRef]:
    """The parties of a role that are companies: what closes is often a product."""
    return [] if role == "subject" and event.scope != "company" else event.parties[role]


def _known(company: Company, directory: Directory, events: list[Event]) -> Known:
    return Known(
        company,
        provisional=company.id not in directory.companies,
        tellings=sum(len(e.sources) for e in events),
        events=events,
        shared=[name for name in company.names if directory.is_shared(name)],
    )


def find(companies: Iterable[Known], asked: str) -> Known:
    """A company by its id, ticker or one of its names. Raises LedgerError where it is not exactly one."""
    everyone = list(companies)
    found = [k for k in everyone if asked in (k.company.id, k.company.ticker)] or [
        k for k in everyone if normalise(asked) in map(normalise, k.company.names)
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        raise LedgerError(f"no company {asked!r}", hint="tracker companies list shows the ids")
    ids = ", ".join(k.company.id for k in found)
    raise LedgerError(f"{len(found)} companies are called {asked!r}", hint=f"give an id: {ids}")


# ----- what people decide


def merge(engine: sa.Engine, one: Known, into: Known, author: Author) -> Done:
    """The one company is the other, which takes over its names. Raises LedgerError where it is already."""
    if one.company.id == into.company.id:
        raise LedgerError(f"{one.company.id} is one company already", hint="name two")
    told = {"to": into.company.id, "to_name": into.company.name}
    return _decide(engine, one, "merge", told, author)


def alias(engine: sa.Engine, of: Known, name: str, author: Author) -> Done:
    """A company is called by another name, too."""
    if not normalise(name):
        raise LedgerError("an alias needs a name", hint="give one with letters or figures")
    return _decide(engine, of, "alias", {"to": name}, author)


def edit(
    engine: sa.Engine, of: Known, name: str, value: str, author: Author, since: dt.date | None = None
) -> Done:
    """Set a field of a company, since a day where that matters; a new name keeps the old one.

    Raises LedgerError where the field cannot be set so.
    """
    told = {"to": read_value(name, value), "since": since.isoformat() if since else None}
    return _decide(engine, of, name, told, author)


def _decide(engine: sa.Engine, of: Known, name: str, told: dict[str, Any], author: Author) -> Done:
    # The name goes with it: nothing else is known of a company that nobody has listed.
    value = {**told, "name": of.company.name}
    return decide(engine, Decision(kind="company", company=of.company.id, field=name, value=value), author)


# ----- import


@dataclass(frozen=True)
class Imported:
    """How many listings were new, how many of them are of companies not known before, what was left out."""

    new: int
    companies: int
    total: int
    left: list[str]


def import_sec(engine: sa.Engine, path: Path, now: dt.datetime) -> Imported:
    """Take in the SEC's list of tickers (JSON, plain or gzipped). Raises InputError or LedgerError."""
    rows = list(read_sec(_read_json(path)))
    with transaction(engine) as session:
        before = pipeline.companies(session)
        listings, left = match_listings(rows, before)
        new = add_listings(session, listings, at=now, source="SEC company tickers")
        extractor = newest_extractor(session)
        if new and extractor:
            changes = pipeline.refresh_events(session, extractor)
            draw_again(session, changes, now, f"companies were imported from {path.name}")
    fresh = sum(x.company_id not in before.companies for x in listings)
    return Imported(new, fresh, len(rows), left)


def _read_json(path: Path) -> dict[str, object]:
    try:
        raw = path.read_bytes()
        data = json.loads(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)
    except FileNotFoundError as error:
        raise InputError("no such file", file=str(path)) from error
    except (OSError, EOFError, ValueError) as error:
        raise InputError(f"not JSON: {error}", file=str(path)) from error
    if not isinstance(data, dict):
        raise InputError("an object with one entry a company is expected", file=str(path))
    return data
