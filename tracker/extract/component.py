"""The extractor as a spaCy component: `nlp.add_pipe("tracker_events")`, results on `doc._.events`.

spaCy finds the factory through the package's entry point, so that installing the tracker is enough. The text
is the headline, a line break, and the body, as everywhere here; an empty first line means no headline.
`doc._.published` may hold the time of publication, against which "last May" is dated.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from tracker.extract.document import Document
from tracker.extract.events import mentions_of
from tracker.extract.linear import load
from tracker.extract.pipeline import WEIGHTS
from tracker.extract.reading import read_all

NAME = "tracker_events"


class EventReader:
    """Reads the events of a document; parses the sentences worth it with the pipeline it is part of."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.nlp = nlp
        self.name = name
        self.models = load(WEIGHTS)
        for attribute, default in (("events", []), ("published", None)):
            if not Doc.has_extension(attribute):
                Doc.set_extension(attribute, default=default)

    def __call__(self, doc: Doc) -> Doc:
        """The document with its mentions (tracker.models.mention.Mention) on `doc._.events`."""
        title, _, text = doc.text.partition("\n")
        document = Document("", title, text, doc._.published)
        reading = next(read_all(_Parser(self.nlp, self.name), [document], self.models["gate"]))
        doc._.events = mentions_of(reading, self.models)
        return doc


@dataclass(frozen=True)
class _Parser:
    """The components before this one, as a pipeline for sentences."""

    nlp: Language
    name: str

    def pipe(self, texts: Iterable[str], batch_size: int, disable: list[str]) -> Any:
        names = self.nlp.pipe_names
        return self.nlp.pipe(
            texts, batch_size=batch_size, disable=[*disable, *names[names.index(self.name) :]]
        )


@Language.factory(NAME, assigns=["doc._.events"])  # type: ignore[untyped-decorator]  # spaCy has no types here
def make(nlp: Language, name: str) -> EventReader:
    """The factory that spaCy calls."""
    return EventReader(nlp, name)
