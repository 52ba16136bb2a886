"""What the extractor reads: a document with its title, its text and the day it was published."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from tracker.extract.formats import Format, form_of


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

    @cached_property
    def form(self) -> Format | None:
        """The form of a document that is written about one deal; None for a news article."""
        return form_of(self.title, self.text)
