"""Looking after a store: whether all of it holds together, and the ledger derived afresh."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

import sqlalchemy as sa
from sqlmodel import Session

from tracker.conclusions import draw_again
from tracker.errors import StoreError
from tracker.models.ledger import Event
from tracker.pipeline import ledger, rebuild_events
from tracker.store.check import damage, dangling, loose_events, lost_spans
from tracker.store.engine import transaction
from tracker.store.events import Changes, load_events
from tracker.store.search import broken_indexes

ALL_TIME = dt.datetime.max.replace(tzinfo=dt.UTC)
Check = Callable[[Session], Iterable[str]]
SHOWN = 20
"""Findings of one check that are told."""


@dataclass(frozen=True)
class Difference:
    """How a derived event differs from the stored one; `fields` holds (name, stored, derived)."""

    kind: Literal["new", "changed", "gone"]
    event: Event
    fields: tuple[tuple[str, Any, Any], ...] = ()


def check_store(engine: sa.Engine) -> Iterator[tuple[str, list[str]]]:
    """Every check by name with what it found, as it is done; nothing found is a good sign."""
    checks: tuple[tuple[str, Check], ...] = (
        ("file", damage),
        ("references", dangling),
        ("spans", lost_spans),
        ("search", _wrong_indexes),
        ("events", loose_events),
        ("ledger", _unlike_a_rebuild),
    )
    for name, check in checks:
        yield name, _findings(engine, check)


def _findings(engine: sa.Engine, check: Check) -> list[str]:
    """What a check finds; a store too damaged to be checked is a finding."""
    try:
        with Session(engine) as session:
            return list(islice(check(session), SHOWN))
    except StoreError as error:
        return [str(error)]


def _wrong_indexes(session: Session) -> Iterator[str]:
    for name in broken_indexes(session.get_bind().engine):
        yield f"{name} does not hold the words that are stored: insert into {name}({name}) values('rebuild')"


def _unlike_a_rebuild(session: Session) -> Iterator[str]:
    for one in differences(session.get_bind().engine):
        yield f"{one.event.id}: a rebuild makes it {one.kind}"


def differences(engine: sa.Engine) -> list[Difference]:
    """What deriving all events again would change in the stored ledger."""
    with Session(engine) as session:
        stored = {e.id: e for e in load_events(session)}
    derived = {e.id: e for e in derived_afresh(engine)}
    return [
        *(Difference("new", derived[i]) for i in derived if i not in stored),
        *(
            Difference("changed", derived[i], _fields(stored[i], derived[i]))
            for i in derived
            if i in stored and stored[i] != derived[i]
        ),
        *(Difference("gone", stored[i]) for i in stored if i not in derived),
    ]


def derived_afresh(engine: sa.Engine) -> list[Event]:
    """The ledger that follows from all that is stored, whatever the stored events say."""
    return ledger(engine, seen_by=ALL_TIME)


def rebuild(engine: sa.Engine, now: dt.datetime) -> Changes:
    """Derive all events again and store what differs, and what that makes of conclusions."""
    with transaction(engine) as session:
        changes = rebuild_events(session)
        draw_again(session, changes, now, "the ledger was rebuilt")
    return changes


def _fields(stored: Event, derived: Event) -> tuple[tuple[str, Any, Any], ...]:
    old, new = stored.model_dump(mode="json"), derived.model_dump(mode="json")
    return tuple((name, old[name], new[name]) for name in new if old[name] != new[name])
