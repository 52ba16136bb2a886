"""A judgement: what a person decided about the ledger or about a company, with who, when and why.

Judgements are facts: none is changed or deleted, one that was wrong is undone by another. They do not name
events, whose ids change when an earlier telling comes to light, but the tellings that an event rests on.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tracker.models.mention import FALLBACK_ROLE, KEY_ROLE, Mention

JudgementKind = Literal["merge", "split", "edit", "reject", "confirm", "undo", "company"]


class Anchor(BaseModel):
    """A telling, by what a later reading of its article keeps: the key of the article (which is the same for
    all its revisions), the type, the key party as told, and where in the text its evidence begins.
    """

    model_config = ConfigDict(frozen=True)

    article: str
    type: str
    name: str
    start: int

    @property
    def key(self) -> tuple[str, str, str]:
        """The anchor without the place in the text, which moves when an article is read anew."""
        return self.article, self.type, self.name

    @classmethod
    def of(cls, article_key: str, mention: Mention) -> Anchor:
        roles = (KEY_ROLE[mention.type], FALLBACK_ROLE.get(mention.type, ""))
        names = [p.name for role in roles if role for p in mention.parties(role)]
        return cls(
            article=article_key,
            type=mention.type,
            name=names[0].casefold() if names else "",
            start=mention.evidence.start,
        )


class Decision(BaseModel):
    """What is decided, before anybody has decided it.

    about: the tellings of the event, the one that its id is made of first.
    event: the id that the event had then, for people.
    other: merge: the tellings of the second event; split: those that are taken out.
    field, value: edit and company: what is set, and to what (None: to nothing).
    company: company: the id of the company.
    undoes: undo: the judgement that is undone.
    """

    kind: JudgementKind
    about: list[Anchor] = Field(default_factory=list)
    event: str = ""
    other: list[Anchor] = Field(default_factory=list)
    field: str = ""
    value: Any = None
    company: str = ""
    undoes: int | None = None


class Judgement(Decision):
    """A decision as stored. `at` is when it was made (UTC); of two that disagree the later one holds."""

    id: int
    at: dt.datetime
    by: str
    why: str = ""
