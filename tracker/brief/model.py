"""An issue as data. Its JSON form is `Issue.as_json()`; the schema is named in the first field."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import BaseModel, Field

from tracker.brief.inputs import Odds, Pace, SourceWeek, Verdict
from tracker.brief.text import count, join
from tracker.models.mention import Category, EventType, Status

SCHEMA = "tracker-briefing/1"
News = Literal["new", "advanced", "terminated", "amended", "retracted"]
WatchKind = Literal["rumour", "closing", "deadline"]


class Sentence(BaseModel):
    """One generated sentence, the events it rests on, and its outside names, which no lint rule reads."""

    text: str
    event_ids: list[str] = Field(default_factory=list)
    prediction_ids: list[str] = Field(default_factory=list)
    names: list[str] = Field(default_factory=list)


class Link(BaseModel):
    """Where a claim can be read. `url` is http(s) or None; `host` is its publisher."""

    title: str
    url: str | None
    host: str
    published: dt.datetime


class Deal(BaseModel):
    """One event as the week tells it. Amounts are texts; `usd` is the one figure to sort by."""

    id: str
    anchor: str
    type: EventType
    kind: str | None
    news: News
    sentence: Sentence
    status: Status
    before: Status | None
    category: Category
    parties: dict[str, list[str]]
    amount: str | None
    valuation: str | None
    worth: str | None
    usd: float | None
    origins: int
    filings: int
    confidence: float
    confidence_word: str
    evidence: str
    source: Link | None
    more_sources: int
    happened: dt.date
    first_reported: dt.datetime
    contradictions: list[str]


class DealGroup(BaseModel):
    """The deals of one type, biggest first; renderers show the first `shown` and count the rest."""

    type: EventType
    label: str
    deals: list[Deal]
    shown: int

    @property
    def hidden(self) -> int:
        return len(self.deals) - self.shown


class ChangeGroup(BaseModel):
    """One kind of change since the week before, with the number of changes that are not told."""

    news: News
    label: str
    total: int
    sentences: list[Sentence]

    @property
    def hidden(self) -> int:
        return self.total - len(self.sentences)


class ProbabilityMove(BaseModel):
    prediction_id: str
    sentence: Sentence


class Erratum(BaseModel):
    """A verdict that had been concluded and became another one."""

    prediction_id: str
    sentence: Sentence


class Evidence(BaseModel):
    """An event for or against a prediction as shown: its sentence, what it fails, its source; `fresh` where
    it is news of the week.
    """

    event_id: str | None
    text: str
    day: dt.date | None = None
    clause: str | None
    source: Link | None = None
    fresh: bool = False


class Forecast(BaseModel):
    """A prediction as shown. `now` is the probability in force, `change` its move this week; where `brief`,
    the week has nothing to say of it; `most` exhibits are shown on a side."""

    id: str
    anchor: str
    title: str
    statement: str
    kind: Literal["prediction", "fact"]
    author: str
    criterion: str
    made: dt.datetime
    deadline: dt.datetime | None
    status: Verdict
    odds: list[Odds]
    now: float | None
    change: float | None
    word: str | None
    verdict: Sentence
    estimate: Sentence | None
    pace_sentence: Sentence | None
    reasons: list[str]
    evidence_for: list[Evidence]
    evidence_against: list[Evidence]
    near_misses: list[Evidence]
    next: Sentence | None
    brief: bool = False
    most: int = 2
    pace: Pace | None
    climb: list[tuple[dt.date, float]]

    def shown(self, side: list[Evidence]) -> list[Evidence]:
        """What is told of a side: of an open prediction the week's news only, the rest is known already."""
        told = [e for e in side if e.fresh] if self.status == "open" else side
        return [] if self.brief else told[: self.most - (side is self.near_misses)]

    @property
    def told_reasons(self) -> list[str]:
        return [] if self.brief else self.reasons[: 1 if self.status == "open" else 2]

    @property
    def standing(self) -> str:
        """How many events stand on each side, in words; empty where there are none."""
        sides = (
            (self.evidence_for, "event", " for"), (self.evidence_against, "event", " against"),
            (self.near_misses, "near miss", ""),
        )  # fmt: skip
        return join([f"{count(len(side), noun)}{word}" for side, noun, word in sides if side])


class Tally(BaseModel):
    """Deals of one category over some weeks; `usd` adds the amounts of the `disclosed` ones."""

    weeks: int
    count: int
    disclosed: int
    usd: float


class BalanceRow(BaseModel):
    category: Category
    measure: Literal["deals", "commitments"]
    tallies: list[Tally]


class Column(BaseModel):
    """One week of the chart: deals by category."""

    week: str
    first_day: dt.date
    counts: dict[Category, int]


class Point(BaseModel):
    """A firm deal or pledge with a disclosed sum, on the day on which it was first told as firm news."""

    event_id: str
    day: dt.date
    usd: float
    category: Category
    name: str


class Balance(BaseModel):
    """`points` are the biggest first."""

    rows: list[BalanceRow]
    sentences: list[Sentence]
    columns: list[Column]
    points: list[Point]


class Watch(BaseModel):
    kind: WatchKind
    sentence: Sentence
    day: dt.date | None = None
    anchor: str | None = None
    source: Link | None = None


class WatchGroup(BaseModel):
    kind: WatchKind
    label: str
    total: int
    items: list[Watch]

    @property
    def hidden(self) -> int:
        return self.total - len(self.items)


class Health(BaseModel):
    sentences: list[Sentence]
    sources: list[SourceWeek]
    hidden: int


class Figure(BaseModel):
    """A number at the head of the issue."""

    label: str
    value: str
    note: str = ""


class Issue(BaseModel):
    schema_: str = Field(default=SCHEMA, serialization_alias="schema")
    week: str
    title: str
    days: str
    starts: dt.datetime
    ends: dt.datetime
    at: dt.datetime
    line: str
    minutes: int
    figures: list[Figure]
    bottom_line: list[Sentence]
    changes: list[ChangeGroup]
    moves: list[ProbabilityMove]
    errata: list[Erratum]
    due: list[Forecast]
    open: list[Forecast]
    facts: list[Forecast]
    groups: list[DealGroup]
    retold: int
    nameless: int
    balance: Balance
    watch: list[WatchGroup]
    health: Health
    method: list[Sentence]

    def as_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True)


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of an issue's JSON form; its `schema` is this one's name and version."""
    found = Issue.model_json_schema(mode="serialization", by_alias=True)
    found["properties"]["schema"] = {"const": SCHEMA, "title": "Schema"}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}
