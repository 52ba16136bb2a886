"""What counts as watched: crawls, articles, replayed streams and outages."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from tracker.predict.coverage import ArticlePoint, Coverage, FetchPoint, coverage_of

START, END = dt.date(2026, 4, 1), dt.date(2026, 4, 30)


def april(n: int) -> dt.date:
    return dt.date(2026, 4, n)


def gaps(coverage: Coverage) -> list[tuple[int, int]]:
    return [(g.start.day, g.end.day) for g in coverage.gaps(START, END)]


def crawls(days: list[int], source: str = "wire", ok: bool = True, unchanged: int = 0) -> list[FetchPoint]:
    return [FetchPoint(source, april(d), ok, unchanged) for d in days]


def articles(days: list[int], source: str = "wire") -> list[ArticlePoint]:
    return [ArticlePoint(source, april(d)) for d in days]


def test_nothing_gathered_is_one_gap() -> None:
    coverage = coverage_of([], [], START, END)
    assert gaps(coverage) == [(1, 30)]
    assert coverage.gaps(START, END)[0].why == "no source was gathered"
    assert not coverage.note(START, END).sufficient


def test_daily_crawls_have_no_gap_and_an_outage_is_named() -> None:
    assert gaps(coverage_of(crawls(list(range(1, 31))), [], START, END)) == []
    working = crawls([*range(1, 11), *range(19, 31)])
    failing = crawls(list(range(11, 19)), ok=False)
    after = articles([5, 18, 19])  # the listing after the outage reaches back to the 18th only
    coverage = coverage_of([*working, *failing], after, START, END)
    assert gaps(coverage) == [(11, 17)]
    assert str(coverage.gaps(START, END)[0]) == "11 April to 17 April 2026 (7 days): nothing from wire"


def test_a_listing_that_still_holds_known_articles_bridges_an_outage() -> None:
    back = [*crawls(list(range(1, 11))), FetchPoint("wire", april(19), True, unchanged=4)]
    assert gaps(coverage_of([*back, *crawls(list(range(20, 31)))], articles([18, 19]), START, END)) == []


def test_the_first_crawl_covers_its_listing_back_to_its_oldest_article() -> None:
    once = coverage_of(crawls([30]), articles([8, 15, 22, 29]), START, END)
    assert gaps(once) == [(1, 7)]


def test_a_pinned_old_article_does_not_stretch_the_listing() -> None:
    pinned = [ArticlePoint("wire", dt.date(2025, 1, 1)), *articles([25, 28])]
    assert gaps(coverage_of(crawls([30]), pinned, START, END)) == [(1, 24)]


def test_a_replayed_stream_is_covered_on_days_with_articles_but_for_short_pauses() -> None:
    days = [d for d in range(1, 31) if d not in (4, 5, 12, 13, 14)]
    assert gaps(coverage_of([], articles(days), START, END)) == [(12, 14)]
    assert gaps(coverage_of([], articles([d for d in days if d < 20]), START, END)) == [(12, 14), (20, 30)]


def test_half_of_the_sources_must_work() -> None:
    every = list(range(1, 31))
    broken = crawls(every[:5], "b") + crawls(every[5:], "b", ok=False)
    assert gaps(coverage_of([*crawls(every, "a"), *broken], [], START, END)) == []
    worse = crawls(every[:5], "c") + crawls(every[5:], "c", ok=False)
    assert gaps(coverage_of([*crawls(every, "a"), *broken, *worse], [], START, END)) == [(6, 30)]


@given(st.sets(st.integers(1, 30)), st.sets(st.integers(1, 30)))
def test_more_articles_never_open_a_gap(days: set[int], more: set[int]) -> None:
    few = coverage_of([], articles(sorted(days)), START, END)
    many = coverage_of([], articles(sorted(days | more)), START, END)
    assert few.watched <= many.watched
