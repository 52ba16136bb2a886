"""The ledger that a command asks, and one event of it by its id."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tracker.cli.common import open_default_store
from tracker.errors import StoreError

if TYPE_CHECKING:
    from tracker.models.ledger import Event
    from tracker.store.events import Wanted


def ledger_of(as_of: dt.datetime | None, wanted: Wanted | None = None) -> list[Event]:
    """The ledger as of a time; at least the events that are wanted."""
    from tracker.pipeline import ledger

    return ledger(open_default_store(), seen_by=as_of, wanted=wanted)


def stored() -> list[Event]:
    """The ledger as it is now."""
    return ledger_of(None)


def find(ledger: Iterable[Event], event_id: str) -> Event:
    """The event of an id or of its beginning. Raises StoreError where there is none or more than one."""
    found = [e for e in ledger if e.id.startswith(event_id)]
    exact = [e for e in found if e.id == event_id]
    if exact or len(found) == 1:
        return (exact or found)[0]
    if not found:
        raise StoreError(f"no event {event_id!r}", hint="tracker events list --salience all shows the ids")
    some = ", ".join(e.id for e in found[:3])
    raise StoreError(f"{len(found)} events begin with {event_id!r}: {some} ...", hint="give more of the id")
