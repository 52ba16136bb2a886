"""How long a site takes: a simulated year from nothing, a week more, nothing new (`make bench-site`)."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.extract import publish
from benchmarks.ledger import store
from benchmarks.simulator import START, Simulator
from tracker import pipeline
from tracker.brief.week import Week
from tracker.store.engine import open_store

MARKS = "make bench-site"
WEEKS, DEALS = 52, 5000


class Cost(NamedTuple):
    """Seconds by the clock and of all processors, and what the program said."""

    clock: float
    processors: float
    said: str


def build(folder: Path) -> Cost:
    """Build the site with the program itself."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    code = "from tracker.cli import main; main()"
    command = [sys.executable, "-c", code, "site", "build", "--out", str(folder / "site"), "--since", first()]
    env = {**os.environ, "TRACKER_DATABASE_URL": address(folder)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    clock, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(clock, spent, done.stdout.splitlines()[-1])


def first() -> str:
    """The first day of the simulated year; rumours of its first deals are older."""
    return str(Week.of(START).first)


def address(folder: Path) -> str:
    return f"sqlite:///{folder / 'site.db'}"


def rows(folder: Path) -> Iterator[tuple[str, str, str]]:
    engine = open_store(address(folder))
    names = [c.name for c in pipeline.company_directory().companies.values()]
    last = Week.of(START).start + dt.timedelta(weeks=WEEKS)
    pieces = [p for p in Simulator(DEALS, names, years=1).pieces() if p.article.published >= START]
    mentions = store(engine, [p for p in pieces if p.article.published < last])
    pipeline.refresh(engine, "simulated")
    events = len(pipeline.ledger(engine))
    yield "size", "52 weeks, 5,000 events", f"{WEEKS} weeks, {events:,} events of {mentions:,} mentions"
    yield _row("from nothing", "under 20 s", build(folder))
    more = [p for p in pieces if last <= p.article.published < last + dt.timedelta(weeks=1)]
    added = store(engine, more)
    pipeline.refresh(engine, "simulated")
    yield _row(f"one week more ({added:,} mentions)", "under 2 s", build(folder))
    yield _row("nothing new", "", build(folder))
    sizes = [p.stat().st_size for p in (folder / "site").rglob("*.html")]
    yield "the largest page", "under 300 kB", f"{max(sizes) / 1000:,.0f} kB of {len(sizes):,} pages"


def _row(what: str, target: str, built: Cost) -> tuple[str, str, str]:
    return what, target, f"{built.clock:.1f} s ({built.processors:.1f} s of processors): {built.said}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the figures into docs/benchmarks.md")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        publish("site of a simulated year", rows(Path(folder)), MARKS, write=given.write)


if __name__ == "__main__":
    main()
