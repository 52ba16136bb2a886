"""Whatever comes from outside, mangled without end: `make fuzz`, or `python -m tests.fuzz --seconds 60 page`.

Each kind of input is a seed as it really comes, changed by cuts, doublings, words of other kinds and plain
bytes (Hypothesis, which also makes a crash as small as it can). Held is that it is read, or refused by the
error that people are told, within seconds. What breaks that is written to `tests/crashes/KIND/` and is a
test from then on (`tests/test_fuzz.py`).
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from spiders.feeds import read_feed
from spiders.pages import NotAnArticle, read_page
from spiders.sitemaps import read_sitemap
from tests.test_gather_bytes import FEED, MARKUP, SITEMAP, URL
from tests.test_gather_edgar_parts import FILINGS, article_of, entry
from tests.test_predict_criterion import EXAMPLE
from tracker.brief.house import read_house
from tracker.config import shipped
from tracker.errors import TrackerError
from tracker.predict.load import load_predictions
from tracker.predict.parse import parse
from tracker.predict.show import show
from tracker.records import read_records
from tracker.serve.jobs import read_jobs
from tracker.sources.opml import read_opml
from tracker.sources.own import load_own

CRASHES = Path(__file__).with_name("crashes")
PATIENCE = 10
"""Seconds that one input may take."""


@dataclass(frozen=True)
class Kind:
    """A kind of input: seeds, what reads it, and the errors by which it may be refused."""

    seeds: tuple[bytes, ...]
    read: Callable[[bytes], object]
    refusals: tuple[type[Exception], ...] = (TrackerError,)


def in_file(read: Callable[[Path], object], suffix: str) -> Callable[[bytes], object]:
    """Read bytes as a file of that suffix."""

    def reading(data: bytes) -> object:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"given{suffix}"
            path.write_bytes(data)
            return read(path)

    return reading


def read_filing(data: bytes) -> object:
    form, body = data.split(b"\n", 1) if b"\n" in data else (b"8-K", data)
    known = form.decode("utf-8", "replace")
    documents = {kind: text.encode() for kind, text in FILINGS.get(known, ("", {}))[1].items()}
    with suppress(KeyError):  # a document is asked for that this filing has not
        return article_of(entry(known), body, documents)


def read_criterion(data: bytes) -> object:
    criterion = parse(data.decode("utf-8", "replace"))
    assert parse(show(criterion)) == criterion
    return criterion


OWN = b"""disabled = ["wire"]
[[source]]
id = "wire"
name = "Wire"
kind = "rss"
url = "https://wire.example/feed"
tier = 2
region = "us"
language = "en"
"""
STYLE = b"""name = "Desk"
audience = "strategists"
locale = "en_GB"
week_starts = "sunday"
forms = ["html", "md"]
"""
OPML = b"""<opml version='2.0'><body><outline text='A'><outline text='Wire' type='rss'
xmlUrl='https://wire.example/feed'/></outline></body></opml>"""
LINE = json.dumps(
    {"id": "1", "url": URL, "title": "A", "text": "B", "published": "2026-01-01T00:00:00Z"}
).encode()
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [{"id": "1", "url": URL, "content_html": "<p>a</p>"}],
    }
).encode()

KINDS: dict[str, Kind] = {
    "feed": Kind((FEED.encode(), JSON_FEED), lambda data: read_feed(data, URL), (ValueError,)),
    "sitemap": Kind((SITEMAP.encode(),), lambda data: read_sitemap(data, URL), (ValueError,)),
    "page": Kind((MARKUP.encode(),), lambda data: read_page(data, URL), (NotAnArticle,)),
    "filing": Kind(tuple(f"{form}\n{head}".encode() for form, (head, _) in FILINGS.items()), read_filing),
    "criterion": Kind((EXAMPLE.encode(),), read_criterion),
    "sources": Kind((OWN,), in_file(load_own, ".toml")),
    "schedule": Kind(
        (shipped("data", "schedule.toml").read_bytes(),), in_file(lambda p: read_jobs(str(p)), ".toml")
    ),
    "style": Kind((STYLE,), in_file(read_house, ".toml")),
    "predictions": Kind(
        tuple(p.read_bytes() for p in sorted(shipped("data", "predictions").glob("*.toml"))),
        in_file(load_predictions, ".toml"),
    ),
    "opml": Kind((OPML,), in_file(lambda p: read_opml(p, []), ".opml")),
    "articles": Kind((LINE + b"\n" + LINE,), lambda data: list(read_records("-", io.BytesIO(data)))),
}
WORDS = sorted({word for kind in KINDS.values() for seed_ in kind.seeds for word in seed_.split()[:200]})
WORDS += [b"\x00", b"\xff\xfe", b"\xf0\x9f\x98\x80", b"-1", b"1e999", b"%s{{7*7}}"]
WORDS += [piece * 400 for piece in (b"9", b"[", b"<a>", b"not ")]


@st.composite
def mangled(draw: st.DrawFn, kind: Kind) -> bytes:
    """A seed after some changes."""
    data = draw(st.sampled_from(kind.seeds))
    for _ in range(draw(st.integers(0, 4))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(data))] * 2)))
        piece = data[start:end]
        put = draw(
            st.one_of(
                st.sampled_from([b"", piece * 2, piece[::-1]]), st.sampled_from(WORDS), st.binary(max_size=8)
            )
        )
        # A word goes in between as often as it takes a piece's place.
        data = data[:start] + put + data[draw(st.sampled_from([start, end])) :]
    return data


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Break off what takes longer."""

    def late(*_: object) -> None:
        raise TimeoutError(f"it took more than {seconds} seconds")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def check(kind: Kind, data: bytes) -> None:
    """Read it. Raises what is no refusal."""
    with limited(PATIENCE), suppress(*kind.refusals):
        kind.read(data)


def crash(name: str, seconds: float, number: int = 0) -> tuple[bytes, Exception] | None:
    """The smallest input found in that time which is neither read nor refused, and what it raised."""
    kind, end, last = KINDS[name], time.monotonic() + seconds, [b""]

    def once(data: bytes) -> None:
        if time.monotonic() < end:
            last[0] = data
            check(kind, data)

    while time.monotonic() < end:
        number += 1
        quiet = settings(
            max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        try:
            seed(number)(quiet(given(mangled(kind))(once)))()
        except Exception as error:
            return last[0], error
    return None


def keep(name: str, data: bytes) -> Path:
    path = CRASHES / name / f"{hashlib.sha256(data).hexdigest()[:12]}.bin"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description="Read mangled inputs and keep those that break something.")
    parser.add_argument("kinds", nargs="*", help=f"of {', '.join(KINDS)}; all if none is named")
    parser.add_argument("--seconds", type=float, default=60, help="for each kind (default 60)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="where chance begins")
    given_: Any = parser.parse_args()
    broken = 0
    for name in given_.kinds or KINDS:
        found = crash(name, given_.seconds, given_.seed)
        if found:
            broken += 1
            print(f"{name}: {type(found[1]).__name__}: {found[1]}\n  kept as {keep(name, found[0])}")
        else:
            print(f"{name}: nothing in {given_.seconds:g} s")
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
