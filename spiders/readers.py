"""Pages are read in processes of their own: reading takes longer than fetching, and a page that kills or
stalls its reader must not take the crawl with it.

`python -m spiders.readers` is one reader: it takes pickled calls of `read_page` on stdin and answers each
with a page or an exception. It ends with its stdin, so that no reader outlives a crawl that is killed.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from spiders.pages import NotAnArticle, Page, read_page

LONGEST = 60.0  # seconds for one page; most take some milliseconds
COMMAND = [sys.executable, "-P", "-m", "spiders.readers"]
LENGTH = 4  # bytes before an answer that say how long it is

ReadPage = Callable[[bytes, str, bool], Awaitable[Page]]


class ReadError(Exception):
    """A page that could not be read for a reason of ours; the message says which."""


async def read_here(body: bytes, url: str, trust_canonical: bool) -> Page:
    """Read a page in this process. Raises NotAnArticle."""
    return read_page(body, url, trust_canonical=trust_canonical)


class Reader:
    """One process that reads a page at a time; after a death the next page starts it again."""

    def __init__(self) -> None:
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> asyncio.subprocess.Process:
        if self.process is None:
            pipe = asyncio.subprocess.PIPE
            self.process = await asyncio.create_subprocess_exec(*COMMAND, stdin=pipe, stdout=pipe)
        return self.process

    async def read(self, call: bytes) -> Page | Exception:
        """The answer to a pickled call. Raises TimeoutError, IncompleteReadError or ConnectionError."""
        process = await self.start()
        try:
            async with asyncio.timeout(LONGEST):
                return await _ask(process, call)
        except BaseException:
            await self.end()  # a late answer must not be taken for the next page's
            raise

    async def end(self) -> None:
        process, self.process = self.process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _ask(process: asyncio.subprocess.Process, call: bytes) -> Page | Exception:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(call)
    length = await process.stdout.readexactly(LENGTH)
    answer = await process.stdout.readexactly(int.from_bytes(length, "big"))
    found: Page | Exception = pickle.loads(answer)
    return found


class Readers:
    """As many readers as the machine has cores; pages wait for one that is free."""

    def __init__(self, count: int) -> None:
        self.all = [Reader() for _ in range(count)]
        self.free: asyncio.LifoQueue[Reader] = asyncio.LifoQueue()  # the last used first: few pages start few
        for reader in self.all:
            self.free.put_nowait(reader)

    async def read(self, body: bytes, url: str, trust_canonical: bool) -> Page:
        """Read a page. Raises NotAnArticle, and ReadError for a page that its reader does not survive."""
        reader = await self.free.get()
        try:
            found = await reader.read(pickle.dumps((body, url, trust_canonical)))
        except TimeoutError as error:
            raise ReadError(f"reading the page took more than {LONGEST:g} seconds") from error
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise ReadError("reading the page ended its process") from error
        finally:
            self.free.put_nowait(reader)
        if isinstance(found, Exception):
            raise found
        return found

    async def start(self) -> None:
        """Start the first reader, so that it is there before the first page."""
        reader = await self.free.get()
        await reader.start()
        self.free.put_nowait(reader)

    async def close(self) -> None:
        for reader in self.all:
            await reader.end()


def answer(body: bytes, url: str, trust_canonical: bool) -> Page | Exception:
    try:
        return read_page(body, url, trust_canonical=trust_canonical)
    except NotAnArticle as error:
        return error
    except Exception as error:  # told in words: not every exception survives pickling
        return ReadError(f"{type(error).__name__}: {error}"[:200])


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the crawl, and the crawl its readers
    calls: Any = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    with suppress(EOFError):
        while True:
            found = pickle.dumps(answer(*pickle.load(calls)))
            answers.write(len(found).to_bytes(LENGTH, "big") + found)
            answers.flush()


if __name__ == "__main__":
    main()
