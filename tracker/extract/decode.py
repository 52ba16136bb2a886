"""From model scores to events: who fills which role, which sentences tell the same event, what is news."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from tracker.extract.features import money_features, pair_features, unit_features
from tracker.extract.linear import Linear
from tracker.extract.lists import share_roles
from tracker.extract.money import MoneySpan
from tracker.extract.reading import PlacedTrigger, Reading, ReadSentence

KEYS = {
    "acquisition": ("target",), "financing": ("company",), "shutdown": ("subject", "self", "company"),
    "commitment": ("company",), "pricing": ("self", "company", "subject"),
    "valuation": ("company",), "ipo": ("company",),
}  # fmt: skip
KEY_FLOOR = 0.25
"""A name below this probability of the key role in a sentence founds no event there."""

Models = dict[str, Linear]


@dataclass
class Unit:
    """One sentence's telling of an event: the key cluster, all role probabilities there, and its salience."""

    kind: str
    sentence: ReadSentence
    triggers: list[PlacedTrigger]
    key: int
    key_probability: float
    roles: dict[int, dict[str, float]]
    founded: bool
    salience: dict[str, float] = field(default_factory=dict)


@dataclass
class Draft:
    """Units of one event: same type, same key cluster."""

    kind: str
    key: int
    units: list[Unit]


def sentence_roles(
    reading: Reading, sent: ReadSentence, kind: str, model: Linear
) -> dict[int, dict[str, float]]:
    """Per cluster of a sentence, the best probability of each role over the sentence's triggers of a type."""
    out: dict[int, dict[str, float]] = defaultdict(dict)
    for placed_trigger in sent.triggers:
        if placed_trigger.trigger.type != kind:
            continue
        for placed in sent.names:
            cluster = reading.owner.get(placed.cluster, placed.cluster)
            probabilities = model.probabilities(pair_features(reading, sent, placed_trigger, placed))
            for role, value in probabilities.items():
                if role != "none" and value > out[cluster].get(role, 0.0):
                    out[cluster][role] = value
    return dict(out)


def key_score(kind: str, roles: dict[str, float]) -> float:
    return max((roles.get(r, 0.0) for r in KEYS[kind]), default=0.0)


def units_of(reading: Reading, kind: str, roles_of: dict[int, dict[int, dict[str, float]]]) -> list[Unit]:
    """The units of a type: a sentence founds one for each likely key name, else supports the likeliest."""
    if kind == "financing":
        for position, shared in roles_of.items():
            share_roles(reading, reading.sentences[position], shared)
    best: dict[int, float] = defaultdict(float)
    for roles in roles_of.values():
        for cluster, values in roles.items():
            best[cluster] = max(best[cluster], key_score(kind, values))
    out: list[Unit] = []
    current: int | None = None
    for position, sent in enumerate(reading.sentences):
        heads = [t for t in sent.triggers if t.trigger.type == kind]
        if not heads:
            continue
        roles = roles_of.get(position, {})
        keys = [(c, score) for c, v in sorted(roles.items()) if (score := key_score(kind, v)) >= KEY_FLOOR]
        if keys:
            current = max(keys, key=lambda cs: cs[1])[0]
            out.extend(Unit(kind, sent, heads, c, score, roles, True) for c, score in keys)
        elif current is not None or best:
            anchor = current if current is not None else max(sorted(best), key=best.__getitem__)
            if best[anchor] >= KEY_FLOOR:
                out.append(Unit(kind, sent, heads, anchor, 0.0, roles, False))
    return out


def judge_units(reading: Reading, units: Iterable[Unit], models: Models) -> None:
    """Give each unit its probabilities of being main news, background or no event."""
    for unit in units:
        features = unit_features(reading, unit.sentence, unit.kind, unit.triggers, unit.key, unit.roles)
        unit.salience = {"main": 0.0, "background": 0.0, **models["unit"].probabilities(features)}


def drafts_of(units: Iterable[Unit]) -> list[Draft]:
    """Units grouped by key cluster, in order of first appearance."""
    grouped: dict[tuple[str, int], Draft] = {}
    for unit in units:
        grouped.setdefault((unit.kind, unit.key), Draft(unit.kind, unit.key, [])).units.append(unit)
    return [d for d in grouped.values() if any(u.founded for u in d.units)]


def draft_features(reading: Reading, draft: Draft, rank: int) -> list[str]:
    """What a whole draft looks like, for the last decision whether it is an event and news.

    `rank` is the draft's place among the document's drafts of its type, the likeliest news first.
    """
    founded = [u for u in draft.units if u.founded]
    zones = {
        z: max((u.salience["main"] for u in founded if u.sentence.zone == z), default=-0.1)
        for z in ("title", "lead", "body")
    }
    main = sorted((u.salience["main"] for u in founded), reverse=True)
    back = max((u.salience["background"] for u in founded), default=0.0)
    others = max(
        (v for u in founded for c, held in u.roles.items() if c != draft.key for v in held.values()),
        default=0.0,
    )
    cluster = reading.clusters[draft.key]
    length = 1 if reading.length <= 4 else 2 if reading.length <= 10 else 3
    out = [f"{zone}={int(value * 10)}" for zone, value in zones.items()]
    out += [
        f"main={int(main[0] * 10)}", f"main2={int(main[1] * 5) if len(main) > 1 else '-'}",
        f"back={int(back * 5)}",
        f"key={int(max(u.key_probability for u in draft.units) * 10)}", f"units={min(len(main), 4)}",
        f"rank={min(rank, 3)}",
        f"first={min(min(u.sentence.sentence.index for u in founded), 6)}", 
        f"sum={min(int(sum(main) * 2), 8)}", f"others={int(others * 5)}",
        f"topic={cluster.id == reading.topic}", 
        f"in-title={any(o.sentence == 0 for o in cluster.occurrences)}",
    ]  # fmt: skip
    out += [f"{f}&length={length}" for f in out[:5]] + [
        f"{out[0]}&{out[1]}",
        f"{out[3]}&{out[8]}",
        f"{out[3]}&{out[6]}",
    ]
    return [*out, f"kind={draft.kind}", f"{draft.kind}&{out[3]}", f"{draft.kind}&{out[0]}"]


def ranked(drafts: list[Draft]) -> list[tuple[int, Draft]]:
    """Drafts of one type with their rank by the best chance of a sentence to be news."""
    order = sorted(drafts, key=lambda d: (-max(u.salience["main"] for u in d.units), d.key))
    place = {id(d): n for n, d in enumerate(order)}
    return [(place[id(d)], d) for d in drafts]


def amounts_of(
    reading: Reading, draft_units: Iterable[Unit], models: Models
) -> list[tuple[MoneySpan, Unit, dict[str, float]]]:
    """Every amount of an event's sentences with its chances of being the amount, the valuation or neither."""
    out = []
    for unit in draft_units:
        for span in unit.sentence.money:
            features = money_features(reading, unit.sentence, span, unit.kind, unit.triggers)
            out.append((span, unit, models["money"].probabilities(features)))
    return out
