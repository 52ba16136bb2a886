"""Weeks: by ISO from Monday 00:00 UTC to the next Monday, or from another day of the readers' choice."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from tracker.errors import BriefingError
from tracker.spoken import days_text

_FORM = re.compile(r"([0-9]{4})-W([0-9]{2})")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def shift_of(day: str) -> int:
    """Days from ISO's Monday to the first day of weeks that begin on a named one, within three of it.

    >>> shift_of("monday"), shift_of("sunday"), shift_of("thursday")
    (0, -1, 3)
    """
    place = DAYS.index(day)
    return place - 7 if place > 3 else place


@dataclass(frozen=True, order=True)
class Week:
    """One week, written like the ISO week that most of it is in, `2026-W26`.

    shift: days from ISO's Monday to the week's first day.

    >>> Week.parse("2026-W26").start.isoformat()
    '2026-06-22T00:00:00+00:00'
    >>> str(Week.parse("2026-W01").back(1))
    '2025-W52'
    >>> Week.parse("2026-W26", shift_of("sunday")).first.isoformat()
    '2026-06-21'
    """

    year: int
    number: int
    shift: int = 0

    @classmethod
    def parse(cls, text: str, shift: int = 0) -> Week:
        """Raises BriefingError for anything but a week that exists."""
        match = _FORM.fullmatch(text)
        try:
            if match is None:
                raise ValueError
            dt.date.fromisocalendar(int(match[1]), int(match[2]), 1)
        except ValueError as error:
            raise BriefingError(f"{text!r} is not an ISO week", hint="write it like 2026-W26") from error
        return cls(int(match[1]), int(match[2]), shift)

    @classmethod
    def of(cls, moment: dt.datetime | dt.date, shift: int = 0) -> Week:
        """The week of a day, or of an aware time (in UTC)."""
        day = moment.astimezone(dt.UTC).date() if isinstance(moment, dt.datetime) else moment
        iso = (day - dt.timedelta(days=shift)).isocalendar()
        return cls(iso.year, iso.week, shift)

    @property
    def first(self) -> dt.date:
        """The week's first day."""
        return dt.date.fromisocalendar(self.year, self.number, 1) + dt.timedelta(days=self.shift)

    @property
    def start(self) -> dt.datetime:
        return dt.datetime.combine(self.first, dt.time(), dt.UTC)

    @property
    def end(self) -> dt.datetime:
        """The first moment that no longer belongs to the week."""
        return self.start + dt.timedelta(weeks=1)

    def back(self, weeks: int) -> Week:
        return Week.of(self.first - dt.timedelta(weeks=weeks), self.shift)

    def __contains__(self, moment: dt.datetime) -> bool:
        return self.start <= moment < self.end

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02d}"


def range_text(week: Week) -> str:
    """The days of a week.

    >>> range_text(Week(2026, 26))
    '22–28 June 2026'
    """
    return days_text(week.first, week.first + dt.timedelta(days=6))
