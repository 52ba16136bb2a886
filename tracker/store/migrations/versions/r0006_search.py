"""Indexes for the full-text search over articles and over the sentences that events rest on.

SQLite: FTS5 tables that keep the index only and read the words where they are stored; `tracker.store.search`
brings them up to date. PostgreSQL: expression indexes, which the server keeps up.
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"

STEMS = "tokenize = 'porter unicode61 remove_diacritics 2'"
SQLITE = (
    f"""create virtual table article_search using fts5(
        title, text, content = 'article', content_rowid = 'id', {STEMS})""",
    """create view mention_evidence as
        select id, json_extract(payload, '$.evidence.text') as evidence from mention""",
    f"""create virtual table mention_search using fts5(
        evidence, content = 'mention_evidence', content_rowid = 'id', {STEMS})""",
)
# A text vector holds a megabyte at most; the longest filings have more words than fit.
POSTGRESQL = (
    """create index article_search on article using gin (
        (setweight(to_tsvector('english', title), 'A') || to_tsvector('english', left(text, 400000))))""",
    """create index mention_search on mention using gin (
        to_tsvector('english', payload #>> '{evidence,text}'))""",
)


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
