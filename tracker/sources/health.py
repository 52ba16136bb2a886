"""The health of a source, read off the record of its crawls: a state with its reason, and when to try again.

The failure counter is fractional, as in Media Cloud's feed fetcher: what heals by itself weighs less than
what does not, and what was this side's own fault weighs nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal, Protocol

from tracker.sources import LAYOUT, NOT_MODIFIED, UNDATED, WALLED, Source

State = Literal["never", "ok", "empty", "stale", "undated", "blocked", "layout changed", "failing"]
HISTORY = dt.timedelta(days=90)  # of crawls that is looked at
REST_FROM = 3.0  # weighted failures in a row after which a source rests between crawls
FIRST_REST = dt.timedelta(hours=6)
LONGEST_REST = dt.timedelta(days=7)

OURS = re.compile(
    r"^(interrupted|under way|the crawl process died|the host asked to be left alone)|set TRACKER_"
)
BLOCKED = re.compile(r"^blocked|HTTP (401|402|403|429|451)\b|robots\.txt forbids|not an article but")
PASSING = re.compile(r"^blocked, over|HTTP (408|425|429|5\d\d)\b|timed out|connection|broke off")
NO_NETWORK = re.compile(r"^DNS")


FINE: frozenset[State] = frozenset({"ok", "never"})
"""States that want no look: all is well, or nothing was tried yet."""


class Visit(Protocol):
    """One crawl of a source, as the store records it."""

    started: dt.datetime
    ok: bool
    items: int
    new: int
    changed: int
    reason: str


@dataclass(frozen=True)
class Health:
    """`failures` is the weighted number of failed crawls in a row; `rests_until` is set where a crawl of all
    sources leaves this one out.
    """

    state: State
    reason: str = ""
    since: dt.datetime | None = None
    failures: float = 0.0
    rests_until: dt.datetime | None = None

    def rests(self, now: dt.datetime) -> bool:
        return self.rests_until is not None and self.rests_until > now


def weight(reason: str) -> float:
    """How much one failed crawl counts, from 0 to 1.

    >>> weight("HTTP 404"), weight("timed out"), weight("DNS: no such host"), weight("interrupted; ...")
    (1.0, 0.5, 0.1, 0.0)
    """
    if OURS.search(reason):
        return 0.0
    if NO_NETWORK.search(reason):
        return 0.1  # as a rule the network of this machine
    return 0.5 if PASSING.search(reason) else 1.0


def rest(failures: float) -> dt.timedelta:
    """How long a source rests after its last failure: doubling from six hours to a week.

    >>> [rest(n) / FIRST_REST for n in (2.5, 3, 4, 5)], rest(400).days
    ([0.0, 1.0, 2.0, 4.0], 7)
    """
    if failures < REST_FROM:
        return dt.timedelta()
    doublings = min(int(failures - REST_FROM), 10)  # a larger power would say no more than a week either
    return min(FIRST_REST * (1 << doublings), LONGEST_REST)


def health(source: Source, visits: Sequence[Visit], now: dt.datetime) -> Health:
    """The health of a source from its crawls, oldest first."""
    # That nothing was modified says nothing of what a crawl would read: it neither heals nor breaks.
    telling = [v for v in visits if not v.reason.startswith(NOT_MODIFIED) and (v.ok or weight(v.reason))]
    if not telling:
        return Health("ok") if visits and visits[-1].ok else Health("never", "not crawled yet")
    failed = list(takewhile(lambda visit: not visit.ok, reversed(telling)))
    return _failing(failed) if failed else _well(source, telling, now)


def _failing(failed: Sequence[Visit]) -> Health:
    """`failed` are the failed crawls in a row, newest first."""
    last, first = failed[0], failed[-1]
    failures = round(sum(weight(visit.reason) for visit in failed), 1)
    pause = rest(failures)
    return Health(
        _kind_of_failure(last.reason),
        f"failing since {first.started:%Y-%m-%d}: {last.reason}",
        first.started,
        failures,
        last.started + pause if pause else None,
    )


def _kind_of_failure(reason: str) -> State:
    if reason.startswith(LAYOUT):
        return "layout changed"
    return "blocked" if BLOCKED.search(reason) else "failing"


def _well(source: Source, visits: Sequence[Visit], now: dt.datetime) -> Health:
    fruitful = [visit for visit in visits if visit.new or visit.changed]
    if not visits[-1].items:
        return Health("empty", "its listing holds no entry", visits[-1].started)
    latest = fruitful[-1].started if fruitful else visits[0].started
    days = (now - latest).days
    if days > source.max_gap:
        return Health("stale", f"nothing new for {days} days, {source.max_gap} are usual", latest)
    if fruitful and WALLED in fruitful[-1].reason:
        return Health("blocked", fruitful[-1].reason, fruitful[-1].started)
    if fruitful and UNDATED in fruitful[-1].reason:
        return Health("undated", UNDATED, fruitful[-1].started)
    return Health("ok")
