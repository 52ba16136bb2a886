"""Which of a draft's sentences tell its news, and which names fill its roles there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from tracker.extract.decode import KEYS, Draft, Unit

ROLE_FLOOR = 0.45
INVESTOR_FLOOR = 0.35
ACQUIRER_FLOOR = 0.25
"""Chances from which a name fills a role. A lead is an investor too, so the two chances of an investor are
added; an acquisition without a likely acquirer takes the likeliest name from the lowest floor."""

FOLLOWS_WITHIN = 2
FOLLOWS_FLOOR = 0.6
"""A sentence without the key party ("The round was led by ...") goes with the news told at most so many
sentences before it, if one of its names has a role with the second chance."""

_ROLE_NAMES = {"self": ("company", "subject")}


def split(draft: Draft) -> tuple[list[Unit], list[Unit]]:
    """Units that tell news and units that tell background, each likeliest first; a founding unit leads."""
    news = [u for u in draft.units if u.salience["main"] >= max(u.salience["background"], 0.12)]
    past = [u for u in draft.units if u.salience["background"] > u.salience["main"]]
    if not any(u.founded for u in news):
        news = [u for u in draft.units if u.founded]
    news += _following(draft, news)
    return sorted(news, key=_order("main")), sorted((u for u in past if u.founded), key=_order("background"))


def _order(salience: str) -> Callable[[Unit], tuple[bool, float, int]]:
    return lambda u: (not u.founded, -u.salience[salience], u.sentence.sentence.index)


def _following(draft: Draft, news: Sequence[Unit]) -> list[Unit]:
    """Supporting units that stand right behind news and name its parties."""
    told = {id(u) for u in news}
    before: Unit | None = None
    out = []
    for unit in draft.units:
        if unit.founded:
            before = unit if id(unit) in told else None
        elif before is not None and id(unit) not in told and _follows(unit, before):
            out.append(unit)
    return out


def _follows(unit: Unit, before: Unit) -> bool:
    near = unit.sentence.sentence.index - before.sentence.sentence.index <= FOLLOWS_WITHIN
    surest = max((v for held in unit.roles.values() for v in held.values()), default=0.0)
    return near and unit.salience["background"] <= 0.5 and surest >= FOLLOWS_FLOOR


def role_clusters(draft: Draft, units: Sequence[Unit]) -> dict[str, dict[int, float]]:
    """Per role, the clusters that fill it in the given units with their best chance."""
    out = _likely(draft, _surest(units))
    if draft.kind == "financing":
        _add_investors(draft, units, out)
    if draft.kind == "acquisition" and not out.get("acquirer"):
        _add_acquirer(draft, units, out)
    if "acquirer" in out:
        out["acquirer"] = _told_together(units, out["acquirer"])
    return out


def _told_together(units: Sequence[Unit], buyers: dict[int, float]) -> dict[int, float]:
    """The surest buyer and those that share a sentence with it: several buyers are told in one breath."""
    surest = max(buyers, key=lambda cluster: (buyers[cluster], -cluster))
    return {c: v for c, v in buyers.items() if any({c, surest} <= unit.roles.keys() for unit in units)}


def _surest(units: Sequence[Unit]) -> dict[str, dict[int, float]]:
    held: dict[str, dict[int, float]] = defaultdict(dict)
    for unit in units:
        for cluster, roles in unit.roles.items():
            for role, value in roles.items():
                held[role][cluster] = max(value, held[role].get(cluster, 0.0))
    return held


def _likely(draft: Draft, held: dict[str, dict[int, float]]) -> dict[str, dict[int, float]]:
    out: dict[str, dict[int, float]] = defaultdict(dict)
    free = draft.kind in ("shutdown", "pricing")
    for role, clusters in held.items():
        for cluster, value in clusters.items():
            fits = free or (cluster == draft.key) == (role in KEYS[draft.kind])
            if value >= ROLE_FLOOR and fits and value >= max(h.get(cluster, 0.0) for h in held.values()):
                for name in _ROLE_NAMES.get(role, (role,)):
                    out[name][cluster] = value
    return out


def _add_investors(draft: Draft, units: Sequence[Unit], out: dict[str, dict[int, float]]) -> None:
    for unit in units:
        for cluster, roles in unit.roles.items():
            chance = roles.get("lead", 0.0) + roles.get("investors", 0.0)
            if cluster != draft.key and chance >= INVESTOR_FLOOR and chance > roles.get("company", 0.0):
                out["investors"][cluster] = min(chance, 1.0)


def _add_acquirer(draft: Draft, units: Sequence[Unit], out: dict[str, dict[int, float]]) -> None:
    chances = [(r.get("acquirer", 0.0), -c) for u in units for c, r in u.roles.items() if c != draft.key]
    best, cluster = max(chances, default=(0.0, 0))
    if best >= ACQUIRER_FLOOR:
        out["acquirer"][-cluster] = best
