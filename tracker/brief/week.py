"""ISO weeks: Monday 00:00 UTC to the next Monday."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from tracker.errors import BriefingError

_FORM = re.compile(r"([0-9]{4})-W([0-9]{2})")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, order=True)
class Week:
    """One ISO week, written `2026-W26`.

    >>> Week.parse("2026-W26").start.isoformat()
    '2026-06-22T00:00:00+00:00'
    >>> str(Week.parse("2026-W01").back(1))
    '2025-W52'
    """

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Week:
        """Raises BriefingError for anything but a week that exists."""
        match = _FORM.fullmatch(text)
        try:
            if match is None:
                raise ValueError
            dt.date.fromisocalendar(int(match[1]), int(match[2]), 1)
        except ValueError as error:
            raise BriefingError(f"{text!r} is not an ISO week", hint="write it like 2026-W26") from error
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, moment: dt.datetime | dt.date) -> Week:
        """The week of a day, or of an aware time (in UTC)."""
        day = moment.astimezone(dt.UTC).date() if isinstance(moment, dt.datetime) else moment
        iso = day.isocalendar()
        return cls(iso.year, iso.week)

    @property
    def monday(self) -> dt.date:
        return dt.date.fromisocalendar(self.year, self.number, 1)

    @property
    def start(self) -> dt.datetime:
        return dt.datetime.combine(self.monday, dt.time(), dt.UTC)

    @property
    def end(self) -> dt.datetime:
        """The first moment that no longer belongs to the week."""
        return self.start + dt.timedelta(weeks=1)

    def back(self, weeks: int) -> Week:
        return Week.of(self.monday - dt.timedelta(weeks=weeks))

    def __contains__(self, moment: dt.datetime) -> bool:
        return self.start <= moment < self.end

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02d}"


def day_text(day: dt.date, *, year: bool = True) -> str:
    """A day as people write it, free of the machine's locale.

    >>> day_text(dt.date(2026, 6, 30))
    '30 June 2026'
    """
    text = f"{day.day} {MONTHS[day.month - 1]}"
    return f"{text} {day.year}" if year else text


def range_text(week: Week) -> str:
    """The days of a week.

    >>> range_text(Week(2026, 26)), range_text(Week(2026, 27)), range_text(Week(2026, 1))
    ('22–28 June 2026', '29 June – 5 July 2026', '29 December 2025 – 4 January 2026')
    """
    first, last = week.monday, week.monday + dt.timedelta(days=6)
    if first.year != last.year:
        return f"{day_text(first)} – {day_text(last)}"
    if first.month != last.month:
        return f"{day_text(first, year=False)} – {day_text(last)}"
    return f"{first.day}–{day_text(last)}"
