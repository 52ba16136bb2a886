"""Names and nouns of a wire story that may be parties of its deal, in the exact words of the text.

Wire copy writes legal forms without points and without commas ("Acme and Sons Inc", "Acme Corp of America"),
and sells things without a name ("its cable television business"). Both kinds are candidates; a candidate is
everything the story calls one party.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracker.extract.clusters import name_words
from tracker.extract.lexicon import LEGAL, NOT_NAMES, is_common, word_set
from tracker.extract.reading import ReadSentence

NOUNS_WITHIN = 3
"""Nameless parties are looked for in so many sentences: a story says first what is sold."""

MOST_PLACES = 300
"""Names are looked for until so many places; stories and notices have under 80, hostile texts thousands."""

_FORMS = LEGAL - {"group", "holding", "holdings"} | word_set(
    "cos bros plc pty sarl sas berhad bhd trust bancorp partners association industries"
)
_SMALL_FORMS = word_set("plc inc corp ltd co und")
_ENDS = word_set("inc llc ltd lp l.p limited plc ulc llp")
_JOINING = word_set("of and & for de des du der und et la le y e - /")
_TITLES = word_set("chairman president chief officer executive vice mr mr. director investor")
_BEFORE = word_set("the a an it its in on at under terms both each this that as but and for separately i")
_NO_NAME = NOT_NAMES | word_set(
    "the a an it its he she they we in on at under terms both each this that these those if as but and for "
    "completion closing separately earlier details however also shareholders securities exchange commission "
    "u.s reuter reuters federal trade reserve board justice department"
)
_NO_PARTY = word_set(
    "share stock dlrs dlr pct mln term detail statement agreement cash spokesman offer approval acquisition "
    "sale merger transaction price month year today day deal letter director tender interest stake common "
    "shareholder filing holder purchase right condition value net sum amount company"
)


@dataclass(frozen=True)
class Place:
    """One place of a candidate: its sentence's position in the reading, and its tokens there."""

    position: int
    first: int
    last: int
    start: int
    end: int
    text: str


@dataclass
class Candidate:
    """One possible party with its places in order; `named` tells names from nouns."""

    named: bool
    places: list[Place] = field(default_factory=list)

    @property
    def fullest(self) -> Place:
        """The place of its fullest form, the first of several."""
        return max(self.places, key=lambda p: (len(p.text.split()), -p.position, -p.first))


def names(sentences: Sequence[ReadSentence]) -> list[Candidate]:
    """Every name of a document, in order of appearance."""
    places: list[Place] = []
    seen: set[str] = set()
    for position, sentence in enumerate(sentences):
        for first, last in name_runs(sentence.tokens, seen):
            if len(places) == MOST_PLACES:
                return _grouped(places)
            places.append(place_of(sentence, position, first, last))
            if sentence.sentence.index:
                seen.add(places[-1].text)
    return _grouped(places)


def place_of(sentence: ReadSentence, position: int, first: int, last: int) -> Place:
    span = sentence.tokens[first : last + 1]
    text = span.text
    if text.endswith(".") and text.split()[-1].rstrip(".").lower() in _FORMS:
        text = text[:-1]
    start = sentence.sentence.start + span.start_char
    return Place(position, first, last, start, start + len(text), text)


def _grouped(places: Sequence[Place]) -> list[Candidate]:
    """Places of one name: two that both carry a legal form are two parties, however alike they begin."""
    groups: list[tuple[tuple[str, ...], Candidate]] = []
    by_text: dict[str, Candidate] = {}
    for place in sorted(places, key=lambda p: (not has_form(p.text), -len(name_words(p.text)), p.start)):
        words = name_words(place.text)
        found = by_text.get(place.text) or next(
            (
                c
                for known, c in groups
                if known == words or (not has_form(place.text) and _short(words, known))
            ),
            None,
        )
        if found is None:
            found = Candidate(True)
            groups.append((words, found))
        by_text[place.text] = found
        found.places.append(place)
    for _, candidate in groups:
        candidate.places.sort(key=lambda p: p.start)
    return sorted((c for _, c in groups), key=lambda c: c.places[0].start)


def has_form(text: str) -> bool:
    return text.split()[-1].lower().rstrip(".") in _FORMS


def _short(words: tuple[str, ...], known: tuple[str, ...]) -> bool:
    """Whether words are how a story calls a name the second time: its beginning, its end or its initials."""
    initials = len(words) == 1 and len(known) >= 2 and words[0] == "".join(w[0] for w in known)
    ends = len(words) >= 2 and known[-len(words) :] == words
    return known[: len(words)] == words or ends or initials


def _capital(token: Any) -> bool:
    text = token.text
    return text[0].isupper() or (text[0].isdigit() and any(c.isupper() for c in text))


def name_runs(tokens: Any, seen: Iterable[str]) -> Iterator[tuple[int, int]]:
    """First and last tokens of the names of a sentence; `seen` are the story's earlier names."""
    index = 0
    while index < len(tokens):
        if not _capital(tokens[index]):
            index += 1
            continue
        last = _run_end(tokens, index, seen)
        yield from _proper(tokens, index, last)
        index = last + 1


def _run_end(tokens: Any, first: int, seen: Iterable[str]) -> int:
    last = first
    while last + 1 < len(tokens):
        following = tokens[last + 1]
        if tokens[last].text.endswith(".") and _closes(tokens[last]) and not _closes(following):
            return last
        if (_capital(following) and tokens[last].lower_ != "the") or following.text in _SMALL_FORMS:
            last += 1
        elif ((following.is_space or following.text == ",") and _is_form(tokens, last + 2)) or (
            following.text.isdigit() and last + 2 < len(tokens) and _closes(tokens[last + 2])
        ):
            last += 2
        elif width := _bracket(tokens, last):
            last += width
        elif _joins(tokens, first, last, seen):
            last += 2
        else:
            return last
    return last


def _closes(token: Any) -> bool:
    return token.lower_.rstrip(".") in _FORMS


def _is_form(tokens: Any, index: int) -> bool:
    return index < len(tokens) and _capital(tokens[index]) and tokens[index].lower_.rstrip(".") in _ENDS


def _bracket(tokens: Any, last: int) -> int:
    """How many tokens a country in brackets takes inside a name: "Total Holdings (Australia) Pty Ltd"."""
    for width in (3, 4):
        inside = tokens[last + 1 : last + 2 + width]
        if len(inside) == width + 1 and inside[0].text == "(" and inside[width - 1].text == ")":
            return width if all(_capital(inside[i]) for i in (1, width - 2, width)) else 0
    return 0


def _joins(tokens: Any, first: int, last: int, seen: Iterable[str]) -> bool:
    """Whether the word behind a run ties it to a capitalised word behind it."""
    if last + 2 >= len(tokens) or not _capital(tokens[last + 2]):
        return False
    word, left, right = tokens[last + 1].lower_, tokens[first : last + 1], tokens[last + 2]
    closed = left[-1].lower_.rstrip(".") in _FORMS or left[-1].lower_ == "group"
    if word == "'s":
        return not closed and last == first and left.text not in _starts(seen) and _formed(tokens, last + 2)
    if word not in _JOINING or (word == "-" and tokens[last].whitespace_):
        return False
    if word == "of":
        placed = right.ent_type_ == "GPE" and left[-1].lower_ not in ("bank", "university")
        return right.text == "America" or not (closed or placed) or (closed and _formed(tokens, last + 2))
    if word in ("and", "&"):
        known = left.text in _starts(seen) or left[0].lower_ in _NO_NAME
        apart = left[0].ent_type_ == "GPE" or (left[0].ent_type_ == "PERSON" and len(left) > 1)
        return not (closed or known or apart) and _formed(tokens, last + 2)
    return not closed


def _starts(seen: Iterable[str]) -> set[str]:
    return {" ".join(name.split()[:n]) for name in seen for n in (1, 2, 3)}


def _formed(tokens: Any, index: int) -> bool:
    """Whether the run from a token ends in a legal form."""
    while index + 1 < len(tokens) and (_capital(tokens[index + 1]) or tokens[index + 1].lower_ in _FORMS):
        index += 1
    return tokens[index].lower_ in _FORMS or tokens[index].lower_ in ("group", "co", "cos")


def _proper(tokens: Any, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The names of a run: parted at titles, without the words around the name proper."""
    title = next((i for i in range(first, last + 1) if tokens[i].lower_ in _TITLES), None)
    if title is not None:
        yield from _proper(tokens, first, title - 1)
        yield from _proper(tokens, title + 1, last)
        return
    while first <= last and tokens[first].lower_ in _BEFORE:
        first += 1
    while last >= first and tokens[last].lower_ in NOT_NAMES and tokens[last - 1].text != "-":
        last -= 1
    if first > last or (first == last and not _single(tokens[first])):
        return
    yield first, last


def _single(token: Any) -> bool:
    """Whether a lone capitalised word may be a name."""
    opens = token.i == 0 and is_common(token.text)
    return not opens and len(token.text) > 1 and token.lower_ not in _NO_NAME


def nouns(sentences: Sequence[ReadSentence]) -> list[Candidate]:
    """Noun phrases of the first sentences and their shorter forms, by their words."""
    found: dict[str, Candidate] = {}
    for position, sentence in enumerate(sentences[:NOUNS_WITHIN]):
        for chunk in sentence.tokens.noun_chunks:
            root = chunk.root
            if (
                root.pos_ not in ("NOUN", "PROPN")
                or not root.text[0].islower()
                or root.lemma_.lower() in _NO_PARTY
            ):
                continue
            ends = [root.i] + [end for end in (_of_end(sentence.tokens, root.i),) if end]
            for first in _starts_of(sentence.tokens, chunk.start, root.i):
                for last in ends:
                    place = place_of(sentence, position, first, last)
                    key = re.sub(r"\s+", " ", place.text.casefold())
                    found.setdefault(key, Candidate(False)).places.append(place)
    return list(found.values())


def _starts_of(tokens: Any, first: int, root: int) -> Iterator[int]:
    """Where a phrase may begin: behind its article or owner, and behind each word before its noun."""
    for index in range(first, root + 1):
        token = tokens[index]
        around = (tokens[index - 1].text if index else "", tokens[index + 1].text if index < root else "")
        if token.dep_ in ("det", "poss", "case") or not token.text[0].isalnum() or "-" in (around[0],):
            continue
        if token.lower_ not in ("and", "or"):
            yield index


def _of_end(tokens: Any, root: int) -> int | None:
    """The last token of an "of" phrase behind a noun: "group of mineral properties"."""
    for child in tokens[root].children:
        if child.lower_ in ("of", "in") and child.i == root + 1:
            objects = [c for c in child.children if c.dep_ == "pobj"]
            return int(objects[0].i) if objects else None
    return None
