"""Names of organisations: a normal form, and when two names may be the same."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz import fuzz

LEGAL_FORMS = frozenset(
    {
        "inc", "incorporated", "corp", "corporation", "co", "company", "llc", "llp", "lp", "ltd",
        "limited", "plc", "ag", "se", "sa", "sas", "sarl", "gmbh", "kg", "nv", "bv", "spa", "srl", "ab",
        "oy", "oyj", "asa", "kk", "kgaa", "pty", "pte", "pbc", "holdings", "holding",
    }
)  # fmt: skip
"""Endings that say how a company is registered, not which one it is."""

FILLER = frozenset(
    {
        "ai", "app", "technologies", "technology", "tech", "systems", "software", "labs", "lab",
        "group", "platforms", "studio", "studios", "networks", "semiconductor", "semiconductors",
        "industries", "solutions", "energy", "therapeutics", "health", "robotics", "security", "data",
        "cloud",
    }
)  # fmt: skip
"""Endings that the press leaves out: "Cerebras" is told for "Cerebras Systems". They join names only by
likeness, together with evidence from the deal; they never link a name to a listed company."""

SAME_NAME_RATIO = 92.0
"""rapidfuzz ratio from which two long names count as spellings of one; chosen so that a slip of one letter
in twelve passes and "GPT-4o" / "GPT-4.1" do not."""

_DOTTED = re.compile(r"\b(?:[A-Za-z]\.){2,}")
_WORDS = re.compile(r"[^\W_]+")


@lru_cache(maxsize=65536)
def normalise(name: str) -> str:
    """The name in lower case without accents, punctuation, article, possessive and legal form.

    >>> normalise("The Browser Company, Inc."), normalise("Société Générale S.A."), normalise("data.world")
    ('browser', 'societe generale', 'data world')
    >>> normalise("AT&T Inc.")
    'at and t'
    """
    text = name if name.isascii() else _plain(name)
    text = _DOTTED.sub(lambda m: m.group().replace(".", ""), text)
    text = re.sub(r"'s\b", "", text.casefold()).replace("&", " and ").replace("+", " plus ").replace("'", "")
    words = _WORDS.findall(text)
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    kept = list(words)
    while len(kept) > 1 and kept[-1] in LEGAL_FORMS:
        kept.pop()
    return " ".join(kept)


def _plain(name: str) -> str:
    """Without accents; whole texts are normalised, too, and most have none."""
    text = unicodedata.normalize("NFKD", name)
    return "".join(c for c in text if not unicodedata.combining(c)).replace("’", "'")


def initials(name: str) -> str:
    """The first letters of a name of three words or more, "" for shorter ones.

    >>> initials("Taiwan Semiconductor Manufacturing Company")
    'TSMC'
    """
    words = [w for w in re.findall(r"[^\W_]+", name) if w.lower() not in ("of", "and", "the", "for")]
    return "".join(w[0] for w in words).upper() if len(words) > 2 else ""


def is_acronym(name: str) -> bool:
    return 3 <= len(name) <= 6 and name.isalpha() and name.isupper()


def without_filler(normal: str) -> str:
    words = normal.split()
    while len(words) > 1 and words[-1] in FILLER:
        words.pop()
    return " ".join(words)


@lru_cache(maxsize=262144)
def alike(one: str, other: str) -> bool:
    """Whether two normal forms may be spellings of one name; numbers in them must agree.

    >>> alike("cerebras", "cerebras systems"), alike("lm arena", "lmarena"), alike("gpt 4 1", "gpt 4 1 mini")
    (True, True, False)
    """
    if one == other:
        return True
    if not one or not other or re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return False
    short, long = without_filler(one).replace(" ", ""), without_filler(other).replace(" ", "")
    if short == long:
        return True
    return min(len(short), len(long)) >= 7 and fuzz.ratio(short, long) >= SAME_NAME_RATIO
