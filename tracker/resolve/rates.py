"""Amounts in US dollars, as intervals, at the European Central Bank's reference rate of a day."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple, Protocol

from tracker.models.ledger import Interval
from tracker.models.mention import Money

ABOUT = 0.05
"""Half-width of "about", "nearly", "around": a figure rounded to two digits is off by up to 5 %."""

STALE_DAYS = 10
"""How far back a rate may lie: longer than any weekend with holidays (Easter, Christmas), in days."""


class Rate(NamedTuple):
    """US dollars for one unit of a currency on a day."""

    usd: float
    day: dt.date


class Rates(Protocol):
    """Where exchange rates come from."""

    def usd(self, currency: str, day: dt.date) -> Rate | None:
        """The newest rate of a day or shortly before it, None where there is none."""


class EcbRates:
    """The rates that the CurrencyConverter package ships (ECB reference rates, daily since 1999).

    A currency that the ECB does not quote, or had ceased to quote by then (the rouble since March 2022),
    has no rate. After the last day of the shipped file the last rates hold; the day they are of is always
    returned.
    """

    def __init__(self) -> None:
        self._converter: Any = None
        self._known: dict[tuple[str, dt.date], Rate | None] = {}

    def usd(self, currency: str, day: dt.date) -> Rate | None:
        if currency == "USD":
            return Rate(1.0, day)
        if (currency, day) not in self._known:
            self._known[currency, day] = self._look_up(currency, day)
        return self._known[currency, day]

    def _look_up(self, currency: str, day: dt.date) -> Rate | None:
        if self._converter is None:  # loading the file takes half a second: only once something is converted
            from currency_converter import CurrencyConverter

            self._converter = CurrencyConverter()
        if currency not in self._converter.currencies:
            return None
        return self._newest(currency, min(day, self._converter.bounds["USD"].last_date))

    def _newest(self, currency: str, day: dt.date) -> Rate | None:
        from currency_converter import RateNotFoundError

        for back in range(STALE_DAYS):
            on = day - dt.timedelta(days=back)
            try:
                return Rate(float(self._converter.convert(1, currency, "USD", date=on)), on)
            except (
                RateNotFoundError,
                ValueError,
            ):  # no trading, or not in the currency's years
                continue
        return None


def native_bounds(money: Money) -> tuple[float, float | None] | None:
    """What a told amount says: at least, at most, in its currency; None where no figure is told.

    >>> native_bounds(Money(value=5e9, qualifier="up_to"))
    (0.0, 5000000000.0)
    >>> native_bounds(Money(value=7e9, qualifier="at_least"))
    (7000000000.0, None)
    """
    if money.value is None:
        return None
    value = money.value
    bounds: dict[str, tuple[float, float | None]] = {
        "exact": (value, value),
        "about": (value * (1 - ABOUT), value * (1 + ABOUT)),
        "up_to": (0.0, value),
        "at_least": (value, None),
        "range": (value, max(value, money.max if money.max is not None else value)),
    }
    return bounds[money.qualifier]


def in_usd(money: Money | None, day: dt.date, rates: Rates) -> Interval | None:
    """An amount in US dollars at the rate of a day; None without a figure or without a rate."""
    bounds = native_bounds(money) if money else None
    if money is None or bounds is None:
        return None
    rate = rates.usd(money.currency, day)
    if rate is None:
        return None
    low, high = bounds
    return Interval(
        low=low * rate.usd,
        high=None if high is None else high * rate.usd,
        currency=money.currency,
        rate=None if money.currency == "USD" else rate.usd,
        rate_date=None if money.currency == "USD" else rate.day,
    )
