"""Which revision of the tables a database has, and the way to the newest (Alembic, `migrations/`)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlmodel import SQLModel

from tracker.errors import StoreError
from tracker.models import tables  # noqa: F401 - the models enter the metadata

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"
VERSION_TABLE = "alembic_version"
FIRST = "0001"
"""The tables of release 0.1.0, which wrote no revision into its databases."""

UNMODELLED = ("article_search", "mention_search")
"""Beginnings of what migrations make and no model describes: indexes for the full-text search."""


def revisions() -> list[str]:
    """The revisions that this program knows, oldest first, by the names of their files."""
    # Not asked of Alembic: every command opens the store, and importing it takes longer than that.
    return sorted(path.name[1:5] for path in (FOLDER / "versions").glob("r[0-9]*.py"))


def revision_of(connection: sa.Connection) -> str | None:
    """The revision of a database, None where it holds no tables of ours."""
    names = sa.inspect(connection).get_table_names()
    if VERSION_TABLE in names:
        return str(connection.scalar(sa.text(f"select version_num from {VERSION_TABLE}")))
    return FIRST if "article" in names else None


def pending(connection: sa.Connection) -> list[str]:
    """The revisions that a database lacks. Raises StoreError where it has one that is not known here."""
    known, found = revisions(), revision_of(connection)
    if found is None:
        return known
    if found not in known:
        raise StoreError(
            f"the store has the tables of revision {found}, this program knows up to {known[-1]}",
            hint="use the newer program that wrote it",
        )
    return known[known.index(found) + 1 :]


def upgrade(engine: sa.Engine) -> list[str]:
    """Bring a database to the newest revision, whole or not at all; returns the revisions that were run.

    Raises StoreError where the database has a revision that is not known here.
    """
    with engine.connect() as connection:
        if not pending(connection):
            return []
    with engine.execution_options(writes=True).begin() as connection:
        # Asked again: another process may have done it while this one waited for the lock.
        missing = pending(connection)
        if missing:
            _run(connection)
        return missing


def _run(connection: sa.Connection) -> None:
    from alembic import command

    config = config_for(connection)
    if revision_of(connection) == FIRST and VERSION_TABLE not in sa.inspect(connection).get_table_names():
        command.stamp(config, FIRST)
    command.upgrade(config, "head")


def config_for(connection: sa.Connection) -> Config:
    """Alembic's settings for work on an open connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes.update(connection=connection, metadata=SQLModel.metadata, include=modelled)
    return config


def modelled(_object: object, name: str | None, kind: str, reflected: bool, _compared: object) -> bool:
    """Whether Alembic should compare something with the models."""
    return not (reflected and name is not None and name.startswith(UNMODELLED))
