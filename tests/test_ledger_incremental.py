"""The ledger brought up to date by what changed is the ledger derived from everything, whatever the order."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from tests.mention_builders import DIRECTORY, FixedRates, deal, told
from tests.test_resolve_order import mentions
from tracker import keeping
from tracker.keeping import Knowledge
from tracker.models.ledger import Event
from tracker.models.told import MentionIn
from tracker.pipeline import company_directory
from tracker.resolve.companies import Directory
from tracker.resolve.deals import derive
from tracker.resolve.rates import EcbRates
from tracker.store.articles import NewArticle, add_article
from tracker.store.engine import open_store, transaction
from tracker.store.events import Changes, load_events, load_mentions, mentions_by_id
from tracker.store.mentions import add_mentions

KNOWLEDGE = Knowledge(DIRECTORY, FixedRates(), (), "test")


@pytest.fixture
def engine(tmp_path: Path) -> sa.Engine:
    return open_store(f"sqlite:///{tmp_path}/a.db")


def article_of(mention: MentionIn, text: str = "") -> NewArticle:
    ref = mention.article
    return NewArticle(
        key=ref.key, source_id=ref.source_id, url=ref.url, title=ref.title, text=text or ref.lead,
        published=ref.published, seen_at=ref.seen_at, tier=ref.tier, filing=ref.filing,
    )  # fmt: skip


def store(engine: sa.Engine, mentions: Iterable[MentionIn]) -> None:
    """Store mentions with their articles; those of one article key become one article."""
    articles: dict[str, list[MentionIn]] = {}
    for mention in mentions:
        articles.setdefault(mention.article.key, []).append(mention)
    with transaction(engine) as session:
        for theirs in articles.values():
            _, id_ = add_article(session, article_of(theirs[0]))
            add_mentions(session, id_, "x1", [m.mention for m in theirs])


def retract(engine: sa.Engine, mention: MentionIn) -> None:
    """A new revision of an article, in which nothing is told."""
    with transaction(engine) as session:
        add_mentions(session, add_article(session, article_of(mention, "corrected"))[1], "x1", [])


def refresh(engine: sa.Engine, knowledge: Knowledge = KNOWLEDGE) -> Changes:
    with transaction(engine) as session:
        changes, done = keeping.bring_up(session, "x1", knowledge)
    assert done
    return changes


def stored(engine: sa.Engine) -> list[Event]:
    with Session(engine) as session:
        return load_events(session)


def derived(engine: sa.Engine) -> list[Event]:
    with Session(engine) as session:
        return derive(load_mentions(session, "x1"), DIRECTORY, FixedRates())


def cut(items: Sequence[MentionIn], chance: random.Random) -> list[Sequence[MentionIn]]:
    marks = sorted(chance.choices(range(len(items) + 1), k=chance.randint(0, 5)))
    return [items[a:b] for a, b in zip([0, *marks], [*marks, len(items)], strict=True)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(mentions(), min_size=2, max_size=16), st.randoms(use_true_random=False))
def test_batches_in_any_order_give_the_ledger_of_everything(
    found: list[MentionIn], chance: random.Random
) -> None:
    chance.shuffle(found)
    with TemporaryDirectory() as folder:
        engine = open_store(f"sqlite:///{folder}/a.db")
        for batch in cut(found, chance):
            store(engine, batch)
            if chance.random() < 0.3 and batch:
                retract(engine, chance.choice(batch))
            before = {e.id: e for e in stored(engine)}
            changes = refresh(engine)
            events = stored(engine)
            assert events == derived(engine)
            after = {e.id: e for e in events}
            assert set(changes.new) == after.keys() - before.keys()
            assert set(changes.gone) == before.keys() - after.keys()
            assert set(changes.changed) == {i for i in after.keys() & before.keys() if after[i] != before[i]}
        engine.dispose()


def test_the_demo_newsroom_in_batches_is_the_newsroom_at_once(engine: sa.Engine) -> None:
    from tests.test_resolve_newsroom import items, ledger
    from tests.test_resolve_newsroom import told as annotated

    known = Knowledge(company_directory(), EcbRates(), (), "test")
    pairs = [(item, event) for item in items() for event in item["events"]]
    found = [annotated(number, *pair) for number, pair in enumerate(pairs, 1)]
    by_article: dict[str, list[MentionIn]] = {}
    for mention in found:
        by_article.setdefault(mention.article.key, []).append(mention)
    articles = list(by_article.values())
    random.Random(1).shuffle(articles)
    for start in range(0, len(articles), 60):
        store(engine, (m for article in articles[start : start + 60] for m in article))
        refresh(engine, known)
    assert [(e.id, e.status, len(e.sources)) for e in stored(engine)] == [
        (e.id, e.status, len(e.sources)) for e in ledger()
    ]


def test_a_refresh_reads_what_is_near_and_writes_what_differs(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [told("2026-01-05", "shutdown", "announced", subject=f"Thing{n}") for n in range(60)]
    store(engine, [deal("2026-01-05", "rumoured"), *others])
    refresh(engine)
    store(engine, [deal("2026-01-07", "announced")])
    read: list[int] = []

    def load(session: Session, ids: Iterable[int]) -> list[MentionIn]:
        found = mentions_by_id(session, ids)
        read.extend(m.id for m in found)
        return found

    monkeypatch.setattr(keeping, "mentions_by_id", load)
    changes = refresh(engine)
    assert (len(changes.new), len(changes.changed), len(changes.gone)) == (0, 1, 0)
    assert len(read) == 1


def test_an_unchanged_store_is_left_alone(engine: sa.Engine) -> None:
    store(engine, [deal("2026-01-05", "announced")])
    refresh(engine)
    statements: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2].split()[0]))
    assert refresh(engine) == Changes([], [], [])
    assert set(statements) <= {"SELECT", "BEGIN"}


def test_two_events_of_one_article_keep_their_numbers_apart(engine: sa.Engine) -> None:
    """The second is numbered, and the number goes with the first."""
    debt = told("2026-01-05", "financing", "announced", key="one", company="OpenAI", round="debt", amount=1)
    equity = told(
        "2026-01-05", "financing", "announced", key="one", company="OpenAI", round="series_a", amount=5
    )
    store(engine, [debt, equity])
    refresh(engine)
    ids = {e.id for e in stored(engine)}
    assert len(ids) == 2
    assert len({i.removesuffix("-2") for i in ids}) == 1
    earlier = told(
        "2026-01-04", "financing", "announced", key="two", company="OpenAI", round="debt", amount=1
    )
    store(engine, [earlier])
    refresh(engine)
    assert stored(engine) == derived(engine)


def test_other_knowledge_derives_everything_again(engine: sa.Engine) -> None:
    store(engine, [deal("2026-01-05", "announced", amount=None), deal("2026-01-06", "announced")])
    refresh(engine)
    (event,) = stored(engine)
    changes = refresh(engine, replace(KNOWLEDGE, companies=Directory([]), digest="other"))
    assert len(changes.changed) + len(changes.new) == 1
    (now,) = stored(engine)
    assert now.parties["acquirer"][0].company_id == "prov:ibm" != event.parties["acquirer"][0].company_id


def test_an_unread_revision_takes_back_what_the_first_told(engine: sa.Engine) -> None:
    first = deal("2026-01-05", "announced")
    store(engine, [first])
    refresh(engine)
    with transaction(engine) as session:
        add_article(session, replace(article_of(first, "anders"), language="de"))
    assert len(refresh(engine).gone) == 1
    assert stored(engine) == derived(engine) == []
