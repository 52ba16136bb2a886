"""Opening the database: SQLite (write-ahead log, foreign keys, a busy timeout) or any SQLAlchemy URL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, SQLModel, create_engine

from tracker.errors import StoreError
from tracker.models import tables

SQLITE_PRAGMAS = ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=10000", "synchronous=NORMAL")


def _on_connect(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _is_uri(database: str) -> bool:
    # SQLite reads "file:..." as an address with options; a folder of that name is not meant.
    return database.startswith("file:")


def _without_password(url: str) -> str:
    try:
        return sa.make_url(url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        # What cannot be parsed may hold one all the same.
        return re.sub(r"(?<=:)[^:/@]*(?=@)", "***", url)


def open_store(url: str) -> sa.Engine:
    """The engine of a database whose tables exist afterwards. Raises StoreError with path and reason."""
    try:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database and not _is_uri(parsed.database):
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url)
        if engine.dialect.name == "sqlite":
            sa.event.listen(engine, "connect", _on_connect)
        SQLModel.metadata.create_all(engine, tables=[SQLModel.metadata.tables[name] for name in _names()])
    except (SQLAlchemyError, OSError, ImportError) as error:
        reason = str(getattr(error, "orig", None) or error)
        raise StoreError(
            f"cannot open the store {_without_password(url)}: {reason}",
            hint="check TRACKER_DATABASE_URL and the folder's rights",
        ) from error
    return engine


TABLES = (
    tables.Article, tables.Extraction, tables.MentionRow, tables.EventRow, tables.EventMention,
    tables.PredictionRow, tables.ProbabilityRow, tables.Fetch, tables.FailedPage, tables.SourceState,
    tables.OptOut,
)  # fmt: skip


def _names() -> list[str]:
    return [str(table.__tablename__) for table in TABLES]


@contextmanager
def transaction(engine: sa.Engine) -> Iterator[Session]:
    """A session whose work is stored whole or not at all. Raises StoreError where the database refuses it."""
    with Session(engine) as session:
        try:
            yield session
            session.commit()
        except SQLAlchemyError as error:
            session.rollback()
            reason = str(getattr(error, "orig", None) or error)
            raise StoreError(
                f"the store refused a change: {reason}", hint="nothing of it was kept; try again"
            ) from error
