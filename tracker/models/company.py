"""A company, its former names, and what a public list says of one."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, Field

from tracker.models.mention import Category

COMPANY_KINDS = (
    "cloud provider", "enterprise software", "chip maker", "data centre operator", "data platform",
    "developer tools", "security", "model lab", "ai application", "consumer internet", "telecom", "energy",
    "investor", "government", "industrial", "media", "other",
)  # fmt: skip


class Former(BaseModel):
    """A name that a company bore, and the day on which it changed it, if known."""

    name: str
    until: dt.date | None = None


class Company(BaseModel):
    """One organisation. `aliases` are other names of it; `region` a two-letter country code, EU or INT.

    kind, category: empty where nobody has said. parent: the id of its owner since the day `since`.
    cik: its number at the SEC.
    """

    id: str
    name: str
    aliases: list[str] = Field(default_factory=list)
    former: list[Former] = Field(default_factory=list)
    kind: str
    category: Category | None
    region: str = ""
    ticker: str = ""
    cik: int | None = None
    parent: str = ""
    since: dt.date | None = None

    @property
    def names(self) -> list[str]:
        """Every name it is or was called by, the present one first."""
        return list(dict.fromkeys((self.name, *self.aliases, *(f.name for f in self.former))))


class Listing(BaseModel):
    """What a public list says of a company: the name, ticker and number it is registered with."""

    company_id: str
    name: str
    ticker: str
    cik: int
