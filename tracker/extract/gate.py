"""The lexical gate: which sentences of a document are worth the parser's time."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.extract.document import Document
from tracker.extract.text import Sentence, sentences
from tracker.extract.triggers import find_triggers

MOST = 60


@dataclass(frozen=True)
class Chosen:
    """The sentences to parse, in order, and how many the document has."""

    sentences: list[Sentence]
    total: int


def chosen(document: Document) -> Chosen:
    """Title, first two sentences and every sentence with a trigger."""
    every = sentences(document.title, document.text)
    kept = [s for s in every if s.index <= 2 or find_triggers(s.text)]
    return Chosen(kept[:MOST], len(every))
