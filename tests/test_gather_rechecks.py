"""What is stored is asked for again: silent corrections, and articles that were stored in part."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from spiders.rechecks import due
from tests.gather_support import NOW, Answer, articles, rss, run, serve_site, source, store, stories, story
from tracker.models.tables import Article, AskedPage
from tracker.sources import Source

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
CASINO = "<html><head><title>Just a moment...</title></head><body>Spin to win</body></html>"
LEAD = "The pump maker was bought on Tuesday, its owners say, and all of its people keep their work there."
WIRE = Source(id="wire", name="Wire", kind="feed", url="https://wire.example/feed", recheck_days=2)


def test_a_silent_correction_becomes_a_revision(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        stories(site, range(3))
        for path, answer in site.answers.items():
            answer.headers["ETag"] = f'"{path}"'
        asked_daily = source(site, recheck_days=3)
        run(engine, asked_daily)
        site.answers["/story/1"] = Answer(story(1, "The price was $2bn."), headers={"ETag": '"corrected"'})
        site.asked.clear()
        (early,) = run(engine, asked_daily, now=NOW + 23 * HOUR)
        assert not [path for path in site.paths if "story" in path]
        (late,) = run(engine, asked_daily, now=NOW + 24 * HOUR)
        asked = {path: headers.get("If-None-Match") for path, headers in site.asked if "story" in path}
        site.asked.clear()
        (again,) = run(engine, asked_daily, now=NOW + 25 * HOUR)
    assert asked == {f"/story/{n}": f'"/story/{n}"' for n in range(3)}
    assert (early.ok, late.ok, late.new, late.changed, late.failed) == (True, True, 0, 1, 0)
    assert late.reason.endswith("3 articles asked for again: unchanged (2), corrected (1)")
    assert again.reason == "not modified since the last crawl"
    assert not [path for path in site.paths if "story" in path]
    told = {(a.url, a.revision): a.text for a in articles(engine)}
    assert len(told) == 4
    assert told[site.url("/story/1"), 2].endswith("people stay. The price was $2bn.")


def test_what_fails_when_asked_again_changes_nothing(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        stories(site, range(4))
        asked_daily = source(site, recheck_days=3)
        run(engine, asked_daily)
        site.answers["/story/0"] = Answer(CASINO)
        site.answers["/story/1"] = Answer("", status=410)
        site.answers["/story/2"] = Answer(story(2).replace("</body></html>", ""))
        (result,) = run(engine, asked_daily, now=NOW + DAY)
    assert (result.ok, result.unchanged, result.changed, result.failed) == (True, 4, 0, 0)
    for reason in ("a challenge", "HTTP 410", "the page breaks off before its end", "unchanged"):
        assert reason in result.reason
    assert [a.revision for a in articles(engine)] == [1] * 4


def test_an_article_in_part_is_replaced_by_the_whole(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        feed = rss(site, range(1)).replace("</item>", f"<description>{LEAD}</description></item>")
        site.answers["/feed.xml"] = Answer(feed, "application/rss+xml")
        (first,) = run(engine, source(site))
        # The whole page declares another address, and is the same article all the same.
        canonical = f"<link rel='canonical' href='{site.url('/whole')}'></head>"
        site.answers["/story/0"] = Answer(story(0).replace("</head>", canonical))
        (early,) = run(engine, source(site), now=NOW + HOUR / 2)
        (late,) = run(engine, source(site), now=NOW + HOUR)
        (after,) = run(engine, source(site), now=NOW + 2 * HOUR)
    part, whole = articles(engine)
    assert (first.new, early.changed, late.changed, after.changed) == (1, 0, 1, 0)
    assert (part.text, part.details["partial"]) == (LEAD, "HTTP 404")
    assert (whole.key, whole.revision) == (part.key, 2)
    assert whole.text.endswith("people stay.")
    assert "partial" not in whole.details


def test_a_whole_page_brings_the_date_that_its_listing_lacked(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        feed = rss(site, range(1)).replace("</item>", f"<description>{LEAD}</description></item>")
        site.answers["/feed.xml"] = Answer(re.sub("<pubDate>.*?</pubDate>", "", feed), "application/rss+xml")
        run(engine, source(site))
        dated = "<meta property='article:published_time' content='2026-06-30T09:00:00Z'></head>"
        site.answers["/story/0"] = Answer(story(0).replace("</head>", dated))
        run(engine, source(site), now=NOW + HOUR)
    part, whole = articles(engine)
    assert part.details["undated"]
    assert "undated" not in whole.details
    assert whole.published == dt.datetime(2026, 6, 30, 9, tzinfo=dt.UTC)


def article(hours: float, **details: str) -> Article:
    """One that was published and stored so many hours ago."""
    then = NOW - hours * HOUR
    return Article(
        key="k", source_id="wire", url="u", title="t", text="", content_hash="", published=then, seen_at=then,
        details={"address": "a", **details},
    )  # fmt: skip


def page(hours: float, times: int = 0) -> dict[str, AskedPage]:
    return {"a": AskedPage(source_id="wire", address="a", asked=NOW - hours * HOUR, times=times)}


@pytest.mark.parametrize(
    ("known", "asked", "is_due"),
    [
        (article(30), page(24), True),
        (article(30), page(23), False),
        (article(49), page(24), False),
        (article(30), {}, False),
        (article(1, partial="HTTP 402"), {}, True),
        (article(300, partial="HTTP 402"), page(16, times=2), True),
        (article(300, partial="HTTP 402"), page(15, times=2), False),
        (article(337, partial="HTTP 402"), {}, False),
    ],
)
def test_when_a_page_is_asked_for_again(known: Article, asked: dict[str, AskedPage], is_due: bool) -> None:
    assert bool(due(WIRE, [known], asked, NOW)) == is_due


def test_a_page_that_moves_stays_one_article(tmp_path: Path) -> None:
    """As from http to https, or to www: a redirect says so, or the canonical address."""
    engine = store(tmp_path)
    with serve_site({}) as site:
        stories(site, range(2))
        run(engine, source(site))
        site.answers["/feed.xml"].body = rss(
            site, range(2), updated=dict.fromkeys(range(2), "2026-06-30T10:00:00Z")
        )
        canonical = f"<link rel='canonical' href='{site.url('/www/1')}'></head>"
        site.answers["/story/0"] = Answer("", status=301, headers={"Location": "/www/0"})
        site.answers["/www/0"] = Answer(story(0, "More."))
        site.answers["/story/1"] = Answer(story(1, "More.").replace("</head>", canonical))
        (moved,) = run(engine, source(site))
        (after,) = run(engine, source(site))
    assert (moved.new, moved.changed, after.new, after.changed, after.unchanged) == (0, 2, 0, 0, 2)
    assert sorted(a.revision for a in articles(engine)) == [1, 1, 2, 2]
    assert len({a.key for a in articles(engine)}) == 2
