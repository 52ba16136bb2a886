"""Features of a whole event for its status, its category and the kind of acquisition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from tracker.extract.clusters import Cluster
from tracker.extract.decode import Unit
from tracker.extract.features import verb_form
from tracker.extract.gazetteer import known_as
from tracker.extract.reading import Reading

_WORD = re.compile(r"[a-z][a-z'-]+|\d+")
_FUND = re.compile(
    r"\b(?:rais|clos|launch|announc|unveil|secur)\w*[^.]{0,60}?\bfunds?\b"
    r"(?! (?:managers?|will|to (?:build|expand|grow)|from\b))",
    re.I,
)
_STAKE = re.compile(r"\b(?:minority|stake|stakes|pct of|percent of|% (?:stake|of)|interest in)\b", re.I)
_MAJORITY = re.compile(
    r"\b(?:majority|controlling|remaining|all of|entire|100(?:%| percent| pct)|full)\b", re.I
)
_TEAM = re.compile(
    r"\bacqui-?hir|\bteam (?:behind|of|from|at|will join|is joining|joins)"
    r"|\bhir(?:e|es|ed|ing) the (?:team|founders)",
    re.I,
)
_MERGER = re.compile(r"\bmerg(?:e|es|ed|ing|er)\b|\bcombine with\b", re.I)
_ASSETS = re.compile(r"\b(?:assets|portfolio|property|properties|intellectual property|patents)\b", re.I)


def status_features(units: Sequence[Unit]) -> list[str]:
    """Tense, modality and words of the sentences that tell an event; the likeliest three are read."""
    out = []
    for rank, unit in enumerate(units[:3]):
        tokens = unit.sentence.tokens
        local = []
        for placed in unit.triggers:
            form = verb_form(tokens, placed.head)
            lemma = tokens[placed.head].lemma_.lower()
            local += [f"f={f}" for f in form] + [f"t={lemma}", *(f"tf={lemma}:{f}" for f in form)]
            near = [t.lower_ for t in tokens[max(0, placed.head - 4) : placed.head + 4]]
            local += [f"n={w}" for w in near] + [f"nn={a} {b}" for a, b in pairwise(near)]
        words = [t.lower_ for t in tokens if not t.is_space]
        local += [f"w={w}" for w in words] + [f"ww={a} {b}" for a, b in pairwise(words)]
        out += [f"{unit.sentence.zone == 'title'}:{f}" for f in local if f.startswith(("f=", "n="))]
        out += local if rank < 2 else []
    kind = units[0].kind
    return out + [f"{kind}:{f}" for f in out if f.startswith(("f=", "t=", "n="))] + [f"kind={kind}"]


def category_features(reading: Reading, key: Cluster, kind: str) -> list[str]:
    """Words around the party an event is about, words of headline and lead, and what is known of the name."""
    out = [f"kind={kind}"]
    places = {o.sentence for o in key.occurrences}
    for sent in reading.sentences:
        words = _WORD.findall(sent.sentence.text.lower())
        pairs = [f"{a} {b}" for a, b in pairwise(words)]
        near = sent.sentence.index in places
        if sent.zone in ("title", "lead"):
            out += [f"lead={w}" for w in words]
        if near:
            out += [f"near={w}" for w in words] + [f"near={p}" for p in pairs]
        out += _beside(sent.sentence.text, sent.sentence.start, key, sent.sentence.index)
    if known := known_as(key.name):
        out += [f"key-kind={known[0]}", f"key-category={known[1]}"]
    out += [f"part={w}" for w in _WORD.findall(key.name.lower())]
    return out


def _beside(text: str, offset: int, key: Cluster, index: int) -> Iterable[str]:
    for occurrence in key.occurrences:
        if occurrence.sentence == index:
            start, end = occurrence.start - offset, occurrence.end - offset
            yield from (f"before={w}" for w in _WORD.findall(text[max(0, start - 50) : start].lower()))
            yield from (f"after={w}" for w in _WORD.findall(text[end : end + 90].lower()))


def raises_fund(units: Sequence[Unit]) -> bool:
    """Whether a venture firm raises a fund from its partners, not a company a round."""
    return any(_FUND.search(u.sentence.sentence.text) for u in units[:2])


def acquisition_kind(units: Sequence[Unit]) -> str | None:
    """stake, acquihire, merger or assets where the sentences say so; None for a whole company."""
    text = " ".join(u.sentence.sentence.text for u in units[:2])
    if _TEAM.search(text):
        return "acquihire"
    if _STAKE.search(text) and not _MAJORITY.search(text):
        return "stake"
    if _MERGER.search(text) and not re.search(r"\bacqui", text, re.I):
        return "merger"
    head = " ".join(t.trigger.phrase for u in units[:1] for t in u.triggers)
    return (
        "assets"
        if _ASSETS.search(text)
        and "acqui" in head
        and re.search(r"\bassets of\b|\bcertain assets\b", text, re.I)
        else None
    )
