"""Writing a deal down: its states, parties, amounts, category and sources, chosen from its mentions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tracker.models.ledger import Basis, Contradiction, Event, PartyRef, Reason, Source, State
from tracker.models.mention import CATEGORIES, ROLES, Category, Status
from tracker.resolve.amounts import choose_amount, money_text
from tracker.resolve.choice import (
    Candidate,
    candidates,
    first_day,
    majority,
    noisy_or,
    ranked_reason,
    reason,
    tier,
)
from tracker.resolve.facts import Named, Told, in_order, overlap
from tracker.resolve.origins import group_origins
from tracker.resolve.rates import Rates, in_usd
from tracker.resolve.same import Deal

Tellers = tuple[list[Named], list[Told]]
"""A party by all its names, and the mentions that give it."""
LADDER: tuple[Status, ...] = ("rumoured", "announced", "completed")
SINGLE_ROLES = frozenset({"acquirer", "target", "company", "subject", "seller"})
MINOR_SHARE = 0.25
"""A party that fewer than this share of the tellings give, against the most told one, is taken for a
misreading in the roles that have one or two parties. Investors are often named by one article only and are
all kept."""


@dataclass(frozen=True)
class Facts:
    """A deal's mentions in order, and the origin of each article."""

    members: list[Told]
    origin: Mapping[str, str]

    @property
    def news(self) -> list[Told]:
        """The mentions that told it as news, all of them where none did."""
        return [t for t in self.members if t.main] or self.members

    def origins(self, told: Iterable[Told]) -> set[str]:
        return {self.origin[t.source.article.key] for t in told}


def build_event(event_id: str, deal: Deal, rates: Rates) -> Event:
    """The event of a deal. `members` in any order give the same event."""
    members = sorted(deal.members, key=in_order)
    facts = Facts(members, group_origins({t.source.article.key: t.source.article for t in members}.values()))
    status, states = ladder(facts)
    day = event_day(states)
    parties, why, odd = choose_parties(facts, deal.type)
    amount, why_amount, other_amounts = choose_amount(members, "amount", day, rates, facts.origin)
    valuation, why_valuation, other_valuations = choose_amount(members, "valuation", day, rates, facts.origin)
    rounds = candidates(members, lambda t: t.mention.round, str, facts.origin)
    rounds.sort(key=lambda c: c.value == "unknown")  # stable: a named round before none
    round_, why_round = _round(rounds, facts)
    category_, why_category = category(facts, deal.type)
    reasons = {
        "category": why_category,
        "amount": why_amount,
        "valuation": why_valuation,
        "round": why_round,
        **why,
    }
    filings = {t.source.article.key for t in members if t.source.article.filing}
    return Event(
        id=event_id,
        type=members[0].mention.type,
        kind=majority(members, lambda t: t.mention.kind),
        status=status,
        salience="main" if any(t.main for t in members) else "background",
        category=category_,
        round=round_,
        scope=_scope(members),
        parties=parties,
        place=_places(members),
        from_=majority(members, lambda t: t.mention.from_),
        to=majority(members, lambda t: t.mention.to),
        amount=amount,
        amount_usd=in_usd(amount, day, rates),
        valuation=valuation,
        valuation_usd=in_usd(valuation, day, rates),
        states=states,
        first_reported=min(t.published for t in facts.news),
        last_reported=max(t.published for t in facts.news),
        origins=len({o for o in facts.origin.values() if not o.startswith("filing:")}),
        filings=len(filings),
        confidence=noisy_or(members, facts.origin),
        sources=[_source(t, facts.origin) for t in members],
        contradictions=[
            *(_contradiction("amount", c, money_text(c.value)) for c in other_amounts),
            *(_contradiction("valuation", c, money_text(c.value)) for c in other_valuations),
            *(_contradiction("round", c, c.value) for c in rounds[1:] if c.value != "unknown"),
            *odd,
        ],
        why={field: found for field, found in reasons.items() if found},
    )


def _round(rounds: Sequence[Candidate[str]], facts: Facts) -> tuple[str | None, Reason | None]:
    if not rounds:
        return None, None
    others = [c.told for c in rounds[1:] if c.value != "unknown"]
    return rounds[0].value, ranked_reason(rounds[0].told, others, facts.origin)


def ladder(facts: Facts) -> tuple[Status, list[State]]:
    """The status an event has reached, and the day and first article of each step.

    The furthest step of the ladder counts. A step first told after a higher one is a late retelling and is
    left out. A termination holds unless the deal was announced or completed after it. What only background
    tells counts as a step if the event was never news, or two independent origins say it.
    """
    steps = {status: told for status in (*LADDER, "terminated") if (told := _tellers(facts, status))}
    days = {status: first_day(told) for status, told in steps.items()}
    states = []
    ceiling = dt.date.max
    for status in reversed(LADDER):
        if status in days and days[status][0] <= ceiling:
            ceiling, first = days[status]
            states.append(State(status=status, date=ceiling, article_id=first.source.article.id))
    states.reverse()
    if "terminated" in steps:
        ended = max(t.day for t in steps["terminated"])
        if not any(s.date > ended for s in states if s.status != "rumoured"):
            day, first = days["terminated"]
            states.append(State(status="terminated", date=day, article_id=first.source.article.id))
    return states[-1].status, states


def _tellers(facts: Facts, status: str) -> list[Told]:
    told = [t for t in facts.members if t.mention.status == status]
    news = [t for t in told if t.main]
    if news or not any(t.main for t in facts.members):
        return news or told
    return told if len(facts.origins(told)) > 1 else []


def event_day(states: Sequence[State]) -> dt.date:
    """The day whose exchange rate counts: of the announcement, else the completion, else the first step."""
    by_status = {s.status: s.date for s in states}
    return by_status.get("announced") or by_status.get("completed") or states[0].date


def category(facts: Facts, type_: str) -> tuple[Category, Reason]:
    """The company list's category of the key party, else what the mentions say for the most part, and why.

    A promise of infrastructure is about the infrastructure and not about who makes it, a product or unit is
    not its company: there the mentions decide.
    """
    listed = [
        (c.id, c.category, t) for t in facts.news for p in t.key if (c := p.link.company) and c.category
    ]
    if listed and type_ != "commitment":
        id_, known, _ = listed[0]
        return known, reason([t for i, _, t in listed if i == id_], "company list", facts.origin)
    told = majority(facts.members, lambda t: t.mention.category)
    tellers = [t for t in facts.members if t.mention.category == told]
    basis: Basis = "unopposed" if len(tellers) == len(facts.members) else "majority"
    return next((c for c in CATEGORIES if c == told), "other"), reason(tellers, basis, facts.origin)


def choose_parties(
    facts: Facts, type_: str
) -> tuple[dict[str, list[PartyRef]], dict[str, Reason], list[Contradiction]]:
    """The parties of each role, most told first, why the first, and the ones set aside as misreadings."""
    chosen: dict[str, list[PartyRef]] = {}
    why: dict[str, Reason] = {}
    odd: list[Contradiction] = []
    for role in ROLES[type_]:
        if role == "place":
            continue
        groups = _same_parties(facts, role)
        if role == "target":
            # Told as a merger by one article and as a purchase by another: the buyer is no target.
            groups = [g for g in groups if not _is_buyer(g[0], facts)] or groups
        kept, basis = _kept(groups, role)
        chosen[role] = [_ref(names) for names, _ in kept]
        if kept:
            why[role] = reason(kept[0][1], basis, facts.origin)
        for names, told in groups:
            if (names, told) not in kept:
                odd.append(_contradiction(role, Candidate(names, told), _ref(names).name))
    return {role: refs for role, refs in chosen.items() if refs}, why, odd


def _kept(groups: list[Tellers], role: str) -> tuple[list[Tellers], Basis]:
    """The parties of a role that are believed, and what speaks for them."""
    most = max((len(told) for _, told in groups), default=0)
    kept = [g for g in groups if role not in SINGLE_ROLES or len(g[1]) >= MINOR_SHARE * most]
    if role == "acquirer":
        # A rumour may name several suitors; once one has signed, the others are none.
        firm = [g for g in kept if any(t.mention.status != "rumoured" for t in g[1])]
        if firm and firm != kept:
            return firm, "firm"
    return kept, "unopposed" if kept == groups else "majority"


def _is_buyer(names: Sequence[Named], facts: Facts) -> bool:
    firm = [t for t in facts.members if t.mention.status != "rumoured"]
    return overlap(names, [p for t in firm for p in t.parties["acquirer"]])


def _same_parties(facts: Facts, role: str) -> list[Tellers]:
    groups: list[Tellers] = []
    for told in sorted(facts.members, key=lambda t: (not t.main, tier(t), t.order)):
        for party in told.parties.get(role, ()):
            found = next((g for g in groups if any(party.same(known) for known in g[0])), None)
            if found is None:
                found = ([], [])
                groups.append(found)
            found[0].append(party)
            found[1].append(told)
    return sorted(groups, key=lambda g: -len({t.source.article.key for t in g[1]}))


def _ref(names: Sequence[Named]) -> PartyRef:
    listed = next((n.link for n in names if n.link.company), None)
    if listed is not None and listed.company is not None:
        return PartyRef(name=listed.name, company_id=listed.id, kind=listed.company.kind or None)
    first = names[0].link
    fullest = max((n.link.name for n in names), key=lambda name: (len(name), name))
    return PartyRef(name=fullest, company_id=first.id)


def _scope(members: Iterable[Told]) -> Literal["company", "product", "unit"] | None:
    told = majority(members, lambda t: t.mention.scope)
    return next((t.mention.scope for t in members if t.mention.scope == told), None)


def _places(members: Iterable[Told]) -> list[str]:
    return list(dict.fromkeys(p.name for t in members for p in t.mention.place))


def _contradiction(field: str, candidate: Candidate[Any], value: str) -> Contradiction:
    return Contradiction(field=field, value=value, article_ids=candidate.article_ids)


def _source(told: Told, origin: Mapping[str, str]) -> Source:
    article, m = told.source.article, told.mention
    return Source(
        mention_id=told.source.id,
        article_id=article.id,
        source_id=article.source_id,
        url=article.url,
        title=article.title,
        published=article.published,
        seen_at=article.seen_at,
        tier=article.tier,
        filing=article.filing,
        origin=origin[article.key],
        salience=m.salience,
        status=m.status,
        evidence=m.evidence.text,
        start=m.evidence.start,
        end=m.evidence.end,
        confidence=m.confidence,
    )
