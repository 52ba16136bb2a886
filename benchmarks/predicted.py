"""A simulated history to judge predictions by: deals with known truth, told late, wrongly at first, or not.

Days count from the first one. Deals of each type come as a Poisson process, sizes are log-normal. A deal is
told some days after it happened; during an outage nothing is heard, and what was told in one is heard only
where it is retold afterwards.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.models.ledger import Event, Interval, PartyRef, State
from tracker.predict.coverage import ArticlePoint, Coverage, coverage_of
from tracker.predict.prediction import Prediction

START = dt.date(2023, 1, 1)
TYPES = ("acquisition", "financing", "commitment", "ipo", "shutdown", "pricing", "valuation")
CATEGORIES = ("infrastructure", "model", "application", "other")
NAMES = tuple(f"Company {n}" for n in range(300))
KINDS = ("cloud provider", "enterprise software", "investor", "model lab")
LATE, WRONG = 0.05, 0.03
"""Shares of the deals that are told weeks late, and whose amount or category is wrong at first."""


@dataclass(frozen=True)
class Deal:
    """A deal as it was, the days after which it is heard of and is told rightly, and what is told before."""

    event: Event
    heard: int
    right: int
    at_first: Event


def day(n: int) -> dt.date:
    return START + dt.timedelta(days=n)


def noon(n: int) -> dt.datetime:
    return dt.datetime.combine(day(n), dt.time(12), dt.UTC)


def deals(draw: random.Random, days: int, a_day: float, clustered: float = 0.0) -> list[Deal]:
    """`clustered`: the share of deals that one to three others of their type and category come with."""
    found: list[Deal] = []
    now = draw.expovariate(a_day)
    while now < days:
        first = _deal(draw, int(now), len(found))
        found.append(first)
        for _ in range(draw.randint(1, 3) if clustered and draw.random() < clustered else 0):
            found.append(_deal(draw, int(now), len(found), first.event))
        now += draw.expovariate(a_day)
    return found


def _deal(draw: random.Random, on: int, number: int, like: Event | None = None) -> Deal:
    delay = draw.randint(10, 40) if draw.random() < LATE else draw.randint(0, 2)
    event = _event(draw, on, on + delay, number)
    if like is not None:
        event = event.model_copy(update={"type": like.type, "category": like.category})
    if draw.random() >= WRONG:
        return Deal(event, on + delay, on + delay, event)
    amount = event.amount_usd.low * draw.choice((0.5, 2.0)) if event.amount_usd else 1e9
    wrong = {"amount_usd": Interval(low=amount, high=amount)}
    if draw.random() < 0.5:
        wrong = {"category": draw.choice(CATEGORIES)}  # type: ignore[dict-item]
    return Deal(event, on + delay, on + delay + draw.randint(1, 20), event.model_copy(update=wrong))


def _event(draw: random.Random, on: int, told: int, number: int) -> Event:
    type_ = draw.choice(TYPES)
    size = draw.lognormvariate(20.7, 1.5)  # half of them under $1bn
    role = "acquirer" if type_ == "acquisition" else "company"
    who = PartyRef(name=draw.choice(NAMES), company_id=str(number), kind=draw.choice(KINDS))
    return Event(
        id=f"{type_}-{number:06}", type=type_, status="announced", salience="main",
        category=draw.choice(CATEGORIES), parties={role: [who]}, amount_usd=Interval(low=size, high=size),
        states=[State(status="announced", date=day(on), article_id=1)], first_reported=noon(told),
        last_reported=noon(told), origins=draw.choice((1, 2, 3)), confidence=0.9, sources=[],
    )  # fmt: skip


def heard(found: Sequence[Deal], now: int, outages: Sequence[tuple[int, int]] = ()) -> Iterator[Event]:
    """The ledger of a day; what was told in an outage is heard when the outage is over, half of it never."""
    for n, deal in enumerate(found):
        since, right = deal.heard, deal.right
        for first, last in outages:
            if first <= since <= last:
                since = last + 5 if n % 2 else 10**6
        if since <= now:
            yield deal.event if right <= now else deal.at_first


def coverage(days: int, outages: Sequence[tuple[int, int]] = ()) -> Coverage:
    silent = {n for first, last in outages for n in range(first, last + 1)}
    points = [ArticlePoint("wire", day(n)) for n in range(days) if n not in silent]
    return coverage_of([], points, day(0), day(days - 1))


def predictions(draw: random.Random, number: int, days: int, longest: int = 120) -> list[Prediction]:
    return [_prediction(draw, n, days, longest) for n in range(number)]


def _prediction(draw: random.Random, number: int, days: int, longest: int) -> Prediction:
    length = draw.randint(30, longest)
    opens = draw.randint(0, days - length - 1)
    asked = draw.choice((_count, _sum, _exists, _share))(draw, day(opens), day(opens + length))
    return Prediction(
        id=f"p{number}", title=asked, statement=asked, author="simulated", made=day(opens), opens=day(opens),
        closes=day(opens + length), deadline=day(opens + length), criterion=asked,
    )  # fmt: skip


def _selection(draw: random.Random, first: dt.date, last: dt.date) -> str:
    return (
        f"{draw.choice(TYPES[:5])} where announced between {first} and {last} "
        f"and category is {draw.choice(CATEGORIES)}"
    )


def _count(draw: random.Random, first: dt.date, last: dt.date) -> str:
    limit = f"${draw.choice((1, 2, 5, 10))}bn"
    return f"count({_selection(draw, first, last)} and amount >= {limit}) >= {draw.randint(1, 5)}"


def _sum(draw: random.Random, first: dt.date, last: dt.date) -> str:
    return f"sum(amount of {_selection(draw, first, last)}) >= ${draw.choice((5, 20, 50))}bn"


def _exists(draw: random.Random, first: dt.date, last: dt.date) -> str:
    head = draw.choice(("", "not "))
    return f"{head}exists({_selection(draw, first, last)} and amount >= ${draw.choice((5, 20, 50))}bn)"


def _share(draw: random.Random, first: dt.date, last: dt.date) -> str:
    whole = f"acquisition where announced between {first} and {last}"
    return f"share({whole} and category is {draw.choice(CATEGORIES)} of {whole}) >= 25%"


def unwatched(draw: random.Random, days: int, number: int) -> list[tuple[int, int]]:
    """Outages of 4 to 15 days, both days included."""
    starts = sorted(draw.sample(range(days - 20), number))
    return [(n, n + draw.randint(3, 14)) for n in starts]


def long_history(draw: random.Random, number: int) -> list[Event]:
    """Many events over four years, for timing."""
    return [_event(draw, on := draw.randrange(4 * 365), on, n) for n in range(number)]
