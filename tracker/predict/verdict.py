"""A verdict and what it rests on: plain records that briefings, listings and tests read."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, Field

from tracker.models.ruling import Ruling
from tracker.predict import words

VerdictStatus = Literal["met", "not met", "open", "undecided", "void", "ambiguous"]
CONCLUDED: tuple[VerdictStatus, ...] = ("met", "not met", "void", "ambiguous")


class Evidence(BaseModel):
    """One event and its part in the verdict.

    `clause` is the clause it fails (or the reason it speaks against), `why` the value that fails it.
    `unknown` says that the clause cannot be told, rather than fails. `distance` orders near misses, 0 =
    nearest.
    """

    event_id: str
    description: str
    day: dt.date | None = None
    clause: str | None = None
    why: str | None = None
    unknown: bool = False
    distance: float = 0.0


class Measure(BaseModel):
    """One comparison of the criterion: what it asks, and the value so far (low None = nothing to compute it
    from, high None = no upper end known). `told` says both in a sentence."""

    label: str
    text: str
    told: str
    asked: str
    value: str
    low: float | None
    high: float | None
    unit: Literal["number", "money", "percent"]
    op: str
    threshold: float | None
    holds: bool | None


class Gap(BaseModel):
    """Days, both included, on which too few sources were seen to work."""

    start: dt.date
    end: dt.date
    why: str

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def told(self) -> str:
        return f"{words.span(self.start, self.end)} ({words.days(self.days)})"

    def __str__(self) -> str:
        return f"{self.told}: {self.why}"


class CoverageNote(BaseModel):
    """How well the window of a verdict was watched."""

    start: dt.date
    end: dt.date
    sources: int
    gaps: list[Gap] = Field(default_factory=list)

    @property
    def sufficient(self) -> bool:
        return not self.gaps


class Pace(BaseModel):
    """Where a count or a sum is heading. Values are in `unit`; the interval holds 80 % of the outcomes.

    `projected`, `low`, `high` and `probability` are None where there is nothing to project from.
    """

    unit: Literal["number", "money"]
    so_far: float
    threshold: float
    days_elapsed: int
    days_left: int
    needed_per_week: float | None
    rate_per_week: float | None
    projected: float | None
    low: float | None
    high: float | None
    probability: float | None
    can_no_longer_be_met: bool = False
    note: str = ""


class Flip(BaseModel):
    """One change of one event that would make the verdict another one."""

    event_id: str
    description: str
    field: Literal["category", "status", "amount"]
    value: str
    becomes: VerdictStatus

    def __str__(self) -> str:
        return f"{self.becomes} if the {self.field} of {self.description} were {self.value}"


class Verdict(BaseModel):
    """What the ledger says of a prediction at a moment, and why.

    answer: the number, day or option that came, where the question asks for one.
    ruling: the person's decision that stands over the ledger, `by_ledger` what the ledger says.
    flips: which single changes would make it another verdict; None where nobody looked.
    """

    prediction_id: str
    status: VerdictStatus
    at: dt.datetime
    deadline: dt.date
    early: bool = False
    condition: Literal["none", "met", "open", "undecided", "false"] = "none"
    reasons: list[str] = Field(default_factory=list)
    measures: list[Measure] = Field(default_factory=list)
    evidence_for: list[Evidence] = Field(default_factory=list)
    evidence_against: list[Evidence] = Field(default_factory=list)
    near_misses: list[Evidence] = Field(default_factory=list)
    coverage: CoverageNote
    pace: Pace | None = None
    answer: str | float | None = None
    ruling: Ruling | None = None
    by_ledger: VerdictStatus | None = None
    flips: list[Flip] | None = None

    @property
    def awaits_person(self) -> bool:
        """Whether the ledger cannot decide it and nobody has."""
        return self.status == "undecided" and self.ruling is None

    @property
    def due(self) -> bool:
        """Whether the deadline has ended by the moment of the verdict."""
        return self.at >= day_end(self.deadline)

    @property
    def concluded(self) -> bool:
        return self.status in CONCLUDED


def day_end(day: dt.date) -> dt.datetime:
    """The first instant after a day (UTC).

    >>> day_end(dt.date(2026, 6, 30)).isoformat()
    '2026-07-01T00:00:00+00:00'
    """
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), dt.UTC)
