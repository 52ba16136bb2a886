"""Alembic's entry: runs migrations on the connection that `tracker.store.schema` hands over."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context


def plain(kind: str, column_type: Any, _autogenerate: Any) -> str | Literal[False]:
    """Types of our own as the plain ones that they are in a database: a migration outlives our classes."""
    if kind != "type" or type(column_type).__module__.startswith("sqlalchemy."):
        return False
    return f"sa.{type(sa.types.to_instance(column_type.impl)).__name__}()"


given = context.config.attributes
# The caller has begun a transaction and ends it: an upgrade is made whole or not at all.
context.configure(
    connection=given["connection"],
    target_metadata=given["metadata"],
    include_object=given["include"],
    render_item=plain,
)
context.run_migrations()
