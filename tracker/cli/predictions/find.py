"""What the commands on predictions share."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from tracker.errors import CriterionError, PredictionError

if TYPE_CHECKING:
    from collections.abc import Collection

    from tracker.judging import Logged
    from tracker.predict.forecast import Form, Stated
    from tracker.predict.prediction import StatedProbability


FORMS = ("yes/no", "numeric", "date", "choice")


def known(ids: tuple[str, ...] | list[str], found: dict[str, Any]) -> None:
    unknown = [i for i in ids if i not in found]
    if unknown:
        hint = "see tracker predictions list" if found else "log or import one first"
        raise PredictionError(f"no prediction is called {', '.join(unknown)}", hint=hint)


def percent(stated: list[StatedProbability]) -> str | None:
    """What is expected: the only forecaster's last probability, the median of several."""
    from tracker.predict.forecasters import median

    value = median(stated)
    return None if value is None else f"{value:.0%}"


def listed(x: Logged) -> dict[str, Any]:
    """A prediction as a row of a listing."""
    row = x.prediction.model_dump(mode="json")
    return {**row, "probability": percent(x.probabilities), "version": x.version, "digest": x.digest}


def day(ctx: click.Context, param: click.Parameter, value: str | None) -> dt.date | None:
    """A day in ISO form."""
    try:
        return None if value is None else dt.date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is not an ISO day such as 2026-06-30", ctx, param) from None


def criterion(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """A line of the criterion language; an error is shown with its place."""
    from tracker.predict.parse import caret, parse

    try:
        if value is not None:
            parse(value)
    except CriterionError as error:
        raise click.BadParameter(f"{error}\n{caret(error)}".rstrip("\n"), ctx, param) from error
    return value


def expected(form: Form, text: str, options: Collection[str]) -> float | Stated:
    """What a person expects: a probability, or the forecast of another form."""
    from tracker.predict.forecast import probability, read_forecast

    try:
        return probability(text) if form == "yes/no" else read_forecast(form, text, options)
    except PredictionError as error:
        raise click.BadParameter(str(error)) from error
