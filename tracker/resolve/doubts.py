"""What a person should look at: pairs that may be one deal, values told differently, weak readings, names."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from rapidfuzz import fuzz, process

from tracker.models.ledger import Event
from tracker.models.mention import KEY_ROLE
from tracker.resolve.companies import Directory
from tracker.resolve.names import normalise
from tracker.resolve.same import NEAR

Question = Literal["one deal?", "which value?", "true?", "who?"]

NEAR_DAYS = dt.timedelta(days=120)
"""How far apart two reports may lie to be of one deal: rumours run about so far ahead of a round."""

WEAK = 0.5
"""Confidence below which an event is more likely misread than not."""

LIKE = 75.0
"""rapidfuzz ratio of two names from which the one may be the other; a person decides."""

ASKED = ("amount", "valuation", "round", "acquirer", "target", "seller", "company", "subject")


@dataclass(frozen=True)
class Doubt:
    """A question to a person. options: the values, or the ids of companies, that can be chosen.

    field: the one that is told differently. company, name: the one that nobody has listed.
    weight, stakes: how much it matters to predictions, and to which.
    """

    question: Question
    events: tuple[Event, ...]
    options: tuple[str, ...] = ()
    field: str = ""
    company: str = ""
    name: str = ""
    weight: int = 0
    stakes: tuple[str, ...] = ()


def doubts(events: Sequence[Event]) -> Iterator[Doubt]:
    """The questions on events that are in the news and that nobody has confirmed, in the ledger's order."""
    news = [e for e in events if e.salience == "main"]
    yield from (Doubt("one deal?", pair) for pair in _pairs(news))
    for event in news:
        if any(r.kind == "confirm" for r in event.judgements):
            continue
        settled = {r.field for r in event.judgements if r.kind == "edit"}
        for name in sorted({c.field for c in event.contradictions} - settled):
            if name in ASKED:
                others = tuple(c.value for c in event.contradictions if c.field == name)
                yield Doubt("which value?", (event,), others, name)
        if event.confidence < WEAK:
            yield Doubt("true?", (event,))


def _pairs(events: Iterable[Event]) -> Iterator[tuple[Event, Event]]:
    """Events of one type and key company that lie near each other and that nothing tells apart."""
    groups: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in events:
        for party in event.parties.get(KEY_ROLE[event.type], [])[:1]:
            groups[event.type, party.company_id].append(event)
    for group in groups.values():
        yield from (pair for pair in combinations(group, 2) if _may_be_one(*pair))


def _may_be_one(one: Event, other: Event) -> bool:
    if abs(one.first_reported - other.first_reported) > NEAR_DAYS:
        return False
    if {r.id for r in one.judgements} & {r.id for r in other.judgements}:
        return False  # somebody has parted them
    if one.round and other.round and one.round != other.round and "unknown" not in (one.round, other.round):
        return False
    ratio = _ratio(one, other)
    # Who builds much promises often; two promises are hardly one unless their sums agree.
    return ratio is not None and ratio <= NEAR if one.type == "commitment" or ratio else True


def _ratio(one: Event, other: Event) -> float | None:
    """How far two known amounts are apart (1 = the same), None where one is not known."""
    lows = [e.amount_usd.low for e in (one, other) if e.amount_usd and e.amount_usd.low > 0]
    return max(lows) / min(lows) if len(lows) == 2 else None


def similar(name: str, directory: Directory, most: int = 3) -> list[str]:
    """The ids of listed companies with a name like this one, the likest first."""
    names = {normalise(n): c.id for c in directory.companies.values() for n in c.names}
    found = process.extract(
        normalise(name), names.keys(), scorer=fuzz.WRatio, score_cutoff=LIKE, limit=4 * most
    )
    return list(dict.fromkeys(names[match] for match, _, _ in found))[:most]
