"""Databases of every release come to the tables of today, and nothing half-way is left behind."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from click.testing import CliRunner
from sqlmodel import Session, SQLModel

from tests import migration
from tracker.cli import main as tracker
from tracker.errors import StoreError
from tracker.store import schema
from tracker.store.engine import connect, open_store
from tracker.store.events import load_events, load_mentions
from tracker.store.predictions import newest_predictions, probabilities

RELEASES = sorted((Path(__file__).parent / "stores").glob("release-*.sql"))

BROKEN = '''"""A migration that fails after its first change."""
from alembic import op
import sqlalchemy as sa

revision = "9999"
down_revision = "{newest}"

def upgrade():
    op.create_table("half", sa.Column("id", sa.Integer()))
    op.execute("select nonsense from nowhere")
'''


def old_store(dump: Path, folder: Path) -> str:
    """A database file with what a release left in one."""
    path = folder / "old.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(dump.read_text("utf-8"))
    connection.close()
    return f"sqlite:///{path}"


def shape(engine: sa.Engine) -> dict[str, Any]:
    """The tables with their columns and indexes, and the views, in an order of no meaning."""
    look = sa.inspect(engine)
    tables = {
        name: {
            "columns": [(c["name"], str(c["type"]), c["nullable"]) for c in look.get_columns(name)],
            "indexes": sorted(
                (str(i["name"]), i["column_names"], i["unique"]) for i in look.get_indexes(name)
            ),
            "unique": sorted(sorted(u["column_names"]) for u in look.get_unique_constraints(name)),
            "foreign": sorted(
                (f["constrained_columns"], f["referred_table"]) for f in look.get_foreign_keys(name)
            ),
        }
        for name in look.get_table_names()
    }
    return tables | {"views": sorted(look.get_view_names())}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the migrations that a test may add to."""
    copy = tmp_path / "migrations"
    shutil.copytree(schema.FOLDER, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(schema, "FOLDER", copy)
    return copy


def test_models_and_migrations_agree(store_url: str) -> None:
    with open_store(store_url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": schema.modelled})
        told = "the models differ from the migrations: see tracker/store/migrations/README"
        assert compare_metadata(context, SQLModel.metadata) == [], told


def test_the_file_names_tell_the_revisions() -> None:
    script = ScriptDirectory(str(schema.FOLDER))
    assert [r.revision for r in script.walk_revisions()] == schema.revisions()[::-1]
    assert script.get_heads() == schema.revisions()[-1:]


@pytest.mark.parametrize("dump", RELEASES, ids=[path.stem for path in RELEASES])
def test_a_store_of_a_release_becomes_like_a_new_one(dump: Path, tmp_path: Path) -> None:
    upgraded = open_store(old_store(dump, tmp_path))
    assert shape(upgraded) == shape(open_store(f"sqlite:///{tmp_path}/new.db"))
    with Session(upgraded) as session:
        assert session.execute(sa.text("pragma foreign_key_check")).all() == []
        told = {e.type: [s.source_id for s in e.sources] for e in load_events(session)}
        assert told == {"acquisition": ["wire.example"], "shutdown": ["blog.example"]}
        assert [m.article.source_id for m in load_mentions(session, "x1")] == ["wire.example", "blog.example"]
        assert [p.prediction_id for p in newest_predictions(session)] == ["three-deals"]
        assert [p.value for p in probabilities(session)["three-deals"]] == [0.4, 0.6]


def test_a_store_between_two_releases_keeps_what_it_has(tmp_path: Path) -> None:
    url = old_store(RELEASES[-1], tmp_path)
    with connect(url).begin() as connection:
        columns = "source_id varchar not null, read_at datetime not null, found json not null"
        connection.execute(sa.text(f"create table opt_out ({columns}, primary key (source_id))"))
        connection.execute(sa.text("insert into opt_out values ('wire.example', '2026-01-05', '{}')"))
    engine = open_store(url)
    assert shape(engine) == shape(open_store(f"sqlite:///{tmp_path}/new.db"))
    with engine.connect() as connection:
        assert connection.scalar(sa.text("select source_id from opt_out")) == "wire.example"


def test_an_upgraded_store_is_left_alone(store_url: str) -> None:
    engine = open_store(store_url)
    assert schema.upgrade(engine) == []
    with engine.connect() as connection:
        assert schema.revision_of(connection) == schema.revisions()[-1]


def test_a_store_of_a_newer_program_is_refused(store_url: str) -> None:
    with open_store(store_url).begin() as connection:
        connection.execute(sa.text("update alembic_version set version_num = '9998'"))
    with pytest.raises(StoreError, match=r"has the tables of revision 9998.*use the newer program"):
        open_store(store_url)


def test_an_upgrade_that_fails_changes_nothing(store_url: str, folder: Path) -> None:
    engine = open_store(store_url)
    before = shape(engine)
    bad = folder / "versions" / "r9999_broken.py"
    bad.write_text(BROKEN.format(newest=schema.revisions()[-1]))
    with pytest.raises(StoreError, match=r"nonsense|nowhere"):
        open_store(store_url)
    assert shape(engine) == before
    bad.unlink()
    assert schema.upgrade(engine) == []


def test_the_command_tells_what_it_did_or_why_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = old_store(RELEASES[0], tmp_path)
    monkeypatch.setenv("TRACKER_DATABASE_URL", url)
    with connect(url).begin() as connection:
        connection.execute(sa.text("create table article_search (x)"))
    done = CliRunner().invoke(tracker, ["db", "upgrade"])
    assert done.exit_code == 1
    assert "cannot open the store" in done.output
    assert "already exists" in done.output
    with connect(url).begin() as connection:
        connection.execute(sa.text("drop table article_search"))
    done = CliRunner().invoke(tracker, ["db", "upgrade"])
    assert done.output.startswith("the tables are upgraded by 0002, 0003")


def test_two_that_open_an_old_store_at_once_both_can(tmp_path: Path) -> None:
    url = old_store(RELEASES[0], tmp_path)
    failed: list[Exception] = []

    def work() -> None:
        try:
            open_store(url)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert shape(connect(url)) == shape(open_store(f"sqlite:///{tmp_path}/new.db"))


def test_a_migration_is_written_from_the_models(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = sa.MetaData()
    for table in SQLModel.metadata.tables.values():
        table.to_metadata(new)
    sa.Table("added", new, sa.Column("id", sa.Integer, primary_key=True), sa.Column("at", sa.DateTime))
    newest = schema.revisions()[-1]
    monkeypatch.setattr(SQLModel, "metadata", new)
    path = migration.write("Add a table", tmp_path)
    assert path.parent == folder / "versions"
    assert path.name == f"r{int(newest) + 1:04}_add_a_table.py"
    engine = open_store(f"sqlite:///{tmp_path}/newest.db")
    assert sa.inspect(engine).has_table("added")
