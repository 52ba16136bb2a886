"""How fast the extraction reads beside the whole spaCy pipeline, and what memory it takes."""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import spacy

from benchmarks.corpus import SHARED, document, read_lines
from tracker.extract.document import Document
from tracker.extract.parallel import extract_with
from tracker.extract.pipeline import Extractor
from tracker.extract.reading import BATCH


def stream(most: int) -> list[Document]:
    """The first articles of the news stream."""
    return [document(r) for r in read_lines(SHARED / "news" / "articles-2026q2.jsonl.gz")[:most]]


def speeds(extractor: Extractor, documents: list[Document], times: int) -> dict[str, str]:
    """Documents a second of both, the median of several runs taken in turn, and their ratio."""
    plain = spacy.load(extractor.spacy_model)
    texts = [d.full for d in documents]
    ours, theirs = [], []
    for _ in range(times):
        ours.append(_rate(lambda: sum(1 for _ in extractor.extract(documents)), len(documents)))
        theirs.append(_rate(lambda: sum(1 for _ in plain.pipe(texts, batch_size=BATCH)), len(documents)))
    mine, other = statistics.median(ours), statistics.median(theirs)
    return {
        f"documents a second, first {len(documents)} articles, one process": f"{mine:.0f}",
        "the same with the whole spaCy pipeline": f"{other:.1f}",
        "ratio": f"{mine / other:.1f}",
    }


def two_processes(extractor: Extractor, documents: list[Document], times: int) -> dict[str, str]:
    """Documents a second of two processes over those of one, their start-up included."""
    one, two = [], []
    for _ in range(times):
        one.append(_rate(lambda: sum(1 for _ in extractor.extract(documents)), len(documents)))
        two.append(_rate(lambda: sum(1 for _ in extract_with(extractor, documents, 2)), len(documents)))
    return {"two processes over one": f"{statistics.median(two) / statistics.median(one):.2f}"}


def startup() -> dict[str, str]:
    """Seconds of `tracker extract` over one document, Python's own start included; the median of five."""
    line = json.dumps(
        {"id": "1", "title": "Acme buys Beta", "text": "Acme said it bought Beta for $5 million."}
    )
    command = [sys.executable, "-c", "from tracker.cli import main; main()", "extract", "-"]
    taken = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run(command, input=line.encode(), check=True, capture_output=True)
        taken.append(time.perf_counter() - started)
    return {"seconds for one document, start-up included": f"{statistics.median(taken):.1f}"}


def _rate(work: Callable[[], object], documents: int) -> float:
    started = time.perf_counter()
    work()
    return documents / (time.perf_counter() - started)


def peak_memory() -> str:
    """Of this process so far; Linux counts in kilobytes."""
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
