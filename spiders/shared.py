"""What the crawlers of several machines agree on in Redis: whose a source is, and whose turn at a domain.

A source is claimed before it is crawled and belongs to one crawler; a claim that nobody renews ends by
itself, so that what a killed crawler had is crawled by the next one. Turns of a domain are booked by Redis's
own clock, one script at a time, so that all crawlers together are as polite as one.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

CLAIM = 60
"""Seconds that a claim holds without being renewed."""

DONE = 24 * 3600
"""Seconds for which it is known when a source was last crawled: longer than any crawl takes."""

# Redis 5 and later replicate what a script did, not the script: it may ask for the time.
NOW = """
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
local function told(seconds) return string.format('%.6f', seconds) end
"""
BEGUN = NOW + "return told(now)"
BOOKED = """
redis.call('SET', KEYS[1], told(free), 'EX', math.ceil(free - now) + 60)
"""
TURN = f"""{NOW}
local turn = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
if turn - now > tonumber(ARGV[2]) then return tostring(turn - now) end
local free = turn + ARGV[1]
{BOOKED}
return tostring(turn - now)
"""
PAUSE = f"""{NOW}
local free = math.max(now + ARGV[1], tonumber(redis.call('GET', KEYS[1]) or '0'))
{BOOKED}
"""
CLAIMED = """
local done = tonumber(redis.call('GET', KEYS[2]) or '0')
if done >= tonumber(ARGV[2]) then return 0 end
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'EX', ARGV[3]) then return 1 end
return 0
"""
RENEWED = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('EXPIRE', KEYS[1], ARGV[2]) end"
RELEASED = f"""{NOW}
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
if ARGV[3] ~= '' then redis.call('SET', KEYS[2], told(now), 'EX', ARGV[2]) end
"""


class Shared:
    """One crawler's part in it. Where Redis is lost, `lose` is told why, and answers do no harm."""

    def __init__(self, url: str, lose: Callable[[str], None]) -> None:
        self._redis = Redis.from_url(url, socket_timeout=10, socket_connect_timeout=10)
        self._lose = lose
        self._me = uuid.uuid4().hex
        self._mine: set[str] = set()
        self._began = "0"

    async def begin(self) -> None:
        """Take the moment from which on a source that others have crawled need not be crawled again."""
        self._began = await self._ask(BEGUN) or "0"

    async def close(self) -> None:
        await self._redis.aclose()

    async def take_turn(self, domain: str, gap: float, longest: float) -> float:
        """Book the next turn of a domain for all crawlers, if it is not longer away than that; returns the
        seconds until it.
        """
        return float(await self._ask(TURN, [_key("turn", domain)], gap, longest) or 0.0)

    async def leave_alone(self, domain: str, seconds: float) -> None:
        """Nobody gets a turn for so long."""
        await self._ask(PAUSE, [_key("turn", domain)], seconds)

    @asynccontextmanager
    async def claimed(self, source_id: str, whole: Callable[[], bool]) -> AsyncIterator[bool]:
        """Whether a source is this crawler's, within the block; not if another has it or had it since.

        Had is what was crawled to its end: `whole` says so when the block is left.
        """
        keys = [_key("claim", source_id), _key("done", source_id)]
        mine = bool(await self._ask(CLAIMED, keys, self._me, self._began, CLAIM))
        if mine:
            self._mine.add(source_id)
        try:
            yield mine
        finally:
            if mine:
                self._mine.discard(source_id)
                await self._ask(RELEASED, keys, self._me, DONE, "whole" if whole() else "")

    async def renew(self) -> None:
        """Renew the claims until cancelled."""
        while True:
            await asyncio.sleep(CLAIM / 4)
            for source_id in tuple(self._mine):
                await self._ask(RENEWED, [_key("claim", source_id)], self._me, CLAIM)

    async def _ask(self, script: str, keys: Sequence[str] = (), *values: str | float) -> Any:
        try:
            return await self._redis.eval(script, len(keys), *keys, *values)
        except (RedisError, OSError) as error:
            self._lose(f"Redis is lost: {error}")
            return None


@asynccontextmanager
async def sharing(url: str, lose: Callable[[str], None]) -> AsyncIterator[Shared]:
    """The crawlers of one Redis, within the block."""
    shared = Shared(url, lose)
    await shared.begin()
    renewing = asyncio.create_task(shared.renew())
    try:
        yield shared
    finally:
        renewing.cancel()
        await shared.close()


def _key(kind: str, name: str) -> str:
    return f"tracker:{kind}:{name}"
