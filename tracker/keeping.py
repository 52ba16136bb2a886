"""Keeps the stored ledger equal to what follows from the mentions, by what has changed since the last time.

Articles whose mentions may have changed are noted when they are stored or read (`store.deals`). From them
the grouping goes on (`resolve.grouping`), reading of the store only what it needs, and the events of the
deals that changed are written down anew. What the ledger rests on besides the mentions (extractor, companies,
rates, the rules themselves) is kept as a digest: where it has changed, everything is derived again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from tracker.models.judgement import Judgement
from tracker.models.ledger import Event
from tracker.models.told import MentionIn
from tracker.resolve.blocks import Place, asked_by, asks, offers, place
from tracker.resolve.companies import Directory
from tracker.resolve.deals import event_id, first_of, numbered, write_down
from tracker.resolve.facts import Told, make_told
from tracker.resolve.grouping import Grouping, Label
from tracker.resolve.rates import Rates
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


def settle(session: Session, keys: Sequence[str], extractor: str, knowledge: Knowledge) -> Changes:
    """Bring the ledger up to date with the mentions of some articles, and with all judgements."""
    placed = store.placed_mentions(session, keys)
    counting = [m for some in chunks(keys) for m in load_mentions(session, extractor, keys=some)]
    stale = placed.keys() - {m.id for m in counting}
    new = knowledge.told(m for m in counting if m.id not in placed)
    gone = knowledge.told(mentions_by_id(session, stale))
    if not (new or gone or knowledge.judgements):
        return Changes([], [], [])
    grouping = Grouping(Stored(session, knowledge))
    grouping.settle(new, gone)
    changes = _write(session, grouping, knowledge)
    store.set_deals(session, grouping.moved)
    store.drop_entries(session, map(_entry, gone))
    store.add_entries(session, map(_entry, new))
    return changes


def _write(session: Session, grouping: Grouping, knowledge: Knowledge) -> Changes:
    """Write the events of the deals that changed, or were judged, in place of those that rested on them."""
    labels = grouping.changed | _judged(session, grouping, knowledge.judgements)
    grouping.load(labels)
    events = store.events_of(session, grouping.moved.keys() | grouping.mention_ids(labels))
    kin = _namesakes(session, events, [d.members for d in grouping.deals(labels)]) - events
    if kin:
        others = grouping.now(store.deals_of(session, store.mentions_of_events(session, kin)))
        grouping.load(others)
        labels |= others
    return replace_events(session, knowledge.write_down(grouping.deals(labels)), among=events | kin)


def _judged(session: Session, grouping: Grouping, judgements: Iterable[Judgement]) -> set[Label]:
    """The deals that any judgement, undone or not, may bear on: those of the articles it names."""
    articles = {anchor.article for j in judgements for anchor in (*j.about, *j.other)}
    return grouping.now(store.placed_mentions(session, articles))


def _namesakes(session: Session, events: Iterable[str], deals: Iterable[Sequence[Told]]) -> set[str]:
    """The stored events whose numbers depend on these: ids that have, or will have, one base in common."""
    bases = {_NUMBER.sub("", id_) for id_ in events} | {event_id(first_of(members)) for members in deals}
    found = set(ids_among(session, bases))
    number = 2
    while bases:
        more = {numbered(base, number): base for base in bases}
        there = set(ids_among(session, more))
        found |= there
        bases = {more[id_] for id_ in there}
        number += 1
    return found


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

    def _read(self, ids: Iterable[int]) -> list[Told]:
        wanted = list(ids)
        missing = [i for i in wanted if i not in self._told]
        self._told.update(
            (t.source.id, t) for t in self._knowledge.told(mentions_by_id(self._session, missing))
        )
        return [self._told[i] for i in wanted]
