"""Infrastructure versus model: deals and disclosed money this week, over 4 and over 13 weeks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from tracker.brief.grammar import names
from tracker.brief.model import Balance, BalanceRow, Column, Point, Sentence, Tally
from tracker.brief.money import coined, point_usd
from tracker.brief.text import capital, clean, count, join
from tracker.brief.week import Week
from tracker.brief.weekly import DEAL_TYPES, counted_at
from tracker.models.ledger import Event
from tracker.models.mention import CATEGORIES, Category

WINDOWS = (1, 4, 13)
Measure = Literal["deals", "commitments"]
MEASURES: tuple[Measure, ...] = ("deals", "commitments")
Counted = tuple[Week, Event]
POINTS = 300
"""Deals on the timeline at most: more dots hide one another, and a page has to stay small."""

NAME = 28


def counted(events: Iterable[Event], shift: int) -> list[Counted]:
    """Firm deals with the week in which each was first told as news."""
    pairs = ((counted_at(e), e) for e in events if e.type in DEAL_TYPES)
    return [(Week.of(at, shift), e) for at, e in pairs if at is not None]


def _measure(event: Event) -> Measure:
    # One pledge of a decade's capital would drown a year of deals, so promises are added up apart.
    return "commitments" if event.type == "commitment" else "deals"


def _tally(pairs: Sequence[Counted], week: Week, weeks: int) -> Tally:
    first = week.back(weeks - 1)
    inside = [e for w, e in pairs if first <= w <= week]
    sums = [usd for e in inside if (usd := point_usd(e)) is not None]
    return Tally(weeks=weeks, count=len(inside), disclosed=len(sums), usd=sum(sums))


def _row(pairs: Sequence[Counted], week: Week, category: Category, measure: Measure) -> BalanceRow:
    mine = [(w, e) for w, e in pairs if e.category == category and _measure(e) == measure]
    return BalanceRow(category=category, measure=measure, tallies=[_tally(mine, week, n) for n in WINDOWS])


def _columns(pairs: Sequence[Counted], week: Week) -> list[Column]:
    weeks = [week.back(n) for n in range(WINDOWS[-1] - 1, -1, -1)]
    counts = {w: dict.fromkeys(CATEGORIES, 0) for w in weeks}
    for w, event in pairs:
        if w in counts:
            counts[w][event.category] += 1
    return [Column(week=str(w), first_day=w.first, counts=counts[w]) for w in weeks]


def balance(events: Iterable[Event], week: Week, ledger: Iterable[Event]) -> Balance:
    """The table, the charts' figures, and sentences that read them out, of `events` that can be told.

    The whole `ledger` says how far back it goes.
    """
    start = week.back(WINDOWS[-1] - 1).start
    late = (e for e in events if e.last_reported >= start)
    pairs = [(w, e) for w, e in counted(late, week.shift) if start <= w.start <= week.start]
    rows = [_row(pairs, week, c, m) for m in MEASURES for c in CATEGORIES]
    sentences = [*_sentences(rows), *_shorter(ledger, pairs, week)]
    return Balance(rows=rows, sentences=sentences, columns=_columns(pairs, week), points=_points(pairs))


def _points(pairs: Sequence[Counted]) -> list[Point]:
    told = [(counted_at(e), point_usd(e), e) for _, e in pairs]
    found = [
        Point(event_id=e.id, day=at.date(), usd=usd, category=e.category, name=_name(e))
        for at, usd, e in told
        if at is not None and usd
    ]
    return sorted(found, key=lambda p: (-p.usd, p.event_id))[:POINTS]


def _name(event: Event) -> str:
    """Whom the deal is about, in one or two names."""
    roles = ("target", "acquirer") if event.type == "acquisition" else ("company",)
    named = next((found for role in roles if (found := names(event, role))), [])
    return clean(join(named[:2]), NAME)


def _shorter(ledger: Iterable[Event], pairs: Sequence[Counted], week: Week) -> list[Sentence]:
    """A warning where the ledger is younger than the longest window."""
    first, start = min((w for w, _ in pairs), default=week), week.back(WINDOWS[-1] - 1)
    older = (e for e in ledger if e.first_reported < start.start and e.type in DEAL_TYPES)
    if not pairs or first <= start or any(counted_at(e) is not None for e in older):
        return []
    weeks = (week.first - first.first).days // 7 + 1
    told = f"The ledger’s first deal is of {first}, so its 13 weeks are {count(weeks, 'week')} so far."
    return [Sentence(text=told)]


def _find(rows: Sequence[BalanceRow], category: Category, weeks: int) -> Tally:
    row = next(r for r in rows if r.category == category and r.measure == "deals")
    return next(t for t in row.tallies if t.weeks == weeks)


def _sentences(rows: Sequence[BalanceRow]) -> list[Sentence]:
    now = _find(rows, "infrastructure", 1), _find(rows, "model", 1)
    quarter = _find(rows, "infrastructure", 13), _find(rows, "model", 13)
    if not quarter[0].count and not quarter[1].count:
        return [Sentence(text="No infrastructure or model deal was reported in 13 weeks.")]
    this_week = f"{capital(_pair(*now))} this week."
    if not now[0].count and not now[1].count:
        this_week = "This week brought neither an infrastructure deal nor a model deal."
    return [
        Sentence(text=this_week),
        Sentence(text=f"Over 13 weeks it was {_pair(*quarter)}{_share(*quarter)}."),
    ]


def _pair(infrastructure: Tally, model: Tally) -> str:
    return f"{_told(infrastructure, 'infrastructure deal')} against {_told(model, 'model deal')}"


def _told(tally: Tally, noun: str) -> str:
    money = f" worth {coined(tally.usd)}" if tally.usd else ""
    undisclosed = (
        f" ({tally.count - tally.disclosed} without an amount)" if 0 < tally.disclosed < tally.count else ""
    )
    return f"{count(tally.count, noun)}{money}{undisclosed}"


def _share(infrastructure: Tally, model: Tally) -> str:
    if not infrastructure.usd or not model.usd:
        return ""
    share = infrastructure.usd / (infrastructure.usd + model.usd)
    return f": infrastructure took {share:.0%} of the disclosed money of the two"
