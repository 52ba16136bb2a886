"""Which events satisfy a selection, which might, and which miss by one clause."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.models.ledger import Event
from tracker.predict import syntax as s
from tracker.predict.bounds import Truth, all_true
from tracker.predict.clauses import Check, check
from tracker.predict.dates import horizon, top_dates, within_deadline
from tracker.predict.index import Index
from tracker.predict.moment import Moment
from tracker.predict.sieve import promising


@dataclass(frozen=True)
class Match:
    """An event beside the clauses of a selection, in their order."""

    event: Event
    checks: tuple[tuple[s.Clause, Check], ...]

    @property
    def truth(self) -> Truth:
        return all_true(c.truth for _, c in self.checks)

    @property
    def holds_for_good(self) -> bool:
        return self.truth is True and all(c.fixed for _, c in self.checks)

    @property
    def hopeless(self) -> bool:
        """Some clause fails and no later news of this event can mend it."""
        return any(c.truth is False and c.fixed for _, c in self.checks)

    @property
    def missed(self) -> list[tuple[s.Clause, Check]]:
        """The clauses that are not known to hold."""
        return [(clause, c) for clause, c in self.checks if c.truth is not True]


@dataclass(frozen=True)
class Matches:
    """One selection's events. `unbounded`: more may come, or were missed in a gap of the coverage."""

    selection: s.Selection
    near: tuple[Match, ...]
    sure: tuple[Event, ...]
    possible: tuple[Event, ...]
    unbounded: bool

    @property
    def holding(self) -> list[Match]:
        return [m for m in self.near if m.truth is True]


class Ledger:
    """The events as one judgement sees them; the answer to each selection is kept.

    misses: whether near misses are wanted. Without them, what fails one clause for good is not looked at
    again, which is all that a status needs.
    """

    def __init__(self, events: Iterable[Event] | Index, moment: Moment, *, misses: bool = True) -> None:
        self.moment = moment
        self.misses = misses
        self.index = events if isinstance(events, Index) else Index(events)
        self._seen: dict[s.Selection, Matches] = {}
        self._worth: dict[s.Selection, list[Event]] = {}
        self._views: dict[Moment, Ledger] = {}

    def at(self, moment: Moment) -> Ledger:
        """The same events from another point of view; it is kept, too, with the answers found from there."""
        if moment == self.moment:
            return self
        if moment not in self._views:
            self._views[moment] = self._seen_from(moment)
        return self._views[moment]

    def _seen_from(self, moment: Moment) -> Ledger:
        other = Ledger(self.index, moment, misses=self.misses)
        if moment.deadline == self.moment.deadline:
            # What is worth a look depends on the deadline alone, not on the hour.
            other._worth = self._worth
        return other

    def matches(self, selection: s.Selection) -> Matches:
        if selection not in self._seen:
            self._seen[selection] = self._find(selection)
        return self._seen[selection]

    def _find(self, selection: s.Selection) -> Matches:
        clauses = within_deadline(selection, self.moment.deadline)
        rated = [Match(e, _checks(clauses, e, self.moment)) for e in self._worth_a_look(selection, clauses)]
        moment = self.moment
        if moment.settled:
            sure = [m.event for m in rated if m.truth is True]
            possible = [m.event for m in rated if m.truth is not False]
        else:
            sure = [m.event for m in rated if m.holds_for_good]
            possible = [m.event for m in rated if len(m.checks) == len(clauses) and not m.hopeless]
        near = tuple(m for m in rated if _is_near(m, len(clauses)))
        more = moment.gap or not moment.over(horizon(selection, moment.deadline))
        return Matches(selection, near, tuple(sure), tuple(possible), more)

    def _worth_a_look(self, selection: s.Selection, clauses: Sequence[s.Clause]) -> list[Event]:
        if selection not in self._worth:
            if self.misses:
                near = self.index.candidates(selection, self.moment.deadline)
                self._worth[selection] = promising(near, clauses)
            else:
                # The index has looked at the first of the days already.
                rest = [c for c in clauses if c not in top_dates(selection)[:1]]
                self._worth[selection] = promising(self.index.in_time(selection), rest, failures=1)
        return self._worth[selection]


def _checks(clauses: Sequence[s.Clause], event: Event, moment: Moment) -> tuple[tuple[s.Clause, Check], ...]:
    """The clauses' answers; stops at the second hopeless failure, for the event is neither a match nor
    near.
    """
    done: list[tuple[s.Clause, Check]] = []
    failed = 0
    for clause in clauses:
        result = check(clause, event, moment)
        done.append((clause, result))
        failed += result.truth is False and result.fixed
        if failed > 1:
            break
    return tuple(done)


def _is_near(match: Match, clauses: int) -> bool:
    """Holds, may hold, or fails exactly one clause with nothing else in doubt."""
    if len(match.checks) < clauses:
        return False
    failed = [c for _, c in match.checks if c.truth is False]
    return not failed or len(match.missed) == 1
