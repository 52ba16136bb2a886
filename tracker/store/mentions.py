"""Mentions in the store."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlmodel import Session

from tracker.models.mention import Mention
from tracker.models.tables import Extraction, MentionRow
from tracker.store.deals import note_unsettled


def add_mentions(session: Session, article_id: int, extractor: str, mentions: Iterable[Mention]) -> int:
    """Record what an extractor version read in one article; returns the number of mentions."""
    return add_readings(session, extractor, [(article_id, mentions)])


def add_readings(session: Session, extractor: str, read: Iterable[tuple[int, Iterable[Mention]]]) -> int:
    """Record what an extractor version read in articles, by their row ids; returns the number of mentions."""
    found = [(article_id, list(mentions)) for article_id, mentions in read]
    extractions = [{"article_id": article_id, "extractor": extractor} for article_id, _ in found]
    rows = [
        {"article_id": article_id, "extractor": extractor, "type": m.type, "payload": m.as_json()}
        for article_id, mentions in found
        for m in mentions
    ]
    if extractions:
        session.execute(sa.insert(Extraction), extractions)
    if rows:
        session.execute(sa.insert(MentionRow), rows)
    note_unsettled(session, (article_id for article_id, _ in found))
    return len(rows)
