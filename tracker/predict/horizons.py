"""Deadlines as articles write them: "by the end of June", "within six months", "in the second half"."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from tracker.predict.words import MONTHS, NUMBERS

ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_MONTH = "|".join(f"{m}|{m[:3]}" for m in MONTHS)
_COUNT = "|".join(NUMBERS[1:])
_HEAD = (
    r"\b(?:by|before|until|during|through|in|this|over|within|no later than)\s+"
    r"(?:the\s+)?(?:end\s+of\s+)?(?:the\s+)?"
)
_YEAR = r"(?:(?:\s+of)?,?\s+(?P<year>20\d\d))?"
_NTH = r"(?P<n>first|second|third|fourth|[1-4](?:st|nd|rd|th))"
_NEXT = r"(?:the\s+)?(?:next\s+|coming\s+)?"
_PERIOD = r"(?P<unit>day|week|month|quarter|year)s?\b"
_END = r"(?:by|before|in|during|until|over)?\s*(?:the\s+)?(?:end\s+of\s+)?"


@dataclass(frozen=True)
class Horizon:
    """The last day that a phrase allows, and the phrase."""

    day: dt.date
    text: str


Rule = tuple[re.Pattern[str], Callable[[re.Match[str], dt.date], dt.date]]


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _month_number(name: str) -> int:
    return next(n for n, m in enumerate(MONTHS, 1) if m.casefold().startswith(name.casefold()[:3]))


def _year(text: str | None, month: int, made: dt.date) -> int:
    """The stated year, else the one in which the month comes next."""
    if text:
        return int(text)
    return made.year + (month < made.month)


def _day(m: re.Match[str], made: dt.date) -> dt.date:
    month = _month_number(m["month"])
    year = _year(m["year"], month, made)
    return dt.date(year, month, min(int(m["day"]), calendar.monthrange(year, month)[1]))


def _month(m: re.Match[str], made: dt.date) -> dt.date:
    month = _month_number(m["month"])
    return _month_end(_year(m["year"], month, made), month)


def _quarter(m: re.Match[str], made: dt.date) -> dt.date:
    month = 3 * int(ORDINALS.get(m["n"].casefold(), 0) or m["n"])
    return _month_end(_year(m["year"], month, made), month)


def _half(m: re.Match[str], made: dt.date) -> dt.date:
    month = 6 * ORDINALS[m["n"].casefold()]
    return _month_end(_year(m["year"], month, made), month)


def _span(m: re.Match[str], made: dt.date) -> dt.date:
    n = int(m["n"]) if m["n"].isdigit() else NUMBERS.index(m["n"].casefold())
    days = {"day": 1, "week": 7}.get(m["unit"].casefold())
    if days:
        return made + dt.timedelta(days=n * days)
    months = made.month - 1 + n * {"month": 1, "quarter": 3, "year": 12}[m["unit"].casefold()]
    year, month = made.year + months // 12, months % 12 + 1
    return dt.date(year, month, min(made.day, calendar.monthrange(year, month)[1]))


def _relative(m: re.Match[str], made: dt.date) -> dt.date:
    ahead, unit = m["which"].casefold() == "next", m["unit"].casefold()
    if unit == "year":
        return dt.date(made.year + ahead, 12, 31)
    length = 3 if unit == "quarter" else 1
    months = (made.month - 1) // length * length + length - 1 + length * ahead
    return _month_end(made.year + months // 12, months % 12 + 1)


def _rule(pattern: str, read: Callable[[re.Match[str], dt.date], dt.date]) -> Rule:
    return re.compile(pattern, re.IGNORECASE), read


def _year_end(m: re.Match[str], made: dt.date) -> dt.date:
    return dt.date(int(m.groupdict().get("year") or made.year), 12, 31)


RULES: tuple[Rule, ...] = (
    _rule(rf"{_HEAD}(?P<day>(?!0?0\b)\d{{1,2}})\s+(?P<month>{_MONTH})\b\.?{_YEAR}", _day),
    _rule(rf"{_HEAD}(?P<month>{_MONTH})\b\.?\s+(?P<day>(?!0?0\b)\d{{1,2}})\b{_YEAR}", _day),
    _rule(rf"{_HEAD}{_NTH}\s+quarter{_YEAR}", _quarter),
    _rule(rf"{_HEAD}Q(?P<n>[1-4]){_YEAR}", _quarter),
    _rule(rf"{_HEAD}(?P<n>first|second)\s+half{_YEAR}", _half),
    _rule(rf"{_HEAD}(?P<month>{_MONTH})\b\.?{_YEAR}", _month),
    _rule(rf"\b(?:within|over|in)\s+{_NEXT}(?P<n>\d{{1,3}}|{_COUNT})\s+{_PERIOD}", _span),
    _rule(rf"\b{_END}(?P<which>this|next)\s+(?P<unit>month|quarter|year)\b", _relative),
    _rule(r"\b(?:by|before)\s+(?:the\s+)?year[- ]end\b", _year_end),
    _rule(rf"{_HEAD}year\b", _year_end),
    _rule(rf"{_HEAD}(?P<year>20\d\d)\b", _year_end),
)
"""The first that reads a day ahead decides."""


def horizon_of(sentence: str, made: dt.date) -> Horizon | None:
    """The deadline that a sentence states, by the first rule that reads one; None where none lies ahead.

    >>> made = dt.date(2026, 3, 26)
    >>> [str(horizon_of(t, made).day) for t in ("by the end of June", "within six months", "in Q3")]
    ['2026-06-30', '2026-09-26', '2026-09-30']
    """
    for pattern, read in RULES:
        for match in pattern.finditer(sentence):
            day = read(match, made)
            if day > made:
                return Horizon(day, match.group().strip())
    return None
