"""Which names of a document are the same organisation, and by which of its names it should be called.

Two names belong together when one's words stand in a row inside the other's (Cerebras, Cerebras Systems),
when one is the other's initials, or when the text says so: "Fin, formerly Intercom", "Anysphere, the maker of
Cursor", "D-Wave Quantum Inc. (“D-Wave”)".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tracker.extract.lexicon import LEGAL

_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"['’]s$")


def name_words(name: str) -> tuple[str, ...]:
    """Lower-case words of a name without legal forms, unless nothing else is left.

    >>> name_words("Cloudflare, Inc."), name_words("The Browser Company")
    (('cloudflare',), ('browser',))
    """
    words = tuple(_WORD.findall(_POSSESSIVE.sub("", name).casefold()))
    kept = tuple(w for w in words if w not in LEGAL and w not in ("the", "company"))
    return kept or words


@dataclass(frozen=True)
class Occurrence:
    """One place of a name: offsets in the document, and the sentence."""

    text: str
    start: int
    end: int
    sentence: int


@dataclass
class Cluster:
    """One organisation or person of a document with every name it goes by there."""

    id: int
    words: set[tuple[str, ...]] = field(default_factory=set)
    occurrences: list[Occurrence] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The fullest form: most words, then most frequent, then first."""
        forms = [_POSSESSIVE.sub("", o.text) for o in self.occurrences]
        return max(dict.fromkeys(forms), key=lambda f: (len(name_words(f)), forms.count(f), len(f)))

    @property
    def aliases(self) -> list[str]:
        """The other forms, in order of appearance."""
        forms = dict.fromkeys(_POSSESSIVE.sub("", o.text) for o in self.occurrences)
        return [f for f in forms if f != self.name]


def _inside(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    return any(long[i : i + len(short)] == short for i in range(len(long) - len(short) + 1))


def _same(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    if "".join(a) == "".join(b):
        return True
    short, long = sorted((a, b), key=len)
    if len(short) == len(long):
        return False
    if len(short) == 1 and len(long) >= 3 and short[0] == "".join(w[0] for w in long):
        return True
    # A first word names the whole (Cerebras Systems); a later one rarely does (Systems, Capital).
    return long[: len(short)] == short or (len(short) >= 2 and _inside(short, long))


def cluster_names(occurrences: Sequence[Occurrence]) -> list[Cluster]:
    """Clusters of a document's names in order of first appearance; the longest names found clusters first."""
    clusters: list[Cluster] = []
    by_words: dict[tuple[str, ...], Cluster] = {}
    for words in sorted({name_words(o.text) for o in occurrences}, key=lambda w: (-len(w), w)):
        found = next((c for c in clusters if any(_same(words, known) for known in c.words)), None)
        if found is None:
            found = Cluster(len(clusters))
            clusters.append(found)
        found.words.add(words)
        by_words[words] = found
    for occurrence in occurrences:
        by_words[name_words(occurrence.text)].occurrences.append(occurrence)
    clusters.sort(key=lambda c: c.occurrences[0].start)
    for index, cluster in enumerate(clusters):
        cluster.id = index
    return clusters


_NAME = r"(?P<{}>[A-Z0-9][\w.&'’-]{{0,60}}(?: (?:[A-Z0-9&][\w.&'’-]{{0,60}}|of|the)){{0,5}}?)"
_ALIAS_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        _NAME.format("a")
        + r",? ?\(?(?:formerly|previously|fka|f/k/a|formerly known as|previously known as|née|now"
        r"|now known as|also known as|aka|which (?:does business|operates) as|doing business as)"
        r"(?: known as| called)? "
        + _NAME.format("b") + r"(?=[\s,.;)])",
        _NAME.format("a")
        + r",? (?:the )?(?:company|startup|start-up|maker|makers|developer|developers|creator|creators|firm"
        r"|parent|owner|operator)(?: company)? (?:of|behind)(?: the)?(?: AI)?(?: code| coding)?"
        r"(?: editor| assistant| tool| app| platform)? " + _NAME.format("b") + r"(?=[\s,.;)])",
        _NAME.format("a")
        + r" \((?:the )?[\"“”']?(?!NYSE|NASDAQ|Nasdaq|LSE|TSX|ASX|OTC|AP|Reuters|R-|D-|I-)"
        + _NAME.format("b") + r"[\"“”']?(?: or (?:the )?[\"“].{1,30}?[\"”])?\)",
    )
)  # fmt: skip


def alias_pairs(text: str) -> list[tuple[str, str]]:
    """Pairs of names that the text itself declares to be the same or maker and product.

    >>> alias_pairs("Anysphere, the maker of Cursor, raised money. Fin, formerly Intercom, did not.")
    [('Fin', 'Intercom'), ('Anysphere', 'Cursor')]
    """
    return [(m["a"], m["b"]) for p in _ALIAS_PATTERNS for m in p.finditer(text)]


def join_aliases(clusters: list[Cluster], text: str) -> dict[int, int]:
    """Which cluster stands for which other by the text's own words: alias cluster id -> owner's id."""
    lookup = {words: c.id for c in clusters for words in c.words}
    out: dict[int, int] = {}
    for first, second in alias_pairs(text):
        a, b = lookup.get(name_words(first)), lookup.get(name_words(second))
        if a is not None and b is not None and a != b and out.get(a) != b:
            out[b] = out.get(a, a)
    return out
