"""A whole store copied into another database, of the same kind or not: SQLite to PostgreSQL and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from tracker.errors import StoreError
from tracker.store.engine import transaction

PART = 1000
"""Rows on their way at a time."""

OnTable = Callable[[str, int], None]
"""Called with a table's name and the number of its rows once they are copied."""


def copy_store(source: sa.Engine, target: sa.Engine, on_table: OnTable = lambda _name, _rows: None) -> int:
    """Copy every row of every table, in one transaction; returns how many that were.

    What is written to the source meanwhile is not in the copy. The indexes of the search follow from the
    rows. Raises StoreError where the target holds anything already, or has not what was read at the end.
    """
    tables = SQLModel.metadata.sorted_tables  # what a row refers to comes before it
    # One view of the source from the first row to the last: PostgreSQL's default would see later ones, too.
    level = {} if source.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with source.connect().execution_options(**level) as reading, transaction(target) as session:
        _refuse_full(session, tables)
        copied = {table.name: _copy(reading, session, table) for table in tables}
        for table in tables:
            _count_on(session, table)
            _compare(session, table, copied[table.name])
            on_table(table.name, copied[table.name])
    return sum(copied.values())


def _refuse_full(session: Session, tables: Sequence[sa.Table]) -> None:
    full = [
        t.name for t in tables if session.execute(sa.select(sa.literal(1)).select_from(t).limit(1)).first()
    ]
    if full:
        raise StoreError(
            f"the target holds rows already, in {', '.join(full)}", hint="name an empty database"
        )


def _copy(reading: sa.Connection, session: Session, table: sa.Table) -> int:
    query = sa.select(table).order_by(*table.primary_key.columns).execution_options(yield_per=PART)
    number = 0
    for rows in reading.execute(query).mappings().partitions():
        part: list[dict[str, Any]] = [dict(row) for row in rows]
        session.connection().execute(sa.insert(table), part)
        number += len(part)
    return number


def _count_on(session: Session, table: sa.Table) -> None:
    """Let PostgreSQL's numbers go on after the highest copied one."""
    column = table.autoincrement_column
    if column is None or session.get_bind().dialect.name != "postgresql":
        return
    highest = sa.select(sa.func.max(column)).scalar_subquery()
    sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
    # Without rows the next number is the first; nothing is set where the column has no sequence.
    session.execute(sa.select(sa.func.setval(sequence, sa.func.coalesce(highest, 1), highest.is_not(None))))


def _compare(session: Session, table: sa.Table, copied: int) -> None:
    found = session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
    if found != copied:
        raise StoreError(f"{copied} rows of {table.name} were read and {found} are in the copy")
