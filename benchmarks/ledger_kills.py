"""Kill the work on a ledger again and again, and look at what is left (`make bench-ledger`).

Each kill meets a process that stores articles, reads them, brings the ledger up to date, merges two events
and derives everything again: every second one at a statement drawn by lot, the others at a moment.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, islice
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session, func, select

from benchmarks.simulator import Simulator
from tracker.config import Settings
from tracker.corrections import Author, merge
from tracker.extract.document import Document
from tracker.models.ledger import Event
from tracker.models.mention import Mention
from tracker.models.tables import Article, EventMention, JudgementRow, MentionRow, Unsettled
from tracker.pipeline import digest, ledger
from tracker.store.articles import NewArticle
from tracker.store.batch import add_articles
from tracker.store.engine import open_store, transaction
from tracker.store.events import count_unread
from tracker.upkeep import differences, rebuild

MARK = "\n---\n"
BATCH = 20
STATEMENTS = 400
"""About as many as one piece of work takes; a kill is drawn among them."""


class Reader:
    """Reads the mentions that the simulator wrote into the texts."""

    version = "simulated"
    batch = BATCH

    def extract(self, documents: Iterable[Document]) -> Iterator[tuple[str, list[Mention]]]:
        for document in documents:
            told = json.loads(document.text.split(MARK)[1])
            yield document.id, [Mention.model_validate(one) for one in told]


@dataclass
class Outcome:
    """What was left. All but the first three should be empty."""

    kills: int = 0
    articles: int = 0
    judgements: int = 0
    seconds: float = 0.0
    lost: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def faultless(self) -> bool:
        return not (self.lost or self.double or self.wrong)


def rehearse(folder: Path, deals: int, kills: int, seed: int = 1) -> Outcome:
    """Do the work until all is done, killed so many times on the way."""
    url = f"sqlite:///{folder / 'tracker.db'}"
    articles = list(written(Simulator(deals, ["Microsoft", "OpenAI", "Nvidia", "IBM"], seed)))
    outcome = Outcome(articles=len(articles))
    draw = random.Random(seed)
    started = time.monotonic()
    open_store(url).dispose()
    while outcome.kills < kills:
        # Over the kills the articles come bit by bit, so that each meets other work.
        upto = len(articles) * (outcome.kills + 1) // kills
        outcome.kills += killed(url, articles[:upto], draw, by_statement=outcome.kills % 2 == 0)
        outcome.wrong += faults(url)
    work(url, articles)
    outcome.wrong += faults(url)
    compare(url, articles, outcome)
    outcome.seconds = time.monotonic() - started
    return outcome


def written(simulator: Simulator) -> Iterator[NewArticle]:
    """The simulator's articles, with what is to be read in them at the end of the text."""
    for piece in simulator.pieces():
        told = json.dumps([m.as_json() for m in piece.mentions])
        yield replace(piece.article, text=f"{piece.article.text}{MARK}{told}")


def work(url: str, articles: Sequence[NewArticle]) -> None:
    engine = open_store(url)
    rest = iter(articles)
    while some := list(islice(rest, BATCH)):
        with transaction(engine) as session:
            add_articles(session, some)
    digest(engine, settings=Settings(), extractor=Reader())
    if pair := alike(ledger(engine)):
        merge(engine, *pair, Author("rehearsal", some_time(articles)))
    rebuild(engine, dt.datetime.now(dt.UTC))
    engine.dispose()


def some_time(articles: Sequence[NewArticle]) -> dt.datetime:
    return max(a.seen_at for a in articles)


def alike(events: list[Event]) -> tuple[Event, Event] | None:
    """Two events of one type, those of the fewest tellings."""
    ordered = sorted(events, key=lambda e: (len(e.sources), e.id))
    return next(((a, b) for a, b in combinations(ordered, 2) if a.type == b.type), None)


def killed(url: str, articles: list[NewArticle], draw: random.Random, by_statement: bool) -> bool:
    """Do the work in a process and kill it; whether the kill met it."""
    statement, moment = draw.randint(1, STATEMENTS), draw.random()
    child = os.fork()
    if not child:
        if by_statement:
            kill_at(statement)
        work(url, articles)
        os._exit(0)
    if not by_statement:
        time.sleep(moment)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def kill_at(statement: int) -> None:
    """Kill this process before its so-manieth statement."""
    left = iter(range(statement))

    def count(*_: object) -> None:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(sa.Engine, "before_cursor_execute", count)


def faults(url: str) -> list[str]:
    """What is wrong with the store as it is: nothing may be half done."""
    engine = open_store(url)
    with Session(engine) as session:
        connection = session.connection()
        told = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"]
        told += [f"dangling: {row}" for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]
        settled = not session.exec(select(func.count(Unsettled.key))).one()
        settled = settled and not count_unread(session, Reader.version)
    if settled:
        told += [f"{one.kind}: {one.event.id}" for one in differences(engine)]
    engine.dispose()
    return told


def compare(url: str, articles: list[NewArticle], outcome: Outcome) -> None:
    """Put what is stored beside what was given."""
    engine = open_store(url)
    with Session(engine) as session:
        stored = Counter(session.exec(select(Article.key)).all())
        read = Counter(
            session.exec(select(Article.key).join(MentionRow, MentionRow.article_id == Article.id)).all()
        )
        linked = session.exec(select(func.count(EventMention.mention_id))).one()
        outcome.judgements = session.exec(select(func.count(JudgementRow.id))).one()
    engine.dispose()
    told = {a.key: len(json.loads(a.text.split(MARK)[1])) for a in articles}
    outcome.lost = [key for key in told if stored[key] < 1 or read[key] < told[key]]
    outcome.double = [key for key in stored if stored[key] > 1 or read[key] > told.get(key, 0)]
    if linked != sum(told.values()):
        outcome.wrong.append(f"{linked} of {sum(told.values())} mentions are in an event")
