"""Articles stored several at a time: none lost, none twice, and one that is refused keeps no other out."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.signalmanager import SignalManager

from spiders import pipelines
from spiders.base import Gathered
from spiders.feeds import FeedSpider
from spiders.pipelines import StorePipeline
from tests.gather_support import NOW, articles, store
from tracker.sources import Source

SOURCE = Source(id="site", name="Site", kind="feed", url="https://site.example/feed")


def gathered(number: int, title: str = "Title") -> Gathered:
    address = f"https://site.example/{number}"
    return Gathered(address, title, "text", NOW, details={"address": address})


def pipeline(database: str) -> tuple[StorePipeline, list[dict[str, Any]]]:
    told: list[dict[str, Any]] = []
    spider = FeedSpider(SOURCE, NOW, told.append)
    crawler: Any = SimpleNamespace(
        settings={"TRACKER_DATABASE_URL": database}, signals=SignalManager(), spider=spider
    )
    return StorePipeline(crawler), told


def test_the_first_is_stored_at_once_and_those_of_a_moment_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = store(tmp_path)
    pipe, told = pipeline(str(engine.url))
    sizes: list[int] = []
    add = pipelines.add_articles
    monkeypatch.setattr(pipelines, "add_articles", lambda s, some: sizes.append(len(some)) or add(s, some))

    async def work() -> None:
        pipe.process_item(gathered(0))
        await asyncio.sleep(0.01)
        assert len(told) == len(articles(engine)) == 1
        for number in range(10):
            pipe.process_item(gathered(number))
            await asyncio.sleep(0)
        assert len(told) == 1
        await asyncio.sleep(pipelines.TOGETHER + 0.1)

    asyncio.run(work())
    assert sizes == [1, 10]
    assert len(articles(engine)) == 10
    assert pipe.spider.tally.outcomes == {"new": 10, "unchanged": 1}
    assert [message["outcomes"] for message in told] == [{"new": 1}, {"unchanged": 1, "new": 9}]


def test_one_page_by_http_and_https_is_one_article(tmp_path: Path) -> None:
    engine = store(tmp_path)
    pipe, _ = pipeline(str(engine.url))
    scheme = "{}://site.example/1"
    together = [Gathered(scheme.format(s), "Title", "text", NOW) for s in ("http", "https")]

    async def work() -> None:
        for item in together:
            pipe.process_item(item)
        pipe.store()
        pipe.process_item(Gathered(scheme.format("https"), "Title", "another text", NOW))
        pipe.process_item(Gathered("https://site.example:8443/1", "Title", "text", NOW))
        pipe.close_spider()

    asyncio.run(work())
    assert sorted((a.url, a.revision) for a in articles(engine)) == [
        ("http://site.example/1", 1), ("https://site.example/1", 2), ("https://site.example:8443/1", 1)
    ]  # fmt: skip


def test_what_waits_is_stored_before_the_crawl_is_recorded(tmp_path: Path) -> None:
    engine = store(tmp_path)
    pipe, _ = pipeline(str(engine.url))

    async def work() -> None:
        for number in range(3):
            pipe.process_item(gathered(number))
        pipe.close_spider()

    asyncio.run(work())
    assert len(articles(engine)) == pipe.spider.tally.outcomes["new"] == 3


def test_one_that_the_store_refuses_keeps_no_other_out(tmp_path: Path) -> None:
    engine = store(tmp_path)
    pipe, _ = pipeline(str(engine.url))

    async def work() -> None:
        for number in range(3):
            item = gathered(number)
            pipe.process_item(replace(item, key="\ud800") if number == 1 else item)
        pipe.close_spider()

    asyncio.run(work())
    assert [article.url[-1] for article in sorted(articles(engine), key=lambda a: a.url)] == ["0", "2"]
    ((reason, count),) = pipe.spider.tally.failures.items()
    assert (reason.split(":")[0], count) == ("UnicodeEncodeError", 1)
    assert not pipe.spider.tally.whole
