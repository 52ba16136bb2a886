"""What the remembered rules say of a token is what spaCy's own components say of it."""

from __future__ import annotations

from typing import Any

import pytest
import spacy

from tracker.config import Settings
from tracker.extract.pipeline import _keep_names_whole
from tracker.extract.remembered import RememberedLemmas, RememberedMatcher, remember

TEXTS = [
    "Acme has acquired Beta Labs, which it had been eyeing, for $5 million; it won't say more.",
    "There's nothin' left: the founders ain't talking, and y'all gonna see what they're doin'.",
    "But that is all. I told you that you must let's go while the deals were being closed.",
    "  Spaces\n\nbetween the better companies, their buyers' biggest offers and C'm on!",
    "The firm's being bought again, so the same words come up twice: has acquired, bought, offers.",
]


def _said(doc: Any) -> list[tuple[Any, ...]]:
    return [(t.text, t.tag_, t.pos_, t.dep_, t.lemma_, str(t.morph)) for t in doc]


@pytest.fixture(scope="module")
def both() -> tuple[Any, Any]:
    plain, fast = (spacy.load(Settings.from_env().spacy_model, exclude=["ner"]) for _ in range(2))
    for nlp in (plain, fast):
        _keep_names_whole(nlp)
    remember(fast)
    return plain, fast


def test_the_same_is_said_of_every_token(both: tuple[Any, Any]) -> None:
    plain, fast = both
    for text in [*TEXTS, *TEXTS]:
        assert _said(fast(text)) == _said(plain(text))


def test_what_was_said_once_is_remembered(both: tuple[Any, Any]) -> None:
    _, fast = both
    matcher, lemmas = fast.get_pipe("attribute_ruler").matcher, fast.get_pipe("lemmatizer").lemmatize
    assert isinstance(matcher, RememberedMatcher)
    assert isinstance(lemmas, RememberedLemmas)
    fast(TEXTS[0])
    kinds, words = len(matcher.known), len(lemmas.known)
    fast(TEXTS[0])
    assert (len(matcher.known), len(lemmas.known)) == (kinds, words)
    assert kinds > 0
    assert words > 0


def test_patterns_of_other_attributes_are_matched_as_before() -> None:
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("attribute_ruler")
    ruler.add([[{"SHAPE": "dd"}]], {"TAG": "CD"})
    ruler.add([[{"LOWER": {"REGEX": "^x"}}]], {"TAG": "FW"})
    ruler.add([[{"LOWER": {"IN": ["one", "two"]}}]], {"TAG": "NN"})
    remember(nlp)
    assert [t.tag_ for t in nlp("12 xerox one three two")] == ["CD", "FW", "NN", "", "NN"]


def test_a_pipeline_without_these_components_is_left_alone() -> None:
    nlp = spacy.blank("en")
    remember(nlp)
    assert nlp.pipe_names == []
