"""What the models of parties see: words, syntax and place around a candidate, never a name's own letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tracker.extract.features import is_passive, path
from tracker.extract.lexicon import word_set
from tracker.extract.reading import PlacedTrigger, ReadSentence
from tracker.extract.wire_names import Candidate, Place, has_form

MOST_PLACES = 4
"""So many places of a candidate are read, the first ones."""

_KINDS = word_set(
    "bidco holdco topco midco newco finco parent buyer purchaser aggregator acquisition merger sub "
    "operations nominees trustee trust fund funds holdings holding investments investment group capital "
    "partners ventures equity management bank savings airlines stores industries resources "
    "international services systems energy oil gas property properties hotel hospital clinic "
    "practice business"
)
"""Words that say what kind of organisation a name is of."""

_PHRASE = frozenset(["VERB", "PRON", "AUX", "NOUN"])
_SAID = frozenset(["say", "tell", "announce", "report", "disclose"])


def party_features(
    sentences: Sequence[ReadSentence], every: Sequence[Candidate], candidate: Candidate
) -> list[str]:
    """Features of a candidate: what it is, and where and how the story speaks of it."""
    rank = sum(c.named and c.places[0].start < candidate.places[0].start for c in every)
    out = [f"rank={min(rank, 5)}", f"named={candidate.named}", f"count={min(len(candidate.places), 4)}"]
    out += _form(sentences, candidate)
    for number, place in enumerate(candidate.places[:MOST_PLACES]):
        zone = min(place.position, 2)
        local = list(place_features(sentences[place.position], every, place))
        out += [f"z{zone}:{f}" for f in local] + local
        if number == 0:
            out += [f"first:{f}" for f in local] + [f"zone={zone}"]
    kind = "N" if candidate.named else "n"
    return out + [f"{kind}&{f}" for f in out]


def _form(sentences: Sequence[ReadSentence], candidate: Candidate) -> Iterator[str]:
    place = candidate.fullest
    tokens = sentences[place.position].tokens
    last = tokens[place.last]
    yield f"form={has_form(place.text)}"
    yield f"length={min(place.last - place.first + 1, 5)}"
    yield f"label={tokens[place.first].ent_type_}:{last.ent_type_}"
    if candidate.named:
        yield f"last={last.lower_.rstrip('.')}"
        yield from (f"kind={t.lower_}" for t in tokens[place.first : place.last + 1] if t.lower_ in _KINDS)
    else:
        root = _head(tokens, place)
        yield f"head={root.lemma_.lower()}"
        yield f"tag={root.tag_}"
        yield from (f"word={t.lower_}" for t in tokens[place.first : place.last + 1])
        yield f"shape={' '.join(t.pos_ for t in tokens[place.first : place.last + 1][:4])}"
        yield f"dep0={tokens[place.first].dep_}"
        yield f"whole={place.first == tokens[place.first].left_edge.i}"
    yield f"shout={place.text.isupper()}"


def _head(tokens: Any, place: Place) -> Any:
    return tokens[place.first : place.last + 1].root


def place_features(sentence: ReadSentence, every: Sequence[Candidate], place: Place) -> Iterator[str]:
    """One place of a candidate: neighbours, governors, and its way to the deal's words."""
    tokens = sentence.tokens
    head = _head(tokens, place)
    if sentence.sentence.index == 0:
        yield f"side={any(_word(t) == '–' for t in tokens[: place.first])}"
    yield from neighbours(tokens, place.first, place.last)
    yield f"dep={head.dep_}"
    yield f"gov={head.head.lemma_.lower()}:{head.dep_}"
    yield f"gov2={head.head.head.lemma_.lower()}:{head.head.dep_}:{head.dep_}"
    yield from _beside(head)
    deals = [t for t in sentence.triggers if t.trigger.type == "acquisition"]
    yield from _deals(sentence, deals, place, head)
    yield from _subject(tokens, deals, place, head)


def _word(token: Any) -> str:
    return "–" if token.text in ("-", "–", "—") else str(token.lower_)


def neighbours(tokens: Any, first: int, last: int) -> Iterator[str]:
    before = [*(_word(t) for t in reversed(tokens[max(0, first - 3) : first])), "^"]
    after = [*(_word(t) for t in tokens[last + 1 : last + 4]), "$"]
    yield f"b1={before[0]}"
    yield f"a1={after[0]}"
    yield f"b2={' '.join(before[1::-1])}"
    yield f"a2={' '.join(after[:2])}"
    yield f"b3={' '.join(before[2::-1])}"
    yield f"a3={' '.join(after[:3])}"
    yield f"b1+a1={before[0]}|{after[0]}"


def _beside(head: Any) -> Iterator[str]:
    for child in head.children:
        if child.dep_ in ("appos", "compound", "relcl", "acl"):
            yield f"child={child.dep_}:{child.lemma_.lower()}"
    if head.dep_ in ("appos", "compound", "poss"):
        yield f"with={head.dep_}:{head.head.lemma_.lower()}"
        yield f"with2={head.head.dep_}:{head.head.head.lemma_.lower()}"


def lemma(sentence: ReadSentence, placed: PlacedTrigger) -> str:
    phrase = placed.trigger.phrase
    return phrase if " " in phrase else str(sentence.tokens[placed.head].lemma_.lower())


def _deals(sentence: ReadSentence, deals: Sequence[PlacedTrigger], place: Place, head: Any) -> Iterator[str]:
    tokens = sentence.tokens
    left = [t for t in deals if t.head < place.first]
    right = [t for t in deals if t.head > place.last]
    for name, near in (("L", left[-1:]), ("R", right[:1])):
        for placed in near:
            gap = place.first - placed.head if name == "L" else placed.head - place.last
            verb, prep = lemma(sentence, placed), _preposition(tokens, place.first)
            yield f"{name}={verb}"
            yield f"{name}={verb}:{'n' if gap < 3 else 'm' if gap < 8 else 'f'}"
            if name == "L" and gap <= 7:
                yield f"way={verb}|{_words(tokens, placed.head + 1, place.first)}"
            yield f"{name}prep={verb}:{prep}"
            yield f"{name}s={placed.trigger.sense}:{prep}"
    for placed in deals[:6]:
        way, _ = path(sentence, placed.head, head.i)
        voice = "p" if is_passive(tokens, placed.head) else "a"
        yield f"path={way}:{voice}:{placed.trigger.sense}"
        yield f"path+={way}:{voice}:{lemma(sentence, placed)}"
    yield f"sides={min(len(left), 2)}:{min(len(right), 2)}"


def _words(tokens: Any, first: int, last: int) -> str:
    """The words between, names and numbers without their letters."""
    plain = (
        "X" if t.text[0].isupper() else "0" if t.text[0].isdigit() else t.lower_ for t in tokens[first:last]
    )
    return " ".join(plain)


def _preposition(tokens: Any, first: int) -> str:
    for index in range(first - 1, max(-1, first - 9), -1):
        if tokens[index].pos_ in ("ADP", "VERB", "AUX", "PART") or tokens[index].text == ",":
            return str(tokens[index].lower_)
    return "-"


def _subject(tokens: Any, deals: Sequence[PlacedTrigger], place: Place, head: Any) -> Iterator[str]:
    """What a speaker tells: "Acme said it agreed to sell" makes Acme the seller."""
    verb = head.head
    if head.dep_ not in ("nsubj", "nsubjpass") or verb.pos_ not in ("VERB", "AUX"):
        return
    told = [t for t in deals if t.head > verb.i][:2]
    says = "says" if verb.lemma_ in _SAID else "does"
    own = verb.i + 1 < len(tokens) and tokens[verb.i + 1].lower_ in ("it", "they", "he")
    names = [f"{tokens[t.head].lemma_.lower()}/{tokens[t.head].tag_}" for t in told]
    yield f"speaks={says}:{own}"
    yield f"tells={says}:{own}:{names[0] if names else '-'}"
    yield f"tells2={says}:{' '.join(names)}"
    if told:
        span = tokens[verb.i + 1 : told[0].head + 1]
        phrase = " ".join(t.lemma_.lower() for t in span if t.pos_ in _PHRASE)
        yield f"phrase={says}:{phrase[:60]}"
        yield f"passive={says}:{own}:{is_passive(tokens, told[0].head)}:{names[0]}"
