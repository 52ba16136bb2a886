"""An event of the ledger: one deal once, with its states, sources, and amounts as intervals in USD."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, Field

from tracker.models.mention import Category, EventType, Money, Salience, Status


class PartyRef(BaseModel):
    """A company in a role. `kind` is what the company list calls it (cloud provider ...), if known."""

    name: str
    company_id: str
    kind: str | None = None


class Interval(BaseModel):
    """What is known of an amount in US dollars: at least `low`, at most `high` (None = no bound known).

    `rate` is the USD price of one unit of `currency` at `rate_date` (ECB reference rate), None for USD.
    """

    low: float
    high: float | None
    currency: str = "USD"
    rate: float | None = None
    rate_date: dt.date | None = None


class State(BaseModel):
    """A status the event reached: the day it happened (as told) and the article that said so first."""

    status: Status
    date: dt.date
    article_id: int


class Source(BaseModel):
    """One article's telling of the event; `origin` groups tellings that are copies of one another."""

    mention_id: int
    article_id: int
    source_id: str
    url: str
    title: str
    published: dt.datetime
    seen_at: dt.datetime
    tier: int
    filing: bool = False
    origin: str
    salience: Salience
    status: Status
    evidence: str
    start: int
    end: int
    confidence: float


class Contradiction(BaseModel):
    """A value that some sources give and the ledger did not choose."""

    field: str
    value: str
    article_ids: list[int]


Basis = Literal[
    "unopposed", "news", "firm", "filing", "tier", "origins", "recency", "majority", "company list", "order"
]
"""What a chosen value has over the best of the others: no other is told; news against background; a settled
deal against a rumour; a filing; the tier of its best source; more independent origins; the later telling;
more tellings; the company list's word. `order`: nothing, the order of the alphabet had to decide."""


class Reason(BaseModel):
    """Why a field shows its value: the articles that give it, what they weigh, and what decided."""

    basis: Basis
    article_ids: list[int]
    tier: int
    filing: bool
    origins: int
    latest: dt.datetime


class Ruling(BaseModel):
    """A judgement that bears on an event; `field` is what an edit has set."""

    id: int
    kind: Literal["merge", "split", "edit", "confirm"]
    field: str = ""
    by: str
    at: dt.datetime
    why: str = ""


class Event(BaseModel):
    """One deal or closure, derived from mentions and judgements by `tracker.resolve`, always in one way."""

    id: str
    type: EventType
    kind: str | None = None
    status: Status
    salience: Salience
    category: Category
    round: str | None = None
    scope: Literal["company", "product", "unit"] | None = None
    parties: dict[str, list[PartyRef]]
    place: list[str] = Field(default_factory=list)
    from_: str | None = None
    to: str | None = None
    amount: Money | None = None
    amount_usd: Interval | None = None
    valuation: Money | None = None
    valuation_usd: Interval | None = None
    states: list[State]
    first_reported: dt.datetime
    last_reported: dt.datetime
    origins: int
    filings: int = 0
    confidence: float
    sources: list[Source]
    contradictions: list[Contradiction] = Field(default_factory=list)
    why: dict[str, Reason] = Field(default_factory=dict)
    """By field or role; of a role the reason for the party told most."""
    judgements: list[Ruling] = Field(default_factory=list)

    def reached(self, status: str) -> dt.date | None:
        """The day the event reached a status; a deal told only as completed was announced then, too."""
        # A plain loop: a verdict asks this of every event that it goes through.
        first = None
        for state in self.states:
            if state.status == status and (first is None or state.date < first):
                first = state.date
        if first is None and status == "announced":
            return self.reached("completed")
        return first

    def names(self, role: str) -> list[str]:
        return [p.name for p in self.parties.get(role, [])]
