"""Articles in the store: an unchanged one is known again, a changed one becomes a new revision."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlmodel import Session, col, select

from tracker.models.tables import Article, Extraction
from tracker.store.deals import note_unsettled

Outcome = Literal["new", "changed", "unchanged"]


@dataclass(frozen=True)
class NewArticle:
    """An article as gathered. `key` is stable over revisions (the source's id, or the canonical address)."""

    key: str
    source_id: str
    url: str
    title: str
    text: str
    published: dt.datetime
    seen_at: dt.datetime
    modified: dt.datetime | None = None
    language: str = "en"
    tier: int = 2
    filing: bool = False
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def content_hash(self) -> str:
        return content_hash(self.title, self.text)


def content_hash(title: str, text: str) -> str:
    """What two revisions of an article are told apart by."""
    return hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()[:32]


def article_key(address: str) -> str:
    """A short stable key from a raw address."""
    return hashlib.sha256(address.encode()).hexdigest()[:16]


def newest(session: Session, key: str) -> Article | None:
    """The newest revision of an article."""
    query = select(Article).where(Article.key == key).order_by(col(Article.revision).desc()).limit(1)
    return session.exec(query).first()


def add_article(session: Session, article: NewArticle) -> tuple[Outcome, int]:
    """Store an article unless it is known; returns what it was and its row id."""
    known = newest(session, article.key)
    if known is not None and known.content_hash == article.content_hash:
        assert known.id is not None
        return "unchanged", known.id
    row = Article(
        **{name: getattr(article, name) for name in article.__dataclass_fields__},
        content_hash=article.content_hash,
        revision=known.revision + 1 if known else 1,
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    if known:
        note_unsettled(session, Article.key, [article.key])
    return ("changed" if known else "new"), row.id


def unread(session: Session, extractor: str, limit: int | None = None) -> Iterator[Article]:
    """English articles that an extractor version has not read, oldest row first, `limit` at most."""
    read = select(Extraction.article_id).where(Extraction.extractor == extractor)
    query = select(Article).where(col(Article.id).not_in(read), Article.language == "en")
    yield from session.exec(query.order_by(col(Article.id)).limit(limit))
