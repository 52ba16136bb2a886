"""The events of a ledger by type and month, so that a question of some weeks does not go through years."""

from __future__ import annotations

import datetime as dt
import functools
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from tracker.models.ledger import Event
from tracker.models.mention import CATEGORIES
from tracker.predict import syntax as s
from tracker.predict.dates import beginning, horizon, span_of, top_dates
from tracker.predict.moment import reached

NEAR = dt.timedelta(days=84)
"""How far outside a window an event may still be a near miss: `evidence.FARTHEST` at 30 days each."""


class Index:
    """Built once for many questions; an event lies in every month in which it did or was told something."""

    def __init__(self, events: Iterable[Event]) -> None:
        self.by_type: dict[str, list[Event]] = {}
        for event in events:
            self.by_type.setdefault(event.type, []).append(event)
        self._lacking: dict[tuple[str, str], list[int]] = {}
        self._monthly: dict[str, dict[int, list[int]]] = {}
        self._dated: dict[tuple[str, str, str], list[tuple[dt.date, int]]] = {}

    @functools.cached_property
    def oldest(self) -> dt.date | None:
        """The day of the first report of all."""
        reported = (e.first_reported for listed in self.by_type.values() for e in listed)
        first = min(reported, default=None)
        return None if first is None else first.date()

    @functools.cached_property
    def by_id(self) -> dict[str, Event]:
        return {e.id: e for listed in self.by_type.values() for e in listed}

    def _months(self, type_: str) -> dict[int, list[int]]:
        """By month, the places of the events of a type; only near misses are looked up by it."""
        if type_ not in self._monthly:
            self._monthly[type_] = _by_month(self.by_type.get(type_, []))
        return self._monthly[type_]

    def of_types(self, types: Sequence[str]) -> list[Event]:
        return [e for t in (types or sorted(self.by_type)) for e in self.by_type.get(t, [])]

    def in_time(self, selection: s.Selection) -> list[Event]:
        """All events but those of other categories than a clause asks for, and those that have reached a
        status outside its days.
        """
        types = selection.types or sorted(self.by_type)
        dated, kinds = top_dates(selection), _categories(selection)
        if not dated:
            return [e for e in self.of_types(types) if kinds is None or e.category in kinds]
        first, last = span_of(dated[0])
        wanted = CATEGORIES if kinds is None else kinds
        return [e for t in types for e in self._reached(t, wanted, dated[0].state, first, last)]

    def _reached(
        self, type_: str, kinds: Iterable[str], state: str, first: dt.date | None, last: dt.date | None
    ) -> list[Event]:
        """The events of a type and some categories that reached a status on some days, or did not."""
        listed = self.by_type.get(type_, [])
        places: list[int] = []
        for kind in kinds:
            found = self._days(type_, kind, state)
            start = bisect_left(found, first, key=_day) if first else 0
            end = bisect_right(found, last, key=_day) if last else len(found)
            places += [n for _, n in found[start:end]]
        lacking = [n for n in self._without(type_, state) if listed[n].category in kinds]
        return [listed[n] for n in sorted([*places, *lacking])]

    def _days(self, type_: str, kind: str, state: str) -> list[tuple[dt.date, int]]:
        """The days on which events of a type and category reached a status, and their places."""
        self._dates(type_, state)
        return self._dated[type_, kind, state]

    def _dates(self, type_: str, state: str) -> None:
        """Look once when the events of a type reached a status, and which have not."""
        if (type_, state) in self._lacking:
            return
        by_kind: dict[str, list[tuple[dt.date, int]]] = {k: [] for k in CATEGORIES}
        lacking = []
        for n, event in enumerate(self.by_type.get(type_, [])):
            day = reached(event, state)
            if day is None:
                lacking.append(n)
            else:
                by_kind[event.category].append((day, n))
        self._dated |= {(type_, k, state): sorted(days) for k, days in by_kind.items()}
        self._lacking[type_, state] = lacking

    def candidates(self, selection: s.Selection, deadline: dt.date) -> list[Event]:
        """All events but those that can be told by their days alone to be neither a match nor near.

        Those have reached a status that a clause asks for, on a day outside its window, and did nothing
        within `NEAR` of the window.
        """
        start = beginning(selection)
        if start is None:
            return self.of_types(selection.types)
        months = range(_month(start - NEAR), _month(horizon(selection, deadline) + NEAR) + 1)
        states = {c.state for c in top_dates(selection)}
        return [e for t in (selection.types or sorted(self.by_type)) for e in self._within(t, months, states)]

    def _within(self, type_: str, months: range, states: Iterable[str]) -> list[Event]:
        listed, by_month = self.by_type.get(type_, []), self._months(type_)
        found = {n for month in months for n in by_month.get(month, ())}
        for state in states:
            found.update(self._without(type_, state))
        return [listed[n] for n in sorted(found)]

    def _without(self, type_: str, state: str) -> list[int]:
        """The events of a type that have not reached a status: some day they may."""
        self._dates(type_, state)
        return self._lacking[type_, state]


def _categories(selection: s.Selection) -> frozenset[str] | None:
    """The categories that every event of a selection must be of one of; None where any will do."""
    asked = [c.values for c in selection.conjuncts if isinstance(c, s.FieldIn) and c.field == "category"]
    return frozenset.intersection(*map(frozenset, asked)) if asked else None


def _by_month(events: Sequence[Event]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for n, event in enumerate(events):
        days = {_month(x.date) for x in event.states} | {_month(event.first_reported)}
        for month in days:
            found.setdefault(month, []).append(n)
    return found


def _day(dated: tuple[dt.date, int]) -> dt.date:
    return dated[0]


def _month(day: dt.date) -> int:
    return day.year * 12 + day.month
