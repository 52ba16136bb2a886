"""The extractor as a component of any spaCy pipeline, and with several processes."""

from __future__ import annotations

import datetime as dt

import spacy

from tests.extract_support import PUBLISHED, extractor, read
from tracker.config import Settings
from tracker.extract.document import Document
from tracker.extract.parallel import extract_with

TITLE = "Northwind buys Lumenworks"
TEXT = "Northwind has acquired Lumenworks for $300 million, it said on Monday."


def test_a_pipeline_tells_what_the_command_tells() -> None:
    nlp = spacy.load(Settings().spacy_model)
    nlp.add_pipe("tracker_events")
    doc = nlp.make_doc(f"{TITLE}\n{TEXT}")
    doc._.published = PUBLISHED
    (event,) = nlp(doc)._.events
    assert [event] == read(TITLE, TEXT)
    assert event.date == dt.date(2026, 6, 22).isoformat()
    assert doc.text[event.target[0].start : event.target[0].end] == "Lumenworks"


def test_documents_in_a_stream_and_without_events() -> None:
    nlp = spacy.load(Settings().spacy_model)
    nlp.add_pipe("tracker_events")
    told = [len(doc._.events) for doc in nlp.pipe(["\nIt rained.", f"{TITLE}\n{TEXT}", "Rain"])]
    assert told == [0, 1, 0]


def test_two_processes_read_the_same_in_the_same_order() -> None:
    documents = [
        Document(str(n), TITLE if n % 3 else "Rain", TEXT if n % 3 else "It rained.") for n in range(150)
    ]
    assert list(extract_with(extractor(), documents, 2)) == list(extractor().extract(documents))
