"""What the store saw of a week: which weeks hold articles, and the articles and crawls of each source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from tracker.models.tables import Article, Fetch


@dataclass(frozen=True)
class Sighting:
    """One article, whatever its revisions, and when it was first published."""

    key: str
    source_id: str
    published: dt.datetime


def newest_seen(session: Session) -> dt.datetime | None:
    """When an article last came in."""
    return session.exec(select(func.max(Article.seen_at))).one()


def newest_published(
    session: Session, before: dt.datetime | None = None, seen_by: dt.datetime | None = None
) -> dt.datetime | None:
    """The newest publication, optionally before a moment and among articles seen by one."""
    query = select(func.max(Article.published))
    if before is not None:
        query = query.where(Article.published < before)
    if seen_by is not None:
        query = query.where(Article.seen_at <= seen_by)
    return session.exec(query).one()


def sightings(
    session: Session, start: dt.datetime, end: dt.datetime, seen_by: dt.datetime | None = None
) -> list[Sighting]:
    """Articles published from `start` to before `end`, each once, in a fixed order."""
    query = (
        select(Article.key, Article.source_id, func.min(Article.published))
        .where(Article.published >= start, Article.published < end)
        .group_by(Article.key, Article.source_id)
        .order_by(Article.key, Article.source_id)
    )
    if seen_by is not None:
        query = query.where(Article.seen_at <= seen_by)
    return [Sighting(*row) for row in session.exec(query).all()]


def publication_times(session: Session) -> Sequence[dt.datetime]:
    """Every publication time, oldest first."""
    return session.exec(select(Article.published).distinct().order_by(col(Article.published))).all()


def fetches(session: Session, start: dt.datetime, end: dt.datetime) -> Sequence[Fetch]:
    """Crawls started from `start` to before `end`, oldest first."""
    query = select(Fetch).where(Fetch.started >= start, Fetch.started < end)
    return session.exec(query.order_by(col(Fetch.started), col(Fetch.id))).all()
