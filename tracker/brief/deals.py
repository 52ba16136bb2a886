"""The week's deals by type, and what changed since the week before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracker.brief.grammar import NAME_LIMIT, names
from tracker.brief.likelihood import confidence
from tracker.brief.model import ChangeGroup, Deal, DealGroup, Link, News
from tracker.brief.money import amount_text, coined, point_usd
from tracker.brief.sentences import telling
from tracker.brief.space import SPACES
from tracker.brief.text import clean, host, safe_url, slug
from tracker.brief.weekly import DEAL_TYPES, NewsItem, best_source, of_type
from tracker.models.ledger import Contradiction, Event, Source
from tracker.models.mention import EVENT_TYPES, EventType

EVIDENCE_LIMIT = 300
TITLE_LIMIT = 140
_FULL_AMOUNT = re.compile(r"\b([A-Z]{3}) (\d[\d,]*)(?: to (\d[\d,]*))?\b")
LABELS: dict[EventType, str] = {
    "acquisition": "Acquisitions and mergers",
    "financing": "Financings",
    "shutdown": "Shutdowns",
    "commitment": "Infrastructure commitments",
    "pricing": "Pricing changes",
    "valuation": "Valuation marks",
    "ipo": "Listings",
}
CHANGE_LABELS: dict[News, str] = {"new": "New", "advanced": "Advanced", "terminated": "Fell through"}


def anchor(event_id: str) -> str:
    return f"event-{slug(event_id)}"


def link(source: Source) -> Link:
    return Link(
        title=clean(source.title, TITLE_LIMIT),
        url=safe_url(source.url),
        host=host(source.url),
        published=source.published,
    )


def _cited(source: Source) -> Link:
    """The link under a quotation; where the quotation is the title, the publisher's name says enough."""
    cited = link(source)
    if clean(source.evidence).rstrip(". ") == clean(source.title).rstrip(". "):
        cited.title = cited.host
    return cited


def _contradiction(found: Contradiction) -> str:
    articles = len(found.article_ids)
    told = "one article says" if articles == 1 else f"{articles} articles say"
    value = _FULL_AMOUNT.sub(_shorter, clean(found.value, NAME_LIMIT))
    return f"{told} {found.field.replace('_', ' ')} {value}"


def _shorter(match: re.Match[str]) -> str:
    ends = [coined(float(end.replace(",", "")), match[1]) for end in match.groups()[1:] if end]
    return " to ".join(ends)


def deal(item: NewsItem) -> Deal:
    """An event as the issue tells it."""
    event, source = item.event, best_source(item.event)
    return Deal(
        **{
            f: getattr(event, f)
            for f in ("id", "type", "kind", "status", "category", "origins", "filings", "confidence")
        },
        anchor=anchor(event.id),
        news=item.news,
        sentence=telling(event),
        before=item.before,
        parties={role: names(event, role) for role in event.parties},
        amount=amount_text(event.amount, event.amount_usd),
        worth=_worth(event),
        valuation=amount_text(event.valuation, event.valuation_usd),
        usd=point_usd(event),
        confidence_word=confidence(event.confidence),
        evidence=clean(source.evidence, EVIDENCE_LIMIT) if source else "",
        source=_cited(source) if source else None,
        more_sources=_more(event),
        happened=item.happened,
        first_reported=event.first_reported,
        contradictions=[_contradiction(c) for c in event.contradictions],
    )


def _worth(event: Event) -> str | None:
    """The line under a deal: its amount, else its valuation, else that neither is disclosed."""
    amount = amount_text(event.amount, event.amount_usd)
    if amount:
        return amount
    valuation = amount_text(event.valuation, event.valuation_usd)
    if valuation:
        return f"valued at {valuation}"
    return "amount not disclosed" if event.type in DEAL_TYPES else None


def _more(event: Event) -> int:
    return max(len({s.article_id for s in event.sources}) - 1, 0)


def deal_groups(items: Sequence[NewsItem]) -> list[DealGroup]:
    """One group per type that has news, in the order of the event specification, the doubtful folded away."""
    groups = []
    for type_ in EVENT_TYPES:
        # What may be misread comes last and is folded away.
        mine = sorted(of_type(items, type_), key=lambda i: doubtful(i.event))
        if mine:
            sure = sum(not doubtful(i.event) for i in mine)
            deals = [deal(i) for i in mine]
            groups.append(DealGroup(type=type_, label=LABELS[type_], deals=deals, shown=sure))
    return groups


def doubtful(event: Event) -> bool:
    return confidence(event.confidence) == "low"


def change_groups(items: Sequence[NewsItem]) -> list[ChangeGroup]:
    """What fell through, advanced and is new, the biggest of each as sentences."""
    groups = []
    for news in ("terminated", "advanced", "new"):
        mine = sorted((i for i in items if i.news == news), key=lambda i: doubtful(i.event))
        if mine:
            sure = [i for i in mine if not doubtful(i.event)]
            sentences = [telling(i.event, short=True) for i in sure[: SPACES[0].changes]]
            groups.append(
                ChangeGroup(news=news, label=CHANGE_LABELS[news], total=len(mine), sentences=sentences)
            )
    return groups
