"""Where the deals of a telling can be found: coarse keys of its parties, and the days they may lie in.

A telling may join a deal only if one of the deal's tellings shares a block with it within reach. That bounds
what has to be compared, in memory and in a store: what a telling of today can change lies near it. `offers`
says in which blocks a telling is found, `asks` in which it looks, and `asked_by` where those are found that
look for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from tracker.resolve.facts import Told, block_names
from tracker.resolve.same import (
    ACQUISITION_DAYS,
    COMMITMENT_DAYS,
    IPO_DAYS,
    NAMELESS_DAYS,
    PRICING_DAYS,
    ROUND_DAYS,
    SHUTDOWN_DAYS,
    VALUATION_DAYS,
)

REACH = {
    "acquisition": ACQUISITION_DAYS, "financing": ROUND_DAYS, "shutdown": SHUTDOWN_DAYS,
    "commitment": COMMITMENT_DAYS, "pricing": PRICING_DAYS, "valuation": VALUATION_DAYS, "ipo": IPO_DAYS,
}  # fmt: skip
"""Days between two tellings of one deal at the most, by type: the widest window of its rule."""


class Ask(NamedTuple):
    """A block to look in, and the first and last day (as ordinals) of the tellings that count."""

    block: str
    first: int
    last: int


class Place(NamedTuple):
    """Where a telling stands in the order in which all are gone through; the smallest is the first.

    News comes before background, so that an old deal retold finds the event it retells, and what names its
    key party before what does not; then the time of publication decides. None of it depends on arrival.
    """

    rank: int
    order: tuple[dt.datetime, str, int, str, int]


def place(told: Told) -> Place:
    return Place(2 * (not told.main) + (not told.key), told.order)


def offers(told: Told) -> list[str]:
    """The blocks in which a telling is found.

    A purchase told without its target is known by buyer, sum and time, and a unit, worded differently every
    time, by who sells it: only these two are looked for by other parties than the key.
    """
    if told.mention.type != "acquisition":
        return told.blocks
    return [*told.blocks, *sorted(block_names("buyer" if told.key else "nameless", told.others))]


def asks(told: Told) -> Iterator[Ask]:
    """Where to look for tellings of the same deal. Undated background may tell of one however long past."""
    day, reach = told.day.toordinal(), REACH[told.mention.type]
    first = day - reach if told.main or told.dated else 0
    yield from (Ask(block, first, day + reach) for block in told.blocks)
    yield from _by_buyer(told)


def asked_by(told: Told) -> Iterator[Ask]:
    """Where to look for the tellings that look for this one: at least for these."""
    first = told.day.toordinal() - REACH[told.mention.type]
    yield from (Ask(block, first, dt.date.max.toordinal()) for block in told.blocks)
    yield from _by_buyer(told)


def _by_buyer(told: Told) -> Iterator[Ask]:
    """Purchases without a target look for all of the same buyer, the others for these only."""
    if told.mention.type != "acquisition":
        return
    day, found = told.day.toordinal(), block_names("nameless", told.others)
    if not told.key:
        found |= block_names("buyer", told.others)
    yield from (Ask(block, day - NAMELESS_DAYS, day + NAMELESS_DAYS) for block in sorted(found))
