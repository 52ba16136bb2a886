"""Pages that listings name and that gave no article."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    # Programs between the releases made the table without writing a revision down.
    op.create_table(
        "failed_page",
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("stamp", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("tried", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", "address"),
        if_not_exists=True,
    )
