"""Judgements applied to deals: what people merged, split, rejected or confirmed.

Method. The deals that the rules find come first; then the judgements that stand are applied one after the
other, in the order in which they were made, so that of two that disagree the later one holds. A judgement
names tellings (anchors), and bears on the deal that holds the first of them that is still told; one none of
whose tellings is left bears on nothing. Tellings that came after a split go to the side that they fit
better. What is rejected is left out together with all that is told of it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tracker.models.judgement import Anchor, Judgement
from tracker.resolve.facts import Told, in_order
from tracker.resolve.same import Deal, score


@dataclass
class Ruled:
    """A deal and the judgements that bear on it, oldest first."""

    deal: Deal
    judgements: list[Judgement] = field(default_factory=list)
    rejected: bool = False


def undone(judgements: Iterable[Judgement]) -> dict[int, int]:
    """The judgements that do not stand, each with the undo that took it back; an undo can be undone, too."""
    by: dict[int, int] = {}
    for judgement in sorted(judgements, key=_when, reverse=True):
        if judgement.kind == "undo" and judgement.undoes is not None and judgement.id not in by:
            by.setdefault(judgement.undoes, judgement.id)
    return by


def standing(judgements: Sequence[Judgement]) -> list[Judgement]:
    """The judgements that are not undone, in the order in which they were made."""
    gone = undone(judgements)
    return [j for j in sorted(judgements, key=_when) if j.kind != "undo" and j.id not in gone]


def _when(judgement: Judgement) -> tuple[dt.datetime, int]:
    return judgement.at, judgement.id


def rule(deals: Iterable[Deal], judgements: Sequence[Judgement]) -> list[Ruled]:
    """The deals as people want them, in no particular order."""
    bench = Bench(deals)
    for judgement in standing(judgements):
        match judgement.kind:
            case "merge":
                bench.merge(judgement)
            case "split":
                bench.split(judgement)
            case "edit" | "reject" | "confirm":
                bench.note(judgement)
    return [r for r in bench.all() if not r.rejected]


class Bench:
    """Deals while they are judged. Mentions are told apart by their row numbers."""

    def __init__(self, deals: Iterable[Deal]) -> None:
        self._home: dict[int, Ruled] = {}
        self._known: dict[tuple[str, str, str], list[Told]] = defaultdict(list)
        for deal in deals:
            self._settle(Ruled(deal))
            for told in deal.members:
                self._known[anchor_of(told).key].append(told)

    def all(self) -> list[Ruled]:
        return list({id(ruled): ruled for ruled in self._home.values()}.values())

    def merge(self, judgement: Judgement) -> None:
        one, other = self._held(judgement.about), self._held(judgement.other)
        if one is not None and other is not None:
            whole = one if one is other else self._united(one, other)
            whole.judgements.append(judgement)

    def _united(self, one: Ruled, other: Ruled) -> Ruled:
        """Both in one. What one side was judged to be holds for the whole, but for a rejection of one."""
        noted = {j.id: j for r in (one, other) for j in r.judgements}
        ruled = Ruled(
            deal=deal_of([*one.deal.members, *other.deal.members]),
            judgements=sorted(noted.values(), key=_when),
            rejected=one.rejected and other.rejected,
        )
        return self._settle(ruled)

    def split(self, judgement: Judgement) -> None:
        taken = {t.source.id: t for a in judgement.other if (t := self._find(a)) is not None}
        if not taken:
            return
        known = {t.source.id for a in judgement.about if (t := self._find(a)) is not None}
        homes = {id(h): h for h in (self._home[i] for i in taken)}
        if len(homes) == 1 and len(next(iter(homes.values())).deal.members) == len(taken):
            self._note_apart(judgement, next(iter(homes.values())))
            return
        new = deal_of(taken.values())
        for home in homes.values():
            left = [t for t in home.deal.members if t.source.id not in taken]
            home.deal = _shared_out(left, known, new)
            home.judgements.append(judgement)
            self._settle(home)
        self._settle(Ruled(new, [judgement]))

    def _note_apart(self, judgement: Judgement, other: Ruled) -> None:
        """Two deals that a split names are two already."""
        one = self._held(judgement.about)
        for ruled in (other,) if one is None or one is other else (other, one):
            ruled.judgements.append(judgement)

    def note(self, judgement: Judgement) -> None:
        ruled = self._held(judgement.about)
        if ruled is None:
            return
        ruled.judgements.append(judgement)
        if judgement.kind in ("reject", "confirm"):
            ruled.rejected = judgement.kind == "reject"

    def _settle(self, ruled: Ruled) -> Ruled:
        self._home.update((t.source.id, ruled) for t in ruled.deal.members)
        return ruled

    def _held(self, anchors: Iterable[Anchor]) -> Ruled | None:
        """The deal that holds the first telling that is still told."""
        told = next((t for a in anchors if (t := self._find(a)) is not None), None)
        return None if told is None else self._home[told.source.id]

    def _find(self, anchor: Anchor) -> Told | None:
        """The telling itself or, where its article was read anew, the one of that party nearest to it."""
        found = self._known.get(anchor.key, [])
        return min(found, key=lambda t: (abs(_start(t) - anchor.start), t.order), default=None)


def _start(told: Told) -> int:
    return told.mention.evidence.start


def anchor_of(told: Told) -> Anchor:
    return Anchor.of(told.source.article.key, told.mention)


def deal_of(members: Iterable[Told]) -> Deal:
    """A deal of these tellings, which are of one type and at least one."""
    ordered = sorted(members, key=in_order)
    deal = Deal(ordered[0].mention.type)
    for told in ordered:
        deal.add(told)
    return deal


def _shared_out(left: Sequence[Told], known: set[int], new: Deal) -> Deal:
    """What stays of a split deal; `new` gets of the tellings that came later those that fit it better."""
    stay = Deal(new.type)
    for told in sorted((t for t in left if t.source.id in known), key=in_order):
        stay.add(told)
    for told in sorted((t for t in left if t.source.id not in known), key=in_order):
        here, there = score(stay, told) if stay.members else None, score(new, told)
        (new if there is not None and (here is None or there > here) else stay).add(told)
    return stay
