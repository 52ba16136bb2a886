"""Keeps the stored ledger equal to what follows from the mentions, by what has changed since the last time.

Articles whose mentions may have changed are noted when they are stored or read (`store.deals`). From them
the grouping goes on (`resolve.grouping`), reading of the store only what it needs, and the events of the
deals that changed are written down anew. What the ledger rests on besides the mentions (extractor, companies,
rates, the rules themselves) is kept as a digest: where it has changed, everything is derived again.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlmodel import Session

from tracker.memory import unswept
from tracker.models.judgement import Judgement
from tracker.models.ledger import Event
from tracker.models.told import MentionIn
from tracker.resolve.blocks import Place, asked_by, asks, offers, place
from tracker.resolve.companies import Directory
from tracker.resolve.deals import event_id, first_of, numbered, write_down
from tracker.resolve.facts import Told, make_told
from tracker.resolve.grouping import Grouping, Label
from tracker.resolve.rates import Rates
from tracker.resolve.remembered import Remembered
from tracker.resolve.same import Deal
from tracker.store import deals as store
from tracker.store.events import Changes, ids_among, load_mentions, mentions_by_id, replace_events
from tracker.store.many import chunks

SLICE = 2000
"""Articles settled in one transaction: readers and other writers wait for seconds, memory stays bounded."""

_NUMBER = re.compile(r"(?<=-[0-9a-f]{6})-\d+$")


@dataclass(frozen=True)
class Knowledge:
    """What the ledger is derived with besides the mentions.

    digest: changes whenever the companies, the rates or the rules do.
    """

    companies: Directory
    rates: Rates
    judgements: Sequence[Judgement]
    digest: str

    def told(self, mentions: Iterable[MentionIn]) -> list[Told]:
        return [make_told(m, self.companies, self.rates) for m in mentions]

    def write_down(self, deals: Iterable[Deal]) -> list[Event]:
        return write_down(deals, self.companies, self.rates, self.judgements)


def bring_up(session: Session, extractor: str, knowledge: Knowledge) -> tuple[Changes, bool]:
    """Bring the stored ledger up to date by `SLICE` articles at the most; returns what changed, and whether
    that was all.
    """
    if store.basis(session) != _digest(extractor, knowledge):
        return rebuild(session, extractor, knowledge), True
    keys = store.unsettled(session, SLICE)
    changes = settle(session, keys, extractor, knowledge)
    store.forget_unsettled(session, keys)
    return changes, len(keys) < SLICE


def _digest(extractor: str, knowledge: Knowledge) -> str:
    return f"{extractor} {knowledge.digest}"


@unswept()
def rebuild(session: Session, extractor: str, knowledge: Knowledge) -> Changes:
    """Derive the whole ledger again from the mentions of one extractor version."""
    told = knowledge.told(load_mentions(session, extractor))
    grouping = Grouping()
    grouping.settle(told)
    changes = replace_events(session, knowledge.write_down(grouping.deals()))
    store.clear_deals(session)
    store.set_deals(session, grouping.moved)
    store.add_entries(session, map(_entry, told))
    store.forget_unsettled(session)
    store.set_basis(session, _digest(extractor, knowledge))
    return changes


@unswept()
def settle(session: Session, keys: Sequence[str], extractor: str, knowledge: Knowledge) -> Changes:
    """Bring the ledger up to date with the mentions of some articles, and with all judgements."""
    placed = store.placed_mentions(session, keys)
    counting = [m for some in chunks(keys) for m in load_mentions(session, extractor, keys=some)]
    stale = placed.keys() - {m.id for m in counting}
    new = knowledge.told(m for m in counting if m.id not in placed)
    gone = knowledge.told(mentions_by_id(session, stale))
    if not (new or gone or knowledge.judgements):
        return Changes([], [], [])
    stored = Stored(session, knowledge)
    grouping = Grouping(stored)
    grouping.settle(new, gone)
    written, instead_of = _written(stored, grouping, knowledge)
    changes = replace_events(session, written, among=instead_of)
    store.set_deals(session, grouping.moved)
    store.drop_entries(session, map(_entry, gone))
    store.add_entries(session, map(_entry, new))
    return changes


class Shelf(Protocol):
    """The deals and events that are there."""

    def placed(self, articles: Iterable[str]) -> dict[int, Label]:
        """The mentions of some articles that are in a deal, and which."""

    def deals_of(self, mention_ids: Iterable[int]) -> dict[int, Label]:
        """The deal of each mention that is in one."""

    def events_of(self, mention_ids: Iterable[int]) -> set[str]:
        """The events that rest on any of these mentions."""

    def mentions_of_events(self, event_ids: Iterable[str]) -> set[int]:
        """The mentions that events rest on."""

    def ids_among(self, ids: Iterable[str]) -> list[str]:
        """Those of the ids that events have."""


def _written(shelf: Shelf, grouping: Grouping, knowledge: Knowledge) -> tuple[list[Event], set[str]]:
    """The events of the deals that changed, or were judged, and the ids of those that they replace."""
    judged = shelf.placed({a.article for j in knowledge.judgements for a in (*j.about, *j.other)})
    labels = grouping.changed | grouping.now(judged)
    grouping.load(labels)
    events = shelf.events_of(grouping.moved.keys() | grouping.mention_ids(labels))
    deals = grouping.deals(labels)
    kin = _namesakes(shelf, events, [d.members for d in deals]) - events
    if kin:
        others = grouping.now(shelf.deals_of(shelf.mentions_of_events(kin)))
        grouping.load(others)
        deals = grouping.deals(labels | others)
    return knowledge.write_down(deals), events | kin


def _namesakes(shelf: Shelf, events: Iterable[str], deals: Iterable[Sequence[Told]]) -> set[str]:
    """The events whose numbers depend on these: ids that have, or will have, one base in common."""
    bases = {_NUMBER.sub("", id_) for id_ in events} | {event_id(first_of(members)) for members in deals}
    found = set(shelf.ids_among(bases))
    number = 2
    while bases:
        more = {numbered(base, number): base for base in bases}
        there = set(shelf.ids_among(more))
        found |= there
        bases = {more[id_] for id_ in there}
        number += 1
    return found


def ledgers(
    session: Session, extractor: str, knowledge: Knowledge, moments: Sequence[dt.datetime]
) -> Iterator[list[Event]]:
    """The ledger as it follows from what was published before each of the moments, which are in order.

    All of them together cost little more than the last one. Of each list the caller may keep what it likes.
    """
    waiting = sorted(load_mentions(session, extractor), key=lambda m: m.article.published)
    remembered, at = Remembered(), 0
    for moment in moments:
        start, at = at, bisect_left(waiting, moment, at, key=lambda m: m.article.published)
        _grow(remembered, waiting[start:at], knowledge)
        yield sorted(remembered.events.values(), key=lambda e: (e.first_reported, e.id))


@unswept()
def _grow(remembered: Remembered, mentions: Sequence[MentionIn], knowledge: Knowledge) -> None:
    new = knowledge.told(mentions)
    grouping = Grouping(remembered)
    grouping.settle(new)
    written, instead_of = _written(remembered, grouping, knowledge)
    remembered.take(new, grouping.moved)
    remembered.replace(instead_of, written)


def _entry(told: Told) -> store.Entry:
    where = place(told)
    return store.Entry(told.source.id, offers(told), told.day.toordinal(), where.rank, _second(where))


def _second(where: Place) -> int:
    return int(where.order[0].timestamp())


class Stored:
    """The stored deals as the grouping asks for them."""

    def __init__(self, session: Session, knowledge: Knowledge) -> None:
        self._session = session
        self._knowledge = knowledge
        self._told: dict[int, Told] = {}

    def near(self, told: Collection[Told]) -> set[Label]:
        found = store.found_in(self._session, {ask for t in told for ask in asks(t)})
        return set(store.deals_of(self._session, found | {t.source.id for t in told}).values())

    def members(self, labels: Collection[Label]) -> dict[Label, list[Told]]:
        home = store.members_of(self._session, labels)
        found: dict[Label, list[Told]] = defaultdict(list)
        for told in self._read(home):
            found[home[told.source.id]].append(told)
        return found

    def later(self, told: Collection[Told], than: Place) -> list[tuple[Told, Label]]:
        spans: dict[str, tuple[int, int]] = {}
        for block, first, last in (ask for t in told for ask in asked_by(t)):
            known = spans.get(block, (first, last))
            spans[block] = (min(known[0], first), max(known[1], last))
        wide = [(block, *span) for block, span in spans.items()]
        home = store.deals_of(self._session, store.found_in(self._session, wide, (than.rank, _second(than))))
        return [(t, home[t.source.id]) for t in self._read(home) if place(t) > than]

    def placed(self, articles: Iterable[str]) -> dict[int, Label]:
        return store.placed_mentions(self._session, articles)

    def deals_of(self, mention_ids: Iterable[int]) -> dict[int, Label]:
        return store.deals_of(self._session, mention_ids)

    def events_of(self, mention_ids: Iterable[int]) -> set[str]:
        return store.events_of(self._session, mention_ids)

    def mentions_of_events(self, event_ids: Iterable[str]) -> set[int]:
        return store.mentions_of_events(self._session, event_ids)

    def ids_among(self, ids: Iterable[str]) -> list[str]:
        return ids_among(self._session, ids)

    def _read(self, ids: Iterable[int]) -> list[Told]:
        wanted = list(ids)
        missing = [i for i in wanted if i not in self._told]
        self._told.update(
            (t.source.id, t) for t in self._knowledge.told(mentions_by_id(self._session, missing))
        )
        return [self._told[i] for i in wanted]
