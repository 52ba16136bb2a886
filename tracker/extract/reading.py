"""A document as the later steps see it: sentences with names, amounts and triggers, and name clusters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from tracker.extract.clusters import Cluster, Occurrence, cluster_names, join_aliases
from tracker.extract.described import described_company, founding_people, nouns_beside, unnamed_companies
from tracker.extract.document import Document
from tracker.extract.gate import Chosen, chosen
from tracker.extract.headline import sentence_case
from tracker.extract.linear import Linear
from tracker.extract.money import MoneySpan, find_money
from tracker.extract.names import Name, find_names, is_title_case, written_names
from tracker.extract.text import Sentence
from tracker.extract.triggers import Trigger, find_triggers
from tracker.models.mention import Span

BATCH = 64
"""Documents parsed together: enough for the model's batches, few enough to stream."""

PAIRS_WITHIN = 20_000
"""Names are learned from so many characters of a document; nobody is named first behind them."""

MOST_PAIRS = 2_000
"""Pairs of a trigger and a name weighed in one document. News has under 300, hostile texts have 100,000."""

_REFERRING = re.compile(
    r"^(?:company|startup|start-up|firm|lab|maker|chipmaker|group|giant|unicorn|business|vendor|provider|developer|outfit|bank|retailer|automaker)$"
)
_DASH = re.compile(r"(?<=[\w.,)])[—–](?=[A-Za-z])")


@dataclass(frozen=True)
class Placed:
    """A name in a sentence with the cluster it belongs to."""

    name: Name
    cluster: int


@dataclass(frozen=True)
class PlacedTrigger:
    """A trigger with its syntactic head token."""

    trigger: Trigger
    head: int


@dataclass
class ReadSentence:
    """A parsed sentence; money offsets count within the sentence."""

    sentence: Sentence
    tokens: Any
    names: list[Placed] = field(default_factory=list)
    money: list[MoneySpan] = field(default_factory=list)
    triggers: list[PlacedTrigger] = field(default_factory=list)

    @property
    def zone(self) -> str:
        """title, lead (the first two sentences of the text) or body."""
        index = self.sentence.index
        return "title" if index == 0 else "lead" if index <= 2 else "body"


@dataclass
class Reading:
    """A read document: `owner` maps an alias cluster to the cluster it stands for."""

    document: Document
    sentences: list[ReadSentence]
    clusters: list[Cluster]
    owner: dict[int, int]
    topic: int | None
    length: int
    described: dict[int, set[str]]
    traits: dict[int, list[str]] = field(default_factory=dict)

    def span(self, sentence: Sentence) -> Span:
        """A sentence as the document writes it, mark-up and all."""
        text = self.document.full[sentence.start : sentence.end]
        return Span(text=text, start=sentence.start, end=sentence.end)


def read_all(nlp: Any, documents: Iterable[Document], gate: Linear | None = None) -> Iterator[Reading]:
    """Parse documents in batches; one reading each, in order. Without a gate all sentences with a trigger."""
    stream = iter(documents)
    while batch := list(islice(stream, BATCH)):
        picked = [chosen(d, gate) for d in batch]
        parsed = {one: _parsed(nlp, batch, picked, one) for one in (True, False)}
        for document, sents in zip(batch, picked, strict=True):
            trees = parsed[document.form is not None]
            yield _reading(document, [ReadSentence(s, next(trees)) for s in sents.sentences], sents.total)


def _parsed(nlp: Any, batch: Sequence[Document], picked: Sequence[Chosen], one: bool) -> Iterator[Any]:
    """The parsed sentences of the documents about one deal, or of the news.

    Only the former are read with the pipeline's entities: on news these cost half the time and find less.
    """
    texts = [
        _for_parser(document, sentence)
        for document, sents in zip(batch, picked, strict=True)
        if (document.form is not None) == one
        for sentence in sents.sentences
    ]
    return iter(nlp.pipe(texts, batch_size=128, disable=[] if one else ["ner"]))


def _for_parser(document: Document, sentence: Sentence) -> str:
    text = sentence_case(sentence.text, document.text) if sentence.index == 0 else sentence.text
    # The tokenizer leaves "Trust Co.—becoming" whole.
    return _DASH.sub(" ", text)


def _reading(document: Document, sents: list[ReadSentence], total: int) -> Reading:
    full = document.full
    written = written_names(_head_of(document))
    found = [
        (s, n)
        for s in sents
        for n in find_names(
            s.tokens, titled=s.sentence.index == 0 and _shouting(s.sentence.text), written=written
        )
    ]
    occurrences = [_occurrence(full, s.sentence, n) for s, n in found]
    clusters = cluster_names(occurrences)
    place = {(o.start, o.end): c.id for c in clusters for o in c.occurrences}
    for (sent, name), occurrence in zip(found, occurrences, strict=True):
        sent.names.append(Placed(name, place[occurrence.start, occurrence.end]))
    _find_amounts_and_triggers(sents)
    topic = _topic(sents)
    described = _described(sents)
    _resolve_openings(sents, clusters, described)
    _resolve_references(sents, topic)
    return Reading(document, sents, clusters, join_aliases(clusters, full), topic, total, described)


def _find_amounts_and_triggers(sents: Sequence[ReadSentence]) -> None:
    left = MOST_PAIRS
    for sent in sents:
        sent.money = find_money(sent.sentence.text)
        placed = [(t, _head(sent.tokens, t)) for t in find_triggers(sent.sentence.text)]
        found = [PlacedTrigger(t, head) for t, head in placed if head is not None]
        left -= len(found) * len(sent.names)
        sent.triggers = found if left >= 0 else []


def _head_of(document: Document) -> str:
    """Where names are learned from: the head of the text, and a headline whose capitals mean something."""
    head = document.text[:PAIRS_WITHIN]
    return head if is_title_case(document.title) else f"{document.title}\n{head}"


def _shouting(title: str) -> bool:
    return title.isupper()


def _occurrence(full: str, sentence: Sentence, name: Name) -> Occurrence:
    start = sentence.start + name.start
    end = sentence.start + name.end
    return Occurrence(full[start:end], start, end, sentence.index)


def _head(tokens: Any, trigger: Trigger) -> int | None:
    """The token of a trigger that the rest of it hangs on."""
    span = tokens.char_span(trigger.start, trigger.end, alignment_mode="expand")
    return None if span is None else int(span.root.i)


def _topic(sents: Sequence[ReadSentence]) -> int | None:
    """What the document is about: the first name in its title, else in its text."""
    return next((placed.cluster for sent in sents for placed in sent.names), None)


def _described(sents: Sequence[ReadSentence]) -> dict[int, set[str]]:
    out: dict[int, set[str]] = {}
    for sent in sents:
        for placed in sent.names:
            nouns = nouns_beside(sent.tokens, placed.name.head, placed.name.first)
            out.setdefault(placed.cluster, set()).update(nouns)
    return out


def _resolve_openings(
    sents: Sequence[ReadSentence], clusters: Sequence[Cluster], described: dict[int, set[str]]
) -> None:
    """Let a nameless start-up in headline and lead stand for the company that the text names later."""
    company = described_company(described, range(len(clusters)))
    if company is None:
        return
    for sent in sents:
        named = {i for p in sent.names for i in range(p.name.first, p.name.last + 1)}
        if sent.sentence.index > 2 or any(p.cluster == company for p in sent.names):
            continue
        heads = {p.name.head: p.cluster for p in sent.names}
        people = founding_people(sent.tokens, described, heads)
        for token in [*unnamed_companies(sent.tokens, named), *people]:
            sent.names.append(Placed(_reference(token), company))


def _reference(token: Any) -> Name:
    start = token.left_edge.idx if token.pos_ == "NOUN" else token.idx
    return Name(token.i, token.i, start, token.idx + len(token.text), token.text, token.i, True)


def _subject(sent: ReadSentence) -> int | None:
    for placed in sent.names:
        if sent.tokens[placed.name.head].dep_ in ("nsubj", "nsubjpass") and not placed.name.reference:
            return placed.cluster
    return None


def _resolve_references(sents: Sequence[ReadSentence], topic: int | None) -> None:
    """Let "the company" and "it" stand for the last sentence's subject, else for the topic."""
    previous: int | None = None
    last_index = -2
    for sent in sents:
        target = previous if previous is not None and sent.sentence.index - last_index <= 2 else topic
        if target is not None and sent.sentence.index > 0:
            named = {i for p in sent.names for i in range(p.name.first, p.name.last + 1)}
            for token in sent.tokens:
                if token.i not in named and _refers(token):
                    sent.names.append(Placed(_reference(token), target))
        subject = _subject(sent)
        if subject is not None:
            previous = subject
        elif sent.sentence.index - last_index > 1:
            previous = None
        last_index = sent.sentence.index
        sent.names.sort(key=lambda p: p.name.first)


def _refers(token: Any) -> bool:
    lowered = token.lower_
    if lowered in ("it", "its"):
        return True
    if not _REFERRING.match(lowered) or token.pos_ not in ("NOUN", "PROPN"):
        return False
    if any(
        child.dep_ in ("appos", "compound") and child.pos_ == "PROPN" for child in token.children
    ) or token.dep_ in ("appos", "compound", "attr"):
        return False
    return any(child.lower_ in ("the", "its") and child.dep_ in ("det", "poss") for child in token.children)
