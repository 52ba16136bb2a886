"""Labelled pairs of tellings: are two mentions of one deal? And labelled names: which company is it?

A labelled side names a mention by what it says, not by a row: document, type and key party, where a document
tells several deals of one party also counterparty, amount or round. So the labels hold for any extractor; a
side that the extractor does not find is counted apart.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.corpus import SHARED, STREAMS, read_lines
from benchmarks.labelling import same
from tracker.models.ledger import Event
from tracker.models.mention import KEY_ROLE, ROLES, Mention
from tracker.models.told import MentionIn
from tracker.resolve.companies import Directory
from tracker.store.articles import article_key

PAIRS = Path(__file__).with_name("deal-pairs") / "pairs.jsonl"
LINKS = Path(__file__).with_name("company-links") / "links.jsonl"
Side = dict[str, Any]
SAME_AMOUNT = 1.1


def documents() -> dict[str, str]:
    """The document id of each article key of both streams."""
    found = {}
    for row in (row for path in STREAMS for row in read_lines(SHARED / path)):
        host = (urlsplit(row["url"]).hostname or "").removeprefix("www.")
        found[article_key(f"{host}\n{row['id']}")] = row["id"]
    return found


@dataclass(frozen=True)
class Reading:
    """What the extractor read: the mentions of each document, and the event each is part of."""

    by_document: dict[str, list[MentionIn]]
    event_of: dict[int, str]

    @classmethod
    def of(cls, mentions: Iterable[MentionIn], events: Iterable[Event], ids: dict[str, str]) -> Reading:
        by_document = defaultdict(list)
        for mention in mentions:
            by_document[ids.get(mention.article.key, "")].append(mention)
        return cls(by_document, {s.mention_id: e.id for e in events for s in e.sources})

    def find(self, side: Side) -> MentionIn | None:
        """The mention that a labelled side means, None if the extractor did not read it."""
        fits = [
            (fit, m) for m in self.by_document.get(side["document"], []) if (fit := _fit(side, m.mention))
        ]
        return max(fits, key=lambda pair: pair[0], default=(None, None))[1]

    def event(self, side: Side) -> str | None:
        found = self.find(side)
        return self.event_of[found.id] if found else None


def _fit(side: Side, mention: Mention) -> tuple[int, bool, bool, bool] | None:
    if mention.type != side["type"]:
        return None
    key = [p.name for p in mention.parties(KEY_ROLE[mention.type])]
    every = [p.name for role in ROLES[mention.type] for p in mention.parties(role)]
    named = 2 * _among(side["party"], key, mention) or _among(side["party"], every, mention)
    if not named:
        return None
    amount, wanted = mention.amount.value if mention.amount else None, side.get("amount")
    close = bool(amount and wanted) and max(amount, wanted) <= SAME_AMOUNT * min(amount, wanted)
    met = bool(side.get("with")) and _among(side["with"], every, mention)
    return named, met, close, mention.round == side.get("round")


def _among(name: str, names: Iterable[str], mention: Mention) -> bool:
    return any(same(name, known) for n in names for known in (n, *mention.aliases.get(n, [])))


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927).

    >>> tuple(round(x, 3) for x in wilson(95, 100))
    (0.888, 0.978)
    """
    if not of:
        return 0.0, 1.0
    z, share = 1.959964, hits / of
    middle = share + z * z / (2 * of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (middle - half) / (1 + z * z / of), (middle + half) / (1 + z * z / of)


def told_share(hits: int, of: int) -> str:
    """A share with its counts and interval."""
    low, high = wilson(hits, of)
    return f"{hits / of:.3f} ({hits} of {of}; {low:.3f} to {high:.3f})" if of else "none"


@dataclass
class PairScore:
    """How the ledger's grouping agrees with the labels; `unread` pairs lack a mention."""

    counts: Counter[tuple[bool, bool]]
    unread: int
    wrong: list[dict[str, Any]]

    @property
    def precision(self) -> str:
        hits = self.counts[True, True]
        return told_share(hits, hits + self.counts[False, True])

    @property
    def recall(self) -> str:
        hits = self.counts[True, True]
        return told_share(hits, hits + self.counts[True, False])


def score_pairs(pairs: Iterable[dict[str, Any]], reading: Reading) -> PairScore:
    score = PairScore(Counter(), 0, [])
    for pair in pairs:
        one, other = reading.event(pair["a"]), reading.event(pair["b"])
        if one is None or other is None:
            score.unread += 1
            continue
        score.counts[pair["same"], one == other] += 1
        if pair["same"] != (one == other):
            score.wrong.append(pair)
    return score


def score_links(
    labels: Iterable[dict[str, Any]], directory: Directory, reading: Reading
) -> tuple[int, list[dict[str, Any]], int]:
    """How many labelled names are linked rightly, the others with what they were linked to, and how many the
    extractor does not read any more: most of these were no names ("Google 200").
    """
    right, wrong, unread = 0, [], 0
    for label in labels:
        if label["name"] not in _names(label, reading):
            unread += 1
            continue
        link = directory.link(label["name"], _aliases(label, reading))
        linked = link.id if link.company else "none"
        if linked == label["company"]:
            right += 1
        else:
            wrong.append({**label, "linked": linked})
    return right, wrong, unread


def _names(label: dict[str, Any], reading: Reading) -> set[str]:
    """The names of the parties that are read in a label's document."""
    mentions = [m.mention for m in reading.by_document.get(label["document"], [])]
    return {p.name for m in mentions for role in ROLES[m.type] for p in m.parties(role)}


def _aliases(label: dict[str, Any], reading: Reading) -> list[str]:
    told = [m.mention.aliases for m in reading.by_document.get(label["document"], [])]
    return next((aliases[label["name"]] for aliases in told if label["name"] in aliases), [])
