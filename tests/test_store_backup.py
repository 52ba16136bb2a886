"""Copies are whole while the store is written to; nothing is lost when one is put back."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from tests.mention_builders import at
from tests.store_builders import IBM, add, article, at_file, count, small_store
from tracker.cli import main as tracker
from tracker.errors import StoreError
from tracker.store import backup
from tracker.store.backup import back_up, count_rows, restore
from tracker.store.engine import open_store, transaction

NOW = at("2026-06-30") + dt.timedelta(hours=6)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "store.db"
    engine = small_store(at_file(path))
    engine.dispose()
    monkeypatch.setenv("TRACKER_DATABASE_URL", at_file(path))
    monkeypatch.setattr(backup, "WAIT", 0.1)
    yield path
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == [], "something was left behind"


def run(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(tracker, [str(a) for a in arguments])
    return done.exit_code, done.output


def rows(path: Path) -> dict[str, int]:
    with sqlite3.connect(path) as connection:
        return count_rows(connection)


@pytest.mark.parametrize("name", ["copy.db", "deep/copy.db.gz"])
def test_a_copy_comes_back_as_the_store_it_was_taken_of(store: Path, tmp_path: Path, name: str) -> None:
    code, output = run("db", "backup", tmp_path / name)
    assert (code, output) == (0, f"{tmp_path / name}: 2 articles, 2 events, checked\n")
    before = rows(store)
    engine = open_store(at_file(store))
    add(engine, article("late", "2026-03-01", *IBM))
    engine.dispose()
    code, output = run("db", "restore", "--yes", tmp_path / name)
    assert code == 0, output
    assert rows(store) == before
    (kept,) = tmp_path.glob("store.db.*.old")
    assert str(kept) in output
    assert rows(kept)["article"] == 3


def test_a_copy_without_a_name_lies_beside_the_store(store: Path, tmp_path: Path) -> None:
    assert run("db", "backup")[0] == 0
    (copy,) = tmp_path.glob("store-*.db.gz")
    assert restore(copy, tmp_path / "other.db", NOW, replace=False) is None
    assert rows(tmp_path / "other.db") == rows(store)


def test_a_copy_is_whole_while_the_store_is_written_to(store: Path, tmp_path: Path) -> None:
    engine = open_store(at_file(store))
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with transaction(engine) as session:
                # Two rows at once: a copy has both or none.
                for half in "ab":
                    words = {"i": f"{number}{half}", "t": NOW.isoformat()}
                    session.execute(sa.text("insert into source_state values (:i, :t, '', '', null)"), words)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            counts = back_up(store, tmp_path / f"{number}.db")
            assert counts["source_state"] % 2 == 0
            assert rows(tmp_path / f"{number}.db") == counts
    finally:
        stop.set()
        writer.join()
    assert counts["source_state"] > 0


def test_a_store_in_use_is_not_replaced(store: Path, tmp_path: Path) -> None:
    back_up(store, tmp_path / "copy.db")
    with open_store(at_file(store)).connect() as connection:
        connection.execute(sa.text("select 1 from article"))
        with pytest.raises(StoreError, match="is locked"):
            restore(tmp_path / "copy.db", store, NOW, replace=True)
    assert list(tmp_path.glob("*.old")) == []
    assert rows(store)["article"] == 2


def test_a_damaged_store_is_replaced_and_kept(store: Path, tmp_path: Path) -> None:
    back_up(store, tmp_path / "copy.db")
    store.write_bytes(b"no database" * 1000)
    log = Path(f"{store}-wal")
    log.write_bytes(b"old log")
    kept = restore(tmp_path / "copy.db", store, NOW, replace=True)
    assert kept == store.with_name("store.db.20260630T060000Z.old")
    assert kept.read_bytes() == b"no database" * 1000
    assert Path(f"{kept}-wal").read_bytes() == b"old log"
    assert not log.exists()
    assert count(open_store(at_file(store)), "event") == 2


def test_a_store_is_not_replaced_unasked(store: Path, tmp_path: Path) -> None:
    back_up(store, tmp_path / "copy.db")
    code, output = run("db", "restore", tmp_path / "copy.db")
    assert code == 1
    assert "--yes puts the copy in its place" in output


def spoil_page(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for page in range(2, 8):
        content[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(content)


def of_a_newer_program(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("update alembic_version set version_num = '9998'")
    connection.close()


def without_tables(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("create table other (x)")
    connection.close()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (spoil_page, "damaged|malformed"),
        (lambda path: path.write_bytes(b"no database at all" * 100), "not a database"),
        (lambda path: path.write_bytes(b"\x1f\x8b broken"), "cannot restore"),
        (without_tables, "holds no store"),
        (of_a_newer_program, "revision 9998"),
        (lambda path: path.unlink(), "No such file"),
    ],
    ids=["damaged", "no database", "half a gzip", "another database", "newer", "missing"],
)  # fmt: skip
def test_what_is_no_good_copy_is_refused(store: Path, tmp_path: Path, spoil: object, told: str) -> None:
    copy = tmp_path / "copy.db"
    back_up(store, copy)
    before = store.read_bytes()
    spoil(copy)  # type: ignore[operator]
    with pytest.raises(StoreError, match=told):
        restore(copy, store, NOW, replace=True)
    assert store.read_bytes() == before


def test_a_copy_of_a_damaged_store_does_not_take_the_place_of_a_good_one(store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    back_up(store, copy)
    good = copy.read_bytes()
    spoil_page(store)
    with pytest.raises(StoreError, match=r"damaged|malformed"):
        back_up(store, copy)
    assert copy.read_bytes() == good


def test_a_store_is_not_copied_over_itself(store: Path) -> None:
    code, output = run("db", "backup", store)
    assert code == 1
    assert "is the store itself" in output
    assert rows(store)["article"] == 2


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_server_is_told_apart(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_DATABASE_URL", "postgresql://me:secret@db.invalid/x")
    code, output = run("db", command, "copy.db")
    assert code == 1
    assert "use the server's own tools" in output
    assert "secret" not in output


def test_there_must_be_a_store_to_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_DATABASE_URL", at_file(tmp_path / "none.db"))
    code, output = run("db", "backup", tmp_path / "copy.db")
    assert code == 1
    assert "there is no store" in output
    assert list(tmp_path.iterdir()) == []
