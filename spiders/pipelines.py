"""From a spider's find to a row of the store, and the record of each crawl."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections import Counter
from functools import cache
from typing import Any

import sqlalchemy as sa
from scrapy import signals
from scrapy.crawler import Crawler
from sqlmodel import Session

from spiders.base import Gathered, SourceSpider, validators
from spiders.optouts import kept
from spiders.rechecks import PARTLY, due
from spiders.storable import storable
from spiders.tally import verdict
from tracker.errors import StoreError
from tracker.models.tables import SourceState
from tracker.sources import Source
from tracker.store.articles import NewArticle, article_key
from tracker.store.batch import add_articles, under_known_keys
from tracker.store.crawls import (
    begin_fetch,
    failed_pages,
    forget_failed,
    known_addresses,
    opt_outs,
    opt_outs_are_old,
    save_failed,
    save_fetch,
    save_opt_outs,
    save_state,
    settle_fetches,
    source_state,
)
from tracker.store.engine import open_store, transaction
from tracker.store.rechecks import asked_pages, recent_articles, save_asked

TOGETHER = 1.0  # seconds between two transactions; the articles of that time share one

# One for all crawls of the process: an engine of its own would compile each statement anew.
shared_store = cache(open_store)


def to_article(item: Gathered, source: Source, now: dt.datetime) -> NewArticle:
    """An article as the store takes it. A missing or future date becomes the time of the crawl, and says so.

    In a replay a text counts as seen when it was published, or last changed: earlier nobody could have read
    it.
    """
    replay = source.seen == "published"
    undated = item.published is None or (item.published > now and not replay)
    published = now if undated or item.published is None else item.published
    modified = item.modified if item.modified and item.modified > published else None
    details = item.details | ({"undated": True} if undated else {})
    return NewArticle(
        key=item.key or article_key(item.url),
        source_id=source.id,
        url=item.url,
        title=storable(item.title),
        text=storable(item.text),
        published=published,
        modified=modified,
        seen_at=(modified or published) if replay else now,
        language=item.language or source.language,
        tier=source.tier,
        filing=item.filing,
        details=storable(details),
    )


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:200]


class StorePipeline:
    """Stores the items of a moment in one transaction, and one row per crawl when its spider closes."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.engine: sa.Engine = shared_store(crawler.settings["TRACKER_DATABASE_URL"])
        self.started = time.monotonic()
        self.waiting: list[NewArticle] = []
        self.next_store = 0.0  # on the clock of the event loop
        crawler.signals.connect(self.record, signal=signals.spider_closed)
        crawler.signals.connect(self.unexpected, signal=signals.spider_error)
        crawler.signals.connect(self.unexpected, signal=signals.item_error)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StorePipeline:
        return cls(crawler)

    @property
    def spider(self) -> SourceSpider:
        spider: SourceSpider = self.crawler.spider
        return spider

    def open_spider(self) -> None:
        """Give the spider what the store knows of its source, and leave a trace in case this crawl is
        killed.
        """
        self.recall()
        with transaction(self.engine) as session:
            settle_fetches(session, self.spider.source.id)
            begin_fetch(session, self.spider.source.id, self.spider.now)

    def recall(self) -> None:
        spider, source = self.spider, self.spider.source
        with transaction(self.engine) as session:
            spider.failed = failed_pages(session, source.id)
            pages = asked_pages(session, source.id)
            spider.known = known_addresses(session, source.id) | {p.address: p.stamp for p in pages.values()}
            if source.recheck_days and source.seen == "now" and spider.since is None:
                articles = recent_articles(session, source.id, spider.now - PARTLY)
                spider.rechecks = due(source, articles, pages, spider.now)
            spider.reads_opt_outs = opt_outs_are_old(session, source.id, spider.now)
            state = source_state(session, source.id)
            if state.not_before and state.not_before > spider.now:
                spider.tally.problem = (
                    f"the host asked to be left alone until {state.not_before:%Y-%m-%d %H:%M} UTC"
                )
            if state.url == source.url and spider.since is None and not spider.fresh:
                spider.validators = validators(state)

    def process_item(self, item: Gathered) -> Gathered:
        self.waiting.append(to_article(item, self.spider.source, self.spider.now))
        if len(self.waiting) == 1:
            asyncio.get_running_loop().call_at(self.next_store, self.store)
        return item

    def close_spider(self) -> None:
        self.store()

    def store(self) -> None:
        """Store what waits. Should the crawl die before, the next one finds these articles unknown."""
        articles, self.waiting = self.waiting, []
        self.next_store = asyncio.get_running_loop().time() + TOGETHER
        try:
            self.add(articles)
        except Exception:  # one that the store refuses must not keep the others out
            for article in articles:
                self.add_or_count(article)

    def add_or_count(self, article: NewArticle) -> None:
        try:
            self.add([article])
        except StoreError as error:
            self.spider.tally.failures[error.message] += 1
        except Exception as error:
            self.spider.tally.failures[_words(error)] += 1

    def add(self, articles: list[NewArticle]) -> None:
        """Store articles in one transaction, then tell of each."""
        if not articles:
            return
        spider = self.spider
        with transaction(self.engine) as session:
            articles = under_known_keys(session, articles)
            outcomes = add_articles(session, articles)
            addresses = [article.details.get("address", "") for article in articles]
            pages = [spider.tally.asked[address] for address in addresses if address in spider.tally.asked]
            save_asked(session, spider.source.id, pages, spider.now)
            self.save_broken(session)
        for address in addresses:
            spider.tally.asked.pop(address, None)
        spider.tally.outcomes.update(outcomes)
        for article, outcome in zip(articles, outcomes, strict=True):
            spider.tally.undated += outcome != "unchanged" and "undated" in article.details
        spider.report({"source": spider.source.id, "outcomes": Counter(outcomes)})

    def save_broken(self, session: Session) -> None:
        """Keep what is known of failed pages as it comes: a crawl that is killed often would else begin with
        the same ones each time.
        """
        spider = self.spider
        save_failed(session, spider.tally.broken.values())
        spider.tally.broken.clear()

    def unexpected(self, **found: Any) -> None:
        """A defect of ours met one record: counted with its reason, so that a crawl never looks better than
        it was.
        """
        self.spider.tally.failures[_words(found["failure"].value)] += 1

    def record(self, spider: SourceSpider, reason: str) -> None:
        result = verdict(spider.source, spider.tally, reason)
        finished = spider.now + dt.timedelta(seconds=time.monotonic() - self.started)
        with transaction(self.engine) as session:
            save_fetch(session, result, spider.now, finished)
            self.save_broken(session)
            forget_failed(session, spider.source.id, spider.now)
            save_asked(session, spider.source.id, spider.tally.left_alone, spider.now)
            self._save_state(session, result.ok)
            if spider.opt_outs is not None:
                self._save_opt_outs(session, spider.opt_outs)
        spider.report({"result": result.__dict__})

    def _save_state(self, session: Any, ok: bool) -> None:
        """Validators are replaced only after a crawl that left nothing behind; a pause is always kept.

        A crawl since some day leaves older entries behind, and neither sends validators nor keeps any.
        """
        tally, source = self.spider.tally, self.spider.source
        if tally.wait_seconds:
            state = source_state(session, source.id)
            state.not_before = self.spider.now + dt.timedelta(seconds=tally.wait_seconds)
            save_state(session, state)
        elif ok and tally.whole and self.spider.since is None:
            save_state(
                session,
                SourceState(
                    source_id=source.id, url=source.url, etag=tally.etag, last_modified=tally.last_modified
                ),
            )

    def _save_opt_outs(self, session: Any, found: dict[str, str]) -> None:
        source_id, outcomes = self.spider.source.id, self.spider.tally.outcomes
        before = opt_outs(session).get(source_id)
        all_found = kept(before.found if before else {}, found, outcomes["new"] + outcomes["changed"])
        save_opt_outs(session, source_id, all_found, self.spider.now)


class DryPipeline(StorePipeline):
    """Tells the spider what is known and stores nothing. It asks afresh: a 304 would show no entries."""

    def open_spider(self) -> None:
        self.recall()
        self.spider.validators, self.spider.rechecks = {}, []
        self.spider.reads_opt_outs = False

    def record(self, spider: SourceSpider, reason: str) -> None:
        spider.report({"result": verdict(spider.source, spider.tally, reason).__dict__})
