"""The ledger in the store: the mentions it is derived from, and the derived events as a materialised view."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, delete, func, select

from tracker.models.ledger import Event
from tracker.models.mention import Mention
from tracker.models.tables import Article, EventMention, EventRow, Extraction, MentionRow
from tracker.models.told import LEAD_CHARS, ArticleRef, MentionIn


@dataclass(frozen=True)
class Changes:
    """What replacing the events changed, by id."""

    new: list[str]
    changed: list[str]
    gone: list[str]


def load_events(session: Session) -> list[Event]:
    """The stored ledger, in the order in which it is derived."""
    events = [Event.model_validate(payload) for payload in session.exec(select(EventRow.payload))]
    # Not sorted by the database: PostgreSQL orders texts by the rules of a language.
    return sorted(events, key=lambda e: (e.first_reported, e.id))


def replace_events(session: Session, events: Iterable[Event]) -> Changes:
    """Make the stored ledger equal to these events, writing only what differs."""
    wanted = {e.id: e for e in events}
    payloads = {id_: e.model_dump(mode="json") for id_, e in wanted.items()}
    stored = dict(session.exec(select(EventRow.id, EventRow.payload)).all())
    changes = Changes(
        new=[i for i in wanted if i not in stored],
        changed=[i for i in wanted if i in stored and stored[i] != payloads[i]],
        gone=[i for i in stored if i not in wanted],
    )
    # Links go first: a mention may have moved from one changed event to another.
    _delete_in(session, EventMention, EventMention.event_id, [*changes.changed, *changes.gone])
    _delete_in(session, EventRow, EventRow.id, [*changes.changed, *changes.gone])
    written = [wanted[i] for i in (*changes.new, *changes.changed)]
    session.add_all(_row(e, payloads[e.id]) for e in written)
    session.flush()
    session.add_all(EventMention(mention_id=s.mention_id, event_id=e.id) for e in written for s in e.sources)
    session.flush()
    return changes


def _delete_in(session: Session, table: Any, column: Any, ids: list[str], chunk: int = 500) -> None:
    for start in range(0, len(ids), chunk):
        session.exec(delete(table).where(col(column).in_(ids[start : start + chunk])))


def _row(event: Event, payload: dict[str, Any]) -> EventRow:
    columns = ("id", "type", "status", "category", "salience", "first_reported", "last_reported")
    return EventRow(**{name: getattr(event, name) for name in columns}, payload=payload)


def load_mentions(
    session: Session,
    extractor: str,
    seen_by: dt.datetime | None = None,
    published_before: dt.datetime | None = None,
) -> list[MentionIn]:
    """The mentions that count at a time: of each article the newest revision seen by then, read by one
    extractor.

    `seen_by` includes its moment; `published_before` does not.
    """
    newest = select(Article.key, func.max(Article.revision).label("revision"))
    if seen_by is not None:
        newest = newest.where(Article.seen_at <= seen_by)
    known = newest.group_by(Article.key).subquery()
    query = (
        sa.select(MentionRow.id, MentionRow.payload, *_ARTICLE)  # type: ignore[call-overload]
        .join(Article, col(Article.id) == MentionRow.article_id)
        .join(known, (known.c.key == Article.key) & (known.c.revision == Article.revision))
        .where(col(MentionRow.extractor) == extractor)
        .order_by(col(MentionRow.id))
    )
    if published_before is not None:
        query = query.where(Article.published < published_before)
    rows = session.execute(query).all()  # plain columns: SQLModel's exec adds nothing here
    return [MentionIn(r[0], Mention.model_validate(r[1]), ArticleRef(*r[2:])) for r in rows]


_ARTICLE: tuple[Any, ...] = (
    Article.id, Article.key, Article.source_id, Article.url, Article.title,
    func.substr(Article.text, 1, LEAD_CHARS), Article.published, Article.seen_at, Article.tier,
    Article.filing,
)  # fmt: skip


def newest_extractor(session: Session) -> str | None:
    """The extractor version that last read an article, None if none was read."""
    query = select(MentionRow.extractor).order_by(col(MentionRow.id).desc()).limit(1)
    return session.exec(query).first() or session.exec(select(func.max(Extraction.extractor))).first()


def count_unread(session: Session, extractor: str) -> int:
    """How many English articles an extractor version has not read."""
    read = select(Extraction.article_id).where(Extraction.extractor == extractor)
    query = select(func.count(col(Article.id))).where(col(Article.id).not_in(read), Article.language == "en")
    return session.exec(query).one()


def count_foreign(session: Session) -> int:
    """How many articles are in another language than English, which no extractor reads."""
    return session.exec(select(func.count(col(Article.id))).where(Article.language != "en")).one()
