"""The ledger in the store: the mentions it is derived from, and the derived events as a materialised view."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from tracker.memory import unswept
from tracker.models.ledger import Event
from tracker.models.mention import Mention
from tracker.models.tables import Article, EventMention, EventRow, Extraction, MentionRow
from tracker.models.told import LEAD_CHARS, ArticleRef, MentionIn
from tracker.store.many import chunks, delete_where


@dataclass(frozen=True)
class Changes:
    """What replacing the events changed, by id."""

    new: list[str]
    changed: list[str]
    gone: list[str]

    def then(self, later: Changes) -> Changes:
        """Both in one; an event that came and went between is in none of the lists."""
        told = {id_: name for name in ("new", "changed", "gone") for id_ in getattr(self, name)}
        for name in ("new", "changed", "gone"):
            for id_ in getattr(later, name):
                told[id_] = _BOTH.get((told.get(id_, ""), name), name)
        return Changes(*([i for i, n in told.items() if n == name] for name in ("new", "changed", "gone")))


MANY = 20_000

_BOTH = {("new", "changed"): "new", ("new", "gone"): "", ("gone", "new"): "changed"}


@dataclass(frozen=True)
class Wanted:
    """Which stored events are read; None or empty lets everything pass.

    since, until: of those told by an article published from the one moment on and before the other.
    """

    types: Collection[str] = ()
    statuses: Collection[str] = ()
    categories: Collection[str] = ()
    salience: Collection[str] = ()
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    def told_in_time(self, published: Iterable[dt.datetime]) -> bool:
        """Whether any of an event's articles is of the time asked for."""
        return any(
            (self.since is None or at >= self.since) and (self.until is None or at < self.until)
            for at in published
        )

    def among(self, query: Any) -> Any:
        for column, values in (
            (EventRow.type, self.types),
            (EventRow.status, self.statuses),
            (EventRow.category, self.categories),
            (EventRow.salience, self.salience),
        ):
            if values:
                query = query.where(col(column).in_(values))
        if self.since is None and self.until is None:
            return query
        told = select(EventMention.event_id).join(MentionRow, col(MentionRow.id) == EventMention.mention_id)
        told = told.join(Article, col(Article.id) == MentionRow.article_id)
        if self.since is not None:
            told = told.where(Article.published >= self.since)
        if self.until is not None:
            told = told.where(Article.published < self.until)
        return query.where(col(EventRow.id).in_(told))


@unswept()
def load_events(session: Session, wanted: Wanted | None = None) -> list[Event]:
    """The stored ledger, or the wanted part of it, in the order in which it is derived."""
    query = sa.select(sa.cast(EventRow.payload, sa.Text))
    found = session.execute(wanted.among(query) if wanted else query).scalars()
    events = [Event.model_validate_json(payload) for payload in found]
    if len(events) > MANY:
        # They stay as long as the process; else each full collection walks over all of them, for seconds.
        gc.freeze()
    # Not sorted by the database: PostgreSQL orders texts by the rules of a language.
    return sorted(events, key=lambda e: (e.first_reported, e.id))


def ids_among(session: Session, ids: Iterable[str]) -> list[str]:
    """Those of the ids that stored events have."""
    query = select(EventRow.id)
    return [id_ for some in chunks(ids) for id_ in session.exec(query.where(col(EventRow.id).in_(some)))]


def replace_events(session: Session, events: Iterable[Event], among: Iterable[str] | None = None) -> Changes:
    """Make the stored ledger equal to these events, writing only what differs.

    With `among`, only the stored events of these ids are replaced by the given ones and the others stay.
    """
    wanted = {e.id: e for e in events}
    payloads = {id_: e.model_dump(mode="json") for id_, e in wanted.items()}
    stored = _payloads(session, None if among is None else {*among, *wanted})
    changes = Changes(
        new=[i for i in wanted if i not in stored],
        changed=[i for i in wanted if i in stored and stored[i] != payloads[i]],
        gone=[i for i in stored if i not in wanted],
    )
    # Links go first: a mention may have moved from one changed event to another.
    delete_where(session, EventMention.event_id, [*changes.changed, *changes.gone])
    delete_where(session, EventRow.id, [*changes.changed, *changes.gone])
    written = [wanted[i] for i in (*changes.new, *changes.changed)]
    if written:
        session.execute(sa.insert(EventRow), [_row(e, payloads[e.id]) for e in written])
        links = [{"mention_id": s.mention_id, "event_id": e.id} for e in written for s in e.sources]
        session.execute(sa.insert(EventMention), links)
    return changes


def _payloads(session: Session, ids: Collection[str] | None) -> dict[str, Any]:
    query = select(EventRow.id, EventRow.payload)
    if ids is None:
        return dict(session.exec(query).all())
    return dict(row for some in chunks(ids) for row in session.exec(query.where(col(EventRow.id).in_(some))))


def _row(event: Event, payload: dict[str, Any]) -> dict[str, Any]:
    columns = ("id", "type", "status", "category", "salience", "first_reported", "last_reported")
    return {name: getattr(event, name) for name in columns} | {"payload": payload}


def load_mentions(
    session: Session,
    extractor: str,
    seen_by: dt.datetime | None = None,
    published_before: dt.datetime | None = None,
    keys: Collection[str] | None = None,
) -> list[MentionIn]:
    """The mentions that count at a time: of each article the newest revision seen by then, read by one
    extractor.

    `seen_by` includes its moment; `published_before` does not. With `keys` only the mentions of these
    articles, a few hundred at the most.
    """
    newest = select(Article.key, func.max(Article.revision).label("revision"))
    if seen_by is not None:
        newest = newest.where(Article.seen_at <= seen_by)
    if keys is not None:
        newest = newest.where(col(Article.key).in_(keys))
    known = newest.group_by(Article.key).subquery()
    query = _MENTIONS.join(known, (known.c.key == Article.key) & (known.c.revision == Article.revision))
    query = query.where(col(MentionRow.extractor) == extractor)
    if published_before is not None:
        query = query.where(Article.published < published_before)
    return _mentions(session, query)


def mentions_by_id(session: Session, ids: Iterable[int]) -> list[MentionIn]:
    """Mentions by their row numbers, whether they count or not."""
    return [
        m for some in chunks(ids) for m in _mentions(session, _MENTIONS.where(col(MentionRow.id).in_(some)))
    ]


@unswept()
def _mentions(session: Session, query: Any) -> list[MentionIn]:
    rows = session.execute(query.order_by(col(MentionRow.id)))  # plain columns: SQLModel's exec adds nothing
    return [MentionIn(r[0], Mention.model_validate_json(r[1]), ArticleRef(*r[2:])) for r in rows]


_MENTIONS: Any = sa.select(
    col(MentionRow.id), sa.cast(MentionRow.payload, sa.Text),
    *(col(c) for c in (Article.id, Article.key, Article.source_id, Article.url, Article.title)),
    func.substr(Article.text, 1, LEAD_CHARS),
    *(col(c) for c in (Article.published, Article.seen_at, Article.tier, Article.filing)),
).join(Article, col(Article.id) == MentionRow.article_id)  # fmt: skip
"""The payload as text: pydantic reads it faster than the driver and pydantic one after the other."""


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
