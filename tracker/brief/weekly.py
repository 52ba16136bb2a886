"""Which events are news of a week, and how: new, advanced or terminated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.brief.model import News
from tracker.brief.money import point_usd
from tracker.brief.week import Week
from tracker.models.ledger import Event, Source
from tracker.models.mention import EventType, Status

RANK: dict[Status, int] = {"rumoured": 0, "announced": 1, "completed": 2, "terminated": 3}
DEAL_TYPES: tuple[EventType, ...] = ("acquisition", "financing", "commitment", "ipo")
STALE = dt.timedelta(days=90)
"""A state older than this when the week begins is an old deal told again: republishers re-date texts."""


@dataclass(frozen=True)
class NewsItem:
    """An event that is news of a week: what kind, the state told, the furthest state known before."""

    event: Event
    news: News
    before: Status | None
    happened: dt.date


def tellings(event: Event, status: Status) -> list[Source]:
    return sorted((s for s in event.sources if s.status == status), key=lambda s: (s.published, s.article_id))


def first_told(event: Event, status: Status) -> dt.datetime | None:
    """When a main telling first gave this status; background tellings are never news."""
    return min(
        (s.published for s in event.sources if s.status == status and s.salience == "main"), default=None
    )


def known_before(event: Event, moment: dt.datetime) -> Status | None:
    """The furthest status any telling, background or main, gave before a moment."""
    told = [s.status for s in event.sources if s.published < moment]
    return max(told, key=RANK.__getitem__, default=None)


def news_of(event: Event, week: Week) -> NewsItem | None:
    """The event as news of the week, or None.

    It is news where a status was first told in the week, as main news, further along the ladder than anything
    told before. It is new where nothing at all was told of it before, else it advanced or was terminated.
    """
    if event.salience != "main":
        return None
    before = known_before(event, week.start)
    told = [s for s in RANK if (at := first_told(event, s)) is not None and at in week]
    further = [s for s in told if before is None or RANK[s] > RANK[before]]
    if not further:
        return None
    happened = event.reached(event.status) or event.last_reported.date()
    if event.status == "terminated":
        return NewsItem(event, "terminated", before, happened)
    return NewsItem(event, "new" if before is None else "advanced", before, happened)


def stale(item: NewsItem, week: Week) -> bool:
    return week.first - item.happened > STALE


def split_news(events: Iterable[Event], week: Week) -> tuple[list[NewsItem], int]:
    """The week's news, biggest first, and how many old deals told again were left out of it."""
    start = week.start
    late = (e for e in events if e.last_reported >= start)
    items = [item for event in late if (item := news_of(event, week)) is not None]
    fresh = sorted((i for i in items if not stale(i, week)), key=order)
    return fresh, len(items) - len(fresh)


def order(item: NewsItem) -> tuple[bool, float, float, str]:
    """By USD amount, then confidence, then id; valuation marks last: a company's value is no money moved."""
    valued = item.event.type == "valuation"
    return valued, -(point_usd(item.event) or 0.0), -item.event.confidence, item.event.id


def of_type(items: Sequence[NewsItem], type_: EventType) -> list[NewsItem]:
    return [i for i in items if i.event.type == type_]


def counted_at(event: Event) -> dt.datetime | None:
    """When a firm deal (announced or completed, not terminated) was first told as news; None for all others.

    Every deal has one such moment, so no window counts it twice.
    """
    if event.salience != "main" or event.status not in ("announced", "completed"):
        return None
    firm = [at for s in ("announced", "completed") if (at := first_told(event, s)) is not None]
    moment = min(firm, default=None)
    day = event.reached("announced")
    if moment is None or (day is not None and moment.date() - day > STALE):
        return None
    return moment


def best_source(event: Event) -> Source | None:
    """The telling to show: of the present status and main, by tier, then confidence, then the earliest."""
    return min(
        event.sources,
        key=lambda s: (
            s.status != event.status,
            s.salience != "main",
            s.tier,
            -s.confidence,
            s.published,
            s.article_id,
        ),
        default=None,
    )
