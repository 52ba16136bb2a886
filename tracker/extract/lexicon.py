"""Which words are common words: learned by counting how often running text writes them in lower case."""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path

WEIGHTS = Path(__file__).with_name("weights")


def word_set(text: str) -> frozenset[str]:
    """The words of a list written as prose."""
    return frozenset(text.split())


NOT_NAMES = word_set(
    "i i'm i've ai ml llm llms ceo cfo cto coo ipo ipos spac vc vcs pe m&a api apis saas us u.s u.s. usa "
    "uk u.k. eu uae q1 q2 q3 q4 h1 h2 fy gpu gpus cpu cpus hr it pr rd r&d agi iot cto's ev evs dlr dlrs "
    "mln bln pct stg tv pc pcs seo kyc gdp gw mw nyse nasdaq amex monday tuesday wednesday thursday "
    "friday saturday sunday january february march april may june july august september october november "
    "december jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun series seed "
    "chapter president chief chairman chairwoman founder co-founder cofounder director mr mr. mrs mrs. ms "
    "ms. dr dr. sen. rep. judge gen z ai-powered no. editor reporter via am pm et pt est pst gmt utc"
)
"""Capitalised words that are no name of an organisation by themselves."""

DESCRIPTORS = word_set(
    "ai startup startups start-up start-ups company firm maker makers chipmaker developer developers "
    "giant unicorn provider platform lab labs ceo cfo cto coo president chairman founder co-founder "
    "cofounder chief executive director partner investor investors backer rival owner parent subsidiary "
    "unit division arm business team founders series seed round funding deal ipo acquisition merger "
    "takeover buyout stake bid"
)
"""Words that describe a neighbouring name in a headline and end it."""

LEGAL = word_set(
    "inc inc. incorporated corp corp. corporation co co. company ltd ltd. limited llc l.l.c. lp l.p. plc "
    "ag sa s.a. se nv n.v. bv b.v. gmbh ab asa oy spa s.p.a. kk k.k. holding holdings group pty sas srl "
    "s.r.l. aps as a/s kgaa pbc"
)


@cache
def common_words() -> frozenset[str]:
    """Words that running text writes in lower case at least three times in four."""
    with gzip.open(WEIGHTS / "common-words.txt.gz", "rt", encoding="utf-8") as lines:
        return frozenset(line.strip() for line in lines)


def is_common(word: str) -> bool:
    """Whether a word, whatever its case, is an everyday word.

    >>> is_common("Acquires"), is_common("Cerebras")
    (True, False)
    """
    lowered = word.lower()
    return lowered in common_words() or lowered.removesuffix("'s").removesuffix("’s") in common_words()


_ENDINGS = ("s", "es", "d", "ed", "ing")


def is_everyday(word: str) -> bool:
    """Whether a word or what it is a form of is an everyday word.

    >>> is_everyday("Nears"), is_everyday("Cerebras")
    (True, False)
    """
    lowered = word.lower()
    stems = (lowered.removesuffix(e) for e in _ENDINGS if lowered.endswith(e) and len(lowered) - len(e) > 3)
    return is_common(word) or any(stem in common_words() for stem in stems)
