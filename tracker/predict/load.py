"""Predictions from a TOML file: `[[prediction]]` tables over the values of `[defaults]`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tracker.errors import CriterionError, InputError
from tracker.files import toml_of
from tracker.predict.parse import caret
from tracker.predict.prediction import Prediction


def load_predictions(path: Path) -> list[Prediction]:
    """The predictions of a file in its order.

    Raises InputError naming the file, the entry and the field; for a criterion with the place of the error.
    """
    entries = _read(path)
    defaults = entries.get("defaults", {})
    listed = entries.get("prediction", [])
    if not isinstance(listed, list) or not listed:
        raise InputError(
            "no [[prediction]] table", file=str(path), hint="see docs/criterion.md for an example"
        )
    if not isinstance(defaults, dict) or not all(isinstance(entry, dict) for entry in listed):
        raise InputError(
            "defaults and predictions are tables", file=str(path), hint="see docs/criterion.md for an example"
        )
    predictions = [_one(path, n, defaults, entry) for n, entry in enumerate(listed, 1)]
    seen: set[str] = set()
    for prediction in predictions:
        if prediction.id in seen:
            raise InputError(
                f"two predictions are called {prediction.id}", file=str(path), hint="ids are unique"
            )
        seen.add(prediction.id)
    return predictions


def _read(path: Path) -> dict[str, Any]:
    try:
        return toml_of(path)
    except FileNotFoundError as error:
        raise InputError("no such file", file=str(path), hint="check the path") from error
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from error
    except ValueError as error:
        raise InputError(f"is not TOML: {error}", file=str(path)) from error


def _one(path: Path, number: int, defaults: dict[str, Any], entry: dict[str, Any]) -> Prediction:
    name = entry.get("id") or f"number {number}"
    merged = {**defaults, **entry}
    if isinstance(defaults.get("source"), dict) and isinstance(entry.get("source"), dict):
        merged["source"] = {**defaults["source"], **entry["source"]}
    try:
        return Prediction.model_validate(merged)
    except CriterionError as error:
        message = f"prediction {name}: {error.message}"
        mark = caret(error)
        raise InputError(f"{message}\n{mark}" if mark else message, file=str(path)) from error
    except ValidationError as error:
        raise InputError(f"prediction {name}: {first_problem(error)}", file=str(path)) from error


def first_problem(error: ValidationError) -> str:
    """The first thing wrong, as field and reason."""
    problem = error.errors()[0]
    field = ".".join(str(part) for part in problem["loc"])
    reason = problem["msg"].removeprefix("Value error, ")
    return f"{field}: {reason}" if field else reason
