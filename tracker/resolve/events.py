"""Writing a deal down: its states, parties, amounts, category and sources, chosen from its mentions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tracker.models.ledger import Contradiction, Event, Interval, PartyRef, Source, State
from tracker.models.mention import CATEGORIES, ROLES, Category, Money, Status
from tracker.resolve.choice import Candidate, candidates, first_day, majority, noisy_or, tier
from tracker.resolve.facts import Named, Told
from tracker.resolve.origins import group_origins
from tracker.resolve.rates import Rates, in_usd
from tracker.resolve.same import Deal

ROUNDING = 1.05
"""Two amounts this close are one figure rounded or converted, not a contradiction."""

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
    members = sorted(deal.members, key=Told.order)
    facts = Facts(members, group_origins({t.source.article.key: t.source.article for t in members}.values()))
    status, states = ladder(facts)
    day = event_day(states)
    parties, odd = choose_parties(facts, deal.type)
    amounts = _amounts(facts, "amount")
    valuations = _amounts(facts, "valuation")
    rounds = candidates(members, lambda t: t.mention.round, str, facts.origin)
    rounds.sort(key=lambda c: c.value == "unknown")  # stable: a named round before none
    filings = {t.source.article.key for t in members if t.source.article.filing}
    return Event(
        id=event_id,
        type=members[0].mention.type,
        kind=majority(members, lambda t: t.mention.kind),
        status=status,
        salience="main" if any(t.main for t in members) else "background",
        category=category(facts, deal.type),
        round=rounds[0].value if rounds else None,
        scope=_scope(members),
        parties=parties,
        place=_places(members),
        from_=majority(members, lambda t: t.mention.from_),
        to=majority(members, lambda t: t.mention.to),
        amount=amounts[0].value if amounts else None,
        amount_usd=in_usd(amounts[0].value, day, rates) if amounts else None,
        valuation=valuations[0].value if valuations else None,
        valuation_usd=in_usd(valuations[0].value, day, rates) if valuations else None,
        states=states,
        first_reported=min(t.published for t in facts.news),
        last_reported=max(t.published for t in facts.news),
        origins=len({o for o in facts.origin.values() if not o.startswith("filing:")}),
        filings=len(filings),
        confidence=noisy_or(members, facts.origin),
        sources=[_source(t, facts.origin) for t in members],
        contradictions=[
            *_other_amounts("amount", amounts, day, rates),
            *_other_amounts("valuation", valuations, day, rates),
            *(_contradiction("round", c, c.value) for c in rounds[1:] if c.value != "unknown"),
            *odd,
        ],
    )


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


def category(facts: Facts, type_: str) -> Category:
    """The company list's category of the key party, else what the mentions say for the most part.

    A promise of infrastructure is about the infrastructure and not about who makes it, a product or unit is
    not its company: there the mentions decide.
    """
    listed = [p.link.company for t in facts.news for p in t.key if p.link.company]
    if listed and type_ != "commitment":
        return listed[0].category
    told = majority(facts.members, lambda t: t.mention.category)
    return next((c for c in CATEGORIES if c == told), "other")


def choose_parties(facts: Facts, type_: str) -> tuple[dict[str, list[PartyRef]], list[Contradiction]]:
    """The parties of each role, most told first, and the ones set aside as misreadings."""
    chosen: dict[str, list[PartyRef]] = {}
    odd: list[Contradiction] = []
    for role in ROLES[type_]:
        if role == "place":
            continue
        groups = _same_parties(facts, role)
        most = max((len(told) for _, told in groups), default=0)
        kept = [g for g in groups if role not in SINGLE_ROLES or len(g[1]) >= MINOR_SHARE * most]
        chosen[role] = [_ref(names) for names, _ in kept]
        for names, told in groups:
            if (names, told) not in kept:
                odd.append(_contradiction(role, Candidate(names, told), _ref(names).name))
    return {role: refs for role, refs in chosen.items() if refs}, odd


def _same_parties(facts: Facts, role: str) -> list[tuple[list[Named], list[Told]]]:
    groups: list[tuple[list[Named], list[Told]]] = []
    for told in sorted(facts.members, key=lambda t: (not t.main, tier(t), t.order())):
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
        return PartyRef(name=listed.name, company_id=listed.id, kind=listed.company.kind)
    first = names[0].link
    fullest = max((n.link.name for n in names), key=lambda name: (len(name), name))
    return PartyRef(name=fullest, company_id=first.id)


def _scope(members: Iterable[Told]) -> Literal["company", "product", "unit"] | None:
    told = majority(members, lambda t: t.mention.scope)
    return next((t.mention.scope for t in members if t.mention.scope == told), None)


def _places(members: Iterable[Told]) -> list[str]:
    return list(dict.fromkeys(p.name for t in members for p in t.mention.place))


def _amounts(facts: Facts, field: str) -> list[Candidate[Money]]:
    def read(told: Told) -> Money | None:
        money: Money | None = getattr(told.mention, field)
        return money if money is not None and money.value is not None else None

    return candidates(facts.members, read, lambda m: (m.currency, m.value, m.max, m.qualifier), facts.origin)


def _other_amounts(
    field: str, found: Sequence[Candidate[Money]], day: dt.date, rates: Rates
) -> Iterable[Contradiction]:
    """The amounts that differ from the chosen one by more than rounding."""
    if not found:
        return
    chosen = in_usd(found[0].value, day, rates)
    for other in found[1:]:
        if not _one_figure(found[0].value, chosen, other.value, in_usd(other.value, day, rates)):
            yield _contradiction(field, other, money_text(other.value))


def _one_figure(a: Money, a_usd: Interval | None, b: Money, b_usd: Interval | None) -> bool:
    if a_usd is None or b_usd is None:
        return (a.currency, a.value, a.max) == (b.currency, b.value, b.max)
    one, other = (a.value or 0) * (a_usd.rate or 1), (b.value or 0) * (b_usd.rate or 1)
    return max(one, other) <= ROUNDING * min(one, other)


def money_text(money: Money) -> str:
    """An amount in full, for people who look for a contradiction.

    >>> money_text(Money(value=1.1e9, currency="EUR", qualifier="about"))
    'about EUR 1,100,000,000'
    """
    words = {"exact": "", "about": "about ", "up_to": "up to ", "at_least": "at least ", "range": ""}
    upper = f" to {money.max:,.0f}" if money.max else ""
    return f"{words[money.qualifier]}{money.currency} {money.value or 0:,.0f}{upper}"


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
