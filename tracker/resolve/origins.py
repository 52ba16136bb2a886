"""Which articles are copies of one another: a thin, exact form of near-duplicate detection.

Articles count as one origin if they are of one publisher, bear one title, or share most of their words in
order (Jaccard similarity of three-word shingles over title and lead; Broder 1997, "On the resemblance and
containment of documents"). It is asked only about the articles of one deal: that is affordable, and an index
of near-duplicates over the whole store counted the same (docs/benchmarks.md, "Copies of one article").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from math import ceil
from typing import NamedTuple
from urllib.parse import urlsplit

from tracker.models.told import ArticleRef
from tracker.resolve.names import normalise

SHINGLE = 3
SAME_TEXT = 0.5
"""Jaccard similarity from which two texts are rewrites of one: syndicated copies lie above 0.8, independent
reports of one deal, which share names and figures, below 0.2."""

SECOND_LEVEL = frozenset(["co", "com", "org", "net", "gov", "ac", "edu", "gob", "go"])


REMEMBERED = 1 << 15
"""Articles: those of a few weeks' ledgers are asked about again and again."""


@lru_cache(maxsize=REMEMBERED)
def publisher(url: str, source_id: str) -> str:
    """The publisher's domain without `www.` and other subdomains, else the source's id.

    >>> publisher("https://www.bbc.co.uk/news/1", "x"), publisher("", "wire")
    ('bbc.co.uk', 'wire')
    """
    parts = (urlsplit(url).hostname or "").split(".")
    if len(parts) < 2:
        return source_id
    take = 3 if len(parts) > 2 and len(parts[-1]) == 2 and parts[-2] in SECOND_LEVEL else 2
    return ".".join(parts[-take:])


def shingles(text: str) -> frozenset[str]:
    words = normalise(text).split()
    return frozenset(" ".join(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1)))


class Words(NamedTuple):
    """What two articles are compared by, made once for each: its title in normal form, and its shingles.

    first: the first of the shingles in order, so many that two articles which share most have one in common
    there (prefix filtering; Bayardo et al. 2007, "Scaling up all pairs similarity search").
    """

    title: str
    shingles: frozenset[str]
    first: tuple[str, ...]

    def shares_most(self, other: Words) -> bool:
        both = len(self.shingles & other.shingles)
        return both >= SAME_TEXT * (len(self.shingles) + len(other.shingles) - both)


@lru_cache(maxsize=REMEMBERED)
def words_of(title: str, lead: str) -> Words:
    found = shingles(f"{title} {lead}")
    enough = len(found) - ceil(SAME_TEXT * len(found)) + 1
    return Words(normalise(title), found, tuple(sorted(found)[:enough]))


class Read:
    """The articles read so far, found again by what they share with another."""

    def __init__(self) -> None:
        self._words: list[Words] = []
        self._titles: dict[str, int] = {}
        self._having: dict[str, list[int]] = defaultdict(list)

    def copied_by(self, words: Words) -> int | None:
        """The number of the first article that bears the same title or shares most of its words."""
        found = [self._titles[words.title]] if words.title in self._titles else []
        near = {n for shingle in words.first for n in self._having.get(shingle, ())}
        found += [n for n in near if self._words[n].shares_most(words)]
        return min(found, default=None)

    def add(self, words: Words) -> None:
        number = len(self._words)
        self._words.append(words)
        if words.title:
            self._titles.setdefault(words.title, number)
        for shingle in words.first:
            self._having[shingle].append(number)


def group_origins(articles: Iterable[ArticleRef]) -> dict[str, str]:
    """For each article key its origin: the first publisher among its copies, `filing:<key>` for a filing."""
    ordered = sorted(articles, key=lambda a: (a.published, a.key))
    origin: dict[str, str] = {}
    read, origins = Read(), list[str]()
    for article in ordered:
        if article.filing:
            origin[article.key] = f"filing:{article.key}"
            continue
        words = words_of(article.title, article.lead)
        copied = read.copied_by(words)
        known = origins[copied] if copied is not None else publisher(article.url, article.source_id)
        read.add(words)
        origins.append(known)
        origin[article.key] = known
    return origin
