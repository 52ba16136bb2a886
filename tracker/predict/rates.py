"""Thresholds in other currencies, in US dollars at the ECB reference rate of the day the prediction was made.

The threshold is fixed with the prediction: it does not move with the exchange rate afterwards.
"""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any

from tracker.errors import PredictionError
from tracker.predict.syntax import MoneyLiteral


@functools.cache
def _converter() -> Any:
    from currency_converter import CurrencyConverter

    return CurrencyConverter(fallback_on_missing_rate=True, fallback_on_wrong_date=True)


@functools.cache
def usd(amount: MoneyLiteral, day: dt.date) -> float:
    """The amount in US dollars. Raises PredictionError for a currency the ECB gives no rate for."""
    if amount.currency == "USD":
        return amount.value
    try:
        return float(_converter().convert(amount.value, amount.currency, "USD", date=day))
    except ValueError as error:
        raise PredictionError(
            f"no ECB reference rate for {amount.currency}", hint="state the threshold in USD or EUR"
        ) from error
