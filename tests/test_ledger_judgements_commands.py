"""Judging on the command line, on a real SQLite file."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import click
import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from tests.mention_builders import at, mention
from tests.readme import commands
from tracker import pipeline
from tracker.cli import main
from tracker.judging import known_events, record
from tracker.models.judgement import Decision
from tracker.models.ledger import Event
from tracker.models.mention import Mention, Money
from tracker.predict.prediction import Prediction
from tracker.store.articles import NewArticle, add_article
from tracker.store.engine import open_store, transaction
from tracker.store.events import Wanted
from tracker.store.judgements import add_judgement, anchors
from tracker.store.mentions import add_mentions

SIGNED = mention("acquisition", "announced", acquirer="IBM", target="Confluent", amount=11)
CLOSED = mention("acquisition", "completed", acquirer="IBM", target="Confluent", amount=11)
KAFKA = mention("acquisition", "announced", acquirer="Lattice", target="Kafka Keepers")
SHUT = mention("shutdown", "announced", company="OpenAI", subject="Sora", confidence=0.3)


def add(engine: sa.Engine, key: str, day: str, *mentions: Mention) -> None:
    article = NewArticle(
        key=key, source_id=key, url=f"https://{key}.example/1", title=f"Title {key}", text=f"text of {key}",
        published=at(day), seen_at=at(day),
    )  # fmt: skip
    with transaction(engine) as session:
        _, id_ = add_article(session, article)
        add_mentions(session, id_, "x1", mentions)


def store_of_ana(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    """An empty store that the commands use, too, with Ana as who judges."""
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    monkeypatch.setenv("TRACKER_DATABASE_URL", url)
    monkeypatch.setenv("TRACKER_AUTHOR", "ana")
    return open_store(url)


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    engine = store_of_ana(tmp_path, monkeypatch)
    add(engine, "wire", "2026-01-05", SIGNED)
    add(engine, "paper", "2026-03-17", CLOSED)
    add(engine, "blog", "2026-01-07", KAFKA)
    add(engine, "satire", "2026-01-08", SHUT)
    pipeline.refresh(engine, "x1")
    return engine


def run(*arguments: str, code: int = 0, typed: str | None = None) -> str:
    done = CliRunner().invoke(main, arguments, input=typed)
    assert done.exit_code == code, done.output
    return done.output


def listed(*arguments: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run(*arguments, "--format", "jsonl").splitlines()]


def event(engine: sa.Engine, beginning: str) -> Event:
    (found,) = [e for e in pipeline.ledger(engine) if e.id.startswith(beginning)]
    return found


def test_events_are_merged_split_and_the_merge_undone(engine: sa.Engine) -> None:
    told = run("events", "merge", "acquisition-confl", "acquisition-kafka", "--why", "one deal")
    assert told.startswith("merged (judgement 1; tracker events undo 1 takes it back)\n")
    assert "  gone    acquisition-kafka-keepers-" in told
    assert len(event(engine, "acquisition").sources) == 3
    assert "gone" not in run("events", "undo", "1")
    assert len(event(engine, "acquisition-kafka").sources) == 1


def test_a_split_makes_an_event_of_the_mentions(engine: sa.Engine) -> None:
    sources = event(engine, "acquisition-confl").sources
    told = run("events", "split", "acquisition-confl", str(sources[1].mention_id), "--why", "two deals")
    assert "new     acquisition-confluent-" in told
    pairs = [e for e in pipeline.ledger(engine) if e.id.startswith("acquisition-confl")]
    assert sorted(len(e.sources) for e in pairs) == [1, 1]


def test_an_edit_is_shown_with_who_and_why(engine: sa.Engine) -> None:
    run("events", "edit", "acquisition-confl", "amount", "€10bn", "--by", "bo", "--why", "the filing")
    run("events", "edit", "acquisition-confl", "status", "announced", "--why", "not yet")
    run("events", "edit", "acquisition-confl", "announced", "2026-01-04", "--why", "a day before")
    shown = run("events", "show", "acquisition-confl")
    assert "  amount: EUR 10,000,000,000 (USD " in shown
    assert "      because: bo set it, judgement 1: the filing" in shown
    assert "      told otherwise: USD 11,000,000,000 - wire in article 1, paper in article 2" in shown
    assert "  status: announced\n      because: ana set it, judgement 2: not yet" in shown
    assert "    2026-01-04  announced  (first in article 1)\n    2026-01-05  announced as told" in shown
    assert "edit amount, judgement 1 by bo: the filing" in shown


def test_a_chosen_value_is_shown_with_what_decided(engine: sa.Engine) -> None:
    add(engine, "gazette", "2026-03-18", CLOSED.model_copy(update={"amount": Money(value=13e9)}))
    pipeline.refresh(engine, "x1")
    shown = run("events", "show", "acquisition-confl")
    assert "because: told by more independent sources (2 independent sources; tier 2; latest" in shown
    assert "told otherwise: USD 13,000,000,000 - gazette in article 5" in shown


def test_a_rejected_event_is_gone_and_its_judgement_is_listed(engine: sa.Engine) -> None:
    run("events", "reject", "shutdown-sora", "--why", "satire")
    assert "no event" in run("events", "show", "shutdown-sora", code=1)
    (made,) = listed("events", "history")
    assert (made["who"], made["kind"], made["why"]) == ("ana", "reject", "satire")
    assert made["event"].startswith("shutdown-sora-")
    run("events", "undo", "1", "--why", "it was true")
    assert event(engine, "shutdown-sora").confidence == 0.3
    assert [row["undone_by"] for row in listed("events", "history")] == [2, None]


def test_history_tells_when_an_event_was_told_and_judged(engine: sa.Engine) -> None:
    run("events", "confirm", "acquisition-confl")
    rows = listed("events", "history", "acquisition-confl")
    assert [row["what"].split(":")[0] for row in rows] == [
        "told as announced",
        "told as completed",
        "judgement 1",
    ]
    assert [r["what"] for r in listed("events", "history", "acquisition-confl", "--as-of", "2026-02-01")] == [
        "told as announced"
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("merge", "acquisition-confl", "shutdown-sora"), "cannot be one with an event of type shutdown"),
        (("merge", "acquisition-confl", "acquisition-confl"), "is one event already"),
        (("split", "acquisition-confl", "99"), "does not rest on mention 99"),
        (("split", "acquisition-kafka", "3"), "these are all tellings"),
        (("edit", "acquisition-confl", "status", "done"), "status cannot be 'done'"),
        (("undo", "7"), "no judgement 7"),
    ],
)
def test_a_judgement_that_cannot_be_is_refused_in_one_line(
    engine: sa.Engine, arguments: tuple[str, ...], said: str
) -> None:
    before = pipeline.ledger(engine)
    assert said in run("events", *arguments, "--why", "so", code=1)
    assert pipeline.ledger(engine) == before
    assert listed("events", "history") == []


def test_what_is_undone_cannot_be_undone_twice(engine: sa.Engine) -> None:
    run("events", "confirm", "shutdown-sora")
    run("events", "undo", "1")
    assert "is undone already" in run("events", "undo", "1", code=1)


def test_as_of_leaves_out_later_articles_and_later_judgements(engine: sa.Engine) -> None:
    decision = Decision(kind="reject")
    with transaction(engine) as session:
        about = anchors(session, [s.mention_id for s in event(engine, "shutdown").sources])
        decision = decision.model_copy(update={"about": about})
        add_judgement(session, decision, at=at("2026-02-01"), by="ana", why="satire")
    pipeline.refresh(engine, "x1")
    types = [
        [e.type for e in pipeline.ledger(engine, seen_by=at(day))] for day in ("2026-01-31", "2026-02-02")
    ]
    assert types == [["acquisition", "acquisition", "shutdown"], ["acquisition", "acquisition"]]
    whole = pipeline.ledger(engine, seen_by=at("2026-01-31"))
    for day in ("2026-01-02", "2026-01-10", "2026-02-01"):
        part = pipeline.ledger(engine, seen_by=at("2026-01-31"), wanted=Wanted(since=at(day)))
        assert part == [e for e in whole if any(s.published >= at(day) for s in e.sources)]
    # No article is newer than this day, but a judgement is.
    late = at("2026-04-01")
    with transaction(engine) as session:
        undo = Decision(kind="undo", undoes=1)
        add_judgement(session, undo, at=late + dt.timedelta(days=1), by="ana", why="")
    pipeline.refresh(engine, "x1")
    assert len(known_events(engine, late, late)) == 2
    assert len(known_events(engine, late, None)) == 3


def test_every_command_that_reads_the_ledger_can_be_asked_what_was_known() -> None:
    reading = {"list", "show", "check", "history", "review", "search", "build", "export"}
    found = {
        path: [p.help for p in command.params if isinstance(p, click.Option) and "--as-of" in p.opts]
        for path, command in commands()
        if path.split()[-1] in reading
        and path.split()[1] not in ("sources", "db", "config", "runs", "schedule")
    }
    assert len(found) >= 10
    assert {path: told for path, told in found.items() if told != [found["tracker events list"][0]]} == {}


def test_predictions_are_listed_as_of_a_day(engine: sa.Engine) -> None:
    raw = {
        "id": "deals", "title": "Deals", "statement": "Deals", "author": "ana", "made": "2026-02-01",
        "deadline": "2026-12-31", "criterion": "exists(acquisition)",
    }  # fmt: skip
    record(engine, Prediction.model_validate(raw), at("2026-02-01"))
    assert [r["id"] for r in listed("predictions", "list", "--as-of", "2026-02-01")] == ["deals"]
    assert listed("predictions", "list", "--as-of", "2026-01-31") == []
    assert "no prediction is called deals" in run(
        "predictions", "show", "deals", "--as-of", "2026-01-31", code=1
    )
