"""Mentions in the store."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker.models.mention import Mention
from tracker.models.tables import Article, Extraction, MentionRow
from tracker.store.deals import note_unsettled
from tracker.store.many import chunks


def add_mentions(session: Session, article_id: int, extractor: str, mentions: Iterable[Mention]) -> int:
    """Record what an extractor version read in one article; returns the number of mentions."""
    return add_readings(session, extractor, [(article_id, mentions)])


def add_readings(session: Session, extractor: str, read: Iterable[tuple[int, Iterable[Mention]]]) -> int:
    """Record what an extractor version read in articles, by their row ids; returns the number of mentions.

    What it has read already, in another process perhaps, is left as it is.
    """
    found = {article_id: list(mentions) for article_id, mentions in read}
    for article_id in _read_by(session, extractor, found):
        del found[article_id]
    extractions = [{"article_id": article_id, "extractor": extractor} for article_id in found]
    rows = [
        {"article_id": article_id, "extractor": extractor, "type": m.type, "payload": m.as_json()}
        for article_id, mentions in found.items()
        for m in mentions
    ]
    if extractions:
        session.execute(sa.insert(Extraction), extractions)
    if rows:
        session.execute(sa.insert(MentionRow), rows)
    note_unsettled(session, Article.id, found)
    return len(rows)


def _read_by(session: Session, extractor: str, article_ids: Iterable[int]) -> list[int]:
    query = sa.select(col(Extraction.article_id)).where(col(Extraction.extractor) == extractor)
    some = (query.where(col(Extraction.article_id).in_(ids)) for ids in chunks(article_ids))
    return [id_ for each in some for id_ in session.execute(each).scalars()]
