"""A mention made ready for comparison: its parties linked, its day settled, its amount in US dollars."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from tracker.models.mention import FALLBACK_ROLE, KEY_ROLE, ROLES, Mention, Money
from tracker.models.mention import Party as Span
from tracker.models.told import MentionIn
from tracker.resolve.companies import Directory, Link
from tracker.resolve.names import alike, normalise, without_filler
from tracker.resolve.rates import Rates, native_bounds
from tracker.resolve.tickers import ticker_beside

OLDEST_DAY = dt.timedelta(days=3 * 365)
"""A stated day further back than this is more often misread than true; the publication day is taken then."""

_IN_YEAR = re.compile(r"(?:,? \w+){0,2},? (?:back )?in ((?:19|20)\d\d)\b(?!,?\d)")

OTHER_ROLES = {
    "acquisition": ("acquirer",), "financing": ("lead", "investors"), "shutdown": ("company",),
    "commitment": ("partners",), "pricing": ("company",), "valuation": (), "ipo": (),
}  # fmt: skip
"""The counterparties: what tells two deals of one key party apart."""


@dataclass(frozen=True)
class Named:
    """A party of a mention: what it links to, and the normal forms of all names the article gives it."""

    link: Link
    names: tuple[str, ...]

    def same(self, other: Named) -> bool:
        """Whether both may be one organisation. Two listed companies are told apart by their ids alone."""
        if self.link.company and other.link.company:
            return self.link.id == other.link.id
        return any(alike(a, b) for a in self.names for b in other.names)

    @cached_property
    def blocks(self) -> set[str]:
        """Coarse keys that two spellings of one name share."""
        return {self.link.id} | {without_filler(n).replace(" ", "")[:6] for n in self.names}


class Extent(NamedTuple):
    """A sum of money for comparison: both ends closed and above zero, in US dollars where there is a rate."""

    currency: str
    low: float
    high: float


def extent(money: Money | None, day: dt.date, rates: Rates) -> Extent | None:
    """A told sum made comparable; None where no figure is told.

    Open ends are closed at half as much again: "more than $1bn" is not said of $50bn.
    """
    bounds = native_bounds(money) if money else None
    if money is None or bounds is None or not (bounds[0] or bounds[1]):
        return None
    low, high = bounds
    high = low * 1.5 if high is None else high
    rate = rates.usd(money.currency, day)
    currency, factor = ("USD", rate.usd) if rate else (money.currency, 1.0)
    return Extent(currency, (low or high / 1.5) * factor, high * factor)


@dataclass(frozen=True)
class Told:
    """One mention as the deal rules see it."""

    source: MentionIn
    parties: dict[str, tuple[Named, ...]]
    key: tuple[Named, ...]
    others: tuple[Named, ...]
    places: frozenset[str]
    day: dt.date
    dated: bool
    amount: Extent | None
    valuation: Extent | None

    # The deal rules ask for these millions of times in a ledger.
    @cached_property
    def mention(self) -> Mention:
        return self.source.mention

    @cached_property
    def published(self) -> dt.datetime:
        return self.source.article.published

    @cached_property
    def main(self) -> bool:
        return self.mention.salience == "main"

    @cached_property
    def key_id(self) -> str:
        return self.key[0].link.id if self.key else "unnamed"

    @cached_property
    def year(self) -> int | None:
        """A year gone by that stands right behind a party: "bought Twitter in 2022"."""
        told = self.mention.evidence
        spans = [p for role in ROLES[self.mention.type] for p in self.mention.parties(role)]
        behind = (told.text[p.end - told.start :] for p in spans if told.start <= p.end <= told.end)
        found = [int(m[1]) for text in behind if (m := _IN_YEAR.match(text))]
        return next((y for y in found if y < self.published.year), None)

    @cached_property
    def sentences(self) -> set[tuple[str, int]]:
        """The sentence that tells a merger, of which readers may take either side for the target.

        None of a rumour: there is talk of several in one sentence.
        """
        if self.mention.kind != "merger" or self.mention.status == "rumoured":
            return set()
        return {(self.source.article.key, self.mention.evidence.start)}

    @cached_property
    def blocks(self) -> list[str]:
        """The blocks that tellings of one deal share by their key party, seller or sentence, in order."""
        type_ = self.mention.type
        found = block_names(type_, self.key)
        if type_ == "acquisition":
            found |= block_names("seller", self.parties["seller"])
        if self.mention.kind == "merger":
            found |= block_names(type_, self.others)
            found |= {f"sentence {key} {start}" for key, start in self.sentences}
        return sorted(found)

    @cached_property
    def order(self) -> tuple[dt.datetime, str, int, str, int]:
        """A total order that does not depend on the order of arrival; row numbers part only exact doubles."""
        m = self.mention
        json = m.model_dump_json()
        return (self.published, self.source.article.key, m.evidence.start, json, self.source.id)


def block_names(label: str, parties: Iterable[Named]) -> set[str]:
    return {f"{label} {key}" for party in parties for key in party.blocks}


def in_order(told: Told) -> tuple[dt.datetime, str, int, str, int]:
    """Sorting key: the one order in which mentions are gone through."""
    return told.order


def stated_day(text: str | None, published: dt.date) -> dt.date | None:
    """The day a text gives (ISO day or month), None if it gives none or one that cannot be the day of the
    event.

    A month that is over stands for its last day, the current one for the day of publication. Days after
    publication are those of a future effect, not of the status told, and do not count.

    >>> stated_day("2026-02", dt.date(2026, 4, 3)), stated_day("2026-09-30", dt.date(2026, 4, 3))
    (datetime.date(2026, 2, 28), None)
    """
    try:
        if not text or len(text) not in (7, 10):
            return None
        if len(text) == 7:
            year, month = int(text[:4]), int(text[5:])
            day = min(dt.date(year, month, calendar.monthrange(year, month)[1]), published)
            if (year, month) > (published.year, published.month):
                return None
        else:
            day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if published - OLDEST_DAY <= day <= published else None


def make_told(source: MentionIn, directory: Directory, rates: Rates) -> Told:
    """Prepare one mention."""
    m = source.mention
    text = f"{m.evidence.text}\n{source.article.title}\n{source.article.lead}"
    parties = {role: _named(m.parties(role), m, directory, text) for role in ROLES[m.type] if role != "place"}
    key = parties[KEY_ROLE[m.type]] or parties.get(FALLBACK_ROLE.get(m.type, ""), ())
    published = source.article.published.date()
    stated = stated_day(m.date, published)
    return Told(
        source=source,
        parties=parties,
        key=key,
        others=tuple(p for role in OTHER_ROLES[m.type] for p in parties[role]),
        places=frozenset(normalise(p.name) for p in m.place),
        day=stated or published,
        dated=stated is not None,
        amount=extent(m.amount, stated or published, rates),
        valuation=extent(m.valuation, stated or published, rates),
    )


def _named(spans: Iterable[Span], mention: Mention, directory: Directory, text: str) -> tuple[Named, ...]:
    return tuple(_one((span.name, *mention.aliases.get(span.name, [])), directory, text) for span in spans)


def _one(told: Sequence[str], directory: Directory, text: str) -> Named:
    names = {normalise(n) for n in told}
    link = directory.link(told[0], told[1:], ticker_beside(told, text))
    return Named(link, tuple(sorted(n for n in names if len(n) > 1)))


def overlap(some: Iterable[Named], others: Sequence[Named]) -> bool:
    """Whether any party of the one side may be one of the other."""
    return any(a.same(b) for a in some for b in others)
