"""A full disk, no rights, another writer, no database: told in one line, and nothing is lost."""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from tests.store_builders import IBM, add, article, at_file, count, small_store
from tracker.errors import StoreError
from tracker.store import engine as store_engine
from tracker.store.engine import connect, only_reading, open_store, transaction

NOBODY = 65534
MEGABYTE = 1 << 20


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_engine, "PATIENCE", 0.2)


def full_from_here(engine: sa.Engine) -> None:
    """Let the file of a store grow no more."""

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        (pages,) = connection.execute("pragma page_count").fetchone()
        connection.execute(f"pragma max_page_count = {pages}")

    engine.dispose()
    sa.event.listen(engine, "connect", limit)


def test_a_full_disk_is_told_and_the_old_rows_stay(tmp_path: Path) -> None:
    engine = small_store(at_file(tmp_path / "a.db"))
    full_from_here(engine)
    with pytest.raises(StoreError, match=r"disk is full \(make room on the disk; what was stored before is"):
        add(engine, article("big", "2026-01-09", "Big", "word " * 100_000))
    assert count(engine, "article") == 2
    with engine.connect() as connection:
        assert connection.scalar(sa.text("pragma integrity_check")) == "ok"


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (MEGABYTE, MEGABYTE))


def test_no_file_may_grow_and_the_commands_say_so(tmp_path: Path) -> None:
    """The limit of the operating system stands in for a full disk: the store, its log and a copy meet it."""
    store = tmp_path / "a.db"
    engine = small_store(at_file(store))
    add(engine, article("large", "2026-01-07", "Large", "word " * 300_000))
    engine.dispose()
    line = {"id": "1", "url": "https://a.example/1", "title": "T", "published": "2026-01-01"}
    (tmp_path / "more.jsonl").write_text(json.dumps(line | {"text": "word " * 300_000}))
    copy = tmp_path / "copy.db"
    copy.write_bytes(b"an older copy")
    for arguments in (["ingest", "--no-extract", "more.jsonl"], ["db", "backup", "copy.db"]):
        done = tracker(tmp_path, arguments, limited)
        assert done.returncode == 1, done.stdout + done.stderr
        assert len(done.stderr.splitlines()) == 1
        assert "disk" in done.stderr
    assert copy.read_bytes() == b"an older copy"
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []
    assert count(open_store(at_file(store)), "article") == 3
    assert tracker(tmp_path, ["db", "backup", "copy.db"]).returncode == 0


def tracker(
    folder: Path, arguments: list[str], before: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "TRACKER_DATABASE_URL": at_file(folder / "a.db")}
    command = [str(Path(sys.executable).parent / "tracker"), *arguments]
    return subprocess.run(command, cwd=folder, env=env, preexec_fn=before, capture_output=True, text=True)


@pytest.fixture
def without_rights() -> Iterator[Path]:
    """A folder with a store that this process may read and not write: root may for once do neither."""
    folder = Path(tempfile.mkdtemp())
    small_store(at_file(folder / "a.db")).dispose()
    for path, mode in ((folder / "a.db", 0o444), (folder, 0o555)):
        path.chmod(mode)
    root = os.geteuid() == 0
    try:
        if root:
            os.seteuid(NOBODY)
        yield folder
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_a_folder_without_rights_is_told(without_rights: Path) -> None:
    before = (without_rights / "a.db").read_bytes()
    with pytest.raises(StoreError, match=r"a\.db: .*(readonly|unable to open).* \(.*right"):
        add(open_store(at_file(without_rights / "a.db")), article("c", "2026-01-09", *IBM))
    with pytest.raises(StoreError, match=r"new\.db: unable to open database file \(.*rights\)"):
        open_store(at_file(without_rights / "new.db"))
    with pytest.raises(StoreError, match=r"cannot open the store .*Permission denied"):
        open_store(at_file(without_rights / "folder" / "new.db"))
    assert (without_rights / "a.db").read_bytes() == before


def test_another_writer_is_told(store_url: str, hurried: None) -> None:
    engine = small_store(store_url)
    with transaction(engine) as session:
        session.connection()
        with pytest.raises(StoreError, match=r"(is locked|lock timeout).*another program is writing"):
            add(connect(store_url), article("c", "2026-01-09", *IBM))
        with Session(connect(store_url)) as reader:
            assert reader.scalar(sa.text("select count(*) from article")) == 2, "readers are not held up"
    assert count(engine, "article") == 2


def test_a_writer_waits_for_another(store_url: str) -> None:
    engine = small_store(store_url)
    command = (
        "import sys; from tests.store_builders import *; print('ready', flush=True);"
        "add(open_store(sys.argv[1]), article('late', '2026-03-01', *IBM))"
    )
    with transaction(engine) as session:
        session.connection()
        other = subprocess.Popen(
            [sys.executable, "-c", command, store_url], cwd=Path(__file__).parents[1], stdout=subprocess.PIPE
        )
        assert other.stdout is not None
        assert other.stdout.readline() == b"ready\n"
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(0.5)
        assert session.scalar(sa.text("select count(*) from article")) == 2
    assert other.wait(30) == 0
    other.stdout.close()
    assert count(engine, "article") == 3


@pytest.mark.parametrize("content", [b"no database " * 500, b"SQLite format 3\0" + b"\xff" * 8000])
def test_what_is_no_database_is_told_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"a\.db: file is not a database \(.*tracker db restore\)"):
        open_store(at_file(path))
    assert path.read_bytes() == content


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(StoreError, match="check that the server runs") as caught:
        open_store("postgresql://me:secret@127.0.0.1:1/none")
    assert "secret" not in str(caught.value)


def test_a_driver_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"psycopg.*pip install"):
        open_store("postgresql://db.invalid/none")


def test_who_only_reads_can_change_nothing(store_url: str) -> None:
    engine = small_store(store_url)
    reader = only_reading(engine)
    assert count(reader, "event_mention") == 2
    with pytest.raises(StoreError, match=r"readonly|read-only"), transaction(reader) as session:
        session.execute(sa.text("DELETE FROM event_mention"))
