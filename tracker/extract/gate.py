"""The lexical gate: which sentences of a document are worth the parser's time."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tracker.extract.document import Document
from tracker.extract.text import Sentence, sentences
from tracker.extract.triggers import find_triggers

MOST = 60


_LETTERS = re.compile(r"[^\W_]+")


def _without_repeated_title(every: list[Sentence]) -> list[Sentence]:
    """Many texts open with their own headline once or twice; told twice is not told more strongly."""
    if not every or every[0].index != 0:
        return every
    title = _LETTERS.findall(every[0].text.casefold())
    rest = [s for s in every[1:] if s.index > 4 or _LETTERS.findall(s.text.casefold()) != title]
    return [every[0], *(replace(s, index=n) for n, s in enumerate(rest, 1))]


@dataclass(frozen=True)
class Chosen:
    """The sentences to parse, in order, and how many the document has."""

    sentences: list[Sentence]
    total: int


def chosen(document: Document) -> Chosen:
    """Title, first two sentences and every sentence with a trigger."""
    every = _without_repeated_title(sentences(document.title, document.text))
    kept = [s for s in every if s.index <= 2 or find_triggers(s.text)]
    return Chosen(kept[:MOST], len(every))
