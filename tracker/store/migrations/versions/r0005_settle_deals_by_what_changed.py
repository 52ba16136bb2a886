"""What it takes to bring the ledger up to date by what changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "basis",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "unsettled", sa.Column("key", sa.String(), nullable=False), sa.PrimaryKeyConstraint("key")
    )
    op.create_table(
        "mention_block",
        sa.Column("block", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("mention_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("second", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mention_id"],
            ["mention.id"],
        ),
        sa.PrimaryKeyConstraint("block", "day", "mention_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mention_deal",
        sa.Column("mention_id", sa.Integer(), nullable=False),
        sa.Column("deal", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mention_id"],
            ["mention.id"],
        ),
        sa.PrimaryKeyConstraint("mention_id"),
    )
    op.create_index(op.f("ix_mention_deal_deal"), "mention_deal", ["deal"], unique=False)
