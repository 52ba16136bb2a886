"""Whatever does not hold together is found, and a rebuild tells what it changes before it does."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from sqlmodel import Session

from tests.mention_builders import DIRECTORY, FixedRates, WrittenExtractor, at, mention, written
from tests.store_builders import article, at_file, count, small_store
from tracker import judging, pipeline, upkeep
from tracker.cli import main as tracker
from tracker.conclusions import conclude, errata
from tracker.config import Settings
from tracker.extract.document import Document
from tracker.models.ledger import Event
from tracker.models.mention import Mention
from tracker.pipeline import digest
from tracker.predict.prediction import Prediction
from tracker.resolve.deals import derive
from tracker.store.articles import add_article
from tracker.store.engine import open_store, transaction
from tracker.store.events import load_mentions
from tracker.upkeep import check_store


@pytest.fixture
def store(store_url: str, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    engine = small_store(store_url)

    def by_our_own_companies_and_rates(_engine: sa.Engine, seen_by: dt.datetime) -> list[Event]:
        with Session(engine) as session:
            return derive(load_mentions(session, "x1", seen_by), DIRECTORY, FixedRates())

    monkeypatch.setattr(upkeep, "ledger", by_our_own_companies_and_rates)
    return engine


def failing(engine: sa.Engine) -> dict[str, list[str]]:
    return {name: found for name, found in check_store(engine) if found}


BROKEN = [
    ("update mention set payload = replace(payload, '\"start\": 0', '\"start\": 3') where id = 1",
     "spans", "mention 1: acquirer 'IBM' is not at 3"),
    ("update article set title = 'Other title here' where id = 2", "spans", "mention 2: "),
    ("update event set status = 'completed' where type = 'shutdown'", "events", "event shutdown-"),
    ("delete from event_mention where mention_id = 1", "events", "event acquisition-"),
    ("insert into event select 'acquisition-made-up', type, status, category, salience, first_reported, "
     "last_reported, payload from event where type = 'acquisition'", "events", "event acquisition-made-up"),
]  # fmt: skip


def test_a_good_store_passes_every_check(store: sa.Engine) -> None:
    assert [name for name, _ in check_store(store)] == [
        "file", "references", "spans", "search", "events", "ledger",
    ]  # fmt: skip
    assert failing(store) == {}


@pytest.mark.parametrize(("change", "check", "told"), BROKEN, ids=[told for _, _, told in BROKEN])
def test_what_does_not_hold_together_is_found(store: sa.Engine, change: str, check: str, told: str) -> None:
    if store.dialect.name == "postgresql":
        change = change.replace("replace(payload", "replace(payload::text").replace("3')", "3')::json")
    with store.begin() as connection:
        connection.execute(sa.text(change.replace(":json", "\\:json").replace(": ", "\\: ")))
    found = failing(store)
    assert any(line.startswith(told) for line in found[check]), found


def test_a_row_that_names_what_is_not_there_is_found(tmp_path: Path) -> None:
    engine = small_store(at_file(tmp_path / "a.db"))
    with engine.connect() as connection:
        connection.exec_driver_sql("rollback")  # foreign keys are switched between transactions only
        connection.exec_driver_sql("pragma foreign_keys = off")
        connection.exec_driver_sql("delete from article where id = 1")
    assert failing(engine)["references"] == [
        "1 rows of extraction name a article that is not there",
        "1 rows of mention name a article that is not there",
    ]


def test_an_index_that_tells_other_words_is_found(tmp_path: Path) -> None:
    engine = small_store(at_file(tmp_path / "a.db"))
    assert "search" not in failing(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("update article set text = 'other words' where id = 2"))
    (line,) = failing(engine)["search"]
    assert line.startswith("article_search does not hold")
    with engine.begin() as connection:
        connection.execute(sa.text(line.split("\x3a ")[1]))
    assert "search" not in failing(engine)


def test_a_damaged_file_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    small_store(at_file(path)).dispose()
    engine = open_store(at_file(path))
    with engine.begin() as connection:
        connection.execute(sa.text("pragma writable_schema = on"))
        connection.execute(sa.text("update sqlite_master set rootpage = 4 where name = 'ix_event_type'"))
    engine.dispose()
    assert failing(open_store(at_file(path)))["file"]


def test_an_event_that_does_not_follow_is_found(store: sa.Engine) -> None:
    with store.begin() as connection:
        connection.execute(sa.text("delete from event_mention where mention_id = 1"))
        connection.execute(sa.text("delete from event where type = 'acquisition'"))
    (line,) = failing(store)["ledger"]
    assert line.startswith("acquisition-confluent-")
    assert line.endswith("a rebuild makes it new")


# ----- tracker db check, tracker db rebuild


OLD = mention("acquisition", "announced", acquirer="IBM", target="Confluent", amount=11)
DEARER = mention("acquisition", "announced", acquirer="IBM", target="Confluent", amount=12)
CLOSED = mention("shutdown", "announced", company="OpenAI", subject="Sora")


class NewerExtractor(WrittenExtractor):
    """Reads another price than what is written, and a closure besides."""

    def extract(self, documents: Iterable[Document]) -> Iterator[tuple[str, list[Mention]]]:
        for id_, found in super().extract(documents):
            yield id_, [DEARER, CLOSED] if found else []


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> WrittenExtractor:
    extractor = NewerExtractor("test-2")
    monkeypatch.setattr("tracker.extract.pipeline.load_extractor", lambda settings: extractor)
    return extractor


@pytest.fixture
def ledger(tmp_path: Path, newer: WrittenExtractor, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    """A store that an older extractor has read."""
    url = at_file(tmp_path / "ledger.db")
    monkeypatch.setenv("TRACKER_DATABASE_URL", url)
    engine = open_store(url)
    with transaction(engine) as session:
        add_article(session, article("a", "2026-01-05", "A deal", written(OLD)))
        add_article(session, article("b", "2026-01-06", "No deal", "Rain."))
    digest(engine, settings=Settings(), extractor=WrittenExtractor("test-1"))
    return engine


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(tracker, ["db", *arguments], input=typed)


def prices(engine: sa.Engine) -> list[float]:
    return [e.amount.value or 0 for e in pipeline.ledger(engine) if e.amount]


def test_a_rebuild_tells_every_difference_and_changes_nothing_unasked(
    ledger: sa.Engine, newer: WrittenExtractor
) -> None:
    done = run("rebuild", "--dry-run", "--format", "csv")
    assert done.exit_code == 0, done.output
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert (rows[0]["change"], rows[0]["event"].split("-")[0]) == ("new", "shutdown")
    changed = {r["field"]: (r["stored"], r["derived"]) for r in rows if r["change"] == "changed"}
    assert "11000000000" in changed["amount"][0]
    assert "12000000000" in changed["amount"][1]
    assert "1 new, 1 changed, 0 gone" in done.stderr
    assert prices(ledger) == [11e9]
    assert sorted(newer.read) == ["A deal", "No deal"]
    assert run("rebuild", "--dry-run").exit_code == 0
    assert len(newer.read) == 2, "nothing is read twice"


@pytest.mark.parametrize(
    ("options", "typed", "code", "price"),
    [(("--yes",), "", 0, 12e9), ((), "y\n", 0, 12e9), ((), "n\n", 1, 11e9), ((), "", 1, 11e9)],
)
def test_a_rebuild_is_applied_when_told_to(
    ledger: sa.Engine, options: tuple[str, ...], typed: str, code: int, price: float
) -> None:
    done = run("rebuild", *options, typed=typed)
    assert done.exit_code == code, done.output
    assert prices(ledger) == [price]
    if not code:
        assert json.loads(run("rebuild", "--format", "json").stdout) == []
        assert count(ledger, "mention") == 3, "what the older extractor read stays"


def test_a_rebuild_that_changes_a_conclusion_leaves_an_erratum(ledger: sa.Engine) -> None:
    cheap = "exists(acquisition where announced between 2026-01-02 and 2026-01-31 and amount < $11.5bn)"
    asked = Prediction.model_validate({
        "id": "cheap", "title": "t", "statement": "s", "author": "a", "made": "2026-01-01",
        "opens": "2026-01-02", "deadline": "2026-01-31", "criterion": cheap,
    })  # fmt: skip
    judging.record(ledger, asked, at("2026-01-01"))
    [drawn] = conclude(ledger, judging.verdicts(ledger, at("2026-02-01")), at("2026-02-01"))
    assert drawn.status == "met"
    assert run("rebuild", "--yes").exit_code == 0
    [erratum] = errata(ledger)["cheap"]
    assert (erratum.status, erratum.erratum) == ("undecided", "was met; the ledger was rebuilt")


def test_check_tells_what_fails_and_ends_with_1(ledger: sa.Engine) -> None:
    run("rebuild", "--yes")
    with ledger.begin() as connection:
        connection.execute(sa.text("update event set status = 'terminated' where type = 'shutdown'"))
    done = run("check")
    assert done.exit_code == 1
    lines = done.output.splitlines()
    assert "ok  references" in lines
    place = lines.index("fail  events")
    assert lines[place + 1].startswith("      event shutdown-")


def test_upgrade_tells_the_revision(ledger: sa.Engine) -> None:
    assert run("upgrade").output.startswith("the tables are as they should be; their revision is ")


def test_yes_and_dry_run_exclude_each_other() -> None:
    assert run("rebuild", "--yes", "--dry-run").exit_code == 2
