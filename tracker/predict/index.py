"""The events of a ledger by type and month, so that a question of some weeks does not go through years."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Sequence

from tracker.models.ledger import Event
from tracker.predict import syntax as s
from tracker.predict.dates import beginning, horizon, top_dates
from tracker.predict.moment import reached

NEAR = dt.timedelta(days=84)
"""How far outside a window an event may still be a near miss: `evidence.FARTHEST` at 30 days each."""
NOT_NEAR = dt.timedelta(0)


class Index:
    """Built once for many questions; an event lies in every month in which it did or was told something."""

    def __init__(self, events: Iterable[Event]) -> None:
        self.by_type: dict[str, list[Event]] = {}
        for event in events:
            self.by_type.setdefault(event.type, []).append(event)
        self._months = {type_: _by_month(listed) for type_, listed in self.by_type.items()}
        self._lacking: dict[tuple[str, str], list[int]] = {}

    @functools.cached_property
    def oldest(self) -> dt.date | None:
        """The day of the first report of all."""
        reported = (e.first_reported for listed in self.by_type.values() for e in listed)
        first = min(reported, default=None)
        return None if first is None else first.date()

    @functools.cached_property
    def by_id(self) -> dict[str, Event]:
        return {e.id: e for listed in self.by_type.values() for e in listed}

    def of_types(self, types: Sequence[str]) -> list[Event]:
        return [e for t in (types or sorted(self.by_type)) for e in self.by_type.get(t, [])]

    def candidates(self, selection: s.Selection, deadline: dt.date, near: dt.timedelta = NEAR) -> list[Event]:
        """All events but those that can be told by their days alone to be neither a match nor near.

        Those have reached a status that a clause asks for, on a day outside its window, and did nothing
        within `near` of the window.
        """
        start = beginning(selection)
        if start is None:
            return self.of_types(selection.types)
        months = range(_month(start - near), _month(horizon(selection, deadline) + near) + 1)
        states = {c.state for c in top_dates(selection)}
        return [e for t in (selection.types or sorted(self.by_type)) for e in self._within(t, months, states)]

    def _within(self, type_: str, months: range, states: Iterable[str]) -> list[Event]:
        listed, by_month = self.by_type.get(type_, []), self._months.get(type_, {})
        found = {n for month in months for n in by_month.get(month, ())}
        for state in states:
            found.update(self._without(type_, state))
        return [listed[n] for n in sorted(found)]

    def _without(self, type_: str, state: str) -> list[int]:
        """The events of a type that have not reached a status: some day they may."""
        key = (type_, state)
        if key not in self._lacking:
            listed = self.by_type.get(type_, [])
            self._lacking[key] = [n for n, e in enumerate(listed) if reached(e, state) is None]
        return self._lacking[key]


def _by_month(events: Sequence[Event]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for n, event in enumerate(events):
        days = {_month(x.date) for x in event.states} | {_month(event.first_reported)}
        for month in days:
            found.setdefault(month, []).append(n)
    return found


def _month(day: dt.date) -> int:
    return day.year * 12 + day.month
