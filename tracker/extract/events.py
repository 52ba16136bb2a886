"""From drafts to mentions: news and background apart, with roles, amounts, date, status and evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast

from tracker.extract.aspects import acquisition_kind, category_features, raises_fund, status_features
from tracker.extract.dates import event_date
from tracker.extract.decode import (
    KEYS,
    Draft,
    Models,
    Unit,
    amounts_of,
    draft_features,
    drafts_of,
    judge_units,
    ranked,
    sentence_roles,
    units_of,
)
from tracker.extract.gazetteer import is_government
from tracker.extract.lists import in_one_list
from tracker.extract.one_deal import one_deal
from tracker.extract.reading import Reading
from tracker.extract.roles import role_clusters, split
from tracker.extract.rounds import choose_round
from tracker.extract.subjects import closed_thing
from tracker.models.mention import EVENT_TYPES, KEY_ROLE, EventType, Mention, Money, Party, Salience

MAIN_FLOOR = 0.45
BACKGROUND_FLOOR = 0.45
AMOUNT_FLOOR = 0.45
MARK_FLOOR = 0.15
"""Probabilities from which a draft is news, a draft is background, an amount counts; a valuation mark is
nothing without its amount.
"""

ROUND_SENTENCES = 4
"""So many of an event's surest sentences may name its round."""

OTHER_TYPES = tuple(kind for kind in EVENT_TYPES if kind != "acquisition")
"""What else a document that is written about one acquisition may tell."""

VALUED = ("financing", "acquisition", "ipo")
"""Types whose events may give a company's valuation beside their amount."""


@dataclass(frozen=True)
class Telling:
    """A draft with its rank, its chances of being main news, background or no event, and what it tells."""

    draft: Draft
    rank: int
    chances: dict[str, float]
    mentions: list[Mention] = field(default_factory=list)


def judged(reading: Reading, kind: str, models: Models) -> list[Telling]:
    """Every draft of a type, in order of appearance, with what the last model makes of it."""
    roles = {
        position: sentence_roles(reading, sent, kind, models[f"{kind}.roles"])
        for position, sent in enumerate(reading.sentences)
    }
    units = units_of(reading, kind, roles)
    judge_units(reading, units, models)
    drafts = [
        Telling(draft, rank, models["draft"].probabilities(draft_features(reading, draft, rank)))
        for rank, draft in ranked(drafts_of(units))
    ]
    # Where a surer draft rests on the same sentence, the other has no chance of being news.
    return [
        replace(t, chances={**t.chances, "main": 0.0}) if _beaten(reading, t, drafts) else t for t in drafts
    ]


def _beaten(reading: Reading, telling: Telling, drafts: list[Telling]) -> bool:
    """Whether a surer draft rests on the same sentence: "Acme buys Beta from Gamma" is one deal, about Beta
    or about Gamma; only names in a list ("Acme buys Beta and Gamma") are two.
    """
    best = max((u for u in telling.draft.units if u.founded), key=lambda u: u.salience["main"])
    return any(
        other.draft is not telling.draft
        and other.chances.get("main", 0.0) > telling.chances.get("main", 0.0)
        and any(u.founded and u.sentence is best.sentence for u in other.draft.units)
        and not in_one_list(reading, best.sentence, telling.draft.key, other.draft.key)
        for other in drafts
    )


def tellings_of(reading: Reading, models: Models) -> tuple[list[Mention], list[Telling]]:
    """All events of a document, in order of type and appearance, and every draft that was weighed."""
    single = one_deal(reading, models)
    told = [
        replace(t, mentions=told_by(reading, t.draft, t.chances, models))
        for kind in (EVENT_TYPES if single is None else OTHER_TYPES)
        for t in judged(reading, kind, models)
    ]
    found = _once([*(single or []), *(m for t in told for m in t.mentions)])
    return [m for m in found if not _is_other_money(m, found)], told


def mentions_of(reading: Reading, models: Models) -> list[Mention]:
    """All events of a document, in order of type and appearance."""
    return tellings_of(reading, models)[0]


def _is_other_money(mention: Mention, found: list[Mention]) -> bool:
    """Whether a round is the money of another event told of the same company, more surely: an offering raises
    money, a tender values a company, and neither is a round.
    """
    if mention.type != "financing" or mention.salience != "main":
        return False
    company = {p.name for p in mention.company}
    return any(
        other.type != "financing"
        and other.salience == "main"
        and other.confidence >= mention.confidence
        and company & {p.name for p in other.parties(KEY_ROLE[other.type])}
        for other in found
    )


def _once(told: list[Mention]) -> list[Mention]:
    """Each closure and price change once, the surer telling: its product and its company may each tell it."""
    surest: dict[Any, Mention] = {}
    for mention in told:
        key: Any = id(mention)
        if mention.type in ("shutdown", "pricing"):
            names = sorted(p.name for role in ("company", "subject") for p in mention.parties(role))
            key = (mention.type, mention.salience, *names)
        known = surest.get(key)
        if known is None or mention.confidence > known.confidence:
            surest[key] = mention
    return list(surest.values())


def told_by(reading: Reading, draft: Draft, chances: dict[str, float], models: Models) -> list[Mention]:
    """The mentions of one draft: its news and, told apart from it, its background."""
    news, past = split(draft)
    out: list[Mention] = []
    if draft.kind != "commitment" and is_government(reading.clusters[draft.key].name):
        return out
    is_news = chances.get("main", 0.0) >= max(MAIN_FLOOR, chances.get("background", 0.0))
    if is_news and news:
        out.append(_mention(reading, draft, news, "main", chances["main"], models))
        if past and max(u.salience["background"] for u in past) > 0.6:
            older = _mention(
                reading, draft, past, "background", max(u.salience["background"] for u in past), models
            )
            if _tells_more(older, out[0]):
                out.append(older)
    elif chances.get("background", 0.0) + chances.get("main", 0.0) >= BACKGROUND_FLOOR and chances.get(
        "background", 0.0
    ) > chances.get("main", 0.0):
        out.append(_mention(reading, draft, past or news, "background", chances["background"], models))
    return out


def _tells_more(older: Mention, news: Mention) -> bool:
    """Background about the news' own company is another event if it has an amount or a round of its own."""
    other_amount = older.amount is not None and (
        news.amount is None or older.amount.value != news.amount.value
    )
    other_round = older.round not in (None, "unknown", news.round)
    return other_amount or other_round


def _mention(
    reading: Reading, draft: Draft, units: list[Unit], salience: Salience, confidence: float, models: Models
) -> Mention:
    amounts = _amounts(reading, draft.kind, units, models)
    evidence = _evidence(units, amounts.get("amount"))
    roles = {
        r: [_party(reading, c, evidence) for c in sorted(cs)] for r, cs in role_clusters(draft, units).items()
    }
    _complete(reading, draft, units, roles, evidence)
    kind = _kind(draft.kind, units)
    if kind != "stake" and draft.kind != "commitment":
        # "FTC lets Acme buy Beta": states take stakes, and hardly ever buy, sell or close.
        for role in set(roles) & {"acquirer", "target", "company", "subject"}:
            roles[role] = [p for p in roles[role] if not is_government(p.name)]
    status = models["status"].best(status_features(units))
    published = reading.document.published.date() if reading.document.published else None
    fields: dict[str, Any] = {r: p for r, p in roles.items() if r in Mention.model_fields}
    fields |= amounts
    return Mention(
        type=cast(EventType, draft.kind),
        kind=kind,
        salience=salience,
        status=status,
        **fields,
        scope=_scope(fields) if draft.kind == "shutdown" else None,
        aliases=_aliases(reading, roles),
        round=_round(draft.kind, kind, units, salience),
        date=_date(units, published, status),
        category=models["category"].best(_category(reading, draft)),
        evidence=reading.span(evidence.sentence.sentence),
        confidence=round(confidence, 3),
    )


def _kind(kind: str, units: Sequence[Unit]) -> str | None:
    if kind == "acquisition":
        return acquisition_kind(units)
    return "fund" if kind == "financing" and raises_fund(units) else None


def _round(kind: str, special: str | None, units: Sequence[Unit], salience: Salience) -> str | None:
    """The round of a financing, by its surest sentences; a fund raises none."""
    if kind != "financing":
        return None
    surest = units[:ROUND_SENTENCES] if special != "fund" else []
    return choose_round((u.sentence.sentence.text, u.salience[salience]) for u in surest)


def _evidence(units: Sequence[Unit], amount: Money | None) -> Unit:
    """The sentence an event rests on: a likely founding one that gives its amount, else the likeliest."""
    body = [u for u in units if u.founded and u.sentence.sentence.index > 0]
    if not body:
        return units[0]
    close = [u for u in body if _salience(u) >= 0.5 * _salience(body[0])]
    value = amount.value if amount else None
    return next((u for u in close if any(m.money.value == value for m in u.sentence.money)), body[0])


def _salience(unit: Unit) -> float:
    return max(unit.salience["main"], unit.salience["background"])


def _party(reading: Reading, cluster_id: int, evidence: Unit) -> Party:
    """A party at its first place in the evidence sentence, else its first in the document."""
    cluster = reading.clusters[cluster_id]
    index = evidence.sentence.sentence.index
    place = next((o for o in cluster.occurrences if o.sentence == index), cluster.occurrences[0])
    return Party(name=cluster.name, text=place.text, start=place.start, end=place.end)


def _complete(
    reading: Reading, draft: Draft, units: Sequence[Unit], roles: dict[str, list[Party]], evidence: Unit
) -> None:
    """Fill the role the event is about where no single sentence was sure, and leads into the investors."""
    key = _party(reading, draft.key, evidence)
    if draft.kind in ("shutdown", "pricing"):
        if not roles.get("company") and not roles.get("subject"):
            roles["company"] = [key]
        if draft.kind == "shutdown" and not roles.get("subject"):
            roles["subject"] = closed_thing(units) or roles["company"]
    else:
        roles.setdefault(KEYS[draft.kind][0], [key])
    if roles.get("lead"):
        known = {p.name for p in roles.get("investors", [])}
        roles["investors"] = [p for p in roles["lead"] if p.name not in known] + roles.get("investors", [])


def _amounts(reading: Reading, kind: str, units: Sequence[Unit], models: Models) -> dict[str, Money]:
    """The event's amount and valuation, as far as its sentences give them."""
    scored: dict[str, dict[tuple[float, str], tuple[float, Money]]] = {"amount": {}, "valuation": {}}
    for span, unit, chances in amounts_of(reading, units, models):
        weight = 0.5 + 0.5 * _salience(unit)
        offset = unit.sentence.sentence.start
        money = span.money.model_copy(update={"start": span.start + offset, "end": span.end + offset})
        for role, found in scored.items():
            value = chances.get(role, 0.0)
            if kind == "valuation" and role == "amount":
                value += chances.get("valuation", 0.0)  # what a company is worth is all that it tells
            key = (money.value or 0.0, money.currency)
            if (
                value >= (MARK_FLOOR if kind == "valuation" else AMOUNT_FLOOR)
                and value * weight > found.get(key, (0.0, money))[0]
            ):
                found[key] = (value * weight, money)
    if kind not in VALUED:
        del scored["valuation"]
    return {r: max(f.values(), key=lambda vm: (vm[0], vm[1].value or 0.0))[1] for r, f in scored.items() if f}


def _aliases(reading: Reading, roles: dict[str, list[Party]]) -> dict[str, list[str]]:
    names = {p.name for parties in roles.values() for p in parties}
    out = {}
    for cluster in reading.clusters:
        if cluster.name in names:
            others = [a for a in cluster.aliases if a.casefold() != cluster.name.casefold()]
            others += [reading.clusters[a].name for a, o in reading.owner.items() if o == cluster.id]
            if others:
                out[cluster.name] = list(dict.fromkeys(others))
    return out


def _scope(fields: dict[str, Any]) -> Literal["company", "product"]:
    company = {p.name for p in fields.get("company", [])}
    subject = {p.name for p in fields.get("subject", [])}
    return "company" if company == subject else "product"


def _date(units: Sequence[Unit], published: dt.date | None, status: str) -> str | None:
    ahead = units[0].kind in ("shutdown", "ipo") and status == "announced"
    for unit in units[:3]:
        if unit.founded and (found := event_date(unit.sentence.sentence.text, published, ahead=ahead)):
            return found
    return None


def _category(reading: Reading, draft: Draft) -> list[str]:
    return category_features(reading, reading.clusters[draft.key], draft.kind)
