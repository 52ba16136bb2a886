"""Who the parties of a notice of a merger register are: every acquirer and every target that it names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from tracker.extract.decode import Models
from tracker.extract.reading import ReadSentence
from tracker.extract.wire import Parties, judged
from tracker.extract.wire_names import Candidate, Place, names

FLOOR = 0.4
FIRST_FLOOR = 0.05
"""Chances from which a name is a party, and from which the likeliest of a role is."""

_DEFINES = re.compile(r"\s*\((?:the |together,? |collectively,? )?\W*")


def notice_candidates(sentences: Sequence[ReadSentence]) -> list[Candidate]:
    """The names of a notice, each with the short names that the notice gives it in brackets."""
    every = names(sentences)
    held = {id(p): c for c in every for p in c.places}
    places = sorted((p for c in every for p in c.places), key=lambda p: p.start)
    for full, short in pairwise(places):
        owner, other = held[id(full)], held[id(short)]
        if owner is not other and _defines(sentences, full, short):
            owner.places = sorted(owner.places + other.places, key=lambda p: p.start)
            held |= {id(p): owner for p in other.places}
            every.remove(other)
    return every


def _defines(sentences: Sequence[ReadSentence], full: Place, short: Place) -> bool:
    """Whether a bracket with the second name stands right behind the first: "Acme Pty Ltd (Acme)"."""
    if full.position != short.position:
        return False
    sentence = sentences[full.position].sentence
    between = sentence.text[full.end - sentence.start : short.start - sentence.start]
    behind = sentence.text[short.end - sentence.start :].lstrip("”\"'* ")
    return bool(_DEFINES.fullmatch(between)) and behind.startswith((")", ",", ":"))


def register_parties(sentences: Sequence[ReadSentence], models: Models) -> Parties:
    """The names of a notice by role, the likeliest first: a fund and its vehicle may both acquire."""
    weighed = judged(sentences, notice_candidates(sentences), models["register.party"])
    out: Parties = {}
    for role in ("target", "acquirer"):
        likely = sorted(((c, chances.get(role, 0.0)) for c, chances in weighed), key=lambda cv: -cv[1])
        kept = [cv for n, cv in enumerate(likely) if cv[1] >= (FLOOR if n else FIRST_FLOOR)]
        if kept:
            out[role] = kept
    return out
