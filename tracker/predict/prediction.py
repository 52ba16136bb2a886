"""A prediction as its author froze it: statement, dates, criterion, fine print and stated probabilities."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from tracker.predict.dates import beginning, horizon
from tracker.predict.forecast import NONE, Form, Stated, checked, probability
from tracker.predict.parse import parse
from tracker.predict.show import show
from tracker.predict.syntax import Criterion, Known, Selection
from tracker.predict.walk import selections


class StrictModel(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Origin(StrictModel):
    """Where a statement was made."""

    document: str
    section: str = ""
    date: dt.date | None = None
    url: str = ""


def _aware(value: Any) -> Any:
    """A day means its first instant, a time without a zone UTC."""
    if isinstance(value, str) and len(value) == 10:
        value = dt.date.fromisoformat(value)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time())
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        value = value.replace(tzinfo=dt.UTC)
    return value


Time = Annotated[dt.datetime, BeforeValidator(_aware)]


class StatedProbability(StrictModel):
    """A probability between 0 and 1 (both excluded), who stated it, when and why."""

    at: Time
    by: str
    value: float = Field(gt=0, lt=1)
    why: str = ""

    @field_validator("value", mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        return probability(value) if isinstance(value, str) else value


class StatedForecast(StrictModel):
    """A forecast of what is no yes or no (`forecast.Stated`), who stated it, when and why."""

    at: Time
    by: str
    stated: Stated
    why: str = ""


class Prediction(StrictModel):
    """A statement that the ledger can judge. `fact` is a statement on the past, checked but not forecast.

    Five dates: made (stated), opens (first day that matters), closes (no new probabilities after it),
    deadline (last day on which it can come true) and judged (when a person or the tracker concluded it,
    None until then).

    form: what the question asks for. numeric: the criterion is `known(QUANTITY)`, the answer its value at the
    deadline. date: the answer is the first day on which the criterion held. choice: the answer is the option
    whose criterion alone came true; the prediction's own criterion is that any of them does.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str = Field(min_length=1)
    statement: str = Field(min_length=1)
    kind: Literal["prediction", "fact"] = "prediction"
    form: Form = "yes/no"
    source: Origin | None = None
    author: str = Field(min_length=1)
    made: dt.date
    opens: dt.date
    closes: dt.date
    deadline: dt.date
    judged: dt.date | None = None
    criterion: str
    options: dict[str, str] = Field(default_factory=dict)
    condition: str | None = None
    condition_deadline: dt.date | None = None
    against: str | None = None
    counts: list[str] = Field(default_factory=list)
    does_not_count: list[str] = Field(default_factory=list)
    note: str = ""
    tags: list[str] = Field(default_factory=list)
    probabilities: list[StatedProbability] = Field(default_factory=list)
    forecasts: list[StatedForecast] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def _default_dates(cls, data: Any) -> Any:
        if isinstance(data, dict):
            data = {"opens": data.get("made"), "closes": data.get("deadline"), **data}
            if data.get("form") == "choice" and isinstance(data.get("options"), dict):
                data = {"criterion": " or ".join(f"({c})" for c in data["options"].values()), **data}
        return data

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for text in (self.criterion, *self.options.values(), self.condition, self.against):
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

    @model_validator(mode="after")
    def _of_one_form(self) -> Self:
        if (self.form == "numeric") != isinstance(self.asked, Known):
            raise ValueError("a numeric prediction, and no other, has a criterion known(QUANTITY)")
        if (self.form == "choice") != (len(self.options) > 1) or NONE in self.options:
            raise ValueError(f"a choice, and nothing else, has two or more options; none is called {NONE!r}")
        if self.form == "yes/no" and self.forecasts:
            raise ValueError("a yes or no has probabilities, not forecasts")
        if self.form != "yes/no" and self.probabilities:
            raise ValueError(f"a {self.form} prediction has forecasts, not probabilities")
        for forecast in self.forecasts:
            forecast.stated = checked(self.form, forecast.stated, self.options)
        return self

    @property
    def asked(self) -> Criterion:
        return parse(self.criterion)

    @property
    def digest(self) -> str:
        """SHA-256 of what must not change unnoticed: statement, criterion, condition and deadlines.

        Criteria count in their canonical form, so that spacing does not make a new version.
        """
        frozen: dict[str, Any] = {
            "statement": self.statement,
            "criterion": show(parse(self.criterion)),
            "condition": show(parse(self.condition)) if self.condition else None,
            "condition_deadline": str(self.condition_deadline) if self.condition_deadline else None,
            "deadline": str(self.deadline),
        }
        if self.form != "yes/no":
            # Not for the others: their digests are older than forms are.
            frozen |= {"form": self.form, "options": {n: show(parse(c)) for n, c in self.options.items()}}
        return hashlib.sha256(json.dumps(frozen, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def questions(self) -> Iterator[Selection]:
        """Every selection of events that a verdict looks at."""
        texts = [self.criterion, self.condition, self.against, *self.options.values()]
        return (x for text in texts if text for x in selections(parse(text)))

    def window(self) -> tuple[dt.date, dt.date]:
        """The days whose news decide: from the criterion's earliest bound (else `opens`) to its latest."""
        chosen = list(selections(self.asked))
        starts = [beginning(x) for x in chosen]
        bounded = [day for day in starts if day is not None]
        start = min(bounded) if bounded and len(bounded) == len(starts) else min([self.opens, *bounded])
        end = max((horizon(x, self.deadline) for x in chosen), default=self.deadline)
        return min(start, end), end
