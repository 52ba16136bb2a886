"""Pages a minute of a crawl beside a bare Scrapy spider, and its memory (`make bench-crawl`).

Both crawl the same loopback site in turn, with as many requests open; the site is served by a process of its
own. `--write` puts the tables into the docs. It reads Linux's own account of processes.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.crawl_site import NEWEST, kind, listing_url
from benchmarks.extract import PAGE, ROOT, machine, put

MARKS = "make bench-crawl"
NOW = NEWEST + dt.timedelta(days=1)
STEP = 10_000  # pages between two looks at the memory


@dataclass(frozen=True)
class Usage:
    """What a process has used so far, by Linux's own account: CPU seconds, and MB now and at the most."""

    cpu: float
    now: float
    peak: float

    @classmethod
    def of(cls, pid: int) -> Usage:
        folder = Path("/proc", str(pid))
        ticks = (folder / "stat").read_text("utf-8").rpartition(")")[2].split()[11:13]
        status = (folder / "status").read_text("utf-8")
        sizes = {name: int(kb) / 1024 for name, kb in re.findall(r"(VmRSS|VmHWM):\s+(\d+) kB", status)}
        # A process that has ended and was not waited for yet has no memory any more.
        return cls(
            sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"), sizes.get("VmRSS", 0.0), sizes.get("VmHWM", 0.0)
        )


@dataclass(frozen=True)
class Run:
    """One crawl: pages, seconds from its start to its first page and to its end, what its process and its
    readers used.

    `steps` is the process's memory in MB after each so many pages.
    """

    pages: int
    begun: float
    seconds: float
    process: Usage
    readers: tuple[Usage, ...] = ()
    steps: tuple[float, ...] = ()

    @property
    def rate(self) -> float:
        """Pages a minute."""
        return 60 * self.pages / self.seconds

    @property
    def going(self) -> float:
        """Pages a minute from the first one on, without what it takes to start."""
        return 60 * self.pages / (self.seconds - self.begun)

    @property
    def cpu(self) -> float:
        """Milliseconds of processor time a page, of the process itself."""
        return 1000 * self.process.cpu / self.pages

    @property
    def reading(self) -> float:
        """The same of its readers together."""
        return 1000 * sum(reader.cpu for reader in self.readers) / self.pages


@contextmanager
def site(sources: int, pages: int) -> Iterator[int]:
    """Serve the press; gives its port."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", "benchmarks.crawl_site", str(sources), str(pages)]
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.stdin.close()


def job(port: int, sources: int, pages: int, folder: str) -> str:
    """What the crawl process is asked to do, into a new store in a folder."""
    listed = [
        {"id": f"s{n}", "name": f"Outlet {n}", "kind": kind(n), "url": listing_url(n, port), "local": True}
        for n in range(sources)
    ]
    return json.dumps(
        {
            "sources": [{**source, "max_pages": pages} for source in listed],
            "now": NOW.isoformat(),
            "database_url": f"sqlite:///{folder}/tracker.db",
        }
    )


def tracked(port: int, sources: int, pages: int, step: int = STEP) -> Run:
    """The tracker's crawl, everything on, into an empty store."""
    started = time.perf_counter()
    pipe = subprocess.PIPE
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(
            [sys.executable, "-m", "spiders.run"], stdin=pipe, stdout=pipe, text=True
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(job(port, sources, pages, folder))
        process.stdin.close()
        done, begun, steps = 0, 0.0, []
        for line in process.stdout:
            message = json.loads(line)
            before, done = done, done + message.get("outcomes", {}).get("new", 0)
            begun = begun if before or not done else time.perf_counter() - started
            if "result" in message:
                used, readers = Usage.of(process.pid), tuple(map(Usage.of, children(process.pid)))
            elif done // step > before // step:
                steps.append(Usage.of(process.pid).now)
        process.wait()
        return Run(done, begun, time.perf_counter() - started, used, readers, tuple(steps))


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]


def bare(port: int, sources: int) -> Run:
    """The bare spider; it tells of its pages and waits to be looked at."""
    started = time.perf_counter()
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", "benchmarks.bare_spider", str(port), str(sources)]
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        begun = time.perf_counter() - started
        pages = int(process.stdout.readline())
        return Run(pages, begun, time.perf_counter() - started, Usage.of(process.pid))


def alternate(sources: int, pages: int, times: int) -> tuple[list[Run], list[Run]]:
    """Both crawls in turn, so that whatever else the machine does meets both: the bare runs and ours."""
    theirs, ours = [], []
    with site(sources, pages) as port:
        for _ in range(times):
            theirs.append(bare(port, sources))
            ours.append(tracked(port, sources, pages))
    return theirs, ours


def middle(runs: list[Run], value: Callable[[Run], float]) -> float:
    return statistics.median(value(run) for run in runs)


def speed_table(theirs: list[Run], ours: list[Run]) -> list[str]:
    cpu = middle(theirs, lambda run: run.cpu)
    whole, reading = middle(ours, lambda run: run.cpu), middle(ours, lambda run: run.reading)
    both = (theirs, ours)
    rates = [middle(runs, lambda run: run.rate) for runs in both]
    going = [middle(runs, lambda run: run.going) for runs in both]
    begun = [middle(runs, lambda run: run.begun) for runs in both]
    pairs = list(zip(theirs, ours, strict=True))
    return [
        f"| {ours[0].pages} pages, median of {len(ours)} runs in turn | target | bare Scrapy | tracker |",
        "|---|---|---|---|",
        f"| pages a minute | | {rates[0]:.0f} | {rates[1]:.0f} |",
        f"| share of the bare spider's | 0.8 | | {rates[1] / rates[0]:.2f} ({shares(pairs, 'rate')}) |",
        f"| seconds from the start to the first page | | {begun[0]:.1f} | {begun[1]:.1f} |",
        f"| pages a minute from then on | | {going[0]:.0f} | {going[1]:.0f} |",
        f"| share of the bare spider's | 0.8 | | {going[1] / going[0]:.2f} ({shares(pairs, 'going')}) |",
        f"| processor ms a page, the crawl's own process | | {cpu:.1f} | {whole:.1f} |",
        f"| bare process's time over the crawl's own | 0.8 | | {cpu / whole:.2f} |",
        f"| processor ms a page, its readers together | | | {reading:.1f} |",
    ]


def shares(pairs: list[tuple[Run, Run]], rate: str) -> str:
    """The shares run by run."""
    found = (getattr(our, rate) / getattr(their, rate) for their, our in pairs)
    return "run by run " + ", ".join(f"{share:.2f}" for share in found)


def memory_table(run: Run) -> list[str]:
    steps = "; ".join(f"{n * STEP:,}: {mb:.0f}" for n, mb in enumerate(run.steps, 1))
    readers = " + ".join(f"{reader.peak:.0f}" for reader in run.readers)
    return [
        f"| memory over {run.pages:,} pages in one crawl | target | measured |",
        "|---|---|---|",
        f"| MB of the crawl's process after so many pages | flat | {steps} |",
        f"| its peak, MB | under 300 | {run.process.peak:.0f} |",
        f"| peaks of its readers, MB | | {readers} |",
        f"| pages a minute | | {run.rate:.0f} |",
    ]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the tables into docs/benchmarks.md")
    parser.add_argument("--sources", type=int, default=24)
    parser.add_argument("--pages", type=int, default=417, help="pages of each source")
    parser.add_argument("--times", type=int, default=3, help="how often both crawls run")
    parser.add_argument("--long", type=int, default=50_000, help="pages of the crawl that watches the memory")
    return parser.parse_args()


def main() -> None:
    args = arguments()
    load = f"Load of the machine before: {os.getloadavg()[0]:.1f}."
    tables = [speed_table(*alternate(args.sources, args.pages, args.times))]
    with site(args.sources, each := -(-args.long // args.sources)) as port:
        tables.append(memory_table(tracked(port, args.sources, each)))
    text = "\n\n".join([f"{machine()} {load}", *("\n".join(table) for table in tables)])
    print(text)
    if args.write:
        put(PAGE, text, MARKS)


if __name__ == "__main__":
    main()
