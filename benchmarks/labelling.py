"""Training labels: the annotated events of a document laid onto its names, sentences and amounts."""

from __future__ import annotations

import re
from typing import Any

from tracker.extract.clusters import Cluster
from tracker.extract.decode import Unit
from tracker.extract.lexicon import word_set
from tracker.extract.money import MoneySpan, find_money
from tracker.extract.reading import Reading
from tracker.extract.wire_names import Candidate

LEGAL = word_set(
    "inc incorporated corp corporation co company ltd limited llc lp plc ag sa se nv bv gmbh ab asa oy "
    "spa kk holding holdings group the"
)
ROLES = {
    "acquisition": ("target", "acquirer", "seller"), "financing": ("company", "lead", "investors"),
    "shutdown": ("subject", "company"), "commitment": ("company", "partners"),
    "pricing": ("subject", "company"), "valuation": ("company",), "ipo": ("company",),
}  # fmt: skip
TEMPLATE_ROLES = ("target", "acquirer", "seller")
Event = dict[str, Any]
Slots = dict[str, list[list[str]]]
"""By slot of a document about one deal, the fillers, each with its acceptable strings."""


def words(name: str) -> tuple[str, ...]:
    found = re.findall(r"[^\W_]+", re.sub(r"['’]s\b", "", name.casefold()))
    return tuple(w for w in found if w not in LEGAL) or tuple(found)


def same(a: str, b: str) -> bool:
    x, y = words(a), words(b)
    if not x or not y:
        return False
    if "".join(x) == "".join(y):
        return True
    short, long = sorted((x, y), key=len)
    return any(long[i : i + len(short)] == short for i in range(len(long) - len(short) + 1))


def listed(event: Event, role: str) -> list[str]:
    value = event.get(role) or []
    return [value] if isinstance(value, str) else list(value)


def fills(event: Event, role: str, cluster: Cluster) -> bool:
    """Whether one of a cluster's names is a filler of the role (by any of the filler's aliases)."""
    aliases = event.get("aliases") or {}
    names = {o.text for o in cluster.occurrences}
    for filler in listed(event, role):
        for known in (filler, *(aliases.get(filler) or [])):
            if any(same(known, name) for name in names):
                return True
    return False


def role_label(events: list[Event], kind: str, cluster: Cluster) -> str:
    """The role a cluster has in any event of a type, else none."""
    for event in events:
        if event["type"] != kind:
            continue
        held = [r for r in ROLES[kind] if fills(event, r, cluster)]
        if not held:
            continue
        if kind in ("shutdown", "pricing") and len(held) == 2:
            return "self"
        return "lead" if "lead" in held else held[0]
    return "none"


def about(event: Event, kind: str, cluster: Cluster) -> bool:
    keys = {
        "acquisition": ("target",),
        "shutdown": ("subject", "company"),
        "pricing": ("subject", "company"),
    }.get(kind, ("company",))
    return event["type"] == kind and any(fills(event, r, cluster) for r in keys)


def equal_amount(money: dict[str, Any] | None, span: MoneySpan) -> bool:
    if not money or money.get("value") is None or span.money.value is None:
        return False
    if (money.get("currency") or "USD") != span.money.currency:
        return False
    return abs(money["value"] - span.money.value) <= 0.01 * max(
        abs(money["value"]), abs(span.money.value), 1e-9
    )


def unit_event(reading: Reading, events: list[Event], unit: Unit) -> Event | None:
    """The annotated event that a unit tells: same type and key; amounts and round choose among several."""
    matching = [e for e in events if about(e, unit.kind, reading.clusters[unit.key])]
    if not matching:
        return None

    def fit(event: Event) -> tuple[int, int, int]:
        spans = unit.sentence.money
        amounts = sum(any(equal_amount(event.get(f), s) for s in spans) for f in ("amount", "valuation"))
        text = unit.sentence.sentence.text.lower()
        rounds = int(bool(event.get("round")) and str(event["round"]).replace("_", " ") in text)
        others = sum(
            any(fills(event, r, c) for r in ROLES[unit.kind][1:])
            for c in {
                reading.clusters[p.cluster].id: reading.clusters[p.cluster] for p in unit.sentence.names
            }.values()
        )
        return amounts * 3 + rounds * 2, others, int(event.get("salience") == "main")

    return max(matching, key=fit)


def money_label(event: Event | None, span: MoneySpan) -> str:
    if event is None:
        return "other"
    if equal_amount(event.get("amount"), span):
        return "amount"
    return "valuation" if equal_amount(event.get("valuation"), span) else "other"


def tells(sentence: str, event: Event) -> bool:
    """Whether a sentence names a party that an event is about, by any of its names, or one of its amounts."""
    keys = {
        "acquisition": ("target", "acquirer"),
        "shutdown": ("subject", "company"),
        "pricing": ("subject", "company"),
    }
    aliases = event.get("aliases") or {}
    names = [n for r in keys.get(event["type"], ("company", "investors")) for n in listed(event, r)]
    if any(known and known in sentence for name in names for known in (name, *(aliases.get(name) or []))):
        return True
    return any(equal_amount(event.get(f), s) for s in find_money(sentence) for f in ("amount", "valuation"))


def flat(text: str) -> str:
    """As the scorer of the wire stories compares strings."""
    return re.sub(r"\s+", " ", text).strip().strip('"').casefold()


def is_filler(text: str, slots: Slots, slot: str) -> bool:
    return any(flat(text) == flat(known) for filler in slots.get(slot, []) for known in filler)


def story_role(candidate: Candidate, slots: Slots) -> str:
    """The role of which one of a candidate's forms is a filler, to the letter."""
    return next(
        (r for r in TEMPLATE_ROLES if any(is_filler(p.text, slots, r) for p in candidate.places)), "none"
    )


def notice_role(candidate: Candidate, slots: Slots) -> str:
    """The role of which one of a candidate's forms is a name, by the words they share."""
    forms = {p.text for p in candidate.places}
    sides = (r for r in ("acquirer", "target") if any(_names(f, n[0]) for n in slots[r] for f in forms))
    return next(sides, "none")


def _names(form: str, name: str) -> bool:
    """Whether a form shares a name's words, and more than a later one of them ("Australia")."""
    return same(form, name) and (len(words(form)) >= 2 or words(form)[0][:4] == words(name)[0][:4])
