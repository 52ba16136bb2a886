"""Statements over more values than one takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import Session, col

T = TypeVar("T")
CHUNK = 500
"""Values in one list of a statement; older builds of SQLite take 999."""


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    rest = iter(values)
    while some := list(islice(rest, size)):
        yield some


def delete_where(session: Session, column: Any, values: Iterable[Any]) -> None:
    """Delete the rows of a column's table that have one of these values there."""
    for some in chunks(values):
        session.execute(sa.delete(column.class_).where(col(column).in_(some)))
