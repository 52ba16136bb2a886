"""When two tellings are of one deal: one rule a type of event, each giving a score or a refusal.

A rule answers "could this mention belong to that deal?" with None (no: something contradicts it) or a
score; the mention goes to the deal of the highest one. Windows are in days, tolerances are ratios of the
larger to the smaller amount. The numbers were set by reading deals of 2025-26: rumours run about three
months ahead of a round, an acquisition closes within a year and a half of its first report, and retold
amounts are rounded by up to a tenth.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable

from tracker.resolve.facts import Extent, Named, Told, overlap

ACQUISITION_DAYS = 550
ROUND_DAYS = 400
FINANCING_DAYS = 90
RUMOUR_DAYS = 120
TALK_DAYS = 180
UPSIZED_DAYS = 45
SHUTDOWN_DAYS = 365
COMMITMENT_DAYS = 180
PRICING_DAYS = 90
VALUATION_DAYS = 60
IPO_DAYS = 730
REVIVAL_DAYS = 60
AFTERMATH_DAYS = 14
NAMELESS_DAYS = 30
BEFORE_DAYS = 180
PROMISE_DAYS = 60
COMMON_DAYS = 2

EQUAL = 1.1
GROWN = 1.3
NEAR = 1.6
FAR = 2.5

DOUBTFUL_SHARE = 0.25
"""A counterparty that no more than this share of the tellings give, against the most told one, is more often
a misreading (a rival bidder, a person for their company) than a party."""
LEADING_SHARE = 0.5
"""Undated background says so little that its counterparty has to be told by more than this share."""

VAGUE_ROUNDS = frozenset({None, "unknown"})
LOOSE_EQUITY = frozenset({"growth", "strategic"})
NOT_EQUITY = frozenset({"debt", "convertible", "grant", "tender"})
REPEATED = LOOSE_EQUITY | NOT_EQUITY
"""Rounds a company may have several of in a year; of a lettered one there is one."""


class Deal:
    """Mentions taken for tellings of one deal."""

    def __init__(self, type_: str) -> None:
        self.type = type_
        self.members: list[Told] = []
        self.key: list[Named] = []
        self.others: list[Named] = []
        self.rounds: set[str | None] = set()
        self.kinds: set[str | None] = set()
        self.statuses: set[str] = set()
        self.tally: Counter[str] = Counter()  # tellings by counterparty
        self.news = False  # whether any was news
        self.dated = False  # whether the days are of the deal, not of articles that mention it
        self.placed = True  # whether all tell of one or two investors' money
        self.sentences: set[tuple[str, int]] = set()  # of mergers
        self.places: set[str] = set()
        self.days: list[dt.date] = []  # sorted, each once
        self.sellers: list[Named] = []
        self.firm: list[Named] = []  # the counterparties of what was more than a rumour
        self.terminated: dt.date | None = None
        self.completed: dt.date | None = None
        self.amounts: set[Extent] = set()
        self.valuations: set[Extent] = set()

    def add(self, told: Told) -> None:
        self.members.append(told)
        _extend(self.key, told.key)
        _extend(self.others, told.others)
        if told.mention.status != "rumoured":
            _extend(self.firm, told.others)
        _extend(self.sellers, told.parties.get("seller", ()))
        self.rounds.add(told.mention.round)
        self.kinds.add(told.mention.kind)
        self.statuses.add(told.mention.status)
        self.tally.update({p.link.id for p in told.others})
        self.placed &= is_placed(told)
        self.sentences |= told.sentences
        self.places |= told.places
        # When undated background was published says nothing of when the deal was.
        self.news |= told.main
        self.dated |= told.main or told.dated
        counts = told.main or told.dated or not self.days
        if counts and told.day not in self.days:
            insort(self.days, told.day)
        if told.mention.status == "terminated" and told.main:
            self.terminated = max(self.terminated or told.day, told.day)
        if told.main and is_done(told):
            self.completed = min(self.completed or told.day, told.day)
        self.amounts.update([told.amount] if told.amount else [])
        self.valuations.update([told.valuation] if told.valuation else [])

    def gap(self, told: Told) -> int:
        """Days between a mention and the nearest telling of the deal."""
        at = bisect_left(self.days, told.day)
        return min(abs((told.day - day).days) for day in self.days[max(0, at - 1) : at + 1])

    def ratio(self, told: Told) -> float | None:
        """How far the nearest amount of the deal is (1 = the same); None if either side has none."""
        return _apart(self.amounts, told.amount)

    def counterparties(self, share: float) -> list[Named]:
        """Those told by more than a share of the tellings that the most told one has."""
        known = self.firm or self.others
        enough = share * max((self.tally[p.link.id] for p in known), default=0)
        return [p for p in known if self.tally[p.link.id] > enough]


def _extend(known: list[Named], new: Iterable[Named]) -> None:
    for party in new:
        # Most deals know one or two names: looking through them is quicker than a set.
        if not any(p is party or (p.link.id == party.link.id and p.names == party.names) for p in known):
            known.append(party)


def _apart(known: Iterable[Extent], told: Extent | None) -> float | None:
    """The smallest ratio of a told sum to known ones (1 = they overlap); None if either side has none."""
    ratios = [ratio for one in known if told and (ratio := _ratio(one, told)) is not None]
    return min(ratios, default=None)


def _ratio(one: Extent, other: Extent) -> float | None:
    if one.currency != other.currency:
        return None
    return max(1.0, one.low / other.high, other.low / one.high)


def names_match(deal: Deal, told: Told) -> bool:
    """Whether both are about one party; a unit, worded differently every time, is known by its owners.

    A merger has no fixed sides, and one sentence about two companies tells one.
    """
    if not told.key or not deal.key or overlap(deal.key, told.key):
        return True
    if deal.sentences & told.sentences or _swapped(deal, told):
        return True
    sold = overlap(deal.sellers, told.parties.get("seller", ()))
    return sold and overlap(deal.others, told.others) and (deal.ratio(told) or FAR) <= EQUAL


def _swapped(deal: Deal, told: Told) -> bool:
    """Whether one side of a merger is told as the buyer here and as the bought there."""
    merger = "merger" in deal.kinds or told.mention.kind == "merger"
    return merger and overlap(deal.others, told.key) and overlap(deal.key, told.others)


def _merged(deal: Deal, told: Told) -> bool:
    """Whether both are done mergers of one company: it merges once, owners are told for their companies."""
    return told.mention.kind == "merger" and told.mention.status == "completed" and bool(deal.completed)


def is_done(told: Told) -> bool:
    """Whether a completion is told; of a round only with its sum or its name."""
    if told.mention.status != "completed":
        return False
    return told.mention.type != "financing" or bool(told.amount) or told.mention.round not in VAGUE_ROUNDS


def is_placed(told: Told) -> bool:
    """Whether money of one or two named investors is told, and no round: an investment by itself."""
    return told.mention.round in VAGUE_ROUNDS | LOOSE_EQUITY and _names_few(told)


def _names_few(told: Told) -> bool:
    """Whether the sum may be that of the one or two investors named, not of the whole round."""
    return not told.parties.get("lead") and 1 <= len(told.others) <= 2


def score(deal: Deal, told: Told) -> float | None:
    """How well a mention fits a deal, None if it cannot belong to it."""
    if not names_match(deal, told):
        return None
    if not _timely(deal, told):
        return None
    points = RULES[deal.type](deal, told)
    if points is None:
        return None
    ratio = deal.ratio(told)
    met = overlap(deal.others, told.others)
    # A name that two companies bear, or no name at all, says nothing by itself.
    if _weakly_named(deal, told) and not met and not (ratio and ratio <= EQUAL):
        return None
    return points + met + _pull(deal, told)


def _pull(deal: Deal, told: Told) -> float:
    """What decides between deals that fit alike, at most 1.5.

    The nearer; what is done was not only talk; what is told in passing was news once.
    """
    news = 0.5 if _is_vague(told) and deal.news else 0.0
    done = told.mention.status == "completed" and _is_vague(told)
    if deal.type == "acquisition" and done and not deal.completed:
        return news
    return news + 1 / (1 + deal.gap(told))


def _weakly_named(deal: Deal, told: Told) -> bool:
    return any(p.link.shared for p in (*deal.key, *told.key))


def _timely(deal: Deal, told: Told) -> bool:
    """Whether the order of steps allows it.

    A deal taken up again long after it was called off is another one, and so is a rumour after a completion
    (not of an offering: a company is listed once, and the completion was misread). Background tells of what
    was before it, and cannot call off what was completed.
    """
    status, ended, done = told.mention.status, deal.terminated, deal.completed
    if not told.main:
        if status == "terminated" and done and not ended:
            return False
        if told.dated:
            return True
        long_ago = told.year is not None and deal.dated and told.year < deal.days[0].year - 1
        return not long_ago and (deal.days[0] - told.day).days <= BEFORE_DAYS
    if ended and status != "terminated" and (told.day - ended).days > REVIVAL_DAYS:
        return False
    after = done is not None and (told.day - done).days > AFTERMATH_DAYS
    return not (after and status == "rumoured" and deal.type != "ipo")


def _is_vague(told: Told) -> bool:
    """Undated background may tell of anything before it."""
    return not told.main and not told.dated


def _within(deal: Deal, told: Told, days: int) -> bool:
    """Whether the time fits. Undated background may tell of a deal however long past."""
    return deal.gap(told) <= days or (_is_vague(told) and told.day >= deal.days[0])


def _disjoint(deal: Deal, told: Told) -> bool:
    """Whether the counterparties are others. A rumour may name several suitors; who signed, signed alone."""
    known = deal.counterparties(LEADING_SHARE if _is_vague(told) else DOUBTFUL_SHARE)
    return bool(known and told.others) and not overlap(known, told.others)


def _acquisition(deal: Deal, told: Told) -> float | None:
    ratio = deal.ratio(told)
    if not told.key or not deal.key:
        known = ratio is not None and ratio <= EQUAL and overlap(deal.others, told.others)
        return 1.0 if known and deal.gap(told) <= NAMELESS_DAYS else None
    if told.mention.status == "rumoured" and not _is_vague(told) and deal.gap(told) > TALK_DAYS:
        return None
    apart = _disjoint(deal, told) and not (_swapped(deal, told) or _merged(deal, told))
    if apart or not _within(deal, told, ACQUISITION_DAYS):
        return None
    if ("stake" in deal.kinds) != (told.mention.kind == "stake") and not (ratio and ratio <= EQUAL):
        return None
    if ratio and ratio > NEAR and not overlap(deal.others, told.others):
        return None
    return 1.0 + _closeness(ratio)


def _closeness(ratio: float | None) -> float:
    if ratio is None:
        return 0.0
    return 2.0 if ratio <= EQUAL else 0.0 if ratio <= NEAR else -0.5


def rounds_agree(known: Iterable[str | None], told: str | None) -> bool | None:
    """True for one named round, False for two different ones, None where a round is not named clearly enough.

    >>> rounds_agree({"series_a"}, "series_b"), rounds_agree({"series_a", None}, "series_a")
    (False, True)
    >>> rounds_agree({None}, "debt")
    """
    named = {r for r in known if r not in VAGUE_ROUNDS}
    if not named or told in VAGUE_ROUNDS:
        return None
    if told in named:
        return True if told not in LOOSE_EQUITY else None
    loose = told in LOOSE_EQUITY or named <= LOOSE_EQUITY
    return None if loose and not ({told} | named) & NOT_EQUITY else False


def _financing(deal: Deal, told: Told) -> float | None:
    agree, ratio = rounds_agree(deal.rounds, told.mention.round), deal.ratio(told)
    if agree is False or (_only_one_fund(deal, told) and not _sum_of_company(told, ratio)):
        return None
    if "strategic" in {told.mention.round, *deal.rounds} and _disjoint(deal, told):
        return None  # two strategic investors, two investments
    if (_apart(deal.valuations, told.valuation) or 1) > NEAR:
        return None
    if not agree and _another_investment(deal, told, ratio):
        return None
    lettered = bool(agree) and told.mention.round not in REPEATED
    points = 3.0 if agree else 1.0
    if ratio is None or ratio <= EQUAL or (lettered and (ratio <= NEAR or _names_few(told))):
        days = ROUND_DAYS if lettered else RUMOUR_DAYS if _tentative(deal, told) else FINANCING_DAYS
        return points + _closeness(ratio) if _within(deal, told, days) else None
    if _talk_at_one_mark(deal, told):
        return points + 0.5
    return points - 0.5 if _resized(deal, told, ratio) else None


def _talk_at_one_mark(deal: Deal, told: Told) -> bool:
    """Talk at one valuation is of one round, whether the whole or an investor's share is told."""
    only_talk = {told.mention.status} == deal.statuses == {"rumoured"}
    marked = (_apart(deal.valuations, told.valuation) or FAR) <= EQUAL
    return only_talk and marked and deal.gap(told) <= UPSIZED_DAYS


def _only_one_fund(deal: Deal, told: Told) -> bool:
    """Whether one side is a fund that investors fill, which has no valuation, and the other a round."""
    fund = told.mention.kind == "fund" and told.valuation is None
    return ("fund" in deal.kinds and not deal.valuations) != fund


def _sum_of_company(told: Told, ratio: float | None) -> bool:
    """Whether the same sum is told of a company known for something else than investing."""
    known = any(p.link.company and p.link.company.kind != "investor" for p in told.key)
    return known and ratio is not None and ratio <= EQUAL


def _another_investment(deal: Deal, told: Told, ratio: float | None) -> bool:
    """Whether one side is an investment by itself and the other does not know the investor.

    Talk names now one investor and now another, and one sum in the same weeks is one investment.
    """
    if not (deal.placed or is_placed(told)):
        return False
    if told.mention.status == "rumoured" and deal.statuses == {"rumoured"}:
        return False
    old = _is_vague(told) and is_placed(told)
    if not old and ratio is not None and ratio <= EQUAL and deal.gap(told) <= UPSIZED_DAYS:
        return False
    return not overlap(deal.counterparties(LEADING_SHARE) if old else deal.others, told.others)


def _tentative(deal: Deal, told: Told) -> bool:
    return "rumoured" in {told.mention.status, *deal.statuses}


def _resized(deal: Deal, told: Told, ratio: float) -> bool:
    """A size that changed before the close; two closed rounds of different size are two rounds."""
    gap = deal.gap(told)
    if _tentative(deal, told):
        lately = gap <= UPSIZED_DAYS and (ratio <= FAR or overlap(deal.others, told.others))
        return lately or (ratio <= NEAR and gap <= RUMOUR_DAYS)
    both_closed = told.mention.status == "completed" and "completed" in deal.statuses
    return not both_closed and ratio <= GROWN and gap <= UPSIZED_DAYS


def _shutdown(deal: Deal, told: Told) -> float | None:
    # What closes in one month under one name is one thing, whoever is said to run it.
    apart = _disjoint(deal, told) and deal.gap(told) > NAMELESS_DAYS
    return 1.0 if not apart and _within(deal, told, SHUTDOWN_DAYS) else None


def _commitment(deal: Deal, told: Told) -> float | None:
    """A big builder promises often: one promise needs one sum, place or partner, and nothing against it."""
    ratio = deal.ratio(told)
    equal = ratio is not None and ratio <= EQUAL
    days = COMMITMENT_DAYS if equal else PROMISE_DAYS
    if (ratio is not None and not equal) or not _within(deal, told, days):
        return None
    elsewhere = bool(deal.places and told.places) and not deal.places & told.places
    # One report names the town and another the country: the same sum in the same weeks is one promise.
    if elsewhere and not (equal and (deal.gap(told) <= NAMELESS_DAYS or not told.main)):
        return None
    if _disjoint(deal, told) and not equal:
        return None
    shared = bool(deal.places & told.places) + overlap(deal.others, told.others)
    if not (equal or shared or deal.gap(told) <= COMMON_DAYS):
        return None
    return 1.0 + shared + _closeness(ratio)


def _pricing(deal: Deal, told: Told) -> float | None:
    to = {t.mention.to for t in deal.members} - {None}
    if (to and told.mention.to and told.mention.to not in to) or _disjoint(deal, told):
        return None
    return 1.0 if _within(deal, told, PRICING_DAYS) else None


def _valuation(deal: Deal, told: Told) -> float | None:
    ratio = deal.ratio(told)
    if ratio is None:
        return 1.0 if deal.gap(told) <= 14 else None
    return 1.0 + _closeness(ratio) if ratio <= EQUAL and _within(deal, told, VALUATION_DAYS) else None


def _ipo(deal: Deal, told: Told) -> float | None:
    return 1.0 if _within(deal, told, IPO_DAYS) else None


RULES: dict[str, Callable[[Deal, Told], float | None]] = {
    "acquisition": _acquisition,
    "financing": _financing,
    "shutdown": _shutdown,
    "commitment": _commitment,
    "pricing": _pricing,
    "valuation": _valuation,
    "ipo": _ipo,
}
