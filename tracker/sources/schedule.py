"""When a source is due: an interval after its last crawl, later where it rests or its host wants a pause."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence

from tracker.sources import Source
from tracker.sources.health import Health, Visit

JITTER = 0.1  # of the interval, either way: sources that were first crawled together drift apart
CUT_OFF = "interrupted"


def jitter(source_id: str, day: dt.date) -> float:
    """A factor around 1 that a source has on one day; the same whenever and wherever it is asked for.

    >>> jitter("a", dt.date(2026, 6, 1)) == jitter("a", dt.date(2026, 6, 1))
    True
    """
    digest = hashlib.sha256(f"{source_id} {day.isoformat()}".encode()).digest()
    return 1 + JITTER * (int.from_bytes(digest[:8], "big") / 2**63 - 1)


def interval(source: Source, last: dt.datetime) -> dt.timedelta:
    """The time to the next crawl after one that was started at `last`."""
    return dt.timedelta(hours=source.every) * jitter(source.id, last.date())


def next_crawl(
    source: Source, visits: Sequence[Visit], found: Health, not_before: dt.datetime | None = None
) -> dt.datetime | None:
    """When a source is to be crawled next; None for at once. An interrupted crawl does not count as one."""
    done = [visit.started for visit in visits if not visit.reason.startswith(CUT_OFF)]
    times = [done[-1] + interval(source, done[-1])] if done else []
    times += [time for time in (found.rests_until, not_before) if time is not None]
    return max(times, default=None)
