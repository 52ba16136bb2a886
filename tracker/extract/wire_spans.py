"""Pieces of a wire story that may state the price, how far the deal is, and where and what the target is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tracker.extract.features import is_passive, path
from tracker.extract.lexicon import word_set
from tracker.extract.reading import ReadSentence
from tracker.extract.wire_features import lemma, neighbours
from tracker.extract.wire_names import Candidate, Place, place_of

STATUS_WITHIN = 2
LONGEST_STATUS = 6
LONGEST_BUSINESS = 8
BUSINESS_WITHIN = 5

_UNDISCLOSED = re.compile(
    r"\b(?:un|not |non-?)(?:disclosed?|released|revealed|announced|given)\b(?: (?:sum|amount|price))?"
    r"|\bwithheld\b",
    re.I,
)
_STATUS_STARTS = frozenset(["VERB", "NOUN", "ADJ", "ADV", "AUX", "PART"])
_STATUS_ENDS = frozenset(["VERB", "NOUN", "ADP"])
_BUSINESS_POS = frozenset(["NOUN", "PROPN", "ADJ", "CCONJ", "PUNCT", "ADP", "VERB", "ADV", "DET"])
_BUSINESS_ENDS = frozenset(["NOUN", "PROPN", "VERB", "ADJ"])
_PLACES = frozenset(["GPE", "LOC", "NORP"])
_FINANCE = word_set("share shares stock dlrs mln pct stake agreement company merger terms year deal cash pct")


def spans(slot: str, sentences: Sequence[ReadSentence]) -> Iterator[Place]:
    """The candidates of a slot, in order of appearance."""
    for position, sentence in enumerate(sentences):
        for first, last in _FINDERS[slot](position, sentence):
            yield place_of(sentence, position, first, last)


def _amounts(position: int, sentence: ReadSentence) -> Iterator[tuple[int, int]]:
    found = [(m.start, m.end) for m in sentence.money if not m.per_share]
    found += [m.span() for m in _UNDISCLOSED.finditer(sentence.sentence.text)]
    for start, end in sorted(found):
        span = sentence.tokens.char_span(start, end, alignment_mode="expand")
        if span is not None:
            yield span.start, span.end - 1


def _statuses(position: int, sentence: ReadSentence) -> Iterator[tuple[int, int]]:
    if position >= STATUS_WITHIN:
        return
    tokens = sentence.tokens
    for first in range(len(tokens)):
        if tokens[first].pos_ not in _STATUS_STARTS or tokens[first].text[0].isupper():
            continue
        for last in range(first, min(first + LONGEST_STATUS, len(tokens))):
            if not tokens[last].text[0].isalpha():
                break
            if tokens[last].pos_ in _STATUS_ENDS:
                yield first, last


def _places(position: int, sentence: ReadSentence) -> Iterator[tuple[int, int]]:
    tokens = sentence.tokens
    found = [(e.start, e.end - 1) for e in tokens.ents if e.label_ in _PLACES]
    for number, (first, last) in enumerate(found):
        yield first, last
        for later_first, later_last in found[number + 1 : number + 3]:
            between = tokens[last + 1 : later_first].text
            if between in (",", "and", ", and", ""):
                yield first, later_last


def _businesses(position: int, sentence: ReadSentence) -> Iterator[tuple[int, int]]:
    if position >= BUSINESS_WITHIN:
        return
    tokens = sentence.tokens
    for first in range(len(tokens)):
        opening = tokens[first]
        if opening.pos_ not in ("NOUN", "ADJ", "VERB", "PROPN") or opening.lower_ in _FINANCE:
            continue
        for last in range(first, min(first + LONGEST_BUSINESS, len(tokens))):
            token = tokens[last]
            if (
                token.pos_ not in _BUSINESS_POS
                or token.text in ('"', ".", "(", ")")
                or token.lower_ in _FINANCE
            ):
                break
            if token.pos_ in _BUSINESS_ENDS and any(t.pos_ == "NOUN" for t in tokens[first : last + 1]):
                yield first, last


_FINDERS = {"amount": _amounts, "status": _statuses, "place": _places, "business": _businesses}


def span_features(
    slot: str, sentences: Sequence[ReadSentence], parties: Mapping[str, Candidate], place: Place
) -> list[str]:
    """Features of a piece: its words, edges and neighbours, and how it stands to the deal and its parties."""
    sentence = sentences[place.position]
    tokens = sentence.tokens
    span = tokens[place.first : place.last + 1]
    zone = min(place.position, 3)
    out = [f"zone={zone}", f"length={min(len(span), 8)}", *neighbours(tokens, place.first, place.last)]
    out += _words(slot, span)
    out += _edges(tokens, place.first, place.last)
    out += _way(sentence, span.root)
    for role, party in parties.items():
        out += [f"{role}:{f}" for f in _beside(sentence, party, place, span.root)]
    out += _named_beside(sentence, parties, place)
    return out


def _words(slot: str, span: Any) -> Iterator[str]:
    text = " ".join(t.lower_ for t in span)
    if slot in ("status", "business"):
        yield f"text={text}"
        yield f"lemmas={' '.join(t.lemma_.lower() for t in span)}"
    if slot != "place":
        yield from (f"w={t.lower_}" for t in span if not t.text[0].isdigit())
        yield from (f"l={t.lemma_.lower()}" for t in span)
    yield f"tags={' '.join(t.tag_ for t in span)}"
    yield f"pos={' '.join(t.pos_ for t in span)}"
    yield f"label={span[0].ent_type_}:{span[-1].ent_type_}"


def _edges(tokens: Any, first: int, last: int) -> Iterator[str]:
    start, end = tokens[first], tokens[last]
    yield f"start={start.lower_}"
    yield f"end={end.lower_}"
    yield f"start={start.tag_}:{start.dep_}"
    yield f"end={end.tag_}:{end.dep_}"
    if first:
        previous = tokens[first - 1]
        yield f"before={previous.tag_}>{start.tag_}"
        yield f"before={previous.lower_}>{start.lower_}"
        yield f"before={previous.dep_}:{first <= previous.head.i <= last}"
    if last + 1 < len(tokens):
        following = tokens[last + 1]
        yield f"after={end.tag_}>{following.tag_}"
        yield f"after={end.lower_}>{following.lower_}"
        yield f"after={following.dep_}:{first <= following.head.i <= last}"


def _way(sentence: ReadSentence, root: Any) -> Iterator[str]:
    yield f"root={root.lemma_.lower()}:{root.dep_}"
    yield f"dep={root.dep_}:{root.pos_}"
    yield f"gov={root.head.lemma_.lower()}:{root.dep_}"
    yield f"gov2={root.head.head.lemma_.lower()}:{root.head.dep_}"
    deals = [t for t in sentence.triggers if t.trigger.type == "acquisition"]
    yield f"deals={min(len(deals), 3)}"
    for placed in deals[:4]:
        way, _ = path(sentence, placed.head, root.i)
        voice = "p" if is_passive(sentence.tokens, placed.head) else "a"
        yield f"path={way}:{voice}:{placed.trigger.sense}"
        yield f"path+={way}:{lemma(sentence, placed)}"
    first = next((n for n, t in enumerate(deals) if t.head >= root.i), len(deals))
    yield f"order={min(first, 3)}"


def _beside(sentence: ReadSentence, party: Candidate, place: Place, root: Any) -> Iterator[str]:
    here = [p for p in party.places if p.position == place.position]
    if not here:
        yield "elsewhere"
        return
    near = min(here, key=lambda p: min(abs(p.first - place.last), abs(place.first - p.last)))
    if near.first <= place.first and place.last <= near.last:
        yield "inside"
        yield f"inside={near.first == place.first}:{near.last == place.last}"
    gap = place.first - near.last if place.first > near.last else near.first - place.last
    side = "R" if place.first > near.last else "L"
    yield f"near={side}:{gap if gap < 4 else 4 if gap < 8 else 8}"
    head = sentence.tokens[near.first : near.last + 1].root
    way, _ = path(sentence, head.i, root.i)
    yield f"way={way}"
    yield f"is={head.dep_}:{head.head.lemma_.lower()}"
    if side == "R" and gap <= 6:
        between = sentence.tokens[near.last + 1 : place.first]
        yield f"between={' '.join(t.lower_ for t in between)}"
    if side == "L" and gap <= 6:
        between = sentence.tokens[place.last + 1 : near.first]
        yield f"between={' '.join(t.lower_ for t in between)}"


def _named_beside(sentence: ReadSentence, parties: Mapping[str, Candidate], place: Place) -> Iterator[str]:
    """Which party is named last before a piece, and which first behind it."""
    here = [(p, role) for role, c in parties.items() for p in c.places if p.position == place.position]
    before = max((x for x in here if x[0].last < place.first), key=lambda x: x[0].last, default=None)
    behind = min((x for x in here if x[0].first > place.last), key=lambda x: x[0].first, default=None)
    yield f"last={before[1] if before else '-'}"
    yield f"next={behind[1] if behind else '-'}"
    yield f"last+next={before[1] if before else '-'}:{behind[1] if behind else '-'}"
