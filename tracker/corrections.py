"""Judgements made on the stored ledger: each is stored together with what it changes, or not at all."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session

from tracker.conclusions import draw_again
from tracker.errors import LedgerError
from tracker.extract.money import find_money
from tracker.models.judgement import Decision, Judgement
from tracker.models.ledger import Event
from tracker.models.mention import Money
from tracker.pipeline import refresh_events
from tracker.resolve.edits import read_value
from tracker.resolve.judged import undone
from tracker.store.engine import transaction
from tracker.store.events import Changes, newest_extractor
from tracker.store.judgements import add_judgement, anchors, load_judgements


@dataclass(frozen=True)
class Author:
    """Who judges, when (aware UTC) and why."""

    by: str
    at: dt.datetime
    why: str = ""


@dataclass(frozen=True)
class Done:
    """A stored judgement and the events that it changed."""

    judgement: Judgement
    changes: Changes


def merge(engine: sa.Engine, one: Event, other: Event, author: Author) -> Done:
    """Two events are one. Raises LedgerError where they cannot be."""
    if one.id == other.id:
        raise LedgerError(f"{one.id} is one event already", hint="name two")
    if one.type != other.type:
        raise LedgerError(
            f"an event of type {one.type} cannot be one with an event of type {other.type}",
            hint="reject the one that is misread",
        )
    return _on_event(engine, one, Decision(kind="merge"), author, _mentions(other))


def split(engine: sa.Engine, event: Event, mention_ids: Sequence[int], author: Author) -> Done:
    """Some tellings of an event are of another one. Raises LedgerError where none or all are named."""
    own = _mentions(event)
    strange = [i for i in mention_ids if i not in own]
    if strange:
        raise LedgerError(
            f"{event.id} does not rest on mention {strange[0]}", hint="tracker events show gives the numbers"
        )
    if set(own) == set(mention_ids):
        raise LedgerError(f"these are all tellings of {event.id}", hint="leave at least one")
    return _on_event(engine, event, Decision(kind="split"), author, mention_ids)


def keep_apart(engine: sa.Engine, one: Event, other: Event, author: Author) -> Done:
    """Two events are two, whatever may be told of them."""
    return _on_event(engine, one, Decision(kind="split"), author, _mentions(other))


def edit(engine: sa.Engine, event: Event, field: str, value: str, author: Author) -> Done:
    """Set a field of an event. Raises LedgerError where it has no such field or cannot take the value."""
    read = read_value(event.type, field, value, read_money)
    return _on_event(engine, event, Decision(kind="edit", field=field, value=read), author)


def reject(engine: sa.Engine, event: Event, author: Author) -> Done:
    """What is told is no event: it leaves the ledger."""
    return _on_event(engine, event, Decision(kind="reject"), author)


def confirm(engine: sa.Engine, event: Event, author: Author) -> Done:
    """The event is as it is told."""
    return _on_event(engine, event, Decision(kind="confirm"), author)


def undo(engine: sa.Engine, number: int, author: Author) -> Done:
    """Take a judgement back. Raises LedgerError where there is none that stands."""
    with Session(engine) as session:
        made = load_judgements(session)
    if number not in {j.id for j in made}:
        raise LedgerError(f"no judgement {number}", hint="tracker events history lists them")
    if number in undone(made):
        raise LedgerError(f"judgement {number} is undone already", hint="undo what undid it to have it back")
    return decide(engine, Decision(kind="undo", undoes=number), author)


def read_money(text: str) -> Money | None:
    """One amount as a person writes it, such as "about $2bn" or "EUR 300m"; None for anything else."""
    # The ledger writes the currency of a range once, news writing twice.
    found = find_money(re.sub(r"^([A-Z]{3}) ([\d,.]+) to ([\d,.]+)$", r"\1 \2 to \1 \3", text))
    return found[0].money if len(found) == 1 else None


def _mentions(event: Event) -> list[int]:
    return [s.mention_id for s in event.sources]


def _on_event(
    engine: sa.Engine, event: Event, decision: Decision, author: Author, other: Sequence[int] = ()
) -> Done:
    with Session(engine) as session:
        named = {"about": anchors(session, _mentions(event)), "other": anchors(session, other)}
    return decide(engine, decision.model_copy(update={**named, "event": event.id}), author)


def decide(engine: sa.Engine, decision: Decision, author: Author) -> Done:
    """Store a decision, and bring the ledger and what was concluded from it up to date, whole or not at
    all.
    """
    with transaction(engine) as session:
        made = add_judgement(session, decision, at=author.at, by=author.by, why=author.why)
        extractor = newest_extractor(session)
        changes = refresh_events(session, extractor) if extractor else Changes([], [], [])
        draw_again(session, changes, author.at, f"judgement {made.id} by {author.by}")
    return Done(made, changes)
