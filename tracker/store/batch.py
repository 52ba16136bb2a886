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
    """The articles under the keys that they are known by, those of the same batch included.

    A page may be stored under an address that leads to another one by now, as to www: by a redirect, or by
    the canonical address that it declares. Addresses that differ in http and https alone are one page.
    """
    others = [_other_keys(article) for article in articles]
    asked = [key for article, keys in zip(articles, others, strict=True) for key in (article.key, *keys)]
    known = set(_newest(session, asked))
    found = []
    for article, keys in zip(articles, others, strict=True):
        key = next((key for key in (article.key, *keys) if key in known), article.key)
        known.add(key)
        found.append(article if key == article.key else replace(article, key=key))
    return found


def _other_keys(article: NewArticle) -> list[str]:
    """The keys of the addresses by which an article was come to, and of its address by the other scheme."""
    ways = [article.details.get(name) for name in ("led_to", "address")]
    return [article_key(way) for way in [*ways, _twin(article.url)] if way and way != article.url]


def _twin(url: str) -> str:
    """The same address by https for http and the other way round; empty where a port tells them apart.

    >>> _twin("http://a.example/b"), _twin("https://a.example/b"), _twin("http://127.0.0.1:8000/b")
    ('https://a.example/b', 'http://a.example/b', '')
    """
    scheme, _, rest = url.partition("://")
    other = {"http": "https", "https": "http"}.get(scheme, "")
    return f"{other}://{rest}" if other and ":" not in rest.partition("/")[0] else ""


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
