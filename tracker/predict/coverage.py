"""How well a stretch of days was watched, from the crawls that were made and the articles that came.

What covers a day of a source:

- A successful crawl covers the time back to the last successful one when nothing new came, when its listing
  still held articles known before (the listing is unbroken), or when the two lie at most `REACH` days
  apart. Otherwise it covers the time back to the oldest article of an unbroken run in its listing (articles
  at most `SPACING` days apart), and so does the first crawl of a source.
- An article covers the day on which it was published.
- Articles of sources that were never crawled (an ingested archive) are taken together as one stream, named
  `replayed articles`. It is covered from its first to its last article, but for days without any article.

A source counts from its first to its last covered day, a crawled one until the end of the stretch. A day is
watched when at least half of the sources that count on it cover it, and at least one does. Fewer than
`MIN_GAP` days in a row are no gap: weekends are quiet, feeds reach back some days, and a large deal is told
for days.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tracker.predict.verdict import CoverageNote, Gap

REACH = 3
SPACING = 21
MIN_GAP = 3
STREAM = "replayed articles"


@dataclass(frozen=True)
class FetchPoint:
    """One crawl of one source. `unchanged` is the number of listed articles that were known before."""

    source_id: str
    day: dt.date
    ok: bool
    unchanged: int = 0


@dataclass(frozen=True)
class ArticlePoint:
    """That a source published something on a day."""

    source_id: str
    day: dt.date


@dataclass(frozen=True)
class SourceCoverage:
    """The covered days of one source, and the span over which it counts."""

    source_id: str
    covered: frozenset[dt.date]
    first: dt.date
    last: dt.date

    def counts_on(self, day: dt.date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Coverage:
    """A stretch of days (both included) and who watched it."""

    start: dt.date
    end: dt.date
    sources: tuple[SourceCoverage, ...] = field(default=())

    def gaps(self, start: dt.date, end: dt.date) -> list[Gap]:
        """The stretches of at least MIN_GAP days from `start` to `end` that were not watched."""
        runs: list[list[dt.date]] = []
        for day in _days(start, end):
            if day in self.watched:
                continue
            if runs and (day - runs[-1][-1]).days == 1:
                runs[-1].append(day)
            else:
                runs.append([day])
        return [Gap(start=r[0], end=r[-1], why=self._why(r)) for r in runs if len(r) >= MIN_GAP]

    @functools.cached_property
    def watched(self) -> frozenset[dt.date]:
        return frozenset(day for day in _days(self.start, self.end) if self._is_watched(day))

    def _is_watched(self, day: dt.date) -> bool:
        counting = [x for x in self.sources if x.counts_on(day)]
        seeing = sum(day in x.covered for x in counting)
        return seeing > 0 and 2 * seeing >= len(counting)

    def _why(self, days: Sequence[dt.date]) -> str:
        silent = [x.source_id for x in self.sources if x.counts_on(days[0]) and days[0] not in x.covered]
        if not silent:
            return "no source was gathered"
        named = ", ".join(silent[:3]) + (f" and {len(silent) - 3} more" if len(silent) > 3 else "")
        return f"nothing from {named}"

    def note(self, start: dt.date, end: dt.date) -> CoverageNote:
        active = sum(any(start <= d <= end for d in x.covered) for x in self.sources)
        return CoverageNote(start=start, end=end, sources=active, gaps=self.gaps(start, end))


def coverage_of(
    fetches: Iterable[FetchPoint], articles: Iterable[ArticlePoint], start: dt.date, end: dt.date
) -> Coverage:
    """The coverage of the days from `start` to `end`; see the module for what covers a day."""
    crawls: dict[str, list[FetchPoint]] = {}
    for fetch in fetches:
        crawls.setdefault(fetch.source_id, []).append(fetch)
    published: dict[str, set[dt.date]] = {}
    for article in articles:
        published.setdefault(article.source_id if article.source_id in crawls else STREAM, set()).add(
            article.day
        )
    crawled = [_crawled(id_, crawls[id_], published.get(id_, set()), end) for id_ in sorted(crawls)]
    stream = _replayed(published.get(STREAM, set()))
    return Coverage(start, end, tuple(x for x in (*crawled, stream) if x is not None))


def _crawled(
    id_: str, crawls: list[FetchPoint], published: set[dt.date], end: dt.date
) -> SourceCoverage | None:
    good = sorted((c for c in crawls if c.ok), key=lambda c: c.day)
    covered = set(published)
    last: dt.date | None = None
    for crawl in good:
        covered |= set(_days(_reaches_back(crawl, last, published), crawl.day))
        last = crawl.day
    first = min(covered | {c.day for c in crawls})
    return SourceCoverage(id_, frozenset(covered), first, max(end, first))


def _reaches_back(crawl: FetchPoint, last: dt.date | None, published: set[dt.date]) -> dt.date:
    """The first day that a crawl covers."""
    fresh = sorted((d for d in published if d <= crawl.day and (last is None or d > last)), reverse=True)
    if last is not None and (not fresh or crawl.unchanged or (crawl.day - last).days <= REACH):
        return last
    oldest = fresh[0] if fresh else crawl.day
    for day in fresh:
        if (oldest - day).days > SPACING:
            break
        oldest = day
    return oldest


def _replayed(published: set[dt.date]) -> SourceCoverage | None:
    if not published:
        return None
    return SourceCoverage(STREAM, frozenset(published), min(published), max(published))


def _days(start: dt.date, end: dt.date) -> list[dt.date]:
    return [start + dt.timedelta(days=n) for n in range((end - start).days + 1)]
