"""Adding many articles at once, with one look at what is known for each batch."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, func, select

from tracker.models.tables import Article
from tracker.store.articles import NewArticle, Outcome

LOOKUP = 500


def add_articles(session: Session, articles: Sequence[NewArticle]) -> list[Outcome]:
    """Store articles unless they are known, with the same meaning as adding them one by one."""
    known = _newest(session, [a.key for a in articles])
    outcomes: list[Outcome] = []
    for article in articles:
        revision, content = known.get(article.key, (0, ""))
        if content == article.content_hash:
            outcomes.append("unchanged")
            continue
        known[article.key] = (revision + 1, article.content_hash)
        outcomes.append("changed" if revision else "new")
        fields = {name: getattr(article, name) for name in article.__dataclass_fields__}
        session.add(Article(**fields, content_hash=article.content_hash, revision=revision + 1))
    session.flush()
    return outcomes


def _newest(session: Session, keys: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Revision and content hash of the newest revision of each known article."""
    found: dict[str, tuple[int, str]] = {}
    for start in range(0, len(keys), LOOKUP):
        some = col(Article.key).in_(keys[start : start + LOOKUP])
        newest = (
            select(Article.key, func.max(Article.revision).label("revision"))
            .where(some)
            .group_by(Article.key)
        ).subquery()
        query = select(Article.key, Article.revision, Article.content_hash).join(
            newest, (newest.c.key == Article.key) & (newest.c.revision == Article.revision)
        )
        found.update({key: (revision, content) for key, revision, content in session.exec(query)})
    return found
