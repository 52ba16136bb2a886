"""Amounts as people write them: "$11bn", "up to €1.1bn (about $1.2bn)"."""

from __future__ import annotations

from tracker.models.ledger import Event, Interval
from tracker.models.mention import Money
from tracker.spoken import figure

SYMBOLS = {
    "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "ILS": "₪",
    "AUD": "A$", "CAD": "C$", "SGD": "S$", "HKD": "HK$", "NZD": "NZ$", "TWD": "NT$", "BRL": "R$",
}  # fmt: skip
_SCALES = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"))
_QUALIFIERS = {"exact": "", "about": "about ", "up_to": "up to ", "at_least": "at least ", "range": ""}


def _figure(value: float) -> str:
    return figure(value, 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0)


def short(value: float) -> str:
    """A figure to three digits with its scale; small ones in full.

    >>> short(11e9), short(2.25e9), short(830e6), short(999.9e6), short(500_000)
    ('11bn', '2.25bn', '830m', '1bn', '500,000')
    """
    for scale, unit in _SCALES:
        # 999.9m reads 1bn: what rounds up to the next scale is written in it.
        if abs(value) >= scale * 0.9995:
            return _figure(value / scale) + unit
    return figure(value)


def coined(value: float, currency: str = "USD") -> str:
    """A figure with its currency.

    >>> coined(11e9), coined(95e9, "SEK")
    ('$11bn', 'SEK 95bn')
    """
    symbol = SYMBOLS.get(currency)
    return f"{symbol}{short(value)}" if symbol else f"{currency} {short(value)}"


def amount_text(money: Money | None, usd: Interval | None = None) -> str | None:
    """The amount in its own currency, with dollars beside another one; None where the text gives none."""
    if money is None or money.value is None:
        return None
    native = _QUALIFIERS[money.qualifier] + coined(money.value, money.currency)
    if money.qualifier == "range" and money.max is not None:
        native += f" to {coined(money.max, money.currency)}"
    dollars = _dollars(money, usd)
    return f"{native} (about {dollars})" if dollars else native


def _dollars(money: Money, usd: Interval | None) -> str | None:
    if money.currency == "USD" or usd is None or usd.rate is None or money.value is None:
        return None
    text = coined(_rough(money.value * usd.rate))
    if money.qualifier == "range" and money.max is not None:
        text += f" to {coined(_rough(money.max * usd.rate))}"
    return text


def _rough(value: float) -> float:
    """Two significant digits: a converted figure is no more exact than the day it was converted on."""
    return float(f"{value:.2g}")


def point_usd(event: Event) -> float | None:
    """One USD figure to sort and add by: the stated one (of "up to" the bound, of a range the lower end)."""
    money, usd = event.amount, event.amount_usd
    if money is None or money.value is None or usd is None:
        return None
    if money.currency == "USD":
        return money.value
    return money.value * usd.rate if usd.rate is not None else None
