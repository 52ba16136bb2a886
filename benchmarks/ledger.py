"""How a simulated ledger grows: the time of storing, bringing up to date and asking (`make bench-ledger`).

`--mentions` says how large the largest gets; the cost of the next thousand is taken of ledgers of 10,000, of
100,000 and so on, too, all of four years: smaller ones know fewer companies and deals, not shorter histories.
`--write` puts the tables into the docs. Times are of the processor (user and system of this process), so that
other work on the machine matters less; the clock's are beside them where people wait.
"""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice, takewhile
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session, col

from benchmarks.extract import PAGE, machine, put
from benchmarks.ledger_kills import Outcome, rehearse
from benchmarks.simulator import START, YEARS, Piece, Simulator
from tracker import keeping, pipeline
from tracker.models.tables import Article, EventRow
from tracker.store.articles import NewArticle
from tracker.store.batch import add_articles
from tracker.store.engine import open_store, transaction
from tracker.store.events import Wanted
from tracker.store.many import chunks
from tracker.store.mentions import add_readings

MARKS = "make bench-ledger"
END = START + dt.timedelta(days=int(365 * YEARS * 0.7))
"""After four years: as many deals are made in the weeks that follow as before."""

PER_DEAL = 2.35
"""Mentions by then that the simulator makes, on average, of the deals of all its years."""

STEP = 30_000
TIMES = 3


@dataclass
class Figures:
    """Times in seconds of the processor; `adding` and `waited` by the size of the ledger before."""

    mentions: int = 0
    events: int = 0
    articles_a_second: float = 0.0
    adding: dict[int, float] = field(default_factory=dict)
    waited: dict[int, float] = field(default_factory=dict)
    asking: dict[str, float] = field(default_factory=dict)
    megabytes: float = 0.0
    memory: float = 0.0
    memory_as_of: float = 0.0


def measure(folder: Path, mentions: int) -> Figures:
    """Let ledgers of four years grow, each tenfold the last and the largest of about so many mentions."""
    names = [c.name for c in pipeline.company_directory().companies.values()]
    figures = Figures(articles_a_second=storing(folder, names))
    size = 10_000
    while size < mentions:
        grow(folder, names, size, figures).dispose()
        size *= 10
    engine = grow(folder, names, mentions, figures)
    figures.megabytes = sum(p.stat().st_size for p in folder.glob("ledger.db*")) / 1e6
    ask(engine, figures)
    engine.dispose()
    return figures


def grow(folder: Path, names: list[str], size: int, figures: Figures) -> sa.Engine:
    """A ledger of about so many mentions, as it stands after four years, and the cost of some more."""
    for old in folder.glob("ledger.db*"):
        old.unlink()
    engine = open_store(f"sqlite:///{folder / 'ledger.db'}")
    pieces = Simulator(int(size / PER_DEAL), names).pieces()
    past = takewhile(lambda piece: piece.article.published < END, pieces)
    figures.mentions = 0
    usual, keeping.SLICE = keeping.SLICE, STEP  # an hour less, and nobody else waits to write
    while batch := list(islice(past, STEP)):
        figures.mentions += store(engine, batch)
        pipeline.refresh(engine, "simulated")
    keeping.SLICE = usual
    added, spent, waited = 0, 0.0, 0.0
    for _ in range(TIMES):
        # Five mentions in four articles: a thousand, more or less.
        added += (more := store(engine, list(islice(pieces, 800))))
        assert more, "the simulator has told all it has"
        times = timed(lambda: pipeline.refresh(engine, "simulated"))
        spent, waited = spent + times[0], waited + times[1]
    figures.adding[figures.mentions] = spent / added * 1000
    figures.waited[figures.mentions] = waited / added * 1000
    figures.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{figures.mentions:,} mentions: {figures.adding[figures.mentions]:.2f} s", file=sys.stderr)
    return engine


def storing(folder: Path, names: list[str], articles: int = 10_000) -> float:
    """Articles stored in a second of the processor, in batches as `tracker ingest` makes them."""
    engine = open_store(f"sqlite:///{folder / 'articles.db'}")
    made = [long(p.article) for p in islice(Simulator(articles // 3, names).pieces(), articles)]

    def all_of_them() -> None:
        for batch in chunks(made):
            with transaction(engine) as session:
                add_articles(session, batch)

    spent, _ = timed(all_of_them)
    engine.dispose()
    return len(made) / spent


def long(article: NewArticle) -> NewArticle:
    """The article with a text of the usual length of news, some 3,000 characters."""
    return replace(article, text=f"{article.text} " * 12)


def store(engine: sa.Engine, batch: list[Piece]) -> int:
    with transaction(engine) as session:
        add_articles(session, [piece.article for piece in batch])
        ids: dict[str, int] = {}
        for keys in chunks(piece.article.key for piece in batch):
            query = sa.select(Article.key, Article.id).where(Article.key.in_(keys))
            ids.update((key, id_) for key, id_ in session.execute(query))
        return add_readings(session, "simulated", ((ids[p.article.key], p.mentions) for p in batch))


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the processor, and by the clock."""
    clock, spent = time.monotonic(), time.process_time()
    work()
    return time.process_time() - spent, time.monotonic() - clock


def ask(engine: sa.Engine, figures: Figures) -> None:
    """Time what people ask of the ledger."""
    figures.asking["the whole stored ledger"], _ = timed(lambda: pipeline.ledger(engine))
    with Session(engine) as session:
        figures.events = session.execute(sa.select(sa.func.count(col(EventRow.id)))).scalar_one()
        newest = session.execute(sa.select(sa.func.max(col(EventRow.last_reported)))).scalar_one()
    week = Wanted(salience=["main"], since=newest - dt.timedelta(days=7))
    figures.asking["main events reported in the last week"], _ = timed(
        lambda: pipeline.ledger(engine, wanted=week)
    )
    deals = Wanted(types=["ipo"], statuses=["completed"], since=newest - dt.timedelta(days=91))
    figures.asking["completed offerings of the last quarter"], _ = timed(
        lambda: pipeline.ledger(engine, wanted=deals)
    )
    quarter = newest - dt.timedelta(days=91)
    told = Wanted(since=quarter - dt.timedelta(days=91))
    figures.asking["a quarter of the ledger as of its end, derived"], _ = timed(
        lambda: pipeline.ledger(engine, seen_by=quarter, wanted=told)
    )
    figures.memory_as_of = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def rows(figures: Figures, kills: Outcome) -> Iterator[tuple[str, str, str]]:
    sizes = f"{figures.mentions:,} mentions, {figures.events:,} events"
    yield "size of the ledger", "1,000,000 mentions, 200,000 events", sizes
    yield "articles stored a second, extraction off", "2,000", f"{figures.articles_a_second:,.0f}"
    for size, seconds in figures.adding.items():
        told = f"{seconds:.2f} s ({figures.waited[size]:.1f} s by the clock)"
        yield f"1,000 mentions more at {size:,}", "under 5 s, flat within 20 %", told
    for what, seconds in figures.asking.items():
        target = "under 0.3 s" if "last" in what else "under 10 s" if "as of" in what else ""
        yield what, target, f"{seconds:.2f} s"
    yield "file", "", f"{figures.megabytes:,.0f} MB"
    yield "memory at the most while it grows", "", f"{figures.memory:,.0f} MB"
    yield "memory at the most while a past ledger is derived", "", f"{figures.memory_as_of:,.0f} MB"
    yield "kills in ingest, merge and rebuild", "100", f"{kills.kills} ({kills.seconds:.0f} s)"
    yield "articles or mentions lost, of articles", "0", f"{len(kills.lost)} of {kills.articles}"
    yield "stored twice", "0", str(len(kills.double))
    yield "faults of the file or of the ledger", "0", str(len(kills.wrong))


def table(figures: Figures, kills: Outcome) -> str:
    lines = [f"| {what} | {target} | {value} |" for what, target, value in rows(figures, kills)]
    return "\n".join(["| simulated ledger | target | measured |", "|---|---|---|", *lines])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mentions", type=int, default=1_000_000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--write", action="store_true", help="write the figures into docs/benchmarks.md")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kills = rehearse(Path(folder), 60, given.kills)
        figures = measure(Path(folder), given.mentions)
    report = f"{machine()}\n\n{table(figures, kills)}"
    print(report)
    if given.write:
        put(PAGE, report, MARKS)
    sys.exit(0 if kills.faultless else 1)


if __name__ == "__main__":
    main()
