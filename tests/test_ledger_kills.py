"""Work on the ledger that is killed, or done by two at once, leaves nothing lost, double or half done."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from sqlmodel import Session, select

from benchmarks.ledger_kills import MARK, Reader, rehearse, written
from benchmarks.simulator import Simulator
from tracker.config import Settings
from tracker.models.tables import Article, MentionRow
from tracker.pipeline import digest
from tracker.store.articles import NewArticle
from tracker.store.batch import add_articles
from tracker.store.engine import open_store, transaction
from tracker.upkeep import differences


def test_work_that_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    outcome = rehearse(tmp_path, deals=12, kills=5)
    assert (outcome.lost, outcome.double, outcome.wrong) == ([], [], [])
    assert outcome.kills == 5
    assert outcome.judgements >= 1


def test_two_writers_at_once_store_everything_once(store_url: str) -> None:
    articles = list(written(Simulator(12, ["Microsoft", "OpenAI"])))
    third = len(articles) // 3
    open_store(store_url).dispose()
    with ThreadPoolExecutor(2) as pool:  # a third of the articles comes to both
        list(pool.map(lambda mine: write(store_url, mine), (articles[: 2 * third], articles[third:])))
    engine = open_store(store_url)
    with Session(engine) as session:
        assert sorted(session.exec(select(Article.key))) == sorted(a.key for a in articles)
        read = session.exec(select(MentionRow.id)).all()
    assert len(read) == sum(len(json.loads(a.text.split(MARK)[1])) for a in articles)
    assert differences(engine) == []
    engine.dispose()


def write(store_url: str, articles: Sequence[NewArticle]) -> None:
    engine = open_store(store_url)
    rest = iter(articles)
    while some := list(islice(rest, 5)):
        with transaction(engine) as session:
            add_articles(session, some)
        digest(engine, settings=Settings(), extractor=Reader())
    engine.dispose()
