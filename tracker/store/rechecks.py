"""What it takes to ask for stored articles again: the recent ones, and what is known of their pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, delete, select

from tracker.models.tables import Article, AskedPage
from tracker.store.many import chunks

FORGOTTEN = dt.timedelta(days=90)  # after a page was asked for last


def asked_pages(session: Session, source_id: str) -> dict[str, AskedPage]:
    """The pages of a source that gave an article, by address."""
    rows = session.exec(select(AskedPage).where(AskedPage.source_id == source_id)).all()
    session.expunge_all()  # they are read after the session has ended
    return {row.address: row for row in rows}


def recent_articles(session: Session, source_id: str, since: dt.datetime) -> list[Article]:
    """The newest revisions of a source's articles that were published since a moment."""
    query = (
        select(Article)
        .where(Article.source_id == source_id, Article.published >= since)
        .order_by(col(Article.revision))
    )
    rows = session.exec(query).all()
    session.expunge_all()
    return list({row.key: row for row in rows}.values())


def save_asked(session: Session, source_id: str, pages: Sequence[AskedPage], now: dt.datetime) -> None:
    """Keep what is known of pages; those not asked for long are forgotten."""
    if not pages:
        return
    of_source = col(AskedPage.source_id) == source_id
    session.exec(delete(AskedPage).where(of_source, col(AskedPage.asked) < now - FORGOTTEN))
    for some in chunks([page.address for page in pages]):
        session.exec(delete(AskedPage).where(of_source, col(AskedPage.address).in_(some)))
    rows = {page.address: page.model_dump() for page in pages}
    session.execute(sa.insert(AskedPage), [*rows.values()])  # an object for each would take twice the time
