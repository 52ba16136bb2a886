"""Times as feeds, sitemaps and pages write them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

Precision = Literal["day", "instant"]
DAY = re.compile(r"\s*\d{4}-?\d\d-?\d\d\s*")


@dataclass(frozen=True)
class Stamp:
    """An aware time, UTC, and whether a moment was given or only its day (then the day's start)."""

    time: dt.datetime
    precision: Precision


def read_time(value: Any) -> dt.datetime | None:
    """An ISO time as aware UTC; without a zone it is taken as UTC, a day as its start; None for anything
    else.

    >>> read_time("2026-03-26T09:30:00+01:00").isoformat()
    '2026-03-26T08:30:00+00:00'
    """
    try:
        time = dt.datetime.fromisoformat(str(value).strip())
        return time.replace(tzinfo=dt.UTC) if time.tzinfo is None else time.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def read_stamp(value: Any) -> Stamp | None:
    """A time as `read_time` reads it, with its precision.

    >>> read_stamp("2026-03-26").precision, read_stamp("2026-03-26T00:00Z").precision
    ('day', 'instant')
    """
    time = read_time(value)
    return Stamp(time, "day" if DAY.fullmatch(str(value)) else "instant") if time else None


def first_stamp(values: Iterable[Any]) -> Stamp | None:
    """The first of several values that is a time."""
    return next((stamp for value in values if (stamp := read_stamp(value))), None)
