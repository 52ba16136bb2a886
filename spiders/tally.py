"""The account of one crawl of one source, and what it amounts to."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from tracker.models.tables import AskedPage, FailedPage
from tracker.sources import (
    INTERRUPTED,
    LAYOUT,
    NOT_MODIFIED,
    UNDATED,
    WALLED,
    Source,
    SourceResult,
    no_articles,
    told,
)

SEVERAL = 3  # pages; one or two without an article may be a video and a gallery
MOVED = re.compile(r"not an article(:| but a (soft 404|listing))")  # as after a change of a site's pages


@dataclass
class Tally:
    """The account of one crawl, filled by the spider, the middlewares and the pipeline.

    skipped: entries that are known and were not asked for.
    resting: pages that failed before and are left alone for now; `awaited` of them come soon.
    stand_ins: why the listing's own words were taken in place of a page.
    asked: by address, the pages that were read; each is stored with its article, and then gone from here.
    left_alone: pages that were asked for again and whose article stays; `again` says what came of asking.
    status: of the answer for the listing, 0 where there was none; bytes: of all bodies, as they were sent.
    """

    items: int = 0
    left: int = 0
    undated: int = 0
    skipped: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    stand_ins: Counter[str] = field(default_factory=Counter)
    resting: Counter[str] = field(default_factory=Counter)
    broken: dict[str, FailedPage] = field(default_factory=dict)
    asked: dict[str, AskedPage] = field(default_factory=dict)
    left_alone: list[AskedPage] = field(default_factory=list)
    again: Counter[str] = field(default_factory=Counter)
    awaited: int = 0
    problem: str = ""
    not_modified: bool = False
    etag: str = ""
    last_modified: str = ""
    wait_seconds: float = 0.0
    status: int = 0
    bytes: int = 0

    def correct(self, page: AskedPage, listed: bool) -> None:
        """Count a stored article whose page has changed; `listed` ones were counted as unchanged."""
        self.asked[page.address] = page
        self.again["corrected"] += 1
        self.skipped -= listed
        self.outcomes["unchanged"] -= listed

    @property
    def stored(self) -> int:
        return sum(self.outcomes[name] for name in ("new", "changed", "unchanged"))

    @property
    def read(self) -> int:
        """Articles that this crawl had in full, known ones included."""
        return self.stored - self.skipped - self.stand_ins.total()

    @property
    def failed(self) -> int:
        """Pages that gave nothing, for another reason than that they are no articles."""
        return self.failures.total() - no_articles(self.failures).total()

    @property
    def not_articles(self) -> Counter[str]:
        """What pages were instead of articles, whether the listing's words stand for them or nothing does."""
        return no_articles(self.failures + self.stand_ins)

    @property
    def whole(self) -> bool:
        """Nothing is left to fetch soon, so the validators of the listing may be kept."""
        return not (self.problem or self.failures or self.left or self.awaited or self.not_modified)


def verdict(source: Source, tally: Tally, close_reason: str = "finished") -> SourceResult:
    """What a crawl amounts to. Below its `min_items` a source has failed, unless it said nothing changed."""
    problem = tally.problem
    if not problem and close_reason == "shutdown":
        problem = INTERRUPTED
    elif not problem and not tally.not_modified and tally.items < source.min_items:
        problem = f"{tally.items} entries where at least {source.min_items} are expected"
    problem = problem or _walled(tally) or _all_failed(tally)
    return SourceResult(
        source_id=source.id,
        ok=not problem,
        items=tally.items,
        failed=tally.failed,
        not_articles=tally.not_articles.total(),
        new=tally.outcomes["new"],
        changed=tally.outcomes["changed"],
        unchanged=tally.outcomes["unchanged"],
        status=tally.status,
        bytes=tally.bytes,
        reason=problem + _left(tally) if problem else _remark(tally),
    )


def _left(tally: Tally) -> str:
    return f"; {tally.left} left for the next crawl" if tally.left else ""


def _walled(tally: Tally) -> str:
    """Why a source has failed whose pages are read and are no articles any more; empty where it has not.

    Those that rest count too: else a source would turn green by not being asked.
    """
    instead = no_articles(tally.failures + tally.resting)
    most = 2 * instead.total() > tally.items - tally.left
    if tally.read > 0 or not most or (tally.stored and instead.total() < SEVERAL):
        return ""
    moved = sum(times for reason, times in instead.items() if MOVED.match(reason))
    state = LAYOUT if 2 * moved > instead.total() else "blocked"
    return f"{state}: {_named(instead, tally.items)}"


def _all_failed(tally: Tally) -> str:
    lost = tally.failures + tally.resting
    return f"all {lost.total()} pages failed: {told(lost)}" if lost and not tally.stored else ""


def _named(instead: Counter[str], items: int) -> str:
    kinds = Counter({reason.removeprefix("not an article but "): n for reason, n in instead.items()})
    return f"{instead.total()} of {items} pages are no articles: {told(kinds)}"


def _remark(tally: Tally) -> str:
    remarks = []
    if tally.not_modified:
        remarks.append(NOT_MODIFIED)
    if tally.failed:
        others = tally.failures - no_articles(tally.failures)
        remarks.append(f"{tally.failed} of {tally.items} pages failed: {told(others)}")
    if instead := tally.not_articles:
        remarks.append(_named(instead, tally.items))
    if tally.stand_ins.total() >= SEVERAL and not tally.read:
        remarks.append(f"{WALLED}: {told(tally.stand_ins)}")
    if tally.resting:
        remarks.append(f"{tally.resting.total()} pages that failed before rest: {told(tally.resting)}")
    if tally.undated and tally.undated == tally.outcomes["new"] + tally.outcomes["changed"]:
        remarks.append(UNDATED)
    if tally.again:
        remarks.append(f"{tally.again.total()} articles asked for again: {told(tally.again)}")
    if tally.left:
        remarks.append(f"{tally.left} left for the next crawl")
    return "; ".join(remarks)
