"""The tables of release 0.1.0."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _articles()
    _ledger()
    _predictions()
    _crawls()


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _whole(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(), nullable=nullable)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)


def _indexes(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column])


def _articles() -> None:
    op.create_table(
        "article",
        *_whole("id"),
        *_text("key"),
        *_whole("revision"),
        *_text("source_id", "url", "title", "text", "content_hash"),
        _time("published"),
        _time("modified", nullable=True),
        _time("seen_at"),
        *_text("language"),
        *_whole("tier"),
        sa.Column("filing", sa.Boolean(), nullable=False),
        _json("details"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key", "revision"),
    )
    _indexes("article", "key", "source_id", "published", "seen_at")
    op.create_table(
        "extraction",
        *_whole("article_id"),
        *_text("extractor"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.PrimaryKeyConstraint("article_id", "extractor"),
    )


def _ledger() -> None:
    op.create_table(
        "mention",
        *_whole("id", "article_id"),
        *_text("extractor", "type"),
        _json("payload"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    _indexes("mention", "article_id", "type")
    op.create_table(
        "event",
        *_text("id", "type", "status", "category", "salience"),
        _time("first_reported"),
        _time("last_reported"),
        _json("payload"),
        sa.PrimaryKeyConstraint("id"),
    )
    _indexes("event", "type", "first_reported")
    op.create_table(
        "event_mention",
        *_whole("mention_id"),
        *_text("event_id"),
        sa.ForeignKeyConstraint(["mention_id"], ["mention.id"]),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"]),
        sa.PrimaryKeyConstraint("mention_id"),
    )
    _indexes("event_mention", "event_id")


def _predictions() -> None:
    op.create_table(
        "prediction",
        *_whole("id"),
        *_text("prediction_id"),
        *_whole("version"),
        *_text("digest"),
        _time("logged_at"),
        _json("payload"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("prediction_id", "version"),
    )
    _indexes("prediction", "prediction_id")
    op.create_table(
        "probability",
        *_whole("id"),
        *_text("prediction_id"),
        _time("at"),
        *_text("by"),
        sa.Column("value", sa.Float(), nullable=False),
        *_text("why"),
        sa.PrimaryKeyConstraint("id"),
    )
    _indexes("probability", "prediction_id")


def _crawls() -> None:
    op.create_table(
        "fetch",
        *_whole("id"),
        *_text("source_id"),
        _time("started"),
        _time("finished"),
        sa.Column("ok", sa.Boolean(), nullable=False),
        *_whole("items", "new", "changed", "unchanged", "failed"),
        *_text("reason"),
        sa.PrimaryKeyConstraint("id"),
    )
    _indexes("fetch", "source_id", "started")
    op.create_table(
        "source_state",
        *_text("source_id", "url", "etag", "last_modified"),
        _time("not_before", nullable=True),
        sa.PrimaryKeyConstraint("source_id"),
    )
