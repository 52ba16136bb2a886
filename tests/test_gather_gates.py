"""Pages that are no articles, crawls since a day, and dry runs."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pytest
from click.testing import CliRunner

from spiders.pages import NotAnArticle, read_page
from spiders.tally import Tally, verdict
from tests.gather_support import (
    NOW,
    Answer,
    articles,
    recorded,
    run,
    serve_site,
    source,
    store,
    stories,
    story,
)
from tests.test_gather_commands import write_sources
from tracker.cli import main
from tracker.config import Settings
from tracker.gather import crawl, preview
from tracker.models.tables import Fetch
from tracker.sources import Source
from tracker.sources.health import health
from tracker.store.engine import open_store

URL = "https://a.example/2026/deal"
FEED = Source(id="s", name="S", kind="feed", url="https://s.example/f")
PARAGRAPH = (
    "<p>" + "Acme said on Tuesday that it would buy Bolt, a maker of pumps for its halls. " * 3 + "</p>"
)
PASSWORD = "<form><input type='password'></form>"
PAID = '{"@type": "NewsArticle", "isAccessibleForFree": false, "headline": "Acme buys Bolt"}'
CAPTCHA = "<div class='x g-recaptcha y'></div>"


LONG = "".join(
    f"<p>In paragraph {n} the buyer tells of its {n + 3} halls, of what the pumps of Bolt number {n} are to"
    f" cool there, and of the {n * 7} people who tend them.</p>"
    for n in range(9)
)


def html(body: str, title: str = "Acme buys Bolt", record: str = "") -> bytes:
    script = f"<script type='application/ld+json'>{record}</script>" if record else ""
    return (
        f"<html><head><title>{title}</title>{script}</head><body><article><h1>{title}</h1>{PARAGRAPH}{body}"
        "</article></body></html>"
    ).encode()


@pytest.mark.parametrize(
    ("page", "url", "kind"),
    [
        (html("", title="Just a moment..."), URL, "challenge"),
        (html("", title="Page not found | Ledger"), URL, "soft 404"),
        (html("", title="Sign in to Ledger"), URL, "login"),
        (html("", title="Log in - Ledger"), URL, "login"),
        (html("", title="Before you continue to News"), URL, "consent wall"),
        (html(CAPTCHA), URL, "challenge"),
        (html(PASSWORD), URL, "login"),
        (html(""), "https://a.example/login?next=/2026/deal", "login"),
        (html(""), "https://consent.a.example/v2/collect", "consent wall"),
        (html("<p>Subscribe to continue reading.</p>"), URL, "paywall stub"),
        (html("", record=PAID), URL, "paywall stub"),
        (html("", record='{"@type": "CollectionPage"}'), URL, "listing page"),
        (html("", record='{"@type": ["WebPage", "CollectionPage"]}'), URL, "listing page"),
        (html("", title="Pardon Our Interruption"), URL, "challenge"),
        (html("", title="Enable cookies | Ledger"), URL, "challenge"),
        (html("", title="Not available in your region"), URL, "region block"),
        (html("", title="451: unavailable due to legal reasons"), URL, "region block"),
        (html("", title="Age verification"), URL, "age gate"),
        (html("", title="We care about your privacy"), URL, "consent wall"),
        (html("<noscript>You need to enable JavaScript to run this app.</noscript>"), URL, "challenge"),
        (html("<p>Ledger requires JavaScript. Reload once it is on.</p>"), URL, "challenge"),
        (html("<p>Sorry, this story is not available in your region.</p>"), URL, "region block"),
        (html("<p>Are you over 18? Please enter the day of your birth.</p>"), URL, "age gate"),
        (html("<div id='onetrust-banner-sdk'>Accept all cookies or manage them.</div>"), URL, "consent wall"),
        (html("<div class='qc-cmp2-ui'>We and our 812 partners store data.</div>"), URL, "consent wall"),
        (
            html("<div id='didomi-popup'>Agree to and continue: agree to the use of cookies</div>"),
            URL,
            "consent wall",
        ),
        (html("<div class='sp_message_container'>Consent or pay.</div>"), URL, "consent wall"),
        (html("<p>Already a subscriber? Log in to continue.</p>"), URL, "paywall stub"),
        (html("<p>Start your free trial to read the rest.</p>"), URL, "paywall stub"),
    ],
)
def test_what_a_page_is_instead(page: bytes, url: str, kind: str) -> None:
    with pytest.raises(NotAnArticle) as error:
        read_page(page, url)
    assert str(error.value).startswith(f"not an article but a {kind}")


@pytest.mark.parametrize(
    "page",
    [
        html(""),
        html("", title="Sign in the window: Acme shuts its shops"),
        html("", title="Login maker Acme is bought by Bolt"),
        html(PASSWORD + CAPTCHA + "<p>Subscribe to continue reading.</p>" + LONG),
        html(PASSWORD + CAPTCHA + LONG[:400]),
        html("", title="Age verification firm Acme is bought by Bolt"),
        html("", title="Cookie consent start-up Acme raises $9m"),
        html(LONG, title="Enable JavaScript, says Acme, and be tracked"),
        html("", title="451 jobs go as Acme is bought"),
        html("<div id='onetrust-banner-sdk'>Accept all cookies.</div>", record=PAID.replace("false", "true")),
        html("<p>Are you over 18? Enable JavaScript. Not available in your region.</p>" + LONG),
        html("<noscript>Please enable JavaScript.</noscript>" + LONG),
        html("", record=PAID.replace("false", "true")),
        html(PASSWORD, record=PAID.replace("false", "true")),
        html(LONG, record=PAID),
        html("", record=f'[{{"@type": "ItemList"}}, {PAID.replace("false", "true")}]'),
    ],
)
def test_an_article_is_not_taken_for_anything_else(page: bytes) -> None:
    assert "Acme said on Tuesday" in read_page(page, URL).text


def test_no_gate_is_stored_and_each_is_told(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        stories(site, range(4))
        site.answers["/story/1"] = Answer(html("", title="Sign in"))
        site.answers["/story/2"] = Answer("", status=302, headers={"Location": "/"})
        site.answers["/"] = Answer(html("", title="Ledger, the front page"))
        (result,) = run(engine, source(site))
    assert (result.ok, result.new, result.failed, result.not_articles) == (True, 2, 0, 2)
    assert result.reason.startswith("2 of 4 pages are no articles: ")
    assert "a login, titled 'Sign in' (1)" in result.reason
    assert "a soft 404: the front page in its place (1)" in result.reason
    (row,) = recorded(engine)
    assert (row.not_articles, row.failed, row.status, row.bytes > 1000) == (2, 0, 200, True)
    assert {article.url for article in articles(engine)} == {site.url("/story/0"), site.url("/story/3")}


def sitemap(site_url: str, *days: str) -> str:
    urls = "".join(
        f"<url><loc>{site_url}/story/{n}</loc><lastmod>{day}</lastmod></url>" for n, day in enumerate(days)
    )
    return f"<urlset>{urls}</urlset>"


def test_a_backfill_reads_sitemaps_back_to_its_day(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        base = site.url("")
        months = ["2026-06-29", "2026-05-02", "2026-03-20", "2026-02-01", "2025-12-01"]
        parts = "".join(
            f"<sitemap><loc>{base}/map{n}.xml</loc><lastmod>{day}</lastmod></sitemap>"
            for n, day in enumerate(months)
        )
        index = Answer(f"<sitemapindex>{parts}</sitemapindex>", "application/xml", headers={"ETag": '"1"'})
        site.answers["/index.xml"] = index
        for n in range(5):
            listed = sitemap(base, *months[: n + 1]).replace("</urlset>", "") + "</urlset>"
            site.answers[f"/map{n}.xml"] = Answer(listed, "application/xml")
        site.answers.update({f"/story/{n}": Answer(story(n)) for n in range(5)})
        listing = source(site, "/index.xml", kind="sitemap")
        (plain,) = run(engine, listing)
        site.asked.clear()
        since = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
        (back,) = crawl(engine, [listing], now=NOW, settings=Settings(), since=since)
        assert "/map3.xml" in site.paths
        assert "/map4.xml" not in site.paths
        assert not any("If-None-Match" in headers for _, headers in site.asked), (
            "an old 304 would hide the past"
        )
    assert plain.new == 1, "of the last 45 days"
    assert (back.ok, back.new) == (True, 3)
    assert {a.url for a in articles(engine)} == {f"{base}/story/{n}" for n in range(4)}


def test_a_feed_since_a_day_leaves_out_what_is_older_and_keeps_no_validators(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        stories(site, range(4))
        site.answers["/feed.xml"].headers["ETag"] = '"v1"'
        since = dt.datetime(2026, 6, 29, 10, 2, tzinfo=dt.UTC)
        (some,) = crawl(engine, [source(site, min_items=4)], now=NOW, settings=Settings(), since=since)
        (rest,) = run(engine, source(site))
    assert (some.ok, some.items, some.new) == (True, 4, 2)
    assert (rest.new, rest.unchanged) == (2, 2)


def test_a_dry_run_stores_nothing_and_tells_what_it_would(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        stories(site, range(3))
        run(engine, source(site))
        rows = len(recorded(engine))
        stories(site, range(5))
        site.asked.clear()
        (found,) = preview(engine, [source(site)], now=NOW, settings=Settings())
    assert site.paths == ["/robots.txt", "/feed.xml"]
    assert (found.result.ok, found.result.new, found.result.unchanged) == (True, 2, 3)
    assert [entry.outcome for entry in found.entries].count("new") == 2
    assert (len(articles(engine)), len(recorded(engine))) == (3, rows)


def test_the_options_of_the_command(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 't.db'}"
    with serve_site({}) as site:
        stories(site, range(3))
        listed = write_sources(tmp_path / "s.toml", source(site))
        arguments = ["crawl", "--sources", str(listed), "--format", "csv", "--dry-run"]
        env = {"TRACKER_DATABASE_URL": url}
        all_, none = (
            CliRunner().invoke(main, [*arguments, *more], env=env) for more in ([], ["--since", "2026-06-30"])
        )
        wrong = CliRunner().invoke(main, [*arguments, "--since", "June"], env=env)
    assert all_.stdout.splitlines()[1] == "site,never,3,0,0,0,0,"
    assert none.stdout.splitlines()[1] == "site,never,0,0,0,0,0,"
    assert wrong.exit_code == 2
    assert articles(open_store(url)) == []


def known(items: int, skipped: int, new: int = 0, **more: Counter[str]) -> Tally:
    """A crawl of a listing some of whose entries are known."""
    return Tally(items, skipped=skipped, outcomes=Counter(unchanged=skipped, new=new), **more)


CHALLENGE = "not an article but a challenge"
BARE = "not an article: under 120 characters of text"


@pytest.mark.parametrize(
    ("tally", "ok", "state", "said"),
    [
        (
            Tally(items=9, failures=Counter({CHALLENGE: 9})),
            False,
            "blocked",
            "9 of 9 pages are no articles: a",
        ),
        (Tally(items=9, failures=Counter({BARE: 9})), False, "layout changed", "under 120 characters"),
        (known(9, 4, failures=Counter({CHALLENGE: 5})), False, "blocked", "5 of 9 pages are no articles"),
        (known(9, 4, resting=Counter({CHALLENGE: 5})), False, "blocked", "5 of 9 pages are no articles"),
        (known(9, 7, failures=Counter({CHALLENGE: 2})), True, "ok", "2 of 9 pages are no articles"),
        (known(3, 1, failures=Counter({BARE: 2})), True, "ok", "2 of 3 pages are no articles"),
        (known(9, 3, new=1, failures=Counter({CHALLENGE: 5})), True, "ok", "5 of 9"),
        (known(9, 0, new=9, stand_ins=Counter({CHALLENGE: 9})), True, "blocked", "the listing's words stand"),
        (known(9, 0, new=9, stand_ins=Counter({CHALLENGE: 2})), True, "ok", "2 of 9"),
        (
            Tally(items=9, failures=Counter({"timed out": 5, CHALLENGE: 4})),
            False,
            "blocked",
            "all 9 pages failed: timed out (5), not an article but a challenge (4)",
        ),
    ],
)
def test_walls_that_make_a_source_blocked(tally: Tally, ok: bool, state: str, said: str) -> None:
    result = verdict(FEED, tally)
    row = Fetch(started=NOW, **asdict(result))
    found = health(FEED, [row], NOW)
    assert (result.ok, found.state, said in result.reason) == (ok, state, True), (result, found)
    assert result.failed + result.not_articles == (tally.failures + tally.stand_ins).total()
