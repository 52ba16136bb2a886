"""What the extractor reads: a document with its title, its text and the day it was published."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Document:
    """One article. Offsets of everything found in it count characters of `full` (title, line break, text)."""

    id: str
    title: str
    text: str
    published: dt.datetime | None = None

    @property
    def full(self) -> str:
        return f"{self.title}\n{self.text}"
