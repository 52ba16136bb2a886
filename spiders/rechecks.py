"""Asking again for what is stored: articles are corrected in silence, and some were stored in part.

Once all that a listing tells of is fetched, the pages of recent articles are asked for with the validators
that they came with. A text that changed becomes a revision; whatever else comes changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Request, Response

from spiders.addresses import clean_url
from spiders.base import CUT_OFF, HANDLED, Entry, Gathered, SourceSpider, from_page, validators
from spiders.failures import PATIENT, describe, pause
from spiders.gates import lost
from spiders.pages import NotAnArticle, is_cut_off
from spiders.readers import ReadError
from spiders.times import read_time
from tracker.models.tables import Article, AskedPage
from tracker.sources import Source
from tracker.store.articles import content_hash

DAILY = dt.timedelta(days=1)
PARTLY = dt.timedelta(days=14)  # after publication, in which an article may still be had whole


@dataclass(frozen=True)
class Recheck:
    """A stored article whose page is to be asked for again, and what is known of that page."""

    article: Article
    page: AskedPage

    @property
    def partial(self) -> bool:
        return "partial" in self.article.details

    @cached_property
    def entry(self) -> Entry:
        """What its listing told of it."""
        article = self.article
        return Entry(
            url=self.page.address,
            title=article.title,
            published=None if "undated" in article.details else article.published,
            updated=read_time(article.details.get("updated")),
        )

    @property
    def validators(self) -> dict[str, str]:
        """Those of the page; what was stored in part is wanted whole, changed or not."""
        return {} if self.partial else validators(self.page)


def due(
    source: Source, articles: Iterable[Article], pages: dict[str, AskedPage], now: dt.datetime
) -> list[Recheck]:
    """The articles of a source that are asked for again now, newest first.

    An article of which no page was ever asked for came whole with its listing, which tells of its changes.
    """
    found = []
    for article in articles:
        address = article.details.get("address", "")
        page = pages.get(address)
        if page is None and "partial" in article.details:
            page = AskedPage(source_id=source.id, address=address, asked=article.seen_at)
        if page is not None and not article.filing and _is_due(source, known := Recheck(article, page), now):
            found.append(known)
    return sorted(found, key=lambda each: each.article.published, reverse=True)


def _is_due(source: Source, known: Recheck, now: dt.datetime) -> bool:
    """Daily in an article's first `recheck_days`; where it was stored in part with pauses that grow."""
    age = now - known.article.published
    if known.partial:
        return age < PARTLY and now >= known.page.asked + pause(PATIENT + known.page.times)
    return age < source.recheck_days * DAILY and now >= known.page.asked + DAILY


class Rechecks:
    """Sends those requests of a crawl, and judges what comes."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        crawler.signals.connect(self.begin, signal=signals.spider_idle)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Rechecks:
        return cls(crawler)

    @property
    def spider(self) -> SourceSpider:
        spider: SourceSpider = self.crawler.spider
        return spider

    def begin(self) -> None:
        """Ask, now that the rest of the crawl is done; within what a crawl may fetch."""
        spider = self.spider
        rest, spider.rechecks = spider.rechecks, []
        rest = [known for known in rest if known.page.address not in spider.asked]
        rest = rest[: max(0, spider.source.max_pages - len(spider.asked))]
        if spider.tally.problem or not rest:
            return
        for known in rest:
            self.crawler.engine.crawl(self.request(known))
        raise DontCloseSpider

    def request(self, known: Recheck) -> Request:
        return Request(
            known.page.address,
            self.answered,
            errback=self.failed,
            headers=known.validators,
            meta=HANDLED,
            cb_kwargs={"known": known},
            dont_filter=True,
        )

    async def answered(self, response: Response, known: Recheck) -> Sequence[Gathered]:
        if response.status == 304:
            return self.leave(known, "unchanged")
        if is_cut_off(response.body):
            return self.leave(known, CUT_OFF)
        if lost(known.page.address, response.url):
            return self.leave(known, "the front page in its place")
        try:
            item = await self.read(response, known)
        except (NotAnArticle, ReadError) as error:
            return self.leave(known, str(error))
        page = self.spider.asked_page(response, known.entry)
        if content_hash(item.title, item.text) == known.article.content_hash:
            return self.leave(replace(known, page=page), "unchanged")
        self.spider.tally.correct(page, known.page.address in self.spider.taken)
        return [item]

    async def read(self, response: Response, known: Recheck) -> Gathered:
        """The article as its page is now, under the key it has."""
        page = await self.spider.read(response.body, response.url, self.spider.source.local)
        item = from_page(page, known.entry, clean_url(response.url))
        details = known.article.details
        # Both marks are set anew where they still hold.
        before = {name: value for name, value in details.items() if name not in ("partial", "undated")}
        return replace(item, key=known.article.key, details=before | item.details)

    def failed(self, failure: Any) -> None:
        self.leave(failure.request.cb_kwargs["known"], describe(failure))

    def leave(self, known: Recheck, outcome: str) -> Sequence[Gathered]:
        """Keep the article as it is, and when its page was asked for."""
        page, tally = known.page, self.spider.tally
        tally.again[outcome] += 1
        times = page.times + 1 if known.partial else 0
        values = page.model_dump() | {"asked": self.spider.now, "times": times}
        tally.left_alone.append(AskedPage(**values))
        return []
