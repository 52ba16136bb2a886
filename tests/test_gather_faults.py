"""Bad weather: what a crawl makes of each way in which a server can fail, and what the next crawl does."""

from __future__ import annotations

import datetime as dt
import gzip
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select, update

from spiders.base import Entry, SourceSpider
from spiders.failures import PATIENT
from spiders.guards import is_whole
from tests.broken_answers import bomb, endless, gigabyte, moved, packed, reset, silent, sized
from tests.gather_support import (
    NOW,
    Answer,
    Site,
    articles,
    impatient,
    recorded,
    rss,
    run,
    serve_site,
    source,
    store,
    stories,
    story,
)
from tracker.models.tables import FailedPage
from tracker.sources import Source
from tracker.standing import standings
from tracker.store.engine import transaction

__all__ = ["impatient"]  # a fixture

HOUR = dt.timedelta(hours=1)
CASINO = "<html><head><title>Just a moment...</title></head><body>Spin to win</body></html>"


def pages() -> dict[str, tuple[Answer, str]]:
    """Answers to requests for an article's page, and the reason that is recorded."""
    return {
        "silent": (silent(), "timed out"),
        "endless": (endless(story(1)), "timed out"),
        "reset": (reset(), "connection failed"),
        "longer": (sized(story(3), 1.5), "the answer broke off"),
        "shorter": (sized(story(4), 0.8), "the page breaks off before its end"),
        "cut-gzip": (packed(story(5), 0.6), "the answer broke off"),
        "bomb": (bomb(), "unpacks to more than allowed"),
        "stated-gigabyte": (gigabyte(stated=True), "larger than allowed"),
        "gigabyte": (gigabyte(stated=False), "larger than allowed"),
        "loop": (moved("/page/loop"), "redirects without an end"),
        "casino": (Answer(CASINO), "not an article but a challenge, titled 'Just a moment...'"),
        "unavailable": (Answer("", status=503), "HTTP 503"),
        "error": (Answer("", status=500), "HTTP 500"),
        "gone": (Answer("", status=410), "HTTP 410"),
    }


def feed_of(site: Site, names: list[str]) -> Answer:
    items = "".join(f"<item><link>{site.url(f'/page/{name}')}</link></item>" for name in names)
    return Answer(f"<rss version='2.0'><channel>{items}</channel></rss>", "application/rss+xml")


def failed(engine: sa.Engine) -> dict[str, FailedPage]:
    with Session(engine) as session:
        rows = session.exec(select(FailedPage)).all()
        session.expunge_all()
    return {row.address.rpartition("/")[2]: row for row in rows}


@pytest.mark.usefixtures("impatient")
def test_every_failing_page_has_its_reason_and_heals(tmp_path: Path) -> None:
    engine = store(tmp_path)
    given = pages()
    with serve_site({}) as site:
        site.answers["/feed.xml"] = feed_of(site, ["good", *given])
        site.answers.update({f"/page/{name}": answer for name, (answer, _) in given.items()})
        site.answers["/page/good"] = packed(story(0))
        (first,) = run(engine, source(site))
        assert {name: row.reason for name, row in failed(engine).items()} == {
            name: reason for name, (_, reason) in given.items()
        }
        assert (first.ok, first.new, first.failed, first.not_articles) == (True, 1, len(given) - 1, 1)
        assert all(reason.removeprefix("not an article but ") in first.reason for _, reason in given.values())
        assert recorded(engine)[0].reason == first.reason
        site.answers.update({f"/page/{name}": Answer(story(n)) for n, name in enumerate(given, 1)})
        (second,) = run(engine, source(site), now=NOW + HOUR)
    assert (second.new, second.unchanged, second.failed) == (len(given), 1, 0)
    assert sorted(a.text for a in articles(engine)) == sorted({a.text for a in articles(engine)})
    assert all(a.text.endswith("people stay.") for a in articles(engine))


@pytest.mark.usefixtures("impatient")
def test_every_failing_listing_has_its_reason(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        stories(site, range(2))
        feed = site.answers["/feed.xml"].body
        assert isinstance(feed, str)
        given = {
            "silent": (silent(), "timed out"),
            "endless": (endless(feed), "timed out"),
            "reset": (reset(), "connection failed"),
            "longer": (sized(feed, 1.5), "the answer broke off"),
            "cut-gzip": (packed(feed, 0.6), "the answer broke off"),
            "bomb": (bomb(), "unpacks to more than allowed"),
            "gigabyte": (gigabyte(stated=True), "larger than allowed"),
            "loop": (moved("/loop"), "redirects without an end"),
            "far": (moved("/far1"), "redirects without an end"),
            "casino": (Answer(CASINO), "not an article but a challenge, titled 'Just a moment...'"),
            "gone": (Answer("", status=404), "HTTP 404"),
        }
        site.answers.update({f"/{name}": answer for name, (answer, _) in given.items()})
        site.answers.update({f"/far{n}": moved(f"/far{n + 1}") for n in range(1, 8)})
        results = run(engine, *(source(site, f"/{name}", id=name) for name in given))
    assert {r.source_id: (r.ok, r.reason) for r in results} == {
        name: (False, reason) for name, (_, reason) in given.items()
    }
    assert {row.source_id: row.reason for row in recorded(engine)} == {
        name: reason for name, (_, reason) in given.items()
    }
    assert articles(engine) == []


def test_redirects_are_followed_and_recorded(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({"/old": moved("/older"), "/older": moved("/feed.xml")}) as site:
        stories(site, range(2))
        site.answers["/story/1"] = moved("/hop")
        site.answers["/hop"] = moved("/story/0")
        (first,) = run(engine, source(site, "/old"))
        (second,) = run(engine, source(site, "/old"))
        led = [a.details.get("led_to") for a in articles(engine)]
    assert (first.ok, first.items, first.new, first.unchanged) == (True, 2, 1, 1)
    assert led in ([None], [site.url("/story/0")])
    assert (second.new, second.changed, second.failed) == (0, 0, 0)


def test_a_page_that_keeps_breaking_off_is_taken_and_marked(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        stories(site, range(1))
        site.answers["/story/0"] = Answer(story(0).replace("</body></html>", ""))
        (first,) = run(engine, source(site))
        (second,) = run(engine, source(site))
    assert (first.ok, first.new) == (False, 0)
    assert (second.ok, second.new) == (True, 1)
    assert articles(engine)[0].details["partial"] == "the page breaks off before its end"


def test_pages_that_fail_for_ever_bar_no_way_and_rest(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        stories(site, range(4))
        for newest in (2, 3):
            del site.answers[f"/story/{newest}"]
        crawled = source(site, max_pages=2)
        results = [run(engine, crawled, now=NOW + n * HOUR / 4)[0] for n in range(4)]
        asked = site.paths.count("/story/3")
        site.answers["/feed.xml"] = Answer(rss(site, range(4), updated={3: "2026-06-30T14:50:00Z"}))
        site.answers["/story/3"] = Answer(story(3))
        (healed,) = run(engine, crawled, now=NOW + HOUR)
    assert [(r.ok, r.new, r.failed) for r in results] == [
        (False, 0, 2), (True, 2, 0), (True, 0, 2), (True, 0, 2)
    ]  # fmt: skip
    assert asked == 3
    assert (healed.new, healed.failed) == (1, 0), "the listing says that it changed"
    assert healed.reason == "1 pages that failed before rest: HTTP 404"


def test_a_fresh_crawl_asks_for_all(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        stories(site, range(2))
        site.answers["/feed.xml"].headers["ETag"] = '"v1"'
        gone = site.answers.pop("/story/1")
        run(engine, source(site))
        with transaction(engine) as session:
            session.exec(update(FailedPage).values(times=PATIENT))
        site.answers["/story/1"] = gone
        (resting,) = run(engine, source(site))
        (fresh,) = run(engine, source(site), fresh=True)
        (again,) = run(engine, source(site), fresh=True)
    assert (resting.new, fresh.new) == (0, 1)
    assert (again.items, again.unchanged, again.reason) == (2, 2, "")


def test_a_304_after_a_failure_turns_nothing_green(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        stories(site, range(2))
        feed = site.answers["/feed.xml"]
        feed.headers["ETag"] = '"v1"'
        run(engine, source(site))
        site.answers["/feed.xml"] = Answer("", status=500)
        run(engine, source(site), now=NOW + HOUR)
        site.answers["/feed.xml"] = feed
        (third,) = run(engine, source(site), now=NOW + 2 * HOUR)
        found = standings(engine, [source(site)], NOW + 2 * HOUR)["site"].health
    assert (third.ok, third.reason) == (True, "not modified since the last crawl")
    assert (found.state, found.reason) == ("failing", "failing since 2026-06-30: HTTP 500")


def test_an_empty_valid_feed_is_no_failure_where_it_may_be(tmp_path: Path) -> None:
    engine = store(tmp_path)
    empty = Answer("<rss version='2.0'><channel><title>None yet</title></channel></rss>", "text/xml")
    with serve_site({"/feed.xml": empty}) as site:
        (result,) = run(engine, source(site, min_items=0))
    assert (result.ok, result.items, result.reason) == (True, 0, "")


def test_a_pause_is_a_day_at_most(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as one, serve_site({}) as other:
        sources = [source(one, id="seconds"), source(other, id="date")]
        for site, asks in ((one, "90000"), (other, "Fri, 31 Dec 2027 00:00:00 GMT")):
            site.answers["/feed.xml"] = Answer("", status=429, headers={"Retry-After": asks})
        first = run(engine, *sources)
        stories(one, range(1))
        stories(other, range(1))
        early = run(engine, *sources, now=NOW + 23 * HOUR)
        late = run(engine, *sources, now=NOW + 24 * HOUR)
    assert [r.reason for r in first] == ["HTTP 429: the host asks to wait 1440 minutes"] * 2
    assert [r.ok for r in early] == [False, False]
    assert [(r.ok, r.new) for r in late] == [(True, 1), (True, 1)]


@pytest.mark.usefixtures("impatient")
def test_without_its_robots_a_host_is_left_alone(tmp_path: Path) -> None:
    engine = store(tmp_path)
    given = {
        "HTTP 500": Answer("", status=500),
        "HTTP 503": Answer("", status=503),
        "timed out": silent(),
        "connection failed": reset(),
    }
    forbidding = Answer("User-agent: *\nDisallow: /story/\n", "text/plain")
    with ExitStack() as stack:
        sites = [stack.enter_context(serve_site({"/robots.txt": robots})) for robots in given.values()]
        sources = [source(site, id=f"site-{n}") for n, site in enumerate(sites)]
        for site in sites:
            stories(site, range(1))
        closed = run(engine, *sources)
        assert {path for site in sites for path in site.paths} == {"/robots.txt"}
        for site in sites:
            site.answers["/robots.txt"] = forbidding
        forbidden = run(engine, *sources, now=NOW + HOUR)
        for site in sites:
            site.answers["/robots.txt"] = Answer("", status=404)
        free = run(engine, *sources, now=NOW + 2 * HOUR)
    assert [(r.ok, r.reason) for r in closed] == [
        (False, f"robots.txt cannot be read: {why}") for why in given
    ]
    assert {(r.ok, r.reason) for r in forbidden} == {(False, "all 1 pages failed: robots.txt forbids it")}
    assert [(r.ok, r.new) for r in free] == [(True, 1)] * 4


def test_a_crawl_delay_is_kept_between_requests(tmp_path: Path) -> None:
    engine = store(tmp_path)
    robots = Answer("User-agent: *\nCrawl-delay: 0.4\n", "text/plain")
    with serve_site({"/robots.txt": robots}) as site:
        stories(site, range(4))
        (result,) = run(engine, source(site))
        times = site.times
    assert result.new == 4
    gaps = [later - earlier for earlier, later in pairwise(times[1:])]
    assert min(gaps) > 0.35, "robots.txt itself came before the delay was known"


def test_a_long_listing_is_had_by_and_by(tmp_path: Path) -> None:
    engine = store(tmp_path)
    count = 1_000
    with serve_site({}) as site:
        entries = "".join(
            f"<url><loc>{site.url(f'/story/{n}')}</loc><publication_date>2026-06-29</publication_date></url>"
            for n in range(count)
        )
        site.answers["/map.xml"] = Answer(f"<urlset>{entries}</urlset>", "text/xml")
        site.answers.update({f"/story/{n}": Answer(story(n)) for n in range(40)})
        crawled = source(site, "/map.xml", kind="sitemap", max_pages=20)
        results = [run(engine, crawled)[0] for _ in range(2)]
    assert [(r.items, r.new, r.unchanged) for r in results] == [(count, 20, 0), (count, 20, 20)]
    assert [r.reason for r in results] == [f"{count - had} left for the next crawl" for had in (20, 40)]
    assert len(articles(engine)) == 40


def test_bodies_under_wrong_labels(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        stories(site, range(5))
        site.answers["/story/0"] = Answer(story(0), headers={"Content-Encoding": "gzip"})
        site.answers["/story/1"] = Answer(gzip.compress(story(1).encode()))
        site.answers["/story/2"] = Answer(story(2), "text/plain")
        site.answers["/story/3"] = Answer(story(3), "application/octet-stream")
        (result,) = run(engine, source(site))
    titles = sorted(article.title for article in articles(engine))
    assert (result.ok, result.new, result.reason) == (True, 5, "")
    assert titles == [f"Story number {n}" for n in range(5)]


def test_of_a_hundred_thousand_entries_the_newest_are_asked_for() -> None:
    listed = [Entry(f"https://wire.example/{n}", published=NOW - n * HOUR / 60) for n in range(100_000)]
    wire = Source(id="wire", name="Wire", kind="sitemap", url="https://wire.example/map.xml", max_pages=20)
    spider = SourceSpider(wire, NOW, lambda _: None)
    spider.known = {entry.url: entry.stamp for entry in listed[::2]}
    assert list(spider.follow(listed)) == []
    asked = [page.url for page in iter(spider.next_page, None)]
    assert asked == [entry.url for entry in listed[1:40:2]]
    assert (spider.tally.items, spider.tally.skipped, spider.tally.left) == (100_000, 50_000, 49_980)


def test_gzip_is_whole_or_not() -> None:
    body = b"<p>The price was not disclosed.</p>" * 9
    whole, half = packed(body.decode()).data, packed(body.decode(), 0.7).data
    assert is_whole(whole, len(body))
    assert is_whole(whole + whole, 2 * len(body)), "two members"
    assert is_whole(whole + b"\0\0\0\0", len(body)), "padded"
    assert not is_whole(half, len(body))
    assert not is_whole(whole + half, 2 * len(body))
