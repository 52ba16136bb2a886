"""Crawl a site in bad weather, kill the crawl again and again, and count what is had (`make bench-kills`).

`--write` puts the figures into the docs.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session, select

from benchmarks.weather import KINDS, Weather, forecast, served, text_of
from spiders.pages import read_page
from tracker.models.tables import Article, FailedPage, Fetch
from tracker.sources import INTERRUPTED, UNDER_WAY, Source
from tracker.store.engine import open_store

START = dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC)
STEP = dt.timedelta(hours=1)  # between two crawls while there are kills: pages that keep failing rest
LAST_STEP = dt.timedelta(days=8)  # after them, longer than any page rests
MOST_RUNS = 12  # without a kill, until all is had
MARKS = "make bench-kills"


@dataclass
class Outcome:
    """What was had in the end. All but the first group should be empty or 0."""

    good: int = 0
    failing: int = 0
    kills: int = 0
    crawls: int = 0
    seconds: float = 0.0
    interrupted: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    missing: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)
    unsettled: int = 0
    integrity: str = "ok"

    @property
    def faultless(self) -> bool:
        wrong = (self.missing, self.double, self.damaged, self.unexplained, self.unsettled)
        return not any(wrong) and self.integrity == "ok"


def rehearse(folder: Path, weather: Weather, kills: int, seed: int) -> Outcome:
    """Crawl until everything good is had, killed so many times on the way."""
    engine = open_store(f"sqlite:///{folder / 'tracker.db'}")
    draw = random.Random(seed)
    good = [path for path in weather.paths if weather.is_good(path)]
    outcome = Outcome(good=len(good), failing=len(weather.fault), kinds=Counter(weather.fault.values()))
    started, now = time.monotonic(), START
    with served(weather):
        while outcome.crawls < kills + MOST_RUNS:
            to_come = kills - outcome.kills
            # Some of what is left comes before each kill, so that the last ones meet a crawl at work too.
            most = max(0, (len(good) - had(engine)) // (to_come + 1))
            after = draw.randint(0, most) if to_come else None
            # In a new order, so that kills meet all sources, and not first those that have nothing left.
            sources = draw.sample(weather.all_sources(), weather.sources)
            if crawled(engine, sources, now, after, draw.random() / 2):
                outcome.kills += 1
            outcome.crawls += 1
            print(f"crawl {outcome.crawls}: {had(engine):,} of {len(good):,} articles", file=sys.stderr)
            now += STEP if to_come else LAST_STEP
            if not to_come and had(engine) >= len(good) and not unexplained(engine, weather):
                break
    outcome.seconds = time.monotonic() - started
    judge(engine, weather, good, outcome)
    engine.dispose()
    return outcome


def crawled(
    engine: sa.Engine, sources: Sequence[Source], now: dt.datetime, after: int | None, more: float
) -> bool:
    """Run one crawl; killed where `after` says so many articles, and some seconds, after it began.

    Returns whether a kill met it.
    """
    job = {
        "sources": [source.model_dump() for source in sources],
        "now": now.isoformat(),
        "database_url": str(engine.url),
    }
    command = [sys.executable, "-m", "tests.impatient_crawl"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(job))
        process.stdin.close()
        stored = 0
        while line := process.stdout.readline():
            stored += sum(json.loads(line).get("outcomes", {}).values())
            if after is not None and stored >= after:
                time.sleep(more)
                process.kill()
                break
    return process.returncode < 0


def had(engine: sa.Engine) -> int:
    """How many whole articles there are."""
    with Session(engine) as session:
        return sum("partial" not in details for details in session.exec(select(Article.details)))


def reasons(engine: sa.Engine) -> dict[str, str]:
    """By source, the reasons of all its crawls."""
    told: dict[str, str] = {}
    with Session(engine) as session:
        for row in session.exec(select(Fetch)):
            told[row.source_id] = told.get(row.source_id, "") + row.reason + "\n"
    return told


def unexplained(engine: sa.Engine, weather: Weather) -> list[str]:
    """The pages that fail for good, and whose reason stands in no row of a crawl of their source."""
    told = reasons(engine)
    lasting = [(path, kind) for path, kind in weather.fault.items() if path not in weather.healing]
    return [path for path, kind in lasting if KINDS[kind][1] not in told.get(f"s{path.split('/')[1]}", "")]


def judge(engine: sa.Engine, weather: Weather, good: Sequence[str], outcome: Outcome) -> None:
    """Compare the store with what the site serves."""
    outcome.unexplained = unexplained(engine, weather)
    with Session(engine) as session:
        rows = session.exec(select(Article)).all()
        known = set(session.exec(select(FailedPage.address)))
        crawls = Counter(session.exec(select(Fetch.reason)))
        outcome.integrity = str(session.connection().exec_driver_sql("PRAGMA integrity_check").scalar())
    outcome.interrupted = sum(n for reason, n in crawls.items() if reason.startswith(INTERRUPTED))
    outcome.unsettled = crawls[UNDER_WAY]
    outcome.double = [key for key, n in Counter(row.url for row in rows).items() if n > 1]
    stored = {row.url: row for row in rows}
    wanted = expected()
    for path in good:
        row = stored.get(weather.url(path))
        if row is None:
            outcome.missing.append(path)
        elif row.text != wanted.format(*numbers(path)) or row.revision != 1:
            outcome.damaged.append(path)
    for path in set(weather.fault) - set(good):
        row = stored.get(weather.url(path))
        if row is not None and "partial" not in row.details:
            outcome.damaged.append(path)
        if row is None and weather.url(path) not in known:
            outcome.unexplained.append(path)


def expected() -> str:
    """The text of every page, with gaps for its two numbers."""
    text = read_page(text_of("/0/0").encode(), "http://127.0.0.1/0/0").text
    return text.replace("Company 0 ", "Company {0} ").replace("its 20 people", "its {1} people")


def numbers(path: str) -> tuple[int, int]:
    source, page = path.strip("/").split("/")
    number = int(source) * 1000 + int(page)
    return number, number + 20


def table(weather: Weather, outcome: Outcome) -> str:
    kinds = ", ".join(f"{kind} {count}" for kind, count in outcome.kinds.items())
    rows = [
        ("sources, pages", "", f"{weather.sources}, {weather.pages:,}"),
        ("pages that fail at first", "", f"{outcome.failing:,} ({kinds})"),
        ("of which get well at the second or third request", "", f"{len(weather.healing):,}"),
        ("crawls, of which killed with SIGKILL", "", f"{outcome.crawls}, {outcome.kills}"),
        ("time, start of each process included", "", f"{outcome.seconds:.0f} s"),
        ("good articles missing", "0", f"{len(outcome.missing)} of {outcome.good:,}"),
        ("stored twice", "0", str(len(outcome.double))),
        ("stored with other than their whole text", "0", str(len(outcome.damaged))),
        ("lasting faults without their reason in the record", "0", str(len(outcome.unexplained))),
        ("interrupted crawls of a source in the record", "", f"{outcome.interrupted:,}"),
        ("crawls left as under way", "0", str(outcome.unsettled)),
        ("`PRAGMA integrity_check`", "ok", outcome.integrity),
    ]
    lines = ["| crawl in bad weather | target | measured |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {what} | {target} | {value} |" for what, target, value in rows)])


def main() -> None:
    from benchmarks.extract import PAGE, machine, put  # heavy, and no business of the small run in the suite

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=int, default=100)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="write the figures into docs/benchmarks.md")
    given = parser.parse_args()
    weather = forecast(given.sources, given.pages, given.seed)
    with tempfile.TemporaryDirectory() as folder:
        outcome = rehearse(Path(folder), weather, given.kills, given.seed)
    report = f"{machine()}\n\n{table(weather, outcome)}"
    print(report)
    if given.write:
        put(PAGE, report, MARKS)
    sys.exit(0 if outcome.faultless else 1)


if __name__ == "__main__":
    main()
