"""By which nouns a document describes its names, and which name an unnamed "start-up" of its opening is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tracker.extract.lexicon import word_set

COMPANY_NOUNS = word_set(
    "startup start-up company firm lab maker developer provider unicorn platform venture business chipmaker "
    "upstart outfit spinout spinoff vendor automaker neocloud"
)
FOUNDER_NOUNS = word_set(
    "founder founders cofounder cofounders co-founder co-founders researcher researchers engineer engineers "
    "alum alums alumni veteran veterans exec execs executive executives entrepreneur entrepreneurs scientist "
    "scientists professor professors duo trio pair"
)
_NONE_IN_PARTICULAR = word_set("every each any no another which what many most")


def nouns_beside(tokens: Any, head: int, first: int) -> list[str]:
    """The nouns that describe a name: "X, a start-up", "chip maker X", "X is a fund", "the lab, X"."""
    token = tokens[head]
    nouns = [c for c in token.children if c.dep_ == "appos"]
    if token.dep_ == "appos":
        nouns.append(token.head)
    if token.dep_ == "nsubj" and token.head.lemma_ == "be":
        nouns += [c for c in token.head.children if c.dep_ == "attr"]
    if first:
        nouns.append(tokens[first - 1])
    return [t.lemma_.lower() for t in nouns if t.pos_ == "NOUN"]


def described_company(described: Mapping[int, set[str]], order: Sequence[int]) -> int | None:
    """The first name, in order of appearance, that is described as a company."""
    return next((c for c in order if described.get(c, set()) & COMPANY_NOUNS), None)


def unnamed_companies(tokens: Any, named: set[int]) -> list[Any]:
    """Nouns for a company that no name stands at: "Ex-Apple engineer's start-up raises", "AI lab nears"."""
    return [
        t
        for t in tokens
        if t.lower_ in COMPANY_NOUNS
        and t.i not in named
        and t.i + 1 not in named
        and t.dep_ not in ("appos", "compound", "attr")
        and not any(c.dep_ == "appos" or c.lower_ in _NONE_IN_PARTICULAR for c in t.children)
        and not any(c.dep_ in ("compound", "nmod") and c.i in named for c in t.children)
    ]


def founding_people(tokens: Any, described: Mapping[int, set[str]], heads: Mapping[int, int]) -> list[Any]:
    """Who acts for an unnamed company: "Former Acme researchers raise", "Ann Reed, a founder, raises".

    `heads` gives the cluster of each name by the token it hangs on.
    """
    return [
        t
        for t in tokens
        if t.dep_ == "nsubj"
        and (described.get(heads[t.i], set()) & FOUNDER_NOUNS if t.i in heads else t.lower_ in FOUNDER_NOUNS)
    ]
