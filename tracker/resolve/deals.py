"""From mentions to the ledger: `derive` groups tellings of one deal and writes each deal down once.

Method. All mentions are put in one canonical order (news before background, named parties before unnamed,
then time of publication and article key), so that the order of arrival cannot matter. Each goes to the deal
it fits best among those that share a block key of its key party (`tracker.resolve.same` has the rules),
else it begins a new deal. News comes first so that an old deal retold as background finds the event it
retells; background never makes an event news.

An event's id is made of its type, the key party and the article that told it first (by publication).
Articles published later therefore never change it; it changes only if an earlier telling comes to light or
the company list links the key party elsewhere.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

from tracker.models.ledger import Event
from tracker.models.told import MentionIn
from tracker.resolve.companies import Directory
from tracker.resolve.events import build_event
from tracker.resolve.facts import Told, in_order, make_told
from tracker.resolve.rates import Rates
from tracker.resolve.same import Deal, score

SLUG_CHARS = 28


def derive(mentions: Sequence[MentionIn], companies: Directory, rates: Rates) -> list[Event]:
    """The ledger that follows from mentions, in any order of them; sorted by first report and id."""
    deals = group([make_told(m, companies, rates) for m in mentions])
    events = [build_event(event_id, deal, rates) for event_id, deal in with_ids(deals)]
    return sorted(events, key=lambda e: (e.first_reported, e.id))


def group(told: Iterable[Told]) -> list[Deal]:
    """Group mentions into deals."""
    deals: list[Deal] = []
    index: dict[tuple[str, str], list[Deal]] = defaultdict(list)
    for one in sorted(told, key=lambda t: (not t.main, not t.key, t.order)):
        blocks = _blocks(one)
        deal = _best(one, _candidates(index, blocks))
        if deal is None:
            deal = Deal(one.mention.type)
            deals.append(deal)
        deal.add(one)
        for block in blocks:
            if not any(known is deal for known in index[block]):
                index[block].append(deal)
    return deals


def _blocks(told: Told) -> list[tuple[str, str]]:
    type_ = told.mention.type
    blocks = {(type_, key) for party in told.key for key in party.blocks()}
    if type_ == "acquisition":
        # A telling without the target, or with a unit in other words, can only be found by its buyer.
        blocks |= {(type_, "buyer " + key) for party in told.others for key in party.blocks()}
    return sorted(blocks)


def _candidates(index: dict[tuple[str, str], list[Deal]], blocks: Iterable[tuple[str, str]]) -> list[Deal]:
    return list({id(deal): deal for block in blocks for deal in index[block]}.values())


def _best(told: Told, candidates: Iterable[Deal]) -> Deal | None:
    best, best_rank = None, (0.0, 0)
    for deal in candidates:
        points = score(deal, told)
        if points is None:
            continue
        # Of equals the newest: a story goes on where it was last told.
        rank = (points, deal.days[-1].toordinal())
        if best is None or rank > best_rank:
            best, best_rank = deal, rank
    return best


def with_ids(deals: Iterable[Deal]) -> list[tuple[str, Deal]]:
    """Each deal with its id; two of one key and article (equity and debt) are numbered in order."""
    firsts = sorted(((min(d.members, key=in_order), d) for d in deals), key=lambda pair: pair[0].order)
    taken: dict[str, int] = defaultdict(int)
    found = []
    for first, deal in firsts:
        base = event_id(first)
        taken[base] += 1
        found.append((base if taken[base] == 1 else f"{base}-{taken[base]}", deal))
    return found


def event_id(first: Told) -> str:
    """A readable stable id, such as `acquisition-confluent-1f0c2a`."""
    slug = first.key_id.removeprefix("prov:")[:SLUG_CHARS].strip("-")
    raw = "\n".join((first.mention.type, first.key_id, first.source.article.key))
    return f"{first.mention.type}-{slug}-{hashlib.sha256(raw.encode()).hexdigest()[:6]}"
