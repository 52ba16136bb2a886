"""A ruling: what a person decided about a prediction, with who, when and why.

Rulings are facts: none is changed or deleted, one that was wrong is taken back by another.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, Field

RulingKind = Literal["resolve", "void", "reopen", "tag", "untag"]


class Ruling(BaseModel):
    """A decision on one version of a prediction. `at` is when it was made (UTC).

    outcome: resolve: the status it gives (met, not met, ambiguous, undecided).
    answer: resolve: the number, day or option that came, where the question asks for one.
    tags: tag and untag: the tags that are added or taken off; they hold for all versions.
    """

    kind: RulingKind
    version: int
    at: dt.datetime
    by: str
    why: str = ""
    outcome: str = ""
    answer: str | None = None
    tags: list[str] = Field(default_factory=list)


OWN = {"kind", "version", "at", "by", "why"}
"""The fields that every ruling has; the others are what it decides."""
