"""The crawl process: `python -m spiders.run` reads a job on stdin and writes one JSON object a line on
stdout.

A process of its own, because Twisted's reactor cannot be started twice in one.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import gc
import json
import os
import select
import signal
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings as ScrapySettings

from spiders.base import SourceSpider
from spiders.discover import DiscoverSpider, PageSpider
from spiders.edgar.spider import EdgarSpider
from spiders.feeds import FeedSpider
from spiders.listings import ListingSpider
from spiders.pace import BUDGET, domain
from spiders.readers import Readers
from spiders.settings import scrapy_settings
from spiders.sitemaps import SitemapSpider
from tracker.config import Settings
from tracker.sources import Source, SourceResult

if TYPE_CHECKING:
    from spiders.shared import Shared

GRACE = 10.0  # seconds that a crawl has to store what it holds once its starter is gone
AT_A_TIME = 12  # sources; each crawls one host
SPIDERS: dict[str, type[SourceSpider]] = {
    "rss": FeedSpider,
    "atom": FeedSpider,
    "feed": FeedSpider,
    "sitemap": SitemapSpider,
    "edgar": EdgarSpider,
    "listing": ListingSpider,
}
MODES: dict[str, dict[str, Any]] = {
    "crawl": {},
    "dry": {"ITEM_PIPELINES": {"spiders.pipelines.DryPipeline": 300}},
    "discover": {"ITEM_PIPELINES": {}},
    "page": {"ITEM_PIPELINES": {}},
}
SINGLE: dict[str, type[SourceSpider]] = {"discover": DiscoverSpider, "page": PageSpider}
Report = Callable[[dict[str, Any]], None]


class Job(BaseModel):
    """What to crawl, as of when, into which store.

    mode: `crawl` stores; `dry` reads the listings only, reports their entries and stores nothing; `discover`
    looks for what an address offers, `page` reads the page that it is the address of.
    since: leaves out older entries, and reads sitemaps back to it.
    fresh: sends no validators, and asks for pages that rest after failures.
    archive: a folder for the raw answers; none are kept where it is empty.
    redis_url: where crawlers share sources and turns; empty where this one is alone.
    """

    sources: list[Source]
    now: dt.datetime
    database_url: str
    contact: str = ""
    proxy: str = ""
    redis_url: str = ""
    archive: str = ""
    since: dt.datetime | None = None
    fresh: bool = False
    mode: Literal["crawl", "dry", "discover", "page"] = "crawl"

    @property
    def settings(self) -> Settings:
        return Settings(database_url=self.database_url, contact=self.contact, proxy=self.proxy)


@dataclass
class Crawl:
    """Runs the spiders of a job in this process. `extra` are Scrapy settings laid over the shipped ones."""

    job: Job
    report: Report
    extra: dict[str, Any] = field(default_factory=dict)
    stopped: bool = False
    shared: Shared | None = None
    lost: str = ""

    def run(self) -> None:
        self.process = AsyncCrawlerProcess(self.settings(None))
        self.readers = Readers(os.cpu_count() or 1)
        task = asyncio.get_event_loop().create_task(self.all())
        task.add_done_callback(lambda _: self.process._stop_reactor())
        self.process.start(stop_after_crawl=False)
        if self.lost:
            raise SystemExit(self.lost)

    def settings(self, source: Source | None) -> ScrapySettings:
        # The process lays its own settings over a crawler's of the same priority, hence the higher one.
        priority = "spider" if source else "project"
        own = {**MODES[self.job.mode], "TRACKER_ARCHIVE": self.job.archive}
        values = {**scrapy_settings(self.job.settings, source), **own, **self.extra}
        return ScrapySettings(values, priority=priority)

    async def all(self) -> None:
        gate = asyncio.Semaphore(AT_A_TIME)
        try:
            async with self.sharing() as self.shared:
                BUDGET.shared = self.shared
                if self.job.mode == "crawl":
                    await self.readers.start()
                await asyncio.gather(*(self.lane(gate, sources) for sources in lanes(self.job.sources)))
        finally:
            await self.readers.close()

    def sharing(self) -> AbstractAsyncContextManager[Shared | None]:
        if not self.job.redis_url:
            return nullcontext()
        from spiders.shared import sharing

        return sharing(self.job.redis_url, self.lose)

    def lose(self, reason: str) -> None:
        """Redis is lost: end in order what runs, begin nothing more."""
        if not self.lost:
            self.lost, self.stopped = reason, True
            self.ending = asyncio.ensure_future(self.process.stop())

    async def lane(self, gate: asyncio.Semaphore, sources: list[Source]) -> None:
        for source in sources:
            async with gate:
                if not self.stopped:
                    await self.one(source)

    async def one(self, source: Source) -> None:
        if self.shared is None or self.job.mode != "crawl":
            return await self.crawl(source)
        async with self.shared.claimed(source.id, lambda: not self.stopped) as mine:
            if mine:
                return await self.crawl(source)
        if not self.lost:
            left = SourceResult(source.id, ok=True, reason="another crawler has it")
            self.report({"result": asdict(left)})

    async def crawl(self, source: Source) -> None:
        spider = SINGLE.get(self.job.mode) or SPIDERS[source.kind]
        crawler = Crawler(spider, self.settings(source))
        await self.process.crawl(
            crawler,
            source=source,
            now=self.job.now,
            report=self.report,
            dry=self.job.mode == "dry",
            since=self.job.since,
            fresh=self.job.fresh,
            read=self.readers.read,
        )
        self.stopped = self.stopped or crawler.stats.get_value("finish_reason") == "shutdown"


def lanes(sources: list[Source]) -> list[list[Source]]:
    """The sources by domain: those of one domain are crawled one after another."""
    by_domain: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        # Loopback outlets share a host that needs no sparing.
        by_domain[source.id if source.local else domain(source.url)].append(source)
    return list(by_domain.values())


def reporter() -> Report:
    """Writes reports to the real stdout and turns everything else that is printed to stderr.

    Once nobody reads them any more, whoever started the crawl is gone: it ends as on Ctrl-C, and by force
    after some time.
    """
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def report(message: dict[str, Any]) -> None:
        with suppress(BrokenPipeError):  # the watch below sees it too
            print(json.dumps(message), file=out, flush=True)

    threading.Thread(target=end_unread, args=(out.fileno(),), daemon=True).start()
    return report


def end_unread(out: int) -> None:
    """Wait until nobody reads the pipe `out`, then end this process."""
    poll = select.poll()
    poll.register(out, 0)  # that its reader is gone is told without being asked for
    poll.poll()
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(GRACE)
    os.kill(os.getpid(), signal.SIGKILL)


def spare_the_collector() -> None:
    """Looking for garbage took a tenth of a crawl: what was imported stays anyway, and 700 objects are those
    of a few pages.
    """
    gc.freeze()
    gc.set_threshold(5_000, 10, 10)


def main() -> None:
    spare_the_collector()
    report = reporter()
    Crawl(Job.model_validate_json(sys.stdin.read()), report).run()


if __name__ == "__main__":
    main()
