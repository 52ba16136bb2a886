"""Crawlers that share their work through a real Redis: every page once, domains spared by all together."""

from __future__ import annotations

import asyncio
import subprocess
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from spiders import shared
from spiders.shared import Shared, sharing
from tests.gather_support import NOW, Answer, articles, rss, run, serve_site, source, stories
from tests.redis_server import serving_redis
from tracker.cli import main
from tracker.config import Settings
from tracker.gather import Step, crawl
from tracker.store.engine import open_store

NAMES = ("one", "two", "three")
Server = tuple[str, subprocess.Popen[bytes]]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Server]:
    with serving_redis(tmp_path) as found:
        yield found


def alone(reason: str) -> None:
    raise AssertionError(reason)


def test_two_crawls_at_once_ask_for_every_page_once(redis: Server, tmp_path: Path) -> None:
    engine = open_store(f"sqlite:///{tmp_path / 't.db'}")
    settings = Settings(redis_url=redis[0])
    with serve_site({}, delay=0.02) as site:
        stories(site, range(12))
        for n, name in enumerate(NAMES):
            feed = rss(site, range(4 * n, 4 * n + 4))
            site.answers[f"/{name}.xml"] = Answer(feed, "application/rss+xml")
        sources = [source(site, f"/{name}.xml", id=name) for name in NAMES]

        def work(order: int) -> list[tuple[str, bool, int]]:
            done = crawl(engine, sources[::order], now=NOW, settings=settings)
            return [(r.reason, r.ok, r.new) for r in done]

        with ThreadPoolExecutor() as pool:
            results = [line for lines in pool.map(work, (1, -1)) for line in lines]
        asked = Counter(path for path in site.paths if path.startswith("/story") or path.endswith(".xml"))
    assert (len(asked), set(asked.values())) == (15, {1})
    assert len(articles(engine)) == 12
    assert sorted(new for reason, _, new in results if not reason) == [4, 4, 4]
    assert [line for line in results if line[0]] == [("another crawler has it", True, 0)] * 3


def test_turns_of_a_domain_are_those_of_all_crawlers(redis: Server) -> None:
    async def both() -> tuple[list[float], float]:
        async with sharing(redis[0], alone) as one, sharing(redis[0], alone) as other:
            booked = [await s.take_turn("a.example", 10, 120) for s in (one, other, other, one)]
            return booked, await other.take_turn("b.example", 10, 120)

    booked, elsewhere = asyncio.run(both())
    assert booked[0] == 0
    assert all(9.5 < later - earlier <= 10 for earlier, later in pairwise(booked))
    assert elsewhere == 0


def test_a_pause_holds_for_all_and_books_nothing(redis: Server) -> None:
    async def both() -> list[float]:
        async with sharing(redis[0], alone) as one, sharing(redis[0], alone) as other:
            await one.leave_alone("a.example", 900)
            return [await other.take_turn("a.example", 1, 120) for _ in range(2)]

    first, second = asyncio.run(both())
    assert 890 < second <= first <= 900


def test_what_a_killed_crawler_had_is_anothers_after_a_while(
    redis: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "CLAIM", 1)

    async def claims() -> list[bool]:
        killed, other = Shared(redis[0], alone), Shared(redis[0], alone)
        await killed.begin()
        await other.begin()
        held = [killed.claimed("wire", lambda: True), other.claimed("wire", lambda: True)]  # and never left
        found = [await claim.__aenter__() for claim in held]
        await asyncio.sleep(1.1)
        async with other.claimed("wire", lambda: True) as mine:
            found.append(mine)
        async with killed.claimed("wire", lambda: True) as again:  # begun before the other had finished it
            found.append(again)
        for one in (killed, other):
            await one.close()
        async with sharing(redis[0], alone) as later, later.claimed("wire", lambda: True) as anew:
            return [*found, anew]

    assert asyncio.run(claims()) == [True, False, True, False, True]


def test_what_was_broken_off_is_anothers_at_once(redis: Server) -> None:
    async def claims() -> list[bool]:
        async with sharing(redis[0], alone) as one, sharing(redis[0], alone) as other:
            async with one.claimed("wire", lambda: False) as mine:
                pass
            async with other.claimed("wire", lambda: True) as theirs:
                pass
            async with one.claimed("wire", lambda: True) as again:
                return [mine, theirs, again]

    assert asyncio.run(claims()) == [True, True, False]


def test_a_claim_that_is_renewed_holds(redis: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "CLAIM", 1)

    async def claims() -> bool:
        async with sharing(redis[0], alone) as one, one.claimed("wire", lambda: True):
            await asyncio.sleep(1.6)
            async with sharing(redis[0], alone) as other, other.claimed("wire", lambda: True) as mine:
                return mine

    assert not asyncio.run(claims())


def test_a_redis_that_is_not_there_is_told(tmp_path: Path) -> None:
    env = {
        "TRACKER_REDIS_URL": "redis://:s3cret@127.0.0.1:1/0",
        "TRACKER_DATABASE_URL": f"sqlite:///{tmp_path / 't.db'}",
    }
    done = CliRunner().invoke(main, ["crawl", "techcrunch"], env=env)
    assert done.exit_code == 1
    assert "the Redis of TRACKER_REDIS_URL does not answer" in done.stderr
    assert "s3cret" not in done.stderr


def test_a_redis_lost_in_the_middle_ends_the_crawl_and_keeps_what_came(redis: Server, tmp_path: Path) -> None:
    engine = open_store(f"sqlite:///{tmp_path / 't.db'}")
    address, process = redis

    def lose(step: Step) -> None:
        process.kill()

    with serve_site({}, delay=0.1) as site:
        stories(site, range(30))
        [result] = crawl(
            engine, [source(site)], now=NOW, settings=Settings(redis_url=address), on_progress=lose
        )
        kept = len(articles(engine))
        assert not result.ok
        assert 1 <= kept < 30
        [again] = run(engine, source(site))
    assert (again.ok, again.new) == (True, 30 - kept)
