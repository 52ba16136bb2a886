"""Opening the database: SQLite (write-ahead log, foreign keys, a busy timeout) or PostgreSQL.

Whoever writes is alone on both: a writing transaction begins with SQLite's write lock or PostgreSQL's
advisory lock, so that what it read first still holds when it writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError, SQLAlchemyError
from sqlmodel import Session, create_engine

from tracker.errors import StoreError
from tracker.store.schema import upgrade

PATIENCE = 30.0
"""Seconds that a writer waits for another one."""

SQLITE_PRAGMAS = ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL", "cell_size_check=ON")
WRITERS_LOCK = 7_236_119
"""The key of PostgreSQL's advisory lock; any number will do that nothing else in the database uses."""

WHAT_TO_DO = {
    "disk is full": "make room on the disk; what was stored before is intact",
    "readonly database": "give yourself the right to write the file and its folder",
    "unable to open": "check TRACKER_DATABASE_URL and the folder's rights",
    "is locked": "another program is writing to it; try again when it is done",
    "lock timeout": "another program is writing to it; try again when it is done",
    "not a database": "check TRACKER_DATABASE_URL, or bring a backup back with tracker db restore",
    "malformed": "bring a backup back with tracker db restore",
    "disk I/O error": "check the disk; what was stored before is intact",
    "psycopg": "pip install 'market-signal-tracker[postgres]'",
    "connection": "check that the server runs and TRACKER_DATABASE_URL names it",
}
"""By a part of what the database says."""


def open_store(url: str) -> sa.Engine:
    """The engine of a database whose tables are this program's, made or upgraded where they were not.

    Raises StoreError with path and reason.
    """
    return upgrade_store(url)[0]


def upgrade_store(url: str) -> tuple[sa.Engine, list[str]]:
    """`open_store`, with the revisions that were run."""
    engine = connect(url)
    try:
        return engine, upgrade(engine)
    except SQLAlchemyError as error:
        raise _cannot_open(url, error) from error


def connect(url: str) -> sa.Engine:
    """The engine of a database as it is. Raises StoreError where there can be none."""
    try:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database and not _is_uri(parsed.database):
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")  # the driver that comes with the extra
        engine = create_engine(parsed)
    except (SQLAlchemyError, OSError, ImportError) as error:
        raise _cannot_open(url, error) from error
    sqlite = engine.dialect.name == "sqlite"
    sa.event.listen(engine, "connect", _on_sqlite_connect if sqlite else _on_server_connect)
    sa.event.listen(engine, "begin", _on_sqlite_begin if sqlite else _on_server_begin)
    sa.event.listen(engine, "handle_error", _on_error)
    return engine


def only_reading(engine: sa.Engine) -> sa.Engine:
    """An engine of the same database whose connections can change nothing in it."""
    found = connect(engine.url.render_as_string(hide_password=False))

    def forbid(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        if found.dialect.name == "sqlite":
            cursor.execute("PRAGMA query_only=ON")
        else:
            cursor.execute("SET default_transaction_read_only = on")
            connection.commit()
        cursor.close()

    sa.event.listen(found, "connect", forbid)
    return found


def _cannot_open(url: str, error: Exception) -> StoreError:
    reason = _reason(error)
    hint = what_to_do(reason) or "check TRACKER_DATABASE_URL and the folder's rights"
    return StoreError(f"cannot open the store {_without_password(url)}: {reason}", hint=hint)


def _reason(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().split("\n")[0]


def what_to_do(reason: str) -> str | None:
    """What a person can do about what a database said, None where nothing is known."""
    return next((hint for part, hint in WHAT_TO_DO.items() if part in reason), None)


def _on_sqlite_connect(connection: Any, _record: Any) -> None:
    # The driver would begin transactions late, at the first change, and end them at a change of tables.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={PATIENCE * 1000:.0f}", *SQLITE_PRAGMAS):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_server_connect(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {PATIENCE * 1000:.0f}")
    connection.commit()


def _on_sqlite_begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _on_server_begin(connection: sa.Connection) -> None:
    if connection.get_execution_options().get("writes"):
        # Stores in other schemas of the database have writers of their own.
        connection.exec_driver_sql(
            f"SELECT pg_advisory_xact_lock({WRITERS_LOCK}, hashtext(current_schema()))"
        )


def _on_error(context: Any) -> None:
    """Tell what a person can do something about as such, wherever it comes up."""
    if isinstance(context.sqlalchemy_exception, IntegrityError | DataError | ProgrammingError):
        return  # about what was asked of the database, not about the database
    reason = _reason(context.original_exception)
    if hint := what_to_do(reason):
        url = context.engine.url.render_as_string(hide_password=True)
        raise StoreError(f"the store {url}: {reason}", hint=hint) from context.original_exception


def _is_uri(database: str) -> bool:
    # SQLite reads "file:..." as an address with options; a folder of that name is not meant.
    return database.startswith("file:")


def _without_password(url: str) -> str:
    try:
        return sa.make_url(url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        # What cannot be parsed may hold one all the same.
        return re.sub(r"(?<=:)[^:/@]*(?=@)", "***", url)


@contextmanager
def transaction(engine: sa.Engine) -> Iterator[Session]:
    """A session whose work is stored whole or not at all, alone among the writers.

    Raises StoreError where the database refuses it.
    """
    with Session(engine.execution_options(writes=True)) as session:
        try:
            yield session
            session.commit()
        except SQLAlchemyError as error:
            session.rollback()
            raise StoreError(
                f"the store refused a change: {_reason(error)}", hint="nothing of it was kept; try again"
            ) from error
