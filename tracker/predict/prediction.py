"""A prediction as its author froze it: statement, dates, criterion, fine print and stated probabilities."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from tracker.errors import PredictionError
from tracker.predict.dates import beginning, horizon
from tracker.predict.parse import parse
from tracker.predict.show import show
from tracker.predict.syntax import Criterion
from tracker.predict.walk import selections


class StrictModel(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Origin(StrictModel):
    """Where a statement was made."""

    document: str
    section: str = ""
    date: dt.date | None = None
    url: str = ""


class StatedProbability(StrictModel):
    """A probability between 0 and 1 (both excluded), who stated it, when and why."""

    at: dt.datetime
    by: str
    value: float = Field(gt=0, lt=1)
    why: str = ""

    @field_validator("at", mode="before")
    @classmethod
    def _aware(cls, value: Any) -> Any:
        """A day means its first instant, a time without a zone UTC."""
        if isinstance(value, str) and len(value) == 10:
            value = dt.date.fromisoformat(value)
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            value = dt.datetime.combine(value, dt.time())
        if isinstance(value, dt.datetime) and value.tzinfo is None:
            value = value.replace(tzinfo=dt.UTC)
        return value

    @field_validator("value", mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        return probability(value) if isinstance(value, str) else value


class Prediction(StrictModel):
    """A statement that the ledger can judge. `fact` is a statement on the past, checked but not forecast.

    Five dates: made (stated), opens (first day that matters), closes (no new probabilities after it),
    deadline (last day on which it can come true) and judged (when a person or the tracker concluded it,
    None until then).
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str = Field(min_length=1)
    statement: str = Field(min_length=1)
    kind: Literal["prediction", "fact"] = "prediction"
    source: Origin | None = None
    author: str = Field(min_length=1)
    made: dt.date
    opens: dt.date
    closes: dt.date
    deadline: dt.date
    judged: dt.date | None = None
    criterion: str
    condition: str | None = None
    condition_deadline: dt.date | None = None
    against: str | None = None
    counts: list[str] = Field(default_factory=list)
    does_not_count: list[str] = Field(default_factory=list)
    note: str = ""
    tags: list[str] = Field(default_factory=list)
    probabilities: list[StatedProbability] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def _default_dates(cls, data: Any) -> Any:
        if isinstance(data, dict):
            data = {"opens": data.get("made"), "closes": data.get("deadline"), **data}
        return data

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for text in (self.criterion, self.condition, self.against):
            if text is not None:
                parse(text)
        if not self.opens <= self.deadline:
            raise ValueError(f"opens ({self.opens}) lies after the deadline ({self.deadline})")
        if self.closes > self.deadline:
            raise ValueError(f"closes ({self.closes}) lies after the deadline ({self.deadline})")
        if self.kind == "prediction" and self.deadline < self.made:
            raise ValueError(f"the deadline ({self.deadline}) lies before it was made ({self.made})")
        if self.condition_deadline is not None and self.condition is None:
            raise ValueError("condition_deadline without a condition")
        return self

    @property
    def asked(self) -> Criterion:
        return parse(self.criterion)

    @property
    def digest(self) -> str:
        """SHA-256 of what must not change unnoticed: statement, criterion, condition and deadlines.

        Criteria count in their canonical form, so that spacing does not make a new version.
        """
        frozen = {
            "statement": self.statement,
            "criterion": show(parse(self.criterion)),
            "condition": show(parse(self.condition)) if self.condition else None,
            "condition_deadline": str(self.condition_deadline) if self.condition_deadline else None,
            "deadline": str(self.deadline),
        }
        return hashlib.sha256(json.dumps(frozen, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def window(self) -> tuple[dt.date, dt.date]:
        """The days whose news decide: from the criterion's earliest bound (else `opens`) to its latest."""
        chosen = list(selections(self.asked))
        starts = [beginning(x) for x in chosen]
        bounded = [day for day in starts if day is not None]
        start = min(bounded) if bounded and len(bounded) == len(starts) else min([self.opens, *bounded])
        end = max((horizon(x, self.deadline) for x in chosen), default=self.deadline)
        return min(start, end), end


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
