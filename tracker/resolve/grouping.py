"""Grouping tellings into deals, all at once or by what has changed; both give the same deals.

Where a telling belongs depends only on the tellings before it (`blocks.place`) in the deals near it
(`blocks.asks`). So a change concerns the changed tellings, and then, in order, the later ones near a deal
that has changed; every other telling stays where it is. This is change propagation (Acar 2005,
"Self-adjusting computation") over one queue. Grouping everything is the case in which everything has changed.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from operator import itemgetter
from typing import Protocol

from tracker.resolve.blocks import Ask, Place, asks, offers, place
from tracker.resolve.facts import Told
from tracker.resolve.same import Deal, score

Label = int
"""Names a deal within a grouping: the number of its first mention."""


class Known(Protocol):
    """A grouping that is there already, of which parts are read when they are needed."""

    def near(self, told: Collection[Told]) -> set[Label]:
        """The deals that have a telling where one of these looks, and their own deals."""

    def members(self, labels: Collection[Label]) -> dict[Label, list[Told]]:
        """All tellings of each of these deals."""

    def later(self, told: Collection[Told], than: Place) -> Iterable[tuple[Told, Label]]:
        """At least those tellings after a place that look where one of these is found, with their deals."""


class Nothing:
    """No grouping yet."""

    def near(self, told: Collection[Told]) -> set[Label]:
        return set()

    def members(self, labels: Collection[Label]) -> dict[Label, list[Told]]:
        return {}

    def later(self, told: Collection[Told], than: Place) -> Iterable[tuple[Told, Label]]:
        return ()


class _Line:
    """A deal as a line of tellings in order, and the deal as it stood before the place reached."""

    def __init__(self, type_: str) -> None:
        self.type = type_
        self.tellings: list[tuple[Place, Told]] = []
        self._before = Deal(type_)
        self._at = 0

    def put(self, where: Place, told: Told) -> None:
        insort(self.tellings, (where, told), key=_place)

    def drop(self, where: Place) -> None:
        del self.tellings[bisect_left(self.tellings, where, key=_place)]

    def before(self, where: Place) -> Deal:
        """The deal of the tellings before a place. From call to call places may only go up."""
        while self._at < len(self.tellings) and self.tellings[self._at][0] < where:
            self._before.add(self.tellings[self._at][1])
            self._at += 1
        return self._before

    def whole(self) -> Deal:
        """The deal of all tellings, once no more come and go."""
        for _, told in self.tellings[self._at :]:
            self._before.add(told)
        self._at = len(self.tellings)
        return self._before


def _place(telling: tuple[Place, Told]) -> Place:
    return telling[0]


class Grouping:
    """Deals that tellings are put into.

    changed: the deals whose tellings changed.
    moved: of each mention that came, went or changed its deal, where it is now; None for nowhere.
    """

    def __init__(self, known: Known | None = None) -> None:
        self._known = known or Nothing()
        self._lines: dict[Label, _Line] = {}
        self._label: dict[int, Label] = {}
        self._index: dict[str, dict[Label, list[tuple[int, Place]]]] = defaultdict(dict)
        self._queue: list[tuple[Place, Told]] = []
        self._suspect: dict[int, set[Label]] = {}
        self.changed: set[Label] = set()
        self.moved: dict[int, Label | None] = {}

    def settle(self, new: Iterable[Told], gone: Collection[Told] = ()) -> None:
        """Put new tellings where they belong, take out those that count no more, follow what that changes.

        Called once in the life of a grouping.
        """
        fresh = [*new, *gone]
        self.load(self._known.near(fresh))
        leaving, arriving = {t.source.id for t in gone}, {t.source.id for t in fresh}
        self._queue = sorted((place(t), t) for t in fresh)
        self._suspect = {id_: set() for id_ in arriving}
        while self._queue:
            where, told = heapq.heappop(self._queue)
            if told.source.id in leaving:
                self._move(where, told, None)
            elif told.source.id in arriving:
                self._move(where, told, self._home(where, told))
            elif self._is_concerned(where, told):
                self.load(self._known.near([told]))
                self._move(where, told, self._home(where, told))

    def load(self, labels: Iterable[Label]) -> None:
        """Take over these deals from what is known, unless they are here already."""
        missing = [label for label in labels if label not in self._lines]
        for label, tellings in (self._known.members(missing) if missing else {}).items():
            for told in tellings:
                self._put(place(told), told, label)

    def deals(self, labels: Iterable[Label] | None = None) -> list[Deal]:
        """The deals of these labels, by default all; one that has lost all its tellings is none."""
        lines = [self._lines[label] for label in (self._lines if labels is None else labels)]
        return [line.whole() for line in lines if line.tellings]

    def now(self, homes: Mapping[int, Label]) -> set[Label]:
        """The deals that mentions are in now which were in these before."""
        found = (self.moved.get(id_, home) for id_, home in homes.items())
        return {label for label in found if label is not None}

    def mention_ids(self, labels: Iterable[Label]) -> set[int]:
        """The mentions of these deals, by row number."""
        return {told.source.id for label in labels for _, told in self._lines[label].tellings}

    def _is_concerned(self, where: Place, told: Told) -> bool:
        """Whether a changed deal is this telling's own, or one it might go to."""
        id_ = told.source.id
        if self._label[id_] in self.changed:
            return True
        changed = (self._lines[label].before(where) for label in self._suspect[id_])
        return any(deal.members and score(deal, told) is not None for deal in changed)

    def _home(self, where: Place, told: Told) -> Label:
        """The deal that fits best of those that have begun before a place, else a new one."""
        best, best_rank = None, (0.0, 0)
        for label in self._candidates(where, told):
            deal = self._lines[label].before(where)
            points = score(deal, told)
            if points is None:
                continue
            # Of equals the newest: a story goes on where it was last told.
            rank = (points, deal.days[-1].toordinal())
            if best is None or rank > best_rank:
                best, best_rank = label, rank
        return told.source.id if best is None else best

    def _candidates(self, where: Place, told: Told) -> list[Label]:
        """The deals with an earlier telling where this one looks, the one begun first in front."""
        found = {
            label
            for ask in asks(told)
            for label, tellings in self._index.get(ask.block, {}).items()
            if _any_within(tellings, ask, where)
        }
        return sorted(found, key=lambda label: self._lines[label].tellings[0][0])

    def _move(self, where: Place, told: Told, to: Label | None) -> None:
        old = self._label.get(told.source.id)
        if old == to:
            return
        self.moved[told.source.id] = to
        if old is not None:
            self._drop(where, told, old)
        if to is not None:
            self._put(where, told, to)
        for label in (old, to):
            if label is not None:
                self._spread(where, told, label)

    def _spread(self, where: Place, told: Told, label: Label) -> None:
        """Queue the later tellings that a changed deal may concern."""
        tellings = [told]
        if label not in self.changed:
            self.changed.add(label)
            tellings += [t for _, t in self._lines[label].tellings]
        for later, theirs in self._known.later(tellings, where):
            if later.source.id not in self._suspect:
                self._suspect[later.source.id] = set()
                self._label.setdefault(later.source.id, theirs)
                heapq.heappush(self._queue, (place(later), later))
            self._suspect[later.source.id].add(label)

    def _put(self, where: Place, told: Told, label: Label) -> None:
        self._lines.setdefault(label, _Line(told.mention.type)).put(where, told)
        self._label[told.source.id] = label
        for block in offers(told):
            insort(self._index[block].setdefault(label, []), (told.day.toordinal(), where))

    def _drop(self, where: Place, told: Told, label: Label) -> None:
        self._lines[label].drop(where)
        del self._label[told.source.id]
        for block in offers(told):
            self._index[block][label].remove((told.day.toordinal(), where))


def _any_within(tellings: list[tuple[int, Place]], ask: Ask, where: Place) -> bool:
    """Whether a telling of the days asked for stands before a place."""
    start = bisect_left(tellings, ask.first, key=itemgetter(0))
    return any(there < where for there in _until(tellings, start, ask.last))


def _until(tellings: list[tuple[int, Place]], start: int, last: int) -> Iterator[Place]:
    for day, where in islice(tellings, start, None):
        if day > last:
            return
        yield where
