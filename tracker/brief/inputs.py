"""What a briefing is built from, besides the ledger's events: plain objects, free of store and judge."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, Field

from tracker.models.ledger import Event

Verdict = Literal["met", "not met", "open", "undecided", "void", "ambiguous"]


class Odds(BaseModel):
    """A stated probability (0 to 1), by whom and when."""

    at: dt.datetime
    by: str
    value: float = Field(ge=0, le=1)
    why: str = ""


class Exhibit(BaseModel):
    """An event held for or against a prediction; `clause` is what a near miss fails, with the value.

    `pending`: it may still come to count, for what it fails is not known yet.
    """

    event_id: str | None = None
    text: str
    clause: str | None = None
    pending: bool = False


class Pace(BaseModel):
    """How a count or a sum moves towards its threshold. Amounts are USD, counts are events."""

    unit: Literal["events", "USD"]
    threshold: float
    so_far: float
    needed_per_week: float | None = None
    projected: float | None = None
    low: float | None = None
    high: float | None = None
    probability: float | None = None
    out_of_reach: bool = False
    counted_from: dt.datetime | None = None


class Judged(BaseModel):
    """A prediction (or a statement of fact) with its odds and its verdict at the moment of judgement."""

    id: str
    title: str
    statement: str
    kind: Literal["prediction", "fact"] = "prediction"
    author: str = ""
    criterion: str = ""
    made: dt.datetime
    deadline: dt.datetime | None = None
    odds: list[Odds] = Field(default_factory=list)
    status: Verdict = "open"
    reasons: list[str] = Field(default_factory=list)
    evidence_for: list[Exhibit] = Field(default_factory=list)
    evidence_against: list[Exhibit] = Field(default_factory=list)
    near_misses: list[Exhibit] = Field(default_factory=list)
    pace: Pace | None = None


class SourceWeek(BaseModel):
    """One source in one week. `usual` is its mean number of articles a week over the four weeks before."""

    source_id: str
    articles: int
    usual: float
    fetched: int = 0
    failed: int = 0
    reason: str = ""


class Seen(BaseModel):
    """What could be seen in a week: its sources and the days on which any article was published."""

    sources: list[SourceWeek] = Field(default_factory=list)
    days: list[dt.date] = Field(default_factory=list)


class Amendment(BaseModel):
    """A field of an event that was told otherwise a week ago; `before` is what a reader saw, if any."""

    event_id: str
    field: str
    before: str


class Retraction(BaseModel):
    """An event that people have struck out of the ledger, as it was, and why."""

    event: Event
    why: str = ""


class NewVerdict(BaseModel):
    """A verdict that had been concluded and became another one, and why."""

    prediction_id: str
    at: dt.datetime
    before: str
    now: str
    why: str = ""


class Corrections(BaseModel):
    """What has changed since the week began in what was told before."""

    amended: list[Amendment] = Field(default_factory=list)
    retracted: list[Retraction] = Field(default_factory=list)
    errata: list[NewVerdict] = Field(default_factory=list)
