"""What closes when it has no name of its own: "its password manager", "the hosted products"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracker.extract.decode import Unit
from tracker.extract.lexicon import word_set
from tracker.models.mention import Party

_DEPENDENCIES = ("dobj", "nsubjpass")
_NOT_THINGS = word_set("operations operation doors business plug it them itself shop access support service")


def closed_thing(units: Sequence[Unit]) -> list[Party]:
    """The object of the closing verb as a party, from the first sentence that has one; empty without one."""
    for unit in units:
        for placed in unit.triggers:
            token = unit.sentence.tokens[placed.head]
            for child in token.children:
                if (
                    child.dep_ in _DEPENDENCIES
                    and child.pos_ in ("NOUN", "PROPN")
                    and child.lower_ not in _NOT_THINGS
                ):
                    return [_party(unit, child)]
    return []


def _party(unit: Unit, noun: Any) -> Party:
    tokens = unit.sentence.tokens
    first = min(
        (t.i for t in noun.children if t.dep_ in ("amod", "compound", "nummod") and t.i < noun.i),
        default=noun.i,
    )
    span = tokens[first : noun.i + 1]
    start = unit.sentence.sentence.start + span.start_char
    text = unit.sentence.sentence.text[span.start_char : span.end_char]
    return Party(name=text, text=text, start=start, end=start + len(text))
