"""The day clauses: when a status was reached, how far off it was, and when a selection's window ends."""

from __future__ import annotations

import datetime as dt

from tracker.models.ledger import Event
from tracker.predict import syntax as s
from tracker.predict.moment import Moment, reached, status_by
from tracker.predict.words import day as day_text
from tracker.predict.words import days

ONE = dt.timedelta(days=1)


def span_of(clause: s.StateDate) -> tuple[dt.date | None, dt.date | None]:
    """The first and last day that satisfy a clause; None = no end."""
    match clause.op:
        case "after":
            return clause.day + ONE, None
        case "since":
            return clause.day, None
        case "by":
            return None, clause.day
        case "before":
            return None, clause.day - ONE
        case "on":
            return clause.day, clause.day
        case "between":
            return clause.day, clause.until


def state_date(clause: s.StateDate, event: Event, moment: Moment) -> tuple[bool, str, bool, float]:
    """Truth, reason, whether it is fixed, and distance: see `clauses.Check`."""
    first, last = span_of(clause)
    day = reached(event, clause.state)
    if day is None:
        return False, not_reached(clause.state, event, moment), last is not None and moment.over(last), 0.5
    if first is not None and day < first:
        off = (first - day).days
        return False, f"{days(off)} too early: {clause.state} {day_text(day)}", True, off / 30
    if last is not None and day > last:
        off = (day - last).days
        return False, f"{days(off)} too late: {clause.state} {day_text(day)}", True, off / 30
    return True, f"{clause.state} {day_text(day)}", True, 1.0


def not_reached(state: str, event: Event, moment: Moment) -> str:
    status = status_by(event, moment.deadline)
    if status == "terminated":
        return f"called off before it was {state}"
    if status == "not begun":
        return "not heard of in time"
    return f"only {status}" if status != state else f"not {state}"


def top_dates(selection: s.Selection) -> list[s.StateDate]:
    """The day clauses that every event of a selection must satisfy."""
    return [c for c in selection.conjuncts if isinstance(c, s.StateDate)]


def horizon(selection: s.Selection, deadline: dt.date) -> dt.date:
    """The last day on which an event can still come to satisfy a selection."""
    ends = [last for clause in top_dates(selection) if (last := span_of(clause)[1]) is not None]
    return min([*ends, deadline])


def beginning(selection: s.Selection) -> dt.date | None:
    """The first day on which an event can satisfy a selection; None = no bound."""
    starts = [first for clause in top_dates(selection) if (first := span_of(clause)[0]) is not None]
    return max(starts, default=None)


def within_deadline(selection: s.Selection, deadline: dt.date) -> tuple[s.Clause, ...]:
    """A selection's clauses, with the deadline added where no day clause implies it: late events never
    count.
    """
    ends = [last for clause in top_dates(selection) if (last := span_of(clause)[1]) is not None]
    if any(end <= deadline for end in ends):
        return selection.conjuncts
    return (*selection.conjuncts, s.StateDate("happened", "by", deadline))
