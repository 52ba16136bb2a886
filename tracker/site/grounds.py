"""Whether what an issue rests on has changed: a digest for each week of all that bears on it."""

from __future__ import annotations

import datetime as dt
import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from tracker.brief.week import Week


class Crawled(Protocol):
    """A crawl of a source, and what tells it from every other one."""

    @property
    def source_id(self) -> str: ...

    @property
    def finished(self) -> dt.datetime: ...

    @property
    def ok(self) -> bool: ...

    @property
    def number(self) -> int: ...


class _Line(NamedTuple):
    """The crawls of one source in order: when, and a name for each."""

    times: list[dt.datetime]
    names: list[str]


def grounds(
    weeks: Sequence[Week],
    world: str,
    dated: Iterable[tuple[dt.datetime, str]],
    crawls: Sequence[Crawled],
) -> dict[Week, str]:
    """A digest for each of the weeks, which are in order.

    world: what bears on all of them. dated: what bears on the weeks that end at its time or later. A crawl
    bears on the weeks that end after it, and the first one of a source after a week, and the first that
    worked, on that week, too: they tell how far back the source was watched.
    """
    told = sorted([*dated, *((c.finished, f"c{c.number}") for c in crawls)])
    lines = [*_lines(crawls), *_lines([c for c in crawls if c.ok])]
    so_far, at, found = hashlib.blake2b(world.encode(), digest_size=12), 0, {}
    for week in weeks:
        while at < len(told) and told[at][0] <= week.end:
            so_far.update(f"{told[at][1]} ".encode())
            at += 1
        own = so_far.copy()
        own.update(" ".join(_next(line, week.end) for line in lines).encode())
        found[week] = own.hexdigest()
    return found


def _lines(crawls: Iterable[Crawled]) -> list[_Line]:
    found: dict[str, _Line] = {}
    for crawl in crawls:
        line = found.setdefault(crawl.source_id, _Line([], []))
        line.times.append(crawl.finished)
        line.names.append(f"c{crawl.number}")
    return [found[source] for source in sorted(found)]


def _next(line: _Line, after: dt.datetime) -> str:
    place = bisect_right(line.times, after)
    return line.names[place] if place < len(line.names) else "-"
