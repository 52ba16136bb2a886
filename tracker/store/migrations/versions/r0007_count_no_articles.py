"""What pages were that are no articles, the listing's status and the bytes, for each crawl."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    for name in ("not_articles", "status", "bytes"):
        op.add_column("fetch", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
