"""Pages read in processes of their own, and what becomes of a page that kills or stalls its reader."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import subprocess
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest

from spiders import readers
from spiders.base import Entry, Gathered
from spiders.feeds import FeedSpider
from spiders.pages import NotAnArticle, read_page
from spiders.readers import COMMAND, ReadError, Readers
from tests.gather_support import NOW, story
from tracker.sources import Source

URL = "https://site.example/story/7"
BODY = story(7).encode()
ENTRY = Entry(url=URL, title="Story", text="What the listing itself says of the story, at some length. " * 3)


def with_readers(work: Callable[[Readers], Awaitable[Any]], count: int = 1) -> Any:
    async def all_of_it() -> Any:
        pool = Readers(count)
        try:
            return await work(pool)
        finally:
            await pool.close()

    return asyncio.run(all_of_it())


def pid(pool: Readers) -> int:
    process = pool.all[0].process
    assert process is not None
    return process.pid


def test_a_reader_reads_as_the_function_does() -> None:
    async def work(pool: Readers) -> Any:
        pages = [pool.read(story(n).encode(), URL, False) for n in range(6)]
        return await asyncio.gather(*pages)

    assert with_readers(work, 2) == [read_page(story(n).encode(), URL) for n in range(6)]


def test_what_is_no_article_is_told_and_the_reader_lives_on() -> None:
    async def work(pool: Readers) -> None:
        await pool.start()
        first = pid(pool)
        with pytest.raises(NotAnArticle, match="challenge"):
            await pool.read(b"<html><title>Just a moment...</title><p>Wait.</p></html>", URL, False)
        assert await pool.read(BODY, URL, False) == read_page(BODY, URL)
        assert pid(pool) == first

    with_readers(work)


def test_a_death_costs_one_page() -> None:
    async def work(pool: Readers) -> None:
        await pool.start()
        os.kill(pid(pool), signal.SIGSTOP)
        dying = asyncio.create_task(pool.read(BODY, URL, False))
        waiting = asyncio.create_task(pool.read(BODY, URL, False))
        await asyncio.sleep(0.05)
        os.kill(pid(pool), signal.SIGKILL)
        with pytest.raises(ReadError, match="reading the page ended its process"):
            await dying
        assert await waiting == read_page(BODY, URL)

    with_readers(work)


def test_a_page_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(pool: Readers) -> None:
        await pool.start()
        stalled = pid(pool)
        os.kill(stalled, signal.SIGSTOP)
        monkeypatch.setattr(readers, "LONGEST", 0.1)
        with pytest.raises(ReadError, match=r"more than 0\.1 seconds"):
            await pool.read(BODY, URL, False)
        monkeypatch.undo()
        assert await pool.read(BODY, URL, False) == read_page(BODY, URL)
        assert pid(pool) != stalled

    with_readers(work)


def test_a_late_answer_is_not_taken_for_the_next_pages() -> None:
    async def work(pool: Readers) -> None:
        await pool.start()
        os.kill(pid(pool), signal.SIGSTOP)
        given_up = asyncio.create_task(pool.read(story(1).encode(), URL, False))
        await asyncio.sleep(0.05)
        os.kill(pid(pool), signal.SIGCONT)
        given_up.cancel()
        assert await pool.read(BODY, URL, False) == read_page(BODY, URL)

    with_readers(work)


def test_a_defect_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **_: Any) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(readers, "read_page", broken)
    found = readers.answer(BODY, URL, False)
    assert (type(found), str(found)) == (ReadError, "RecursionError: too deep")


def test_a_reader_ends_with_the_crawl_and_not_by_ctrl_c() -> None:
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(pickle.dumps((BODY, URL, False)))
        process.stdin.flush()
        assert process.stdout.read(readers.LENGTH)
        process.send_signal(signal.SIGINT)
        process.stdin.close()
        assert process.wait(timeout=20) == 0


def test_a_page_that_cannot_be_read_is_a_failure_and_no_summary() -> None:
    async def failing(*_: Any) -> Any:
        raise ReadError("reading the page ended its process")

    source = Source(id="site", name="Site", kind="feed", url="https://site.example/feed")
    spider = FeedSpider(source, NOW, lambda message: None, read=failing)
    response: Any = SimpleNamespace(body=BODY, url=URL)
    found: list[Gathered] = list(asyncio.run(spider.article(response, ENTRY)))
    assert found == []
    assert spider.tally.failures == {"reading the page ended its process": 1}
    assert not spider.tally.whole
