"""Which articles are copies of one another: a thin, exact form of near-duplicate detection.

Articles count as one origin if they are of one publisher, bear one title, or share most of their words in
order (Jaccard similarity of three-word shingles over title and lead; Broder 1997, "On the resemblance and
containment of documents"). It is asked only about the articles of one deal: that is affordable, and an index
of near-duplicates over the whole store counted the same (docs/benchmarks.md, "Copies of one article").
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from tracker.models.told import ArticleRef
from tracker.resolve.names import normalise

SHINGLE = 3
SAME_TEXT = 0.5
"""Jaccard similarity from which two texts are rewrites of one: syndicated copies lie above 0.8, independent
reports of one deal, which share names and figures, below 0.2."""

SECOND_LEVEL = frozenset(["co", "com", "org", "net", "gov", "ac", "edu", "gob", "go"])


def publisher(article: ArticleRef) -> str:
    """The publisher's domain without `www.` and other subdomains, else the source's id.

    >>> from types import SimpleNamespace as N
    >>> publisher(N(url="https://www.bbc.co.uk/news/1", source_id="x"))
    'bbc.co.uk'
    >>> publisher(N(url="", source_id="wire"))
    'wire'
    """
    parts = (urlsplit(article.url).hostname or "").split(".")
    if len(parts) < 2:
        return article.source_id
    take = 3 if len(parts) > 2 and len(parts[-1]) == 2 and parts[-2] in SECOND_LEVEL else 2
    return ".".join(parts[-take:])


@lru_cache(maxsize=8192)
def shingles(text: str) -> frozenset[str]:
    words = normalise(text).split()
    return frozenset(" ".join(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1)))


class Words(NamedTuple):
    """What two articles are compared by, made once for each: its title in normal form, and its shingles."""

    title: str
    shingles: frozenset[str]


def words_of(article: ArticleRef) -> Words:
    return Words(normalise(article.title), shingles(f"{article.title} {article.lead}"))


def same_text(one: Words, other: Words) -> bool:
    """Whether two articles bear one title or share most of their words."""
    if one.title and one.title == other.title:
        return True
    smaller, larger = sorted((len(one.shingles), len(other.shingles)))
    if smaller < SAME_TEXT * larger:
        return False
    shared = len(one.shingles & other.shingles)
    return shared >= SAME_TEXT * (smaller + larger - shared)


def group_origins(articles: Iterable[ArticleRef]) -> dict[str, str]:
    """For each article key its origin: the first publisher among its copies, `filing:<key>` for a filing."""
    ordered = sorted(articles, key=lambda a: (a.published, a.key))
    origin: dict[str, str] = {}
    told: list[tuple[Words, str]] = []
    for article in ordered:
        if article.filing:
            origin[article.key] = f"filing:{article.key}"
            continue
        words = words_of(article)
        copied = next((theirs for known, theirs in told if same_text(known, words)), None)
        origin[article.key] = copied or publisher(article)
        told.append((words, origin[article.key]))
    return origin
