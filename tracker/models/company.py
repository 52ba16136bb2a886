"""A company of the shipped list, and what a party name was linked to."""

from __future__ import annotations

from pydantic import BaseModel, Field

from tracker.models.mention import Category

COMPANY_KINDS = (
    "cloud provider", "enterprise software", "chip maker", "data centre operator", "data platform",
    "developer tools", "security", "model lab", "ai application", "consumer internet", "telecom", "energy",
    "investor", "government", "industrial", "media", "other",
)  # fmt: skip


class Company(BaseModel):
    """One organisation. `aliases` are other names of it; `region` a two-letter country code, EU or INT."""

    id: str
    name: str
    aliases: list[str] = Field(default_factory=list)
    kind: str
    category: Category
    region: str = ""
    ticker: str = ""
