"""From mentions and judgements to the ledger: `derive` groups tellings of one deal and writes it down once.

Method. All mentions are gone through in one order (`tracker.resolve.blocks.place`), so that the order of
arrival cannot matter. Each goes to the deal it fits best among those near it (`tracker.resolve.grouping`;
`tracker.resolve.same` has the rules), else it begins a new deal. Background never makes an event news.
Judgements are applied to the deals found (`tracker.resolve.judged`).

An event's id is made of its type, the key party and the article that told it first (by publication).
Articles published later therefore never change it; it changes only if an earlier telling comes to light or
the company list links the key party elsewhere.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from tracker.models.judgement import Judgement
from tracker.models.ledger import Event
from tracker.models.told import MentionIn
from tracker.resolve.companies import Directory
from tracker.resolve.edits import ruled
from tracker.resolve.events import build_event
from tracker.resolve.facts import Told, in_order, make_told
from tracker.resolve.grouping import Grouping
from tracker.resolve.judged import rule
from tracker.resolve.rates import Rates
from tracker.resolve.same import Deal

SLUG_CHARS = 28


def derive(
    mentions: Sequence[MentionIn],
    companies: Directory,
    rates: Rates,
    judgements: Sequence[Judgement] = (),
    wanted: Callable[[Deal], bool] = lambda deal: True,
) -> list[Event]:
    """The ledger that follows from mentions and judgements, in any order of them; by first report and id.

    Of deals that are not `wanted`, no event is written.
    """
    deals = group([make_told(m, companies, rates) for m in mentions])
    return write_down(deals, companies, rates, judgements, wanted)


def group(told: Iterable[Told]) -> list[Deal]:
    """Group mentions into deals."""
    grouping = Grouping()
    grouping.settle(told)
    return grouping.deals()


def write_down(
    deals: Iterable[Deal],
    companies: Directory,
    rates: Rates,
    judgements: Sequence[Judgement] = (),
    wanted: Callable[[Deal], bool] = lambda deal: True,
) -> list[Event]:
    """The events of deals as they were judged, in the ledger's order.

    Deals whose ids share a base, or that one judgement names, must be given together.
    """
    found = rule(deals, judgements)
    noted = {id(r.deal): r.judgements for r in found}
    events = [
        ruled(build_event(event_id, deal, rates), noted[id(deal)], companies, rates)
        for event_id, deal in with_ids(r.deal for r in found)
        if wanted(deal)
    ]
    return sorted(events, key=lambda e: (e.first_reported, e.id))


def with_ids(deals: Iterable[Deal]) -> list[tuple[str, Deal]]:
    """Each deal with its id; two of one key and article (equity and debt) are numbered in order."""
    firsts = sorted(((first_of(d.members), d) for d in deals), key=lambda pair: pair[0].order)
    taken: dict[str, int] = defaultdict(int)
    found = []
    for first, deal in firsts:
        base = event_id(first)
        taken[base] += 1
        found.append((numbered(base, taken[base]), deal))
    return found


def first_of(members: Iterable[Told]) -> Told:
    """The telling that was published first, which gives the deal its id."""
    return min(members, key=in_order)


def numbered(base: str, number: int) -> str:
    return base if number == 1 else f"{base}-{number}"


def event_id(first: Told) -> str:
    """A readable stable id, such as `acquisition-confluent-1f0c2a`."""
    slug = first.key_id.removeprefix("prov:")[:SLUG_CHARS].strip("-")
    raw = "\n".join((first.mention.type, first.key_id, first.source.article.key))
    return f"{first.mention.type}-{slug}-{hashlib.sha256(raw.encode()).hexdigest()[:6]}"
