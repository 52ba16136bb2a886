"""Dates and figures in the readers' kind of English, by the Unicode locale data (CLDR) that Babel carries.

Sentences are English whatever the locale; it says in which order a date is written, and how figures are
grouped.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from tracker.errors import ConfigError

DEFAULT = "en_GB"
_spoken = ContextVar("spoken", default=DEFAULT)


def english(name: str) -> str:
    """A locale's name as Babel writes it. Raises ConfigError for one that is unknown or not English.

    >>> english("en-us")
    'en_US'
    """
    try:
        locale = Locale.parse(name.replace("-", "_"))
    except (ValueError, TypeError, UnknownLocaleError):
        locale = None
    if locale is None or locale.language != "en":
        raise ConfigError(
            f"{name!r} is no English locale", hint="sentences are English: en_GB, en_US, en_IN and so on"
        )
    return str(locale)


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Within the block, days and figures are written as this English locale does."""
    token = _spoken.set(locale)
    try:
        yield
    finally:
        _spoken.reset(token)


def day_text(day: dt.date, *, year: bool = True) -> str:
    """A day as people write it.

    >>> day_text(dt.date(2026, 6, 30)), day_text(dt.date(2026, 6, 30), year=False)
    ('30 June 2026', '30 June')
    >>> with speaking("en_US"):
    ...     day_text(dt.date(2026, 6, 30))
    'June 30, 2026'
    """
    return _day(_spoken.get(), day, year)


# A site writes the same few days many thousands of times, and Babel reads its pattern anew for each.
@lru_cache(maxsize=4096)
def _day(locale: str, day: dt.date, year: bool) -> str:
    if year:
        return format_date(day, "long", locale=locale)
    return format_skeleton("MMMMd", day, locale=locale)


def month_text(day: dt.date, *, year: bool = True) -> str:
    """
    >>> month_text(dt.date(2026, 6, 1)), month_text(dt.date(2026, 6, 1), year=False)
    ('June 2026', 'June')
    """
    return format_date(day, "MMMM y" if year else "MMMM", locale=_spoken.get())


def days_text(first: dt.date, last: dt.date) -> str:
    """The days from one to another, what both share said once.

    >>> days_text(dt.date(2026, 6, 22), dt.date(2026, 6, 28))
    '22–28 June 2026'
    >>> days_text(dt.date(2026, 6, 29), dt.date(2026, 7, 5))
    '29 June – 5 July 2026'
    >>> days_text(dt.date(2025, 12, 29), dt.date(2026, 1, 4))
    '29 December 2025 – 4 January 2026'
    >>> with speaking("en_US"):
    ...     days_text(dt.date(2026, 6, 22), dt.date(2026, 6, 28))
    'June 22–28, 2026'
    """
    if first.year != last.year:
        return f"{day_text(first)} – {day_text(last)}"
    if first.month == last.month:
        both, changed = re.subn(rf"\b{last.day}\b", f"{first.day}–{last.day}", day_text(last), count=1)
        if changed:
            return both
    return f"{day_text(first, year=False)} – {day_text(last)}"


def figure(value: float, digits: int = 0) -> str:
    """A figure to so many digits behind the point, without zeros at its end.

    >>> figure(1234567), figure(2.5, 2), figure(11.0, 1)
    ('1,234,567', '2.5', '11')
    >>> with speaking("en_IN"):
    ...     figure(1234567)
    '12,34,567'
    """
    return _figure(_spoken.get(), round(value, digits), digits)


@lru_cache(maxsize=4096)
def _figure(locale: str, value: float, digits: int) -> str:
    return format_decimal(value, f"#,##0.{'#' * digits}" if digits else None, locale=locale)
