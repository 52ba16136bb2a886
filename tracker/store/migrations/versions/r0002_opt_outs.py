"""What the sites of sources say about mining by machines."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # Programs between the releases made the table without writing a revision down.
    op.create_table(
        "opt_out",
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("source_id"),
        if_not_exists=True,
    )
