"""When an event took place, if its sentence says so; days and months are resolved by the publication day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sep sept", "october oct", "november nov", "december dec"), 1)
    for name in names.split()
}  # fmt: skip
_DAYS = {
    name: n
    for n, name in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
}
_MONTH = (
    r"(?P<month>january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?"
)
_PATTERNS = (
    re.compile(r"\b(?P<iso>20\d\d-[01]\d-[0-3]\d)\b"),
    re.compile(rf"\b{_MONTH} (?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?:,? (?P<year>20\d\d))?\b(?!,?\d)", re.I),
    re.compile(rf"\b(?P<day>[0-3]?\d)(?:st|nd|rd|th)? (?:of )?{_MONTH}(?: (?P<year>20\d\d))?\b", re.I),
    re.compile(
        rf"\b(?:in|by|since|during|late|early|mid|last|this|until|of|end of)[ -]{_MONTH}"
        r"(?:,? (?:of )?(?P<year>20\d\d))?\b", re.I),
    re.compile(r"\b(?P<weekday>monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b", re.IGNORECASE),
    re.compile(r"\b(?P<relative>today|yesterday)\b", re.IGNORECASE),
)  # fmt: skip

_NEAR = re.compile(r"\b(?P<near>last|this) month\b", re.IGNORECASE)
"""Tried last, and told to the models as no date: they were no better for it (docs/benchmarks.md)."""

_YEAR = re.compile(r"(?<![\w$€£.,-])(?:19|20)\d\d(?![\w%]|[.,]\d)")
_DISTANCES = (
    (-31, "ahead"),
    (-1, "soon"),
    (4, "now"),
    (12, "week"),
    (45, "month"),
    (200, "half"),
    (400, "year"),
)


def event_date(sentence: str, published: dt.date | None, *, ahead: bool = False) -> str | None:
    """The ISO day or month that a sentence gives its event, or None.

    `ahead` says that the event lies in the future (a closure announced for October), so that a month without
    a year is the next one, not the last one.

    >>> event_date("It was announced on Tuesday.", dt.date(2026, 6, 26))
    '2026-06-23'
    >>> event_date("It was bought late last month.", dt.date(2026, 1, 26))
    '2025-12'
    >>> event_date("It shuts down in October.", dt.date(2026, 6, 26), ahead=True)
    '2026-10'
    """
    return _first(sentence, published, ahead, (*_PATTERNS, _NEAR))


def _first(
    sentence: str, published: dt.date | None, ahead: bool, patterns: Iterable[re.Pattern[str]]
) -> str | None:
    matches = (match for pattern in patterns for match in pattern.finditer(sentence))
    found = (_resolved(match.groupdict(), published, ahead) for match in matches)
    return next((date for date in found if date), None)


def _resolved(found: dict[str, str | None], published: dt.date | None, ahead: bool) -> str | None:
    groups = {name: value for name, value in found.items() if value}
    if "iso" in groups:
        return groups["iso"]
    if "month" in groups:
        return _month_or_day(groups, published, ahead)
    if published is None:
        return None
    if "relative" in groups:
        return (published - dt.timedelta(days=groups["relative"].casefold() == "yesterday")).isoformat()
    if "near" in groups:
        first = published.replace(day=1)
        return (first - dt.timedelta(days=groups["near"].casefold() == "last")).isoformat()[:7]
    if "weekday" in groups:
        back = (published.weekday() - _DAYS[groups["weekday"].casefold()]) % 7
        return (published + dt.timedelta(days=7 - back if ahead and back else -back)).isoformat()
    return None


def _month_or_day(groups: dict[str, str], published: dt.date | None, ahead: bool) -> str | None:
    month = _MONTHS[groups["month"].casefold()]
    day = int(groups["day"]) if "day" in groups else None
    year = int(groups["year"]) if "year" in groups else _year(month, published, ahead)
    if year is None:
        return None
    if day is None:
        return f"{year}-{month:02}"
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None


def _year(month: int, published: dt.date | None, ahead: bool) -> int | None:
    if published is None:
        return None
    if ahead:
        return published.year + (month < published.month)
    return published.year - (month > published.month)


def distances(sentence: str, published: dt.date | None) -> list[str]:
    """How far the dates of a sentence lie from its publication: by days where it tells one, and by years.

    >>> distances("It was founded in 2021 and raised money on Tuesday.", dt.date(2026, 6, 26))
    ['date=now', 'year=3+']
    """
    if published is None:
        return []
    days = {_first(sentence, published, a, _PATTERNS) for a in (False, True)} - {None}
    out = [f"date={_nearest([_day(d) for d in days if d], published)}"] if days else []
    past = {published.year - int(m.group()) for m in _YEAR.finditer(sentence)}
    return out + [f"year={min(max(p, -1), 3)}{'+' * (p > 2)}" for p in sorted(past)]


def _nearest(days: list[dt.date], published: dt.date) -> str:
    """The distance of the nearer of two readings: without a year, "July 30" may be the last or the next."""
    age = min(((published - day).days for day in days), key=abs)
    return next((name for limit, name in _DISTANCES if age < limit), "old")


def _day(date: str) -> dt.date:
    return dt.date.fromisoformat(date if len(date) > 7 else f"{date}-15")
