"""Reading with several processes: batches of documents out, mentions back, in order and in a stream."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cache
from itertools import islice
from multiprocessing import get_context

from tracker.extract.document import Document
from tracker.extract.pipeline import Extractor
from tracker.models.mention import Mention

BATCH = 64
"""Documents handed over at once: enough that the handing over costs nothing, few enough to stream."""

WAITING = 2
"""Batches a process has before it, so that none waits and a long input is never held whole."""

Found = list[tuple[str, list[Mention]]]


def extract_with(
    extractor: Extractor, documents: Iterable[Document], jobs: int
) -> Iterator[tuple[str, list[Mention]]]:
    """What `extractor.extract` gives, from `jobs` processes. Raises what a process raises."""
    stream = iter(documents)
    waiting: deque[Future[Found]] = deque()
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        while True:
            while len(waiting) < WAITING * jobs and (batch := list(islice(stream, BATCH))):
                waiting.append(pool.submit(_read, extractor.spacy_model, batch))
            if not waiting:
                return
            yield from waiting.popleft().result()


def _read(spacy_model: str, batch: list[Document]) -> Found:
    return list(_extractor(spacy_model).extract(batch))


@cache
def _extractor(spacy_model: str) -> Extractor:
    return Extractor(spacy_model)
