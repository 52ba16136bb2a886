"""Forecasts of what is no yes or no: probabilities by option, or values by level of probability."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from typing import Literal

from tracker.errors import CriterionError, PredictionError
from tracker.predict.parse import read_money

Form = Literal["yes/no", "numeric", "date", "choice"]
NONE = "none"
"""The option that none of the named ones came true."""

Stated = dict[str, float | str]
"""choice: probability (0 to 1) by option. numeric and date: value or day by level ("0.1", "0.5" ...)."""


def probability(text: str) -> float:
    """A probability as people write it: 70, 70% or 0.7.

    Raises PredictionError for anything else, for certainty, and for 1, which may mean either.

    >>> probability("70"), probability("70%"), probability("0.7")
    (0.7, 0.7, 0.7)
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?|\.\d+)\s*(%?)", text.strip())
    if match is None:
        raise PredictionError(f"{text!r} is not a probability", hint="write 70, 70% or 0.7")
    number = float(match[1])
    if number == 1 and not match[2]:
        raise PredictionError("a probability of 1 may mean 1% or certainty", hint="write 1%, or 99% at most")
    value = number / 100 if match[2] or number > 1 else number
    if not 0 < value < 1:
        raise PredictionError(
            f"a probability of {text.strip()} is not between 0 and 100%", hint="nothing is certain"
        )
    return value


def read_forecast(form: Form, text: str, options: Collection[str] = ()) -> Stated:
    """A forecast as people write it. Raises PredictionError where it is none of that form.

    >>> read_forecast("choice", "Amazon: 60%, none: 40%", ["Amazon"])
    {'Amazon': 0.6, 'none': 0.4}
    >>> read_forecast("numeric", "10%: $2bn, 90%: $9bn")
    {'0.1': 2000000000.0, '0.9': 9000000000.0}
    """
    pairs = [tuple(part.strip() for part in item.rsplit(":", 1)) for item in text.split(",")]
    if any(len(pair) != 2 for pair in pairs):
        raise PredictionError(f"{text!r} is not a forecast", hint=HINTS[form])
    if form == "choice":
        return checked(form, {name: probability(chance) for name, chance in pairs}, options)
    read = _day if form == "date" else _number
    return checked(form, {f"{probability(level):g}": read(value) for level, value in pairs}, options)


HINTS: dict[Form, str] = {
    "yes/no": "write 70, 70% or 0.7",
    "numeric": "write 10%: 2, 50%: 4, 90%: 9",
    "date": "write 10%: 2026-05-01, 50%: 2026-06-15",
    "choice": "write Amazon: 60%, none: 40%",
}


def checked(form: Form, stated: Stated, options: Collection[str]) -> Stated:
    """The forecast, in the order of its levels; raises PredictionError where it contradicts itself."""
    if form == "choice":
        return _checked_choice(stated, options)
    levels = sorted(stated, key=float)
    values = [stated[level] for level in levels]
    if not all(0 < float(level) < 1 for level in levels):
        raise PredictionError("a level is not between 0 and 100%", hint=HINTS[form])
    if values != sorted(values):
        raise PredictionError("the values do not rise with their levels", hint=HINTS[form])
    return {level: stated[level] for level in levels}


def _checked_choice(stated: Stated, options: Collection[str]) -> Stated:
    strange = [name for name in stated if name not in {*options, NONE}]
    if strange:
        listed = ", ".join([*options, NONE])
        raise PredictionError(f"{strange[0]!r} is no option", hint=f"one of {listed}")
    total = sum(float(p) for p in stated.values())
    if abs(total - 1) > 0.005:
        raise PredictionError(f"the probabilities add up to {total:.0%}", hint="make it 100%")
    return stated


def _number(text: str) -> float:
    try:
        return float(text.rstrip("%").replace(",", ""))
    except ValueError:
        pass
    try:
        return read_money(text).value
    except CriterionError:
        raise PredictionError(
            f"{text!r} is neither a number nor an amount", hint="such as 4 or $9bn"
        ) from None


def _day(text: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        raise PredictionError(f"{text!r} is not an ISO day", hint="such as 2026-06-30") from None
