"""Copies of an SQLite store: taken while it is in use, checked, and put back.

A copy or a store comes to its name by renaming a finished file, so that under that name there is never half
of one.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import os
import re
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from tracker.errors import StoreError
from tracker.store.engine import connect, what_to_do
from tracker.store.schema import pending, revision_of

GZIP = b"\x1f\x8b"
HEADER = b"SQLite format 3\0"
_STAMPED = re.compile(r"-\d{8}T\d{6}Z\.db\.gz$")
WAIT = 5.0
"""Seconds to wait for whoever uses a store that is to be replaced."""

Counts = dict[str, int]


def store_file(url: sa.URL, work: str) -> Path:
    """The file of an SQLite store. Raises StoreError for any other; `work` is what was to be done."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        where = url.render_as_string(hide_password=True)
        raise StoreError(
            f"{work} needs a store that is a file, not {where}", hint="use the server's own tools"
        )
    assert url.database is not None
    return Path(url.database)


def forget_all_but(keep: int, folder: Path, stem: str) -> int:
    """Remove the older copies of a store with the time in their names; returns how many."""
    copies = sorted(p for p in folder.glob(f"{stem}-*.db.gz") if _STAMPED.search(p.name))
    with _told(f"cannot remove old copies from {folder}"):
        for copy in copies[:-keep]:
            copy.unlink()
    return len(copies[:-keep])


def back_up(store: Path, target: Path) -> Counts:
    """Copy a store that may be in use to a file, gzipped where its name ends in .gz; returns its row counts.

    What is there under that name is replaced once the copy is whole and checked. Raises StoreError.
    """
    if target.resolve() == store.resolve():
        raise StoreError(f"{target} is the store itself", hint="give the copy another name")
    with _told(f"cannot copy {store} to {target}"):
        target.parent.mkdir(parents=True, exist_ok=True)
        with _unfinished(target) as copy:
            counts = _copy(store, copy)
            _check(copy, counts)
            if target.suffix == ".gz":
                with _unfinished(target) as packed:
                    _pack(copy, packed)
                    _finish(packed, target)
            else:
                _finish(copy, target)
    return counts


def restore(backup: Path, store: Path, now: dt.datetime, replace: bool) -> Path | None:
    """Put a copy in the place of a store; returns where the old store is kept, None if there was none.

    Raises StoreError, and leaves the store as it is, where the copy is damaged, is no store of ours, or
    comes from a newer program; where a store exists and `replace` is false; and where it is in use.
    """
    if store.exists() and not replace:
        raise StoreError(
            f"there is a store at {store}", hint="--yes puts the copy in its place and keeps the old one"
        )
    with _told(f"cannot restore {backup} to {store}"):
        store.parent.mkdir(parents=True, exist_ok=True)
        with _unfinished(store) as copy:
            _unpack(backup, copy)
            _check(copy)
            _check_revision(copy, backup)
            kept = _set_aside(store, now) if store.exists() else None
            _finish(copy, store)
    return kept


def rehearse(backup: Path, now: dt.datetime) -> str:
    """Why a copy could not be put back, found out by doing so beside it; empty if it could."""
    try:
        with tempfile.TemporaryDirectory(dir=backup.parent, prefix=".rehearsal") as folder:
            restore(backup, Path(folder) / "store.db", now, replace=False)
    except (StoreError, OSError) as error:
        return str(error)
    return ""


def count_rows(connection: sqlite3.Connection) -> Counts:
    """The number of rows by table; indexes for the full-text search are no tables of facts."""
    query = "select name from sqlite_master where type = 'table' and name not like 'sqlite%'"
    names = [name for (name,) in connection.execute(query) if "_search" not in name]
    return {n: connection.execute(f'select count(*) from "{n}"').fetchone()[0] for n in sorted(names)}


def _copy(store: Path, copy: Path) -> Counts:
    """Copy page by page as of one moment, whatever is written meanwhile."""
    with _opened(store, read_only=True) as source, _opened(copy) as target:
        # This transaction holds the moment: the counts and the copy are both of it.
        source.execute("BEGIN")
        counts = count_rows(source)
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, no log beside it
    return counts


def _check(copy: Path, counts: Counts | None = None) -> None:
    with _opened(copy) as connection:
        damage = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        found = count_rows(connection)
        connection.execute("PRAGMA journal_mode=DELETE")
    if damage != "ok":
        raise StoreError(f"the copy is damaged: {damage}", hint="use another one")
    if counts is not None and found != counts:
        raise StoreError(f"the copy holds {found} rows, the store {counts}", hint="try again")


def _check_revision(copy: Path, backup: Path) -> None:
    engine = connect(f"sqlite:///{copy}")
    with engine.connect() as connection:
        if revision_of(connection) is None:
            raise StoreError(f"{backup} holds no store", hint="give a copy made by tracker db backup")
        pending(connection)
    engine.dispose()
    with _opened(copy) as plain:
        plain.execute("PRAGMA journal_mode=DELETE")


def _set_aside(store: Path, now: dt.datetime) -> Path:
    """Keep the old store under another name as well; its log must not meet the new one."""
    kept = store.with_name(f"{store.name}.{now:%Y%m%dT%H%M%SZ}.old")
    if not _closed(store):
        for suffix in ("-wal", "-shm"):
            if (log := Path(f"{store}{suffix}")).exists():
                log.rename(f"{kept}{suffix}")
    try:
        os.link(store, kept)
    except OSError:  # not every file system has links
        shutil.copy2(store, kept)
    return kept


def _closed(store: Path) -> bool:
    """Bring a store's log into its file and remove it; false where the store is too damaged for that.

    Raises sqlite3.OperationalError where somebody else has it open.
    """
    with store.open("rb") as file:
        if file.read(len(HEADER)) != HEADER:
            return False  # SQLite would throw the log away
    try:
        with _opened(store) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError as error:
        if "locked" in str(error):
            raise
        return False
    return True


def _pack(copy: Path, packed: Path) -> None:
    with copy.open("rb") as source, packed.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, 0) as target:
        shutil.copyfileobj(source, target, 1 << 20)


def _unpack(backup: Path, copy: Path) -> None:
    with backup.open("rb") as raw:
        packed = raw.read(2) == GZIP
        raw.seek(0)
        source = gzip.GzipFile(fileobj=raw) if packed else raw
        with copy.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)


def _finish(finished: Path, target: Path) -> None:
    """Give a finished file its name, for good even if the power fails now."""
    _sync(finished, os.O_RDWR)
    os.replace(finished, target)
    _sync(target.parent, os.O_RDONLY)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """A new file beside another one, gone afterwards unless it was renamed."""
    path = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}")
    path.touch(exist_ok=False)
    try:
        yield path
    finally:
        for suffix in ("", "-journal", "-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)


@contextlib.contextmanager
def _opened(path: Path, read_only: bool = False) -> Iterator[sqlite3.Connection]:
    mode = "ro" if read_only else "rw"
    address = f"{path.resolve().as_uri()}?mode={mode}"
    connection = sqlite3.connect(address, uri=True, timeout=WAIT, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


@contextlib.contextmanager
def _told(failure: str) -> Iterator[None]:
    """What goes wrong with files as an error for people."""
    try:
        yield
    except (sqlite3.Error, OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        hint = what_to_do(reason) or "check the path, the rights and the room on the disk"
        raise StoreError(f"{failure}: {reason}", hint=hint) from error
