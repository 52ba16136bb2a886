"""Words are found in articles and in the sentences of events, the same ones in both kinds of store."""

from __future__ import annotations

import csv
import io
import json

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from sqlmodel import Session

from tests.mention_builders import at
from tests.store_builders import IBM, SORA, add, article, closure, derive_all, purchase, small_store
from tracker.cli import main as tracker
from tracker.errors import StoreError
from tracker.store.engine import open_store
from tracker.store.search import Search, bring_up_to_date, search_articles, search_evidence

TEXTS = {
    "chips": ("Chips for data centres", "Nvidia sells chips. The data centre business is running well."),
    "games": ("Gaming news", "Nvidia and AMD run gaming. A centre for data about games."),
    "other": ("Nothing", "Rain is expected in São Paulo; their R&D shops are open."),
}


@pytest.fixture
def engine(store_url: str) -> sa.Engine:
    engine = small_store(store_url)
    for number, (key, (title, text)) in enumerate(TEXTS.items()):
        add(engine, article(key, f"2026-03-0{number + 1}", title, text))
    return engine


def found(engine: sa.Engine, words: str, **when: object) -> list[str]:
    bring_up_to_date(engine)
    with Session(engine) as session:
        hits = search_articles(session, Search(words, **when), 20)  # type: ignore[arg-type]
    return [hit.source_id.removesuffix(".example") for hit in hits]


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("nvidia", {"chips", "games"}),
        ("RUNS nvidia", {"chips", "games"}),
        ('"data centre"', {"chips"}),
        ("data centres", {"chips", "games"}),
        ("nvidia -gaming", {"chips"}),
        ("gaming or confluent", {"games", "wire"}),
        ("rain or", None),
        ("R&D", {"other"}),
        ("nvidia rain", set()),
        ("zebra", set()),
    ],
)
def test_words_are_found_as_asked_for(engine: sa.Engine, words: str, keys: set[str] | None) -> None:
    if keys is None:
        with pytest.raises(StoreError, match="nothing to look for"):
            found(engine, words)
    else:
        assert set(found(engine, words)) == keys


def test_a_word_in_the_title_counts_more(engine: sa.Engine) -> None:
    add(engine, article("later", "2026-04-01", "Weather", "Gaming is popular. " + TEXTS["chips"][1]))
    assert found(engine, "gaming") == ["games", "later"]


HOSTILE = (
    '"', '"unclosed', "title:ibm", "NEAR(ibm confluent)", "ibm*", "(ibm", "ibm)", "ibm AND", "^ibm",
    "{ibm}: x", "ibm' ; drop table article --", "ibm\\", "%ibm", "ibm:*", "ibm & ! |", "<->ibm", "🐎 ibm",
    "-- ibm",
)  # fmt: skip


def test_no_words_are_commands(engine: sa.Engine) -> None:
    for words in HOSTILE:
        try:
            assert set(found(engine, words)) <= {"wire"}, words
        except StoreError as error:
            told = str(error)
            assert told.startswith("nothing to look for"), words
    assert found(engine, "ibm") == ["wire"]


def test_only_the_newest_revision_known_then_counts(engine: sa.Engine) -> None:
    add(engine, article("chips", "2026-03-01", "Chips", "Intel sells chips.", seen="2026-03-20"))
    assert found(engine, "intel") == ["chips"]
    assert found(engine, "nvidia") == ["games"]
    assert sorted(found(engine, "nvidia", seen_by=at("2026-03-19"))) == ["chips", "games"]
    assert found(engine, "intel", seen_by=at("2026-03-19")) == []


def test_a_window_is_of_publication(engine: sa.Engine) -> None:
    assert found(engine, "nvidia", since=at("2026-03-02")) == ["games"]
    assert found(engine, "nvidia", until=at("2026-03-02")) == ["chips"]


def test_what_is_stored_later_is_found_and_indexed_once(engine: sa.Engine) -> None:
    assert found(engine, "zebra") == []
    assert bring_up_to_date(engine) == 0
    add(engine, article("zoo", "2026-04-01", "Zoo", "A zebra is born."))
    assert bring_up_to_date(engine) == (1 if engine.dialect.name == "sqlite" else 0)
    assert found(engine, "zebra") == ["zoo"]


def test_a_snippet_shows_the_words(engine: sa.Engine) -> None:
    bring_up_to_date(engine)
    with Session(engine) as session:
        (hit,) = search_articles(session, Search("close sora"), 5)
        (told,) = search_evidence(session, Search("close sora"), "x1")
    assert "[close] [Sora]" in hit.snippet
    assert "[close] [Sora]" in told.snippet
    assert told.event_id is not None
    assert told.event_id.startswith("shutdown-")
    assert told.url == "https://blog.example/1"


# ----- tracker search


def run(monkeypatch: pytest.MonkeyPatch, url: str, *arguments: str) -> Result:
    monkeypatch.setenv("TRACKER_DATABASE_URL", url)
    return CliRunner().invoke(tracker, ["search", *arguments])


def test_events_come_before_articles(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    small_store(store_url)
    done = run(monkeypatch, store_url, "confluent", "--format", "json")
    event, found = json.loads(done.stdout)
    assert (event["type"], found["type"]) == ("event", "article")
    assert event["id"].startswith("acquisition-confluent-")
    assert event["title"] == "acquisition, announced: acquirer: IBM; target: Confluent"
    assert found["title"] == IBM[0]
    assert event["url"] == found["url"] == "https://wire.example/1"


def test_an_event_is_told_once_by_its_best_sentence(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = small_store(store_url)
    again = (IBM[0] + " at last", IBM[1])
    add(engine, article("echo", "2026-01-06", *again), purchase(*again))
    derive_all(engine)
    done = run(monkeypatch, store_url, "ibm", "confluent", "--type", "events", "--format", "jsonl")
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["date"] in ("2026-01-05", "2026-01-06")


def test_events_as_they_were_known(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = open_store(store_url)
    add(engine, article("blog", "2026-02-02", *SORA, seen="2026-02-10"), closure(*SORA))
    derive_all(engine)
    options = ("sora", "--type", "events", "--format", "csv")
    assert len(run(monkeypatch, store_url, *options, "--as-of", "2026-02-08").stdout.splitlines()) == 1
    done = run(monkeypatch, store_url, *options, "--as-of", "2026-02-10")
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert row["id"].startswith("shutdown-")
    assert row["date"] == "2026-02-02"


def test_a_table_is_the_default_and_an_empty_store_has_no_hits(
    store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(monkeypatch, store_url, "anything").output.split() == [
        "type",
        "id",
        "date",
        "title",
        "snippet",
    ]
    small_store(store_url)
    assert "[Sora]" in run(monkeypatch, store_url, "sora", "--limit", "1").output


def test_nothing_to_look_for_is_told(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done = run(monkeypatch, store_url, "--", "-sora")
    assert done.exit_code == 1
    assert "give a word that must occur" in done.output
