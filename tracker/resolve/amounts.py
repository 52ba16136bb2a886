"""The amount an event shows, of the figures its mentions give, and the figures that contradict it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from tracker.models.ledger import Reason
from tracker.models.mention import Money
from tracker.resolve.choice import Candidate, candidates, rank, ranked_reason
from tracker.resolve.facts import Told
from tracker.resolve.rates import Rates, in_usd

ROUNDING = 1.03
"""Two amounts this close are one figure rounded or converted, not a contradiction: 11.57 is told as 11.6,
while 11.4 for 11 is another way of counting."""

PRECISION = ("exact", "about", "range", "at_least", "up_to")


def choose_amount(
    members: Iterable[Told], field: str, day: dt.date, rates: Rates, origin: Mapping[str, str]
) -> tuple[Money | None, Reason | None, list[Candidate[Money]]]:
    """The chosen amount, why, and the others that cannot be the same figure, best supported first.

    Figures that agree (one rounded, converted, or a bound of the other) support each other. Of the best
    supported group an exact figure is shown before an approximate one, then the best supported, then the one
    with more digits.
    """

    def read(told: Told) -> Money | None:
        money: Money | None = getattr(told.mention, field)
        return money if money is not None and money.value is not None else None

    told = candidates(members, read, lambda m: (m.currency, m.value, m.max, m.qualifier), origin)
    groups: list[list[Candidate[Money]]] = []
    told.sort(key=lambda c: PRECISION.index(c.value.qualifier))  # stable: then the best supported
    for one in told:
        fitting = next((g for g in groups if agree(g[0].value, one.value, day, rates)), None)
        groups.append([one]) if fitting is None else fitting.append(one)
    if not groups:
        return None, None, []
    groups.sort(key=lambda g: rank(_tellers(g), origin))
    best, *others = groups
    why = ranked_reason(_tellers(best), map(_tellers, others), origin)
    return _shown(best, origin), why, [c for group in others for c in group]


def _tellers(group: Iterable[Candidate[Money]]) -> list[Told]:
    return [told for candidate in group for told in candidate.told]


def _shown(group: list[Candidate[Money]], origin: Mapping[str, str]) -> Money:
    def order(one: Candidate[Money]) -> tuple[float, ...]:
        *support, recency = rank(one.told, origin)
        return (PRECISION.index(one.value.qualifier), *support, -digits(one.value.value or 0), recency)

    return min(group, key=order).value  # of equals the first: the group is in a fixed order


def digits(value: float) -> int:
    """How many significant digits a figure is told with.

    >>> digits(11_570_000_000), digits(11e9)
    (4, 2)
    """
    return len(f"{value:.0f}".rstrip("0"))


def agree(one: Money, other: Money, day: dt.date, rates: Rates) -> bool:
    """Whether two told amounts can be one figure."""
    a, b = in_usd(one, day, rates), in_usd(other, day, rates)
    if a is None or b is None:
        return (one.currency, one.value, one.max) == (other.currency, other.value, other.max)
    a_high = a.low * 1.5 if a.high is None else a.high
    b_high = b.low * 1.5 if b.high is None else b.high
    # "up to" says nothing of the lower end: half of it is taken, so that it does not agree with everything.
    a_low, b_low = a.low or a_high / 2, b.low or b_high / 2
    return a_low <= b_high * ROUNDING and b_low <= a_high * ROUNDING


def money_text(money: Money) -> str:
    """An amount in full, for people who look for a contradiction.

    >>> money_text(Money(value=1.1e9, currency="EUR", qualifier="about"))
    'about EUR 1,100,000,000'
    """
    words = {"exact": "", "about": "about ", "up_to": "up to ", "at_least": "at least ", "range": ""}
    upper = f" to {money.max:,.0f}" if money.max else ""
    return f"{words[money.qualifier]}{money.currency} {money.value or 0:,.0f}{upper}"
