"""A mention: what one article says of one event, every value with the span it was read from.

Field meanings are those of the event specification (types, statuses, roles, amounts). Offsets count
characters of `title + "\\n" + text`.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

EventType = Literal["acquisition", "financing", "shutdown", "commitment", "pricing", "valuation", "ipo"]
Status = Literal["rumoured", "announced", "completed", "terminated"]
Category = Literal["infrastructure", "model", "application", "other"]
Salience = Literal["main", "background"]
Qualifier = Literal["exact", "about", "up_to", "at_least", "range"]

EVENT_TYPES: tuple[EventType, ...] = (
    "acquisition", "financing", "shutdown", "commitment", "pricing", "valuation", "ipo",
)  # fmt: skip
STATUSES: tuple[Status, ...] = ("rumoured", "announced", "completed", "terminated")
CATEGORIES: tuple[Category, ...] = ("infrastructure", "model", "application", "other")
SCOPES = ("company", "product", "unit")
MODELS = ("seat", "usage", "credits", "outcome", "flat", "hybrid", "free", "paid")
ROUNDS = (
    "pre_seed", "seed", *(f"series_{letter}" for letter in "abcdefgh"), "growth", "debt", "convertible",
    "grant", "strategic", "tender", "bridge",
)  # fmt: skip
KINDS = {
    "acquisition": ("company", "unit", "assets", "acquihire", "licence_hire", "stake", "merger"),
    "financing": ("fund",),
}
"""What closes, how a product is charged for, rounds, and kinds by type: the specification's closed lists."""

ROLES: dict[str, tuple[str, ...]] = {
    "acquisition": ("acquirer", "target", "seller"),
    "financing": ("company", "lead", "investors"),
    "shutdown": ("company", "subject"),
    "commitment": ("company", "partners", "place"),
    "pricing": ("company", "subject"),
    "valuation": ("company",),
    "ipo": ("company",),
}
KEY_ROLE: dict[str, str] = {
    "acquisition": "target", "financing": "company", "shutdown": "subject", "commitment": "company",
    "pricing": "subject", "valuation": "company", "ipo": "company",
}  # fmt: skip
"""Per type, the role that says what the event is about."""

FALLBACK_ROLE = {"shutdown": "company", "pricing": "company"}
"""What such an event is about where the text names no subject."""


class Span(BaseModel):
    """A piece of the text: `(title + "\\n" + text)[start:end] == text`."""

    text: str
    start: int
    end: int


class Party(Span):
    """An organisation or person in a role; `name` is its fullest form in the text."""

    name: str


class Money(BaseModel):
    """An amount in full units of its currency; None where the text gives none.

    `value` is the figure (the lower end of a range, the bound of up_to and at_least), `max` a range's end.
    """

    value: float | None
    max: float | None = None
    currency: str = "USD"
    qualifier: Qualifier = "exact"
    text: str | None = None
    start: int | None = None
    end: int | None = None


class Mention(BaseModel):
    """One event as one document tells it."""

    model_config = ConfigDict(populate_by_name=True)

    type: EventType
    kind: str | None = None
    salience: Salience = "main"
    status: Status
    status_text: str | None = None
    target_place: str | None = None
    target_business: str | None = None
    acquirer: list[Party] = Field(default_factory=list)
    target: list[Party] = Field(default_factory=list)
    seller: list[Party] = Field(default_factory=list)
    company: list[Party] = Field(default_factory=list)
    lead: list[Party] = Field(default_factory=list)
    investors: list[Party] = Field(default_factory=list)
    subject: list[Party] = Field(default_factory=list)
    partners: list[Party] = Field(default_factory=list)
    place: list[Party] = Field(default_factory=list)
    from_: str | None = Field(default=None, alias="from")
    to: str | None = None
    scope: Literal["company", "product", "unit"] | None = None
    aliases: dict[str, list[str]] = Field(default_factory=dict)
    amount: Money | None = None
    valuation: Money | None = None
    round: str | None = None
    date: str | None = None
    category: Category = "other"
    evidence: Span
    confidence: float = 1.0

    def parties(self, role: str) -> list[Party]:
        """The parties of a role, by its name in the event specification."""
        found: list[Party] = getattr(self, role)
        return found

    def as_json(self) -> dict[str, Any]:
        """The event as the specification writes it: empty fields left out."""
        data = self.model_dump(by_alias=True, exclude_none=True)
        return {key: value for key, value in data.items() if value not in ([], {})}
