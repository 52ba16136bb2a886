"""Mentions and events in real databases of both kinds."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from tests.mention_builders import DIRECTORY, FixedRates, at, mention
from tracker.models.mention import Mention
from tracker.models.tables import EventMention, EventRow
from tracker.resolve.deals import derive
from tracker.store.articles import NewArticle, add_article
from tracker.store.batch import add_articles
from tracker.store.engine import open_store, transaction
from tracker.store.events import Changes, Wanted, load_events, load_mentions, newest_extractor, replace_events
from tracker.store.mentions import add_mentions

RUMOUR = mention("acquisition", "rumoured", acquirer="IBM", target="Confluent")
SIGNED = mention("acquisition", "announced", acquirer="IBM", target="Confluent", amount=11)
SHUT = mention("shutdown", "announced", company="OpenAI", subject="Sora")


@pytest.fixture
def engine(store_url: str) -> sa.Engine:
    return open_store(store_url)


def article(key: str, day: str, seen: str = "", text: str = "text") -> NewArticle:
    return NewArticle(
        key=key, source_id=f"{key}.example", url=f"https://{key}.example/1", title=key, text=text,
        published=at(day), seen_at=at(seen or day),
    )  # fmt: skip


def store(engine: sa.Engine, new: NewArticle, *mentions: Mention, extractor: str = "x1") -> int:
    with transaction(engine) as session:
        _, id_ = add_article(session, new)
        add_mentions(session, id_, extractor, mentions)
    return id_


def refresh(engine: sa.Engine, **when: dt.datetime) -> Changes:
    with transaction(engine) as session:
        events = derive(load_mentions(session, "x1", **when), DIRECTORY, FixedRates())
        return replace_events(session, events)


def test_mentions_come_back_with_their_article(engine: sa.Engine) -> None:
    id_ = store(engine, article("a", "2026-01-05", text="body"), SIGNED)
    with Session(engine) as session:
        (found,) = load_mentions(session, "x1")
    assert found.mention == SIGNED
    assert (found.article.id, found.article.key, found.article.lead) == (id_, "a", "body")
    assert found.article.published == at("2026-01-05")


def test_only_one_extractor_and_the_newest_revision_count(engine: sa.Engine) -> None:
    store(engine, article("a", "2026-01-05", "2026-01-05", "first"), RUMOUR)
    store(engine, article("a", "2026-01-05", "2026-01-09", "second"), SIGNED)
    store(engine, article("b", "2026-01-06"), SHUT, extractor="x2")
    with Session(engine) as session:
        assert [m.mention for m in load_mentions(session, "x1")] == [SIGNED]
        assert [m.mention for m in load_mentions(session, "x1", seen_by=at("2026-01-07"))] == [RUMOUR]
        assert load_mentions(session, "x1", seen_by=at("2026-01-04")) == []
        assert newest_extractor(session) == "x2"


def test_a_revision_that_tells_nothing_takes_back_what_the_first_told(engine: sa.Engine) -> None:
    store(engine, article("a", "2026-01-05", "2026-01-05", "first"), RUMOUR)
    assert len(refresh(engine).new) == 1
    store(engine, article("a", "2026-01-05", "2026-01-09", "corrected"))
    assert len(refresh(engine).gone) == 1
    with Session(engine) as session:
        assert load_events(session) == []
        assert session.exec(select(EventMention)).all() == []


def test_published_before_leaves_out_its_moment(engine: sa.Engine) -> None:
    store(engine, article("a", "2026-01-05"), RUMOUR)
    with Session(engine) as session:
        assert load_mentions(session, "x1", published_before=at("2026-01-05")) == []
        assert len(load_mentions(session, "x1", published_before=at("2026-01-06"))) == 1


def test_events_come_back_equal_and_an_unchanged_ledger_writes_nothing(engine: sa.Engine) -> None:
    store(engine, article("a", "2026-01-05"), SIGNED)
    store(engine, article("b", "2026-01-06"), SHUT)
    assert len(refresh(engine).new) == 2
    with Session(engine) as session:
        derived = derive(load_mentions(session, "x1"), DIRECTORY, FixedRates())
        assert load_events(session) == derived
    statements: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    assert refresh(engine) == Changes([], [], [])
    assert {s.split()[0] for s in statements} <= {"BEGIN", "SELECT"}


def test_a_change_rewrites_only_its_event(engine: sa.Engine) -> None:
    store(engine, article("a", "2026-01-05"), RUMOUR)
    store(engine, article("b", "2026-01-06"), SHUT)
    refresh(engine)
    store(engine, article("c", "2026-01-07"), SIGNED)
    changes = refresh(engine)
    assert (len(changes.new), len(changes.changed), len(changes.gone)) == (0, 1, 0)
    with Session(engine) as session:
        row = session.get(EventRow, changes.changed[0])
        assert row is not None
        assert (row.status, row.type) == ("announced", "acquisition")
        links = session.exec(select(EventMention).where(EventMention.event_id == row.id)).all()
    assert len(links) == 2


def test_a_mention_that_moves_to_another_event_is_linked_once(engine: sa.Engine) -> None:
    back = RUMOUR.model_copy(update={"salience": "background", "status": "terminated"})
    store(engine, article("b", "2026-01-06"), back)
    refresh(engine)
    store(engine, article("a", "2026-01-05"), RUMOUR)
    refresh(engine)
    with Session(engine) as session:
        (event,) = load_events(session)
        assert len(session.exec(select(EventMention)).all()) == len(event.sources) == 2


def test_adding_a_batch_means_the_same_as_adding_one_by_one(engine: sa.Engine, tmp_path: Path) -> None:
    news = [
        article("a", "2026-01-05"), article("b", "2026-01-05"), article("a", "2026-01-05", text="changed"),
        article("a", "2026-01-05", text="changed"), article("b", "2026-01-05"),
    ]  # fmt: skip
    with transaction(engine) as session:
        assert add_articles(session, news[:2]) == ["new", "new"]
        assert add_articles(session, news[1:]) == ["unchanged", "changed", "unchanged", "unchanged"]
    other = open_store(f"sqlite:///{tmp_path}/b.db")
    with transaction(other) as session:
        one_by_one = [add_article(session, n)[0] for n in news]
    assert one_by_one == ["new", "new", "changed", "unchanged", "unchanged"]
    tables = []
    for each in (engine, other):
        with each.connect() as connection:
            query = sa.text("select key, revision, text, content_hash from article order by key, revision")
            tables.append(connection.execute(query).all())
    assert tables[0] == tables[1]


def test_the_wanted_part_of_the_ledger_is_read(engine: sa.Engine) -> None:
    store(engine, article("a", "2026-01-05"), SIGNED)
    store(engine, article("b", "2026-01-06"), SHUT)
    refresh(engine)
    day = at("2026-01-06")
    for wanted, types in (
        (Wanted(types=["shutdown"]), ["shutdown"]),
        (Wanted(statuses=["completed"]), []),
        (Wanted(salience=["main"], since=day), ["shutdown"]),
        (Wanted(until=day), ["acquisition"]),
        (Wanted(), ["acquisition", "shutdown"]),
    ):
        with Session(engine) as session:
            assert [e.type for e in load_events(session, wanted)] == types
