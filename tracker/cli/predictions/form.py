"""The form in which a prediction is written in an editor: the TOML of a file with one prediction."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.errors import PredictionError

if TYPE_CHECKING:
    from tracker.predict.prediction import Prediction

FORM = """\
# A prediction. Save and close to log it; an empty file logs nothing. docs/predictions.md explains the fields.
[[prediction]]
id = ""
title = ""
statement = ""
author = "{by}"
made = {today}
deadline = {today}
criterion = "count(acquisition where announced after {today} and amount >= $10bn) >= 3"
counts = []
does_not_count = []
probabilities = [{{ at = {today}, by = "{by}", value = "50%", why = "" }}]
"""


def fill_in(by: str, today: dt.date) -> Prediction:
    """The prediction that a person writes into the form.

    Raises PredictionError where none was written, and InputError with the place where it is wrong.
    """
    from tracker.predict.load import load_predictions

    text = click.edit(FORM.format(by=by, today=today), extension=".toml")
    if not text or not text.strip():
        raise PredictionError("nothing was written", hint="save the form to log it")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.toml"
        path.write_text(text, encoding="utf-8")
        written = load_predictions(path)
    if len(written) != 1:
        raise PredictionError(f"{len(written)} predictions were written", hint="import a file of several")
    return written[0]
