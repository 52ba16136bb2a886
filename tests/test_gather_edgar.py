"""EDGAR: a crawl of made-up filings over loopback, its replay from an archive, and the rate limit."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from scrapy.http import Request, TextResponse
from sqlmodel import Session, select

from spiders.failures import TryLater
from spiders.middlewares import RetryAfter
from spiders.pace import Budget
from spiders.tally import Tally
from tests.edgar_filings import BOARD, EVERY, FOLDER, HARROW, RIGG, TARN, feed, publish
from tests.gather_support import NOW, SHARED, Answer, articles, recorded, run, serve_site, source, store
from tracker.cli import main
from tracker.config import Settings
from tracker.extract.document import Document
from tracker.gather import crawl
from tracker.models.mention import Mention
from tracker.models.tables import Article, FailedPage
from tracker.pipeline import digest, ledger
from tracker.sources import Source, SourceResult
from tracker.sources.health import health

CONTACT = "desk@ledger.example"
LIMIT = SHARED / "edgar" / "rate-exceeded.html"
# In the shape of SEC.gov's page, where the real one is not at hand.
TOO_FAST = "<html><head><title>SEC.gov | Request Rate Threshold Exceeded</title></head><p>Wait.</p></html>"


def failed_pages(engine: sa.Engine) -> list[FailedPage]:
    with Session(engine) as session:
        return list(session.exec(select(FailedPage)))


class NoReader:
    """Stands for the extractor, and notes what it is given."""

    version = "none"
    batch = 50

    def __init__(self) -> None:
        self.given: list[str] = []

    def extract(self, documents: Iterable[Document]) -> Iterator[tuple[str, list[Mention]]]:
        for document in documents:
            self.given.append(document.title)
            yield document.id, []


@dataclass(frozen=True)
class Crawled:
    """Two crawls: their results, what each asked for, and the archive of the first."""

    engine: sa.Engine
    first: SourceResult
    second: SourceResult
    agents: set[str]
    asked: list[str]
    again: list[str]
    archive: Path

    @property
    def stored(self) -> dict[str, Article]:
        return {article.details["form"]: article for article in articles(self.engine)}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """One crawl of every kind of filing, kept as an archive, and a second one."""
    folder = tmp_path_factory.mktemp("edgar")
    engine = store(folder)
    with serve_site({}) as site:
        publish(site)
        listing = source(site, "/current", kind="edgar")
        settings = Settings(contact=CONTACT)
        (first,) = crawl(engine, [listing], now=NOW, settings=settings, archive=folder / "kept")
        agents = {headers["User-Agent"] for _, headers in site.asked}
        asked = list(site.paths)
        # The page moves on: the same tender offer is listed under its bidder alone.
        site.answers["/current"] = feed(site, (*EVERY[:4], *EVERY[5:]))
        (second,) = run(engine, listing, contact=CONTACT)
        again = site.paths[len(asked) :]
    (archive,) = (folder / "kept").iterdir()
    return Crawled(engine, first, second, agents, asked, again, archive)


def test_every_followed_filing_is_stored_once(crawled: Crawled) -> None:
    first, second = crawled.first, crawled.second
    assert (first.ok, first.items, first.new, first.failed) == (True, 6, 5, 0)
    assert (second.ok, second.new, second.unchanged) == (True, 0, 5)
    assert [path for path in crawled.again if path != "/robots.txt"] == ["/current"]
    assert {form: article.title for form, article in crawled.stored.items()} == {
        "8-K": "TARN SYSTEMS INC files a Form 8-K (item 2.01, 5.02)",
        "8-K/A": "SCAR CLOUD LTD files a Form 8-K/A (item 8.01, 9.01)",
        "D": "Harrow Chips, Inc. reports $90,000,000 sold in a private offering (Form D)",
        "SC TO-T": "BIRK HOLDINGS INC offers to buy all shares of CORRIE NETWORKS PLC at "
        "$18.25 a share (Form SC TO-T)",
        "S-1": "Rigg Robotics, Inc. has filed for an initial public offering of up to $250,000,000 "
        "(Form S-1)",
    }
    assert all(article.filing and article.language == "en" for article in crawled.stored.values())
    assert {a.published for a in crawled.stored.values()} == {
        dt.datetime(2026, 6, 29, 21, 15, 38, tzinfo=dt.UTC)
    }


def test_it_says_who_asks_and_asks_no_more_than_it_reads(crawled: Crawled) -> None:
    assert crawled.agents == {f"market-signal-tracker/0.1.0 {CONTACT}"}
    asked = crawled.asked
    assert len(asked) == len(set(asked))
    assert BOARD.path not in asked
    assert HARROW.path not in asked  # the whole submission instead of its index


def test_a_press_release_is_the_article_of_its_report(crawled: Crawled) -> None:
    article = crawled.stored["8-K"]
    assert article.text.splitlines()[1] == "Tarn Systems completes its purchase of Fell Storage"
    assert "Item" not in article.text
    assert article.details["signals"] == ["acquisition or disposal completed"]
    assert article.url.endswith(f"{FOLDER}tarn8k.htm")


def test_an_exhibit_that_is_gone_is_gone_without(crawled: Crawled) -> None:
    article = crawled.stored["8-K/A"]
    assert article.text.endswith("attached as Exhibit 99.1.")
    assert (article.details["items"], article.details["signals"]) == (["8.01", "9.01"], [])


def test_forms_become_events_by_their_fields(crawled: Crawled) -> None:
    engine, reader = crawled.engine, NoReader()
    done = digest(engine, settings=Settings(), extractor=reader)
    assert (done.articles_read, done.mentions, len(reader.given)) == (5, 3, 2)
    told = {
        event.type: (event.status, event.parties, event.amount, event.filings) for event in ledger(engine)
    }
    assert {kind: (status, filings) for kind, (status, _, _, filings) in told.items()} == {
        "financing": ("completed", 1), "acquisition": ("announced", 1), "ipo": ("announced", 1),
    }  # fmt: skip
    names = {
        kind: {r: [p.name for p in ps] for r, ps in parties.items()}
        for kind, (_, parties, _, _) in told.items()
    }
    assert names == {
        "financing": {"company": ["Harrow Chips, Inc."]},
        "acquisition": {"acquirer": ["BIRK HOLDINGS INC"], "target": ["CORRIE NETWORKS PLC"]},
        "ipo": {"company": ["Rigg Robotics, Inc."]},
    }


def test_an_archive_gives_the_same_articles(crawled: Crawled, tmp_path: Path) -> None:
    other = store(tmp_path)
    arguments = ["ingest", "--no-extract", str(crawled.archive)]
    done = CliRunner().invoke(main, arguments, env={"TRACKER_DATABASE_URL": str(other.url)})
    assert (done.exit_code, done.stdout) == (0, "5 articles: 5 new, 0 changed, 0 unchanged, 0 bad\n")
    same = ("key", "source_id", "url", "title", "text", "published", "filing", "details")
    assert [[getattr(a, name) for name in same] for a in articles(other)] == [
        [getattr(a, name) for name in same] for a in articles(crawled.engine)
    ]


def test_filings_that_cannot_be_read_are_counted_and_then_rest(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        publish(site)
        site.answers["/current"] = feed(site, (TARN, RIGG))
        site.answers[TARN.path] = Answer("<html><p>nothing here</p></html>")
        del site.answers[f"{FOLDER}s1.htm"]
        listing = source(site, "/current", kind="edgar")
        first, _, _, fourth = (run(engine, listing, contact=CONTACT)[0] for _ in range(4))
        publish(site)
        site.answers["/current"] = feed(site, (TARN, RIGG))
        (healed,) = run(engine, listing, now=NOW + dt.timedelta(hours=1), contact=CONTACT)
    why = {"filing index without a 8-K document", "HTTP 404"}
    assert (first.ok, first.failed) == (False, 2)
    assert all(reason in first.reason for reason in why)
    assert (fourth.failed, [path.times for path in failed_pages(engine)]) == (0, [3, 3])
    assert {path.reason for path in failed_pages(engine)} == why
    assert (healed.ok, healed.new) == (True, 2)


@pytest.mark.parametrize(("status", "at"), [(403, "/current"), (200, "document")])
def test_the_rate_limit_is_a_pause(tmp_path: Path, status: int, at: str) -> None:
    page = LIMIT.read_text("utf-8") if LIMIT.exists() else TOO_FAST
    engine = store(tmp_path)
    with serve_site({}) as site:
        publish(site)
        site.answers["/current"] = feed(site, (TARN,))
        site.answers["/current" if at == "/current" else f"{FOLDER}tarn8k.htm"] = Answer(page, status=status)
        listing = source(site, "/current", kind="edgar")
        (first,) = run(engine, listing, contact=CONTACT)
        asked = len(site.asked)
        (second,) = run(engine, listing, contact=CONTACT)
    assert articles(engine) == []
    assert first.reason == "blocked, over the host's request limit: it asks to wait 10 minutes"
    assert second.reason == "the host asked to be left alone until 2026-06-30 12:10 UTC"
    assert len(site.asked) == asked
    found = health(listing, recorded(engine), NOW)
    assert (found.state, found.failures) == ("blocked", 0.5)


def test_the_pause_holds_for_the_other_feeds() -> None:
    feeds = [Source(id=f"s{n}", name="S", kind="edgar", url=f"https://www.sec.gov/{n}") for n in range(2)]
    budget, tally = Budget(), Tally()
    keeper = RetryAfter(
        SimpleNamespace(spider=SimpleNamespace(source=feeds[0], now=NOW, tally=tally)), budget
    )
    answer = TextResponse(feeds[0].url, body=TOO_FAST, encoding="utf-8")
    with pytest.raises(TryLater, match="request limit: it asks to wait 10 minutes"):
        asyncio.run(keeper.process_response(Request(feeds[0].url), answer))
    assert tally.wait_seconds == 600.0
    with pytest.raises(TryLater, match="the host asked to be left alone for another 10 minutes"):
        keeper.process_request(Request(feeds[1].url))


def test_without_a_contact_edgar_is_not_asked(tmp_path: Path) -> None:
    with serve_site({}) as site:
        (result,) = run(store(tmp_path), source(site, "/current", kind="edgar"))
    assert (result.ok, result.reason) == (False, "SEC EDGAR wants an e-mail address: set TRACKER_CONTACT")
    assert site.asked == []
