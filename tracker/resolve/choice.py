"""Which of several told values an event shows. Nothing is averaged: the others are kept as contradictions."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from tracker.models.ledger import Basis, Reason
from tracker.resolve.facts import Told, in_order

V = TypeVar("V")
FILING_TIER = 0
MEASURES: tuple[Basis, ...] = ("news", "firm", "tier", "origins", "recency")
"""The names of what `rank` compares, in its order."""


@dataclass
class Candidate(Generic[V]):
    """One value with the mentions that give it."""

    value: V
    told: list[Told]

    @property
    def article_ids(self) -> list[int]:
        return sorted({t.source.article.id for t in self.told})


def candidates(
    members: Iterable[Told],
    read: Callable[[Told], V | None],
    key: Callable[[V], Hashable],
    origin: Mapping[str, str],
) -> list[Candidate[V]]:
    """The told values, best first.

    A value told as news outranks one told in passing, one of a settled deal outranks a rumour's; then the
    best tier of its sources (a filing before any press), the number of independent origins, and the latest
    telling decide.
    """
    grouped: dict[Hashable, Candidate[V]] = {}
    for told in sorted(members, key=in_order):
        value = read(told)
        if value is not None:
            grouped.setdefault(key(value), Candidate(value, [])).told.append(told)
    return [
        c for _, c in sorted(grouped.items(), key=lambda item: (*rank(item[1].told, origin), repr(item[0])))
    ]


def rank(told: Sequence[Told], origin: Mapping[str, str]) -> tuple[bool, bool, int, int, float]:
    """How well a value is supported by the mentions that give it; the smallest is the best."""
    return (
        not any(t.main for t in told),
        all(t.mention.status == "rumoured" for t in told),
        min(tier(t) for t in told),
        -len({origin[t.source.article.key] for t in told}),
        -max(t.published for t in told).timestamp(),
    )


def ranked_reason(
    told: Sequence[Told], others: Iterable[Sequence[Told]], origin: Mapping[str, str]
) -> Reason:
    """Why a value was chosen by `rank`: the first measure in which it beats the best of the others."""
    ranks = [rank(other, origin) for other in others]
    return reason(told, _basis(rank(told, origin), min(ranks)) if ranks else "unopposed", origin)


def _basis(mine: Sequence[float], best: Sequence[float]) -> Basis:
    better = (m for m, a, b in zip(MEASURES, mine, best, strict=True) if a != b)
    basis: Basis = next(better, "order")
    return "filing" if basis == "tier" and mine[MEASURES.index("tier")] == FILING_TIER else basis


def reason(told: Iterable[Told], basis: Basis, origin: Mapping[str, str]) -> Reason:
    """What the tellings of a value weigh."""
    members = list(told)
    return Reason(
        basis=basis,
        article_ids=sorted({t.source.article.id for t in members}),
        tier=min(tier(t) for t in members),
        filing=any(t.source.article.filing for t in members),
        origins=len({origin[t.source.article.key] for t in members}),
        latest=max(t.published for t in members),
    )


def tier(told: Told) -> int:
    """The source's tier (1 best), 0 for a filing."""
    return FILING_TIER if told.source.article.filing else told.source.article.tier


def majority(members: Iterable[Told], read: Callable[[Told], str | None]) -> str | None:
    """The value with the most confidence behind it; news counts double."""
    weight: dict[str, float] = defaultdict(float)
    for told in members:
        value = read(told)
        if value is not None:
            weight[value] += told.mention.confidence * (2 if told.main else 1)
    # Rounded, because a sum of floats depends on the order of its terms in the last digit.
    return min(weight, key=lambda value: (-round(weight[value], 6), value), default=None)


def noisy_or(members: Iterable[Told], origin: Mapping[str, str]) -> float:
    """How sure the ledger is of an event, 0 to 1: one minus the chance that all independent origins are
    wrong.

    An origin counts with its most confident telling (noisy-or; Pearl 1988, section 4.3.2). Never above
    0.99, since origins are not as independent as their addresses.
    """
    best: dict[str, float] = defaultdict(float)
    for told in members:
        name = origin[told.source.article.key]
        best[name] = max(best[name], told.mention.confidence)
    wrong = 1.0
    for name in sorted(best):
        wrong *= 1 - min(max(best[name], 0.0), 1.0)
    return round(min(0.99, 1 - wrong), 4)


def first_day(told: Iterable[Told]) -> tuple[dt.date, Told]:
    """The earliest day among tellings, and the telling that was published first."""
    members = sorted(told, key=in_order)
    return min(t.day for t in members), members[0]
