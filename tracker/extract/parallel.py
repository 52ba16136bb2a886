"""Reading by several readers: batches of documents out, mentions back, in order and in a stream."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context

from tracker.extract.document import Document
from tracker.extract.pipeline import Extractor
from tracker.models.mention import Mention

BATCH = 64
"""Documents handed over at once: enough that the handing over costs nothing, few enough to stream."""

WAITING = 2
"""Batches a reader has before it, so that none waits and a long input is never held whole."""

START = "fork" if sys.platform == "linux" else "spawn"
"""Forked processes share the loaded pipeline; elsewhere forking is not safe, and each loads its own."""

Found = list[tuple[str, list[Mention]]]
Result = Callable[[], Found]


def extract_with(
    extractor: Extractor, documents: Iterable[Document], jobs: int
) -> Iterator[tuple[str, list[Mention]]]:
    """What `extractor.extract` gives, from `jobs` processes. Raises what a process raises."""
    if START == "fork":
        extractor.load()
    with ProcessPoolExecutor(jobs, get_context(START), initializer=_use, initargs=(extractor,)) as pool:
        yield from in_order(documents, lambda batch: pool.submit(_read, batch).result, lambda: jobs)


def in_order(
    documents: Iterable[Document], submit: Callable[[list[Document]], Result], readers: Callable[[], int]
) -> Iterator[tuple[str, list[Mention]]]:
    """What so many readers find, in the order of the documents. `submit` hands a batch to one of them and
    gives what waits for its result.
    """
    stream = iter(documents)
    waiting: deque[Result] = deque()
    while True:
        while len(waiting) < WAITING * readers() and (batch := list(islice(stream, BATCH))):
            waiting.append(submit(batch))
        if not waiting:
            return
        yield from waiting.popleft()()


_own: list[Extractor] = []
"""The one extractor of a process that reads for another."""


def _use(extractor: Extractor) -> None:
    _own[:] = [extractor]


def _read(batch: list[Document]) -> Found:
    return list(_own[0].extract(batch))
