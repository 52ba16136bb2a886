"""Adding many articles at once, with one look at what is known for each batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from tracker.models.tables import Article
from tracker.store.articles import NewArticle, Outcome, article_key
from tracker.store.deals import note_unsettled
from tracker.store.many import chunks


def add_articles(session: Session, articles: Sequence[NewArticle]) -> list[Outcome]:
    """Store articles unless they are known, with the same meaning as adding them one by one."""
    known = _newest(session, [a.key for a in articles])
    outcomes: list[Outcome] = []
    rows, changed = [], set()
    for article in articles:
        revision, content = known.get(article.key, (0, ""))
        hashed = article.content_hash
        if content == hashed:
            outcomes.append("unchanged")
            continue
        known[article.key] = (revision + 1, hashed)
        outcomes.append("changed" if revision else "new")
        changed.update([article.key] if revision else [])
        rows.append(vars(article) | {"content_hash": hashed, "revision": revision + 1})
    if rows:
        session.execute(sa.insert(Article), rows)  # plain rows: an object for each would take twice the time
    note_unsettled(session, Article.key, changed)
    return outcomes


def under_known_keys(session: Session, articles: Sequence[NewArticle]) -> list[NewArticle]:
    """The articles under the keys that they are known by.

    A page may be stored under an address that leads to another one by now, as from http to https or to www:
    by a redirect, or by the canonical address that it declares.
    """
    others = [_other_keys(article) for article in articles]
    known = set(_newest(session, [key for keys in others for key in keys])) if any(others) else set()
    own = set(_newest(session, [a.key for a, keys in zip(articles, others, strict=True) if known & {*keys}]))
    return [
        replace(article, key=next((key for key in keys if key in known), article.key))
        if article.key not in own
        else article
        for article, keys in zip(articles, others, strict=True)
    ]


def _other_keys(article: NewArticle) -> list[str]:
    """The keys of the addresses by which an article was come to."""
    ways = (article.details.get(name) for name in ("led_to", "address"))
    return [article_key(way) for way in ways if way and way != article.url]


def _newest(session: Session, keys: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Revision and content hash of the newest revision of each known article."""
    found: dict[str, tuple[int, str]] = {}
    for some in chunks(keys):
        newest = (
            select(Article.key, func.max(Article.revision).label("revision"))
            .where(col(Article.key).in_(some))
            .group_by(Article.key)
        ).subquery()
        query = select(Article.key, Article.revision, Article.content_hash).join(
            newest, (newest.c.key == Article.key) & (newest.c.revision == Article.revision)
        )
        found.update({key: (revision, content) for key, revision, content in session.exec(query)})
    return found
