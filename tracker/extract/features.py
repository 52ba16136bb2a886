"""What the models see: syntax, words and place around a trigger, a name or an amount; never the name itself.

A name's own letters are no feature, so that a company never seen before is read like any other.
"""

from __future__ import annotations

import re
from typing import Any

from tracker.extract.clusters import Cluster
from tracker.extract.dates import distances
from tracker.extract.money import MoneySpan
from tracker.extract.reading import Placed, PlacedTrigger, Reading, ReadSentence

_SKIPPED = frozenset(["conj", "cc", "compound", "flat", "nmod"])
_INVESTOR = re.compile(
    r"\b(?:ventures?|capital|partners?|fund|funds|equity|investments?|invest|bank|management|advisors?|vc|holdings?|angels?|combinator|asset|wealth|pension|sovereign|securities)\b",
    re.I,
)
_TIME = re.compile(
    r"\b(?:last (?:year|month|week|fall|spring|summer|winter|june|july|may|march|april|august|september|"
    r"october|november|december|january|february)|earlier this (?:year|month|week)|previous(?:ly)?|"
    r"(?:months?|years?|weeks?|days) (?:ago|after|before|earlier|later)|"
    r"today|yesterday|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|this week|just|recent(?:ly)?|already|now|"
    r"once|former(?:ly)?|had|prior|to date|in total|since)\b",
    re.I,
)
_SHAPE = re.compile(r"[A-Za-z]")


def path(sent: ReadSentence, source: int, goal: int) -> tuple[str, bool]:
    """The way through the parse tree from one token to another, and whether it crossed a conjunct.

    "Acme, bought by Beta": from `bought` to `Beta` is "|agent:by>pobj"; the way up stands before the bar.
    """
    tokens = sent.tokens
    up, node = [], tokens[source]
    chain = [tokens[goal], *tokens[goal].ancestors]
    positions = {t.i: n for n, t in enumerate(chain)}
    steps = 0
    while node.i not in positions and node.head.i != node.i and steps < 8:
        up.append(node.dep_)
        node = node.head
        steps += 1
    if node.i not in positions:
        return "none", False
    down = [_step(t) for t in reversed(chain[: positions[node.i]])]
    crossed = any(s.startswith("conj") for s in down) or "conj" in up
    ups = [u for u in up if u not in _SKIPPED]
    downs = [d for d in down if d.split(":")[0] not in _SKIPPED]
    if len(ups) + len(downs) > 5:
        return "far", crossed
    return "^".join(ups) + "|" + ">".join(downs), crossed


def _step(token: Any) -> str:
    return f"{token.dep_}:{token.lower_}" if token.dep_ in ("prep", "agent", "dative") else str(token.dep_)


def verb_form(tokens: Any, head: int) -> list[str]:
    """Tense, voice and modality of a trigger's verb group."""
    token = tokens[head]
    out = [f"tag={token.tag_}", f"dep={token.dep_}"]
    for child in token.children:
        if child.dep_ in ("aux", "auxpass", "neg"):
            out.append(f"{child.dep_}={child.lower_}")
    governor = token.head
    if governor.i != token.i:
        out.append(f"gov={governor.lemma_.lower()}/{token.dep_}")
        if token.dep_ in ("xcomp", "ccomp", "pcomp", "acl", "advcl", "pobj", "dobj", "conj"):
            out.extend(f"gov.{c.dep_}={c.lower_}" for c in governor.children if c.dep_ in ("aux", "neg"))
            if governor.head.i != governor.i:
                out.append(f"gov2={governor.head.lemma_.lower()}")
    return out


def is_passive(tokens: Any, head: int) -> bool:
    return any(c.dep_ in ("auxpass", "nsubjpass", "agent") for c in tokens[head].children)


def cluster_features(reading: Reading, cluster: Cluster) -> list[str]:
    """What the document as a whole says of a name; worked out once a document."""
    if cluster.id not in reading.traits:
        reading.traits[cluster.id] = _cluster_features(reading, cluster)
    return reading.traits[cluster.id]


def _cluster_features(reading: Reading, cluster: Cluster) -> list[str]:
    out = []
    if cluster.id == reading.topic:
        out.append("topic")
    if any(o.sentence == 0 for o in cluster.occurrences):
        out.append("in-title")
    out.append(f"count={min(len(cluster.occurrences), 4)}")
    if _INVESTOR.search(cluster.name):
        out.append("investorish")
    if cluster.id in reading.owner:
        out.append("alias-of")
    if cluster.id in reading.owner.values():
        out.append("has-alias")
    return out


def _calling(reading: Reading, cluster: Cluster) -> list[str]:
    """By which nouns the document describes a name: "X, a start-up", "chip maker X"."""
    return [f"is={noun}" for noun in sorted(reading.described.get(cluster.id, ()))]


def pair_features(
    reading: Reading, sent: ReadSentence, placed_trigger: PlacedTrigger, placed: Placed
) -> list[str]:
    """Features of a trigger and a name of the same sentence."""
    tokens, name = sent.tokens, placed.name
    head = placed_trigger.head
    lemma, sense = _phrase(tokens, placed_trigger), placed_trigger.trigger.sense
    way, crossed = path(sent, head, name.head)
    passive = "p" if is_passive(tokens, head) else "a"
    pos = tokens[head].pos_
    side = "L" if name.last < head else "R" if name.first > head else "I"
    between = [
        p
        for p in sent.names
        if p.name is not name and min(head, name.last) < p.name.first < max(head, name.first)
    ]
    distance = max(0, (head - name.last) if side == "L" else (name.first - head))
    near = "0" if distance <= 1 else "3" if distance <= 3 else "8" if distance <= 8 else "+"
    before = tokens[name.first - 1].lower_ if name.first else "^"
    before2 = tokens[name.first - 2].lower_ if name.first > 1 else "^"
    after = tokens[name.last + 1].lower_ if name.last + 1 < len(tokens) else "$"
    prep = _last_preposition(tokens, name.first)
    cluster = reading.clusters[placed.cluster]
    out = [
        f"path={pos}:{passive}:{way}",
        f"path+={lemma}:{passive}:{way}",
        f"path*={sense}:{passive}:{way}",
        f"sense+side={sense}:{pos}:{passive}:{side}:{min(len(between), 3)}",
        f"lemma+side={lemma}:{side}:{min(len(between), 3)}",
        f"side={pos}:{passive}:{side}:{min(len(between), 3)}:{near}",
        f"before={before}", f"before2={before2} {before}", f"after={after}", f"prep={prep}:{side}",
        f"prep+={prep}:{lemma}", f"prep*={prep}:{sense}", f"sense={sense}",
        f"dep={tokens[name.head].dep_}", f"zone={sent.zone}:{side}",
        f"trigger={lemma}",
        f"headof={tokens[name.head].head.lemma_.lower()}:{tokens[name.head].dep_}",
        f"root={_root(tokens).lemma_.lower()}:{side}",
    ]  # fmt: skip
    if crossed:
        out.append("conj")
    if name.reference:
        out += ["coref", f"coref={tokens[name.head].lower_}"]
    kind = [*cluster_features(reading, cluster), *_calling(reading, cluster)]
    out += [f"c:{k}" for k in kind]
    out += [f"c:{k}&{side}" for k in kind]
    if name.first == min((p.name.first for p in sent.names), default=-1):
        out.append("first-name")
    out.append(
        f"order={sent.zone}:{sum(p.name.first < name.first for p in sent.names if not p.name.reference)}"
    )
    return out


def _root(tokens: Any) -> Any:
    return next((t for t in tokens if t.head.i == t.i), tokens[0])


def _phrase(tokens: Any, placed: PlacedTrigger) -> str:
    phrase = placed.trigger.phrase
    return phrase if " " in phrase or "-" in phrase else str(tokens[placed.head].lemma_.lower())


def _last_preposition(tokens: Any, first: int) -> str:
    for index in range(first - 1, max(-1, first - 12), -1):
        if tokens[index].pos_ in ("ADP", "SCONJ") or tokens[index].lower_ in ("to", "led"):
            return str(tokens[index].lower_)
        if tokens[index].pos_ in ("VERB",) or tokens[index].text in ";:.":
            return f"v:{tokens[index].lemma_.lower()}"
    return "-"


def unit_features(
    reading: Reading,
    sent: ReadSentence,
    kind: str,
    heads: list[PlacedTrigger],
    key: int,
    roles: dict[int, dict[str, float]],
) -> list[str]:
    """Features of one sentence's telling of an event about a key party: is it news, background or nothing?"""
    out = _place_features(reading, sent, kind, key) + _role_features(kind, key, roles)
    tokens, text = sent.tokens, sent.sentence.text
    for placed in heads:
        lemma, sense = _phrase(tokens, placed), placed.trigger.sense
        form = verb_form(tokens, placed.head)
        depth = sum(1 for _ in tokens[placed.head].ancestors)
        out += [
            f"t={lemma}",
            f"t={lemma}:{sent.zone}",
            f"s={sense}",
            f"s={sense}:{sent.zone}",
            f"depth={min(depth, 4)}",
        ]
        out += (
            [f"f:{f}" for f in form]
            + [f"tf={lemma}:{f}" for f in form[:2]]
            + [f"sf={sense}:{f}" for f in form]
        )
        out += [
            f"anc={t.dep_}"
            for t in tokens[placed.head].ancestors
            if t.dep_ in ("relcl", "acl", "advcl", "appos", "ccomp", "parataxis")
        ]
    out += [f"time={m.group().lower()}" for m in _TIME.finditer(text)]
    published = reading.document.published
    out += distances(text, published.date() if published else None)
    if "?" in text:
        out.append("question")
    if '"' in text or "“" in text:
        out.append("quote")
    words = [f"w={w}" for w in sorted({t.lower_ for t in tokens if t.is_alpha and len(t) > 1})]
    return out + [f"{kind}:{f}" for f in out] + words


def _place_features(reading: Reading, sent: ReadSentence, kind: str, key: int) -> list[str]:
    """Where the sentence stands, and what the headline holds."""
    index = sent.sentence.index
    out = [f"zone={sent.zone}", f"index={index if index < 9 else '9+' if index < 20 else '20+'}"]
    length = "1" if reading.length <= 4 else "2" if reading.length <= 10 else "3"
    out += [
        f"length={length}:{sent.zone}",
        f"money={min(len(sent.money), 2)}",
        f"names={min(len(sent.names), 4)}",
    ]
    out += [f"c:{k}" for k in cluster_features(reading, reading.clusters[key])]
    title = reading.sentences[0] if reading.sentences and reading.sentences[0].sentence.index == 0 else None
    if title:
        mine = [t.trigger for t in title.triggers if t.trigger.type == kind]
        phrases = [t.phrase for t in mine] + [f"*{t.sense}" for t in mine]
        here = any(reading.owner.get(p.cluster, p.cluster) == key for p in title.names)
        out += [f"title-type={bool(phrases)}", f"title-type={bool(phrases)}&key={here}:{sent.zone}"]
        told = {(m.money.value, m.money.currency) for m in title.money}
        if sent is not title and told:
            out.append(f"title-money={bool(told & {(m.money.value, m.money.currency) for m in sent.money})}")
        out.append(f"title-amounts={bool(told)}&key={here}:{sent.zone}")
        out += [f"tt={p}" for p in phrases] + (["title?"] if "?" in title.sentence.text else [])
    return out


def _role_features(kind: str, key: int, roles: dict[int, dict[str, float]]) -> list[str]:
    """How surely the sentence names the key party and the other parties."""
    mine = max((v for v in roles.get(key, {}).values()), default=0.0)
    out = [f"key={int(mine * 10)}"]
    others: dict[str, float] = {}
    for cluster, held in roles.items():
        if cluster != key:
            for role, value in held.items():
                others[role] = max(others.get(role, 0.0), value)
    out += [f"other={role}:{int(value * 5)}" for role, value in sorted(others.items()) if value >= 0.2]
    out.append(f"alone={not any(v >= 0.4 for v in others.values())}&key={int(mine * 5)}")
    return out


def money_features(
    reading: Reading, sent: ReadSentence, span: MoneySpan, kind: str, heads: list[PlacedTrigger]
) -> list[str]:
    """Features of an amount in a sentence that tells an event: the event's amount, a valuation or neither?"""
    tokens = sent.tokens
    covered = [t for t in tokens if t.idx < span.end and t.idx + len(t.text) > span.start]
    if not covered:
        return ["no-token"]
    first, last = covered[0].i, covered[-1].i
    money_head = max(covered, key=lambda t: -len(list(t.ancestors)))
    before = [tokens[i].lower_ for i in range(max(0, first - 4), first)]
    after = [tokens[i].lower_ for i in range(last + 1, min(len(tokens), last + 5))]
    out = [
        f"type={kind}",
        f"zone={sent.zone}",
        f"n={min(len(sent.money), 3)}",
        f"order={min(sent.money.index(span), 3)}",
    ]
    out += [f"b{n}={w}" for n, w in enumerate(reversed(before))] + [f"a{n}={w}" for n, w in enumerate(after)]
    out += [f"bw={w}" for w in before] + [f"aw={w}" for w in after]
    out += [f"bb={' '.join(before[-2:])}", f"aa={' '.join(after[:2])}"]
    out.append(f"q={span.money.qualifier}")
    out.append(f"size={_magnitude(span.money.value or 0)}")
    out += _told_elsewhere(reading, sent, span)
    if span.per_share:
        out.append("per-share")
    governor = money_head.head
    out += [f"gov={governor.lemma_.lower()}:{money_head.dep_}", f"gov2={governor.head.lemma_.lower()}"]
    for placed in heads:
        way, _ = path(sent, placed.head, money_head.i)
        lemma = _phrase(tokens, placed)
        out += [
            f"path={way}",
            f"path+={lemma}:{way}",
            f"path*={placed.trigger.sense}:{way}",
            f"t={lemma}:{'L' if placed.head > last else 'R'}",
        ]
    return [f"{kind[:2]}:{f}" for f in out] + out


def _told_elsewhere(reading: Reading, sent: ReadSentence, span: MoneySpan) -> list[str]:
    """Whether the headline or another sentence tells the same amount."""
    mine = (span.money.value, span.money.currency)
    others = [s for s in reading.sentences if s is not sent and s.money]
    same = [s for s in others if any((m.money.value, m.money.currency) == mine for m in s.money)]
    title = [s for s in others if s.zone == "title"]
    told = "same" if any(s in title for s in same) else "other" if title else "none"
    return [f"title-money={told}:{sent.zone}", f"told={min(len(same), 2)}"]


def _magnitude(value: float) -> str:
    return str(len(str(int(abs(value)))) if value else 0)
