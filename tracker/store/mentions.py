"""Mentions in the store."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session

from tracker.models.mention import Mention
from tracker.models.tables import Extraction, MentionRow
from tracker.store.deals import note_unsettled


def add_mentions(session: Session, article_id: int, extractor: str, mentions: Iterable[Mention]) -> int:
    """Record what an extractor version read in an article; returns the number of mentions.

    Another run that has read the article meanwhile found the same: it is left as it is.
    """
    if session.get(Extraction, (article_id, extractor)) is not None:
        return 0
    session.add(Extraction(article_id=article_id, extractor=extractor))
    rows = [
        MentionRow(article_id=article_id, extractor=extractor, type=m.type, payload=m.as_json())
        for m in mentions
    ]
    session.add_all(rows)
    note_unsettled(session, [article_id])
    return len(rows)
