"""A ledger in memory that grows by tellings, as the stored one does: what it was week by week."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from tracker.models.ledger import Event
from tracker.resolve.blocks import Place, asked_by, asks, offers, place
from tracker.resolve.facts import Told
from tracker.resolve.grouping import Label


class Remembered:
    """Deals and the events that were written of them (`grouping.Known`, `keeping.Shelf`)."""

    def __init__(self) -> None:
        self.events: dict[str, Event] = {}
        self._told: dict[int, Told] = {}
        self._home: dict[int, Label] = {}
        self._members: dict[Label, set[int]] = defaultdict(set)
        self._blocks: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._articles: dict[str, list[int]] = defaultdict(list)
        self._event: dict[int, str] = {}

    # ----- deals

    def near(self, told: Collection[Told]) -> set[Label]:
        found = {id_ for t in told for ask in asks(t) for id_ in self._within(*ask)}
        return set(self.deals_of([*found, *(t.source.id for t in told)]).values())

    def members(self, labels: Collection[Label]) -> dict[Label, list[Told]]:
        return {
            label: [self._told[i] for i in self._members[label]] for label in labels if self._members[label]
        }

    def later(self, told: Collection[Told], than: Place) -> list[tuple[Told, Label]]:
        spans: dict[str, tuple[int, int]] = {}
        for block, first, last in (ask for t in told for ask in asked_by(t)):
            known = spans.get(block, (first, last))
            spans[block] = (min(known[0], first), max(known[1], last))
        ids = {i for block, (first, last) in spans.items() for i in self._within(block, first, last)}
        return [(self._told[i], self._home[i]) for i in ids if place(self._told[i]) > than]

    def deals_of(self, mention_ids: Iterable[int]) -> dict[int, Label]:
        return {i: self._home[i] for i in mention_ids if i in self._home}

    def placed(self, articles: Iterable[str]) -> dict[int, Label]:
        return self.deals_of(i for key in articles for i in self._articles.get(key, ()))

    def _within(self, block: str, first: int, last: int) -> Iterable[int]:
        line = self._blocks.get(block, [])
        start, end = bisect_left(line, (first, -1)), bisect_right(line, (last, 1 << 62))
        return (id_ for _, id_ in line[start:end])

    # ----- events

    def events_of(self, mention_ids: Iterable[int]) -> set[str]:
        return {self._event[i] for i in mention_ids if i in self._event}

    def mentions_of_events(self, event_ids: Iterable[str]) -> set[int]:
        return {s.mention_id for id_ in event_ids for s in self.events[id_].sources}

    def ids_among(self, ids: Iterable[str]) -> list[str]:
        return [id_ for id_ in ids if id_ in self.events]

    # ----- growing

    def take(self, told: Iterable[Told], moved: Mapping[int, Label | None]) -> None:
        """Take over new tellings, and where mentions are now."""
        for t in told:
            self._told[t.source.id] = t
            self._articles[t.source.article.key].append(t.source.id)
            for block in set(offers(t)):
                insort(self._blocks[block], (t.day.toordinal(), t.source.id))
        for id_, label in moved.items():
            if id_ in self._home:
                self._members[self._home.pop(id_)].discard(id_)
            if label is not None:
                self._home[id_] = label
                self._members[label].add(id_)

    def replace(self, gone: Iterable[str], written: Iterable[Event]) -> None:
        """Put events in the place of those that are gone."""
        for id_ in gone:
            for source in self.events.pop(id_).sources:
                self._event.pop(source.mention_id, None)
        for event in written:
            self.events[event.id] = event
            self._event.update((s.mention_id, event.id) for s in event.sources)
