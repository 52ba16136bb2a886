"""The lexical gate: which sentences of a document are worth the parser's time.

A linear model over trigger phrases and words, learned from which sentences tell annotated events. It costs a
hundredth of the parser. Most articles tell no deal, and none of their sentences passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from tracker.extract.document import Document
from tracker.extract.linear import Linear
from tracker.extract.text import Sentence, sentences
from tracker.extract.triggers import find_triggers, mentions_money

MOST = 60
"""Sentences of one document that are parsed at most."""
DOCUMENT_FLOOR = 0.2
SENTENCE_FLOOR = 0.08
"""A document is read if one of its sentences has the first chance of telling an event; then every sentence
with the second is parsed. What that costs in recall stands in docs/benchmarks.md."""

_LETTERS = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[a-z][a-z'’-]+")


@dataclass(frozen=True)
class Chosen:
    """The sentences to parse, in order, and how many the document has."""

    sentences: list[Sentence]
    total: int


def every_sentence(document: Document) -> list[Sentence]:
    """All sentences, the title first; a headline repeated at the head of the text is left out."""
    every = sentences(document.title, document.text)
    if not every or every[0].index != 0:
        return every
    # Many texts open with their own headline once or twice; told twice is not told more strongly.
    title = _LETTERS.findall(every[0].text.casefold())
    rest = [s for s in every[1:] if s.index > 4 or _LETTERS.findall(s.text.casefold()) != title]
    return [every[0], *(replace(s, index=n) for n, s in enumerate(rest, 1))]


def gate_features(sentence: Sentence) -> list[str]:
    """Triggers, words, pairs of words and place of a sentence; empty where it has no trigger."""
    triggers = find_triggers(sentence.text)
    if not triggers:
        return []
    rich = mentions_money(sentence.text)
    zone = "title" if sentence.index == 0 else "lead" if sentence.index <= 2 else "body"
    out = {f"s={t.type}:{t.sense}" for t in triggers} | {f"p={t.type}:{t.phrase}" for t in triggers}
    words = _WORD.findall(sentence.text.lower())
    out |= {f"w={w}" for w in words} | {f"ww={a} {b}" for a, b in pairwise(words)}
    out |= {
        f"zone={zone}",
        f"money={rich}",
        f"money={rich}:{zone}",
    }
    return sorted(out)


def passing(gate: Linear, every: Iterable[Sentence]) -> set[int]:
    """The indices of the sentences that may tell an event; empty where the document is not worth reading."""
    chances = {s.index: gate.probabilities(f).get("told", 0.0) for s in every if (f := gate_features(s))}
    if max(chances.values(), default=0.0) < DOCUMENT_FLOOR:
        return set()
    return {index for index, chance in chances.items() if chance >= SENTENCE_FLOOR}


def chosen(document: Document, gate: Linear | None) -> Chosen:
    """The title, the first two sentences and every sentence that passes; nothing where none does.

    Without a gate every sentence with a trigger passes. A document about one deal is short and foreign to
    the gate: it is read whole where it has a trigger at all.
    """
    every = every_sentence(document)
    if document.form:
        told = any(t.type == "acquisition" for s in every for t in find_triggers(s.text))
        return Chosen(every[:MOST] if told else [], len(every))
    kept = passing(gate, every) if gate else {s.index for s in every if find_triggers(s.text)}
    if not kept:
        return Chosen([], len(every))
    return Chosen([s for s in every if s.index <= 2 or s.index in kept][:MOST], len(every))
