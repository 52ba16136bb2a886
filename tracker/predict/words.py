"""Short wordings for verdicts: amounts, days and one line an event."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence

from tracker.models.ledger import Event, Interval
from tracker.predict.bounds import Bounds
from tracker.spoken import day_text, figure

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
SUFFIXES = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e3, "k"))


def dollars(value: float) -> str:
    """
    >>> dollars(9.6e9), dollars(11_570_000_000), dollars(830e6), dollars(0)
    ('$9.6bn', '$11.57bn', '$830m', '$0')
    """
    for scale, suffix in SUFFIXES:
        if abs(value) >= scale:
            return f"${_short(value / scale)}{suffix}"
    return f"${_short(value)}"


def roughly(value: float) -> str:
    """Dollars to three digits, for sums that nothing is compared with.

    >>> roughly(947_330_000), roughly(111.22e9)
    ('$947m', '$111bn')
    """
    return dollars(float(f"{value:.3g}"))


def _short(value: float) -> str:
    return figure(value, 2)


def amount(known: Interval | None) -> str:
    """
    >>> amount(Interval(low=10e9, high=None)), amount(Interval(low=0, high=87e9)), amount(None)
    ('at least $10bn', 'up to $87bn', 'undisclosed')
    """
    if known is None or (known.low <= 0 and known.high is None):
        return "undisclosed"
    if known.high is None:
        return f"at least {dollars(known.low)}"
    if known.low == known.high:
        return dollars(known.low)
    return (
        f"up to {dollars(known.high)}" if known.low <= 0 else f"{dollars(known.low)} to {dollars(known.high)}"
    )


def day(date: dt.date) -> str:
    """
    >>> day(dt.date(2026, 6, 30))
    '30 June 2026'
    """
    return day_text(date)


def span(first: dt.date, last: dt.date, to: str = "to") -> str:
    """
    >>> span(dt.date(2026, 3, 27), dt.date(2026, 4, 28)), span(dt.date(2025, 12, 1), dt.date(2026, 1, 2))
    ('27 March to 28 April 2026', '1 December 2025 to 2 January 2026')
    """
    return f"{day_text(first, year=first.year != last.year)} {to} {day_text(last)}"


def number(n: int) -> str:
    """
    >>> number(0), number(3), number(14)
    ('no', 'three', '14')
    """
    return NUMBERS[n] if 0 <= n < len(NUMBERS) else figure(n)


def percent(value: float) -> str:
    """A percentage to three digits at most.

    >>> percent(68.15), percent(2.5)
    ('68%', '2.5%')
    """
    return f"{value:.0f}%" if abs(value) >= 10 else f"{_short(round(value, 1))}%"


def listed(names: Sequence[str], word: str = "and") -> str:
    """
    >>> listed(["A"]), listed(["A", "B", "C"], "or")
    ('A', 'A, B or C')
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}" if names else ""


def days(count: int) -> str:
    """
    >>> days(1), days(12)
    ('one day', '12 days')
    """
    return "one day" if count == 1 else f"{count} days"


def in_unit(value: float, unit: str) -> str:
    """
    >>> in_unit(3, "number"), in_unit(-40, "percent"), in_unit(5e10, "money")
    ('3', '-40%', '$50bn')
    """
    if math.isinf(value):
        return "no limit"
    if unit == "money":
        return dollars(value)
    return f"{_short(value)}%" if unit == "percent" else _short(value)


def bounds(known: Bounds | None, unit: str) -> str:
    """
    >>> bounds(Bounds(1, 3), "number"), bounds(Bounds(2e9, math.inf), "money")
    ('1 to 3', '$2bn or more')
    """
    if known is None:
        return "nothing to compute it from"
    if known.exact:
        return in_unit(known.low, unit)
    if math.isinf(known.high):
        return f"{in_unit(known.low, unit)} or more"
    return f"{in_unit(known.low, unit)} to {in_unit(known.high, unit)}"


def happened(event: Event) -> dt.date | None:
    """The day of the first firm status (announced, completed, terminated), else of the rumour."""
    firm = [s.date for s in event.states if s.status != "rumoured"]
    return min(firm or [s.date for s in event.states], default=None)


def describe(event: Event) -> str:
    """One line: who, what, status and day, how much."""
    on = happened(event)
    parts = [f"{who(event)}: {_what(event)} {event.status}{f' {day(on)}' if on else ''}"]
    if event.type not in ("pricing", "shutdown"):
        parts.append(_money(event))
    return ", ".join(parts)


def _money(event: Event) -> str:
    if event.amount_usd is None and event.amount is not None and event.amount.value is not None:
        return f"{event.amount.currency} {figure(event.amount.value)}"
    known = amount(event.amount_usd)
    return f"amount {known}" if known == "undisclosed" else known


def _what(event: Event) -> str:
    if event.type == "pricing" and (event.from_ or event.to):
        return f"pricing from {event.from_ or '?'} to {event.to or '?'}"
    if event.type == "financing" and event.round and event.round != "unknown":
        series = event.round.startswith("series_")
        return f"{'Series ' + event.round[7:].upper() if series else event.round.replace('_', '-')} financing"
    return {"ipo": "listing", "pricing": "pricing change"}.get(event.type, event.type)


def who(event: Event) -> str:
    """The parties in the order of the deal."""
    match event.type:
        case "acquisition":
            pair = (event.names("acquirer"), event.names("target"))
        case "shutdown" | "pricing":
            pair = (event.names("company"), event.names("subject"))
        case "commitment":
            pair = (event.names("company"), event.place or event.names("partners"))
        case _:
            pair = (event.names("company"), [])
    named = [" and ".join(side) for side in pair if side]
    return " - ".join(dict.fromkeys(named)) or "unnamed"


def slug(text: str, longest: int = 48) -> str:
    """
    >>> slug("Three deals above $10bn, by June!")
    'three-deals-above-10bn-by-june'
    """
    words = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return words[:longest].rstrip("-") or "prediction"
