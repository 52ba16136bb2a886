"""The point of view of one judgement, and what an event had reached by the deadline."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tracker.models.ledger import Event
from tracker.predict.verdict import day_end
from tracker.predict.words import happened

LADDER = ("rumoured", "announced", "completed", "terminated")


@dataclass(frozen=True)
class Moment:
    """now: aware UTC. made: the day thresholds are converted on. gap: the window was not watched well enough.

    final: look as if the deadline had just passed, to see what there is so far.
    """

    now: dt.datetime
    deadline: dt.date
    made: dt.date
    gap: bool = False
    final: bool = False

    @property
    def settled(self) -> bool:
        """After the deadline nothing new can happen in time; only reports can still come in."""
        return self.over(self.deadline)

    @property
    def ended(self) -> bool:
        """Whether the deadline has really passed, whatever the point of view."""
        return self.now >= day_end(self.deadline)

    def over(self, day: dt.date) -> bool:
        return self.final or self.now >= day_end(day)


def reached(event: Event, state: str) -> dt.date | None:
    """The day of a status; `reported` and `happened` as the language defines them."""
    match state:
        case "reported":
            return event.first_reported.date()
        case "happened":
            return happened(event)
    return event.reached(state)


def status_by(event: Event, deadline: dt.date) -> str:
    """The status an event had at the end of a day: what happened later does not count.

    A termination counts from its day on; otherwise the furthest status reached by then.
    """
    if all(s.date <= deadline for s in event.states):
        return event.status
    by_then = [s for s in event.states if s.date <= deadline]
    if not by_then:
        return "not begun"
    return max(by_then, key=lambda s: LADDER.index(s.status)).status
