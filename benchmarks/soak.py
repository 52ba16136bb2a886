"""Two years of weekly work in minutes (`make soak`): every issue, every verdict, and what it takes over time.

One process does each week's work at that week's time: it stores and reads the news, brings the ledger up to
date, judges, writes the issue, and once a month backs up and checks everything. Some weeks nothing runs at
all and the next one catches up; in some a process that does the work is killed in the middle; sources fail;
a backup is spoilt on the disk.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session, col

from benchmarks.extract import publish
from benchmarks.ledger import store
from benchmarks.simulator import START, Piece, Simulator
from tracker import briefing, pipeline
from tracker.brief.week import Week
from tracker.conclusions import conclude
from tracker.judging import record, verdicts
from tracker.models.tables import Article, MentionRow
from tracker.predict.prediction import Prediction
from tracker.sources import SourceResult
from tracker.store.backup import back_up, forget_all_but, rehearse
from tracker.store.crawls import save_fetch
from tracker.store.engine import open_store, transaction
from tracker.upkeep import check_store

MARKS = "make soak"
WEEKS, DEALS_A_WEEK = 104, 30
SOURCES = 40
AGAIN = 12
"""Times that the last week's work is done once more, to see whether that takes memory."""

MONTH, KEPT = 4, 6
"""Weeks between two backups, and how many of them are kept."""

OFF, KILLED, SPOILT = 17, 13, 29
"""Every so many weeks nothing runs, the work is killed once, a backup is spoilt."""

CRITERIA = (
    "count(acquisition where announced after {made}) >= 60",
    "count(shutdown where announced after {made}) >= 25",
    "sum(amount of financing where announced after {made}) > $12bn",
)


@dataclass
class Account:
    """What was seen. The lists should be empty."""

    weeks: int = 0
    issues: int = 0
    kills: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    late: list[str] = field(default_factory=list)
    unjudged: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    handles: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    growth: float = 0.0


class Years:
    """The store of the simulated desk, and the work on it."""

    def __init__(self, folder: Path, weeks: int, deals: int, chance: random.Random) -> None:
        self.folder, self.chance = folder, chance
        self.path = folder / "soak.db"
        self.engine = open_store(f"sqlite:///{self.path}")
        names = [c.name for c in pipeline.company_directory().companies.values()]
        self.weeks = [Week.of(START + dt.timedelta(weeks=n)) for n in range(weeks)]
        self.news: dict[str, list[Piece]] = {str(week): [] for week in self.weeks}
        years = max(1, weeks // 52)
        for piece in Simulator(deals * 52 * years, names, years=years).pieces():
            week = str(Week.of(piece.article.published))
            if week in self.news:
                self.news[week].append(piece)
        self.account = Account(weeks)

    def run(self) -> Account:
        waiting: list[Week] = []
        for number, week in enumerate(self.weeks, 1):
            waiting.append(week)
            if number % OFF == 0:
                continue
            started = time.process_time()
            self.work(number, waiting)
            self.account.seconds.append(time.process_time() - started)
            self.account.memory.append(memory())
            self.account.handles.append(len(os.listdir("/proc/self/fd")))
            waiting = []
        self.finish()
        return self.account

    def work(self, number: int, waiting: Sequence[Week]) -> None:
        """What the schedule does after a week, or after some."""
        now = waiting[-1].end + dt.timedelta(hours=6)
        news = [piece for week in waiting for piece in self.news[str(week)]]
        if number % KILLED == 0:
            self.account.kills += killed(self.path, news, self.chance.uniform(0.05, 0.6))
        take(self.engine, news)
        self.crawled(now, number)
        self.ask(number, waiting[-1])
        self.judge(now)
        for week in waiting:
            self.issue(week, now)
        if number % MONTH == 0:
            self.look_after(number, now)

    def crawled(self, now: dt.datetime, number: int) -> None:
        with transaction(self.engine) as session:
            for n in range(SOURCES):
                fails = n == number % SOURCES
                found = SourceResult(f"outlet{n}.example", ok=not fails, items=20, reason="HTTP 503" * fails)
                save_fetch(session, found, now, now)

    def ask(self, number: int, week: Week) -> None:
        """A prediction every week, due after two months."""
        made = week.first
        criterion = CRITERIA[number % len(CRITERIA)].format(made=made)
        record(
            self.engine,
            Prediction(
                id=f"week-{number}", title=f"Question {number}", statement="It will be so.", author="desk",
                made=made, opens=made, closes=made + dt.timedelta(days=50),
                deadline=made + dt.timedelta(days=60), criterion=criterion,
            ),
            week.end,
        )  # fmt: skip

    def judge(self, now: dt.datetime) -> None:
        found = verdicts(self.engine, now)
        conclude(self.engine, found, now)
        due = [j for j in found if j.prediction.deadline < now.date()]
        self.account.statuses = Counter(j.verdict.status for j in due)
        self.account.unjudged += [
            j.prediction.id for j in due if j.verdict.status == "open" or not j.verdict.reasons
        ]

    def issue(self, week: Week, now: dt.datetime) -> None:
        built = briefing.build(self.engine, briefing.Order(week=str(week)), self.folder / "issues", now)
        self.account.issues += all(path.stat().st_size > 500 for path in built.paths)
        if now - week.end > dt.timedelta(days=1):
            self.account.late.append(str(week))

    def look_after(self, number: int, now: dt.datetime) -> None:
        copy = self.folder / "copies" / f"soak-{now:%Y%m%dT%H%M%SZ}.db.gz"
        back_up(self.path, copy)
        forget_all_but(KEPT, copy.parent, "soak")
        if number % SPOILT < MONTH:
            copy.write_bytes(copy.read_bytes()[: -copy.stat().st_size // 3])
            if not rehearse(copy, now):
                self.account.unseen.append(copy.name)
        # The simulator's sentences do not stand in its articles: that check is for real ones.
        found = [line for name, lines in check_store(self.engine) if name != "spans" for line in lines]
        self.account.wrong += [f"week {number}: {line}" for line in found]

    def finish(self) -> None:
        """Everything is there once; and the last week's work, done again and again, takes no more memory."""
        told = [p for news in self.news.values() for p in news]
        with Session(self.engine) as session:
            articles = session.execute(sa.select(sa.func.count(col(Article.id)))).scalar_one()
            mentions = session.execute(sa.select(sa.func.count(col(MentionRow.id)))).scalar_one()
        have, wanted = (articles, mentions), (len(told), sum(len(p.mentions) for p in told))
        if have != wanted:
            self.account.wrong.append(f"{have} articles and mentions are stored of {wanted}")
        now = self.weeks[-1].end + dt.timedelta(hours=6)
        before = 0.0
        for turn in range(AGAIN):
            if turn == AGAIN // 2:
                before = memory()
            verdicts(self.engine, now)
            briefing.build(self.engine, briefing.Order(week=str(self.weeks[-2])), self.folder / "again", now)
        self.account.growth = memory() - before


def take(engine: sa.Engine, news: Sequence[Piece]) -> None:
    """Store and read the news of a week, and bring the ledger up to date with it."""
    store(engine, list(news))
    pipeline.refresh(engine, "simulated")


def killed(path: Path, news: Sequence[Piece], seconds: float) -> bool:
    """Let another process take the news and kill it after so long; whether it was still at work."""
    child = os.fork()
    if child == 0:
        try:
            take(open_store(f"sqlite:///{path}"), news)
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, how = os.waitpid(child, 0)
    return os.WIFSIGNALED(how)


def memory() -> float:
    """Megabytes that this process holds now."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def rows(account: Account, spent: float) -> Iterator[tuple[str, str, str]]:
    quarter = max(1, len(account.memory) // 4)
    yield "weeks, minutes", "104 in under 10", f"{account.weeks}, {spent / 60:.1f}"
    late = f", {len(account.late)} with the next run after a week off" if account.late else ""
    yield "issues written", str(account.weeks), f"{account.issues}{late}"
    told = ", ".join(f"{n} {status}" for status, n in sorted(account.statuses.items()))
    yield "predictions due", "all judged, or with a reason", f"{account.statuses.total()}: {told}"
    yield "due and open, or without a reason", "0", str(len(account.unjudged))
    yield "processes killed at work", "", str(account.kills)
    yield "findings of the checks, articles lost or double", "0", str(len(account.wrong))
    yield "spoilt backups that were not seen", "0", str(len(account.unseen))
    ends = [f"{account.memory[n]:.0f}" for n in (quarter, 2 * quarter, 3 * quarter, -1)]
    yield "MB held after each quarter", "as the ledger grows", ", ".join(ends)
    yield f"MB more after {AGAIN // 2} times the last week again", "flat", f"{account.growth:+.1f}"
    yield "open files, first and last week", "flat", f"{account.handles[0]}, {account.handles[-1]}"
    yield (
        "seconds a week, first and last quarter",
        "",
        (f"{sum(account.seconds[:quarter]) / quarter:.1f}, {sum(account.seconds[-quarter:]) / quarter:.1f}"),
    )


def faultless(account: Account) -> bool:
    found = [*account.unjudged, *account.wrong, *account.unseen]
    return not found and account.issues == account.weeks


def soak(folder: Path, weeks: int, deals: int, seed: int) -> Account:
    return Years(folder, weeks, deals, random.Random(seed)).run()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", type=int, default=WEEKS)
    parser.add_argument("--deals", type=int, default=DEALS_A_WEEK, help="for each week")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="write the figures into docs/benchmarks.md")
    given = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        account = soak(Path(folder), given.weeks, given.deals, given.seed)
    publish("weekly work", rows(account, time.monotonic() - started), MARKS, write=given.write)
    for line in (*account.unjudged, *account.wrong, *account.unseen):
        print(line, file=sys.stderr)
    sys.exit(0 if faultless(account) else 1)


if __name__ == "__main__":
    main()
