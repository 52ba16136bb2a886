"""Full-text search over articles and over the sentences that events rest on, best first.

Every word must occur, in any of its forms (run, runs, running); "words in quotes" as they stand; -word must
not; `or` gives a choice. Ranked by BM25, a word in the title counting four times (SQLite FTS5), or by ts_rank
with the title's weight (PostgreSQL).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.errors import StoreError
from tracker.models.ledger import Event
from tracker.models.tables import Article, EventMention, EventRow, MentionRow
from tracker.store.engine import transaction

SNIPPET = 24
"""Words of a text that are shown."""

TOKEN = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
Choice = tuple[list[str], list[str]]
UNINDEXED: dict[str, str] = {
    "article_search": "insert into article_search(rowid, title, text) select id, title, text from article",
    "mention_search": "insert into mention_search(rowid, evidence) select id, evidence from mention_evidence",
}
# Rows are only ever added, in the order of their ids: what is not indexed comes after the last that is.
BEHIND = " where id > (select coalesce(max(id), 0) from {name}_docsize)"


@dataclass(frozen=True)
class Search:
    """What to look for. The window is of publication; `since` belongs to it and `until` does not."""

    words: str
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    seen_by: dt.datetime | None = None


@dataclass(frozen=True)
class Hit:
    """An article, or a mention in it, that has the words; `snippet` shows them in [brackets].

    `rank` is higher for a better hit; it compares hits of one search in one store only.
    """

    id: int
    event_id: str | None
    rank: float
    snippet: str
    title: str
    url: str
    source_id: str
    published: dt.datetime


def bring_up_to_date(engine: sa.Engine) -> int:
    """Index what has been stored since the last search; returns how many rows that were.

    PostgreSQL does it by itself. Not done when articles are stored: that would double the work of a crawl.
    """
    if engine.dialect.name != "sqlite":
        return 0
    with engine.connect() as connection:
        behind = [name for name in UNINDEXED if connection.execute(sa.text(_missing(name))).first()]
    if not behind:
        return 0
    with transaction(engine) as session:
        results = [session.connection().execute(sa.text(_indexing(name))) for name in behind]
        return sum(result.rowcount for result in results)


def broken_indexes(engine: sa.Engine) -> list[str]:
    """The indexes that do not hold the words of what they are indexes of; a server looks after its own."""
    bring_up_to_date(engine)
    return [name for name in UNINDEXED if engine.dialect.name == "sqlite" and not _whole(engine, name)]


def _whole(engine: sa.Engine, name: str) -> bool:
    try:
        with transaction(engine) as session:
            # Written like a row, but a question: FTS5 compares the index with the words (rank 1).
            session.execute(sa.text(f"insert into {name}({name}, rank) values('integrity-check', 1)"))
    except StoreError:
        return False
    return True


def _missing(name: str) -> str:
    table = name.removesuffix("_search")
    return f"select 1 from {table}{BEHIND.format(name=name)} limit 1"


def _indexing(name: str) -> str:
    return UNINDEXED[name] + BEHIND.format(name=name)


def search_articles(session: Session, search: Search, limit: int) -> list[Hit]:
    """The newest revisions that have the words. Raises StoreError where there is nothing to look for."""
    found = _Articles(session).select(search, sa.literal(None))
    return [Hit(*row) for row in session.execute(found.limit(limit))]


def search_evidence(session: Session, search: Search, extractor: str) -> Iterator[Hit]:
    """The mentions of one extractor whose sentence has the words; `event_id` is of the stored ledger.

    Raises StoreError where there is nothing to look for.
    """
    found = (
        _Mentions(session)
        .select(search, col(EventMention.event_id))
        .join(EventMention, col(EventMention.mention_id) == MentionRow.id, isouter=True)
        .where(col(MentionRow.extractor) == extractor)
    )
    return (Hit(*row) for row in session.execute(found))


def stored_event(session: Session, event_id: str) -> Event:
    return Event.model_validate(session.execute(sa.select(EventRow.payload).filter_by(id=event_id)).scalar())  # type: ignore[call-overload]


class _Articles:
    """Where to look, in the words of the database at hand."""

    table: Any = Article
    index = "article_search"
    ranked = "-bm25(article_search, 4.0, 1.0)"
    vector = "(setweight(to_tsvector('english', title), 'A') || to_tsvector('english', left(text, 400000)))"
    shown = "left(text, 400000)"

    def __init__(self, session: Session) -> None:
        self.sqlite = session.get_bind().dialect.name == "sqlite"

    def select(self, search: Search, event_id: Any) -> sa.Select[Any]:
        number = col(self.table.id)
        columns = (Article.title, Article.url, Article.source_id, Article.published)
        rank, snippet, matches = self._sqlite(search) if self.sqlite else self._postgresql(search)
        found = sa.select(number, event_id, rank.label("rank"), snippet, *columns)  # type: ignore[call-overload]
        return _within(self._joined(found).where(matches), search).order_by(sa.desc("rank"), number)  # type: ignore[no-any-return]

    def _joined(self, found: sa.Select[Any]) -> sa.Select[Any]:
        found = found.select_from(self.table)
        if self.sqlite:
            index = sa.table(self.index, sa.column("rowid"))
            found = found.join(index, index.c.rowid == self.table.id)
        return found

    def _sqlite(self, search: Search) -> tuple[Any, Any, Any]:
        snippet = f"snippet({self.index}, -1, '[', ']', ' … ', {SNIPPET})"
        matches = sa.text(f"{self.index} match :query").bindparams(query=fts5(search.words))
        return sa.literal_column(self.ranked), sa.literal_column(snippet), matches

    def _postgresql(self, search: Search) -> tuple[Any, Any, Any]:
        query = sa.func.websearch_to_tsquery("english", websearch(search.words))
        vector: Any = sa.literal_column(self.vector)
        options = f"StartSel=[, StopSel=], MaxWords={SNIPPET}, MinWords={SNIPPET // 2}"
        snippet = sa.func.ts_headline("english", sa.literal_column(self.shown), query, options)
        return sa.func.ts_rank(vector, query), snippet, vector.op("@@")(query)


class _Mentions(_Articles):
    table = MentionRow
    index = "mention_search"
    ranked = "-bm25(mention_search)"
    vector = "to_tsvector('english', mention.payload #>> '{evidence,text}')"
    shown = "mention.payload #>> '{evidence,text}'"

    def _joined(self, found: sa.Select[Any]) -> sa.Select[Any]:
        return super()._joined(found).join(Article, col(Article.id) == MentionRow.article_id)


def _within(found: Any, search: Search) -> Any:
    """Only the newest revision known at the time, published within the window."""
    later = aliased(Article)
    newer = sa.exists().where(later.key == Article.key, later.revision > Article.revision)  # type: ignore[arg-type]
    if search.seen_by is not None:
        found = found.where(Article.seen_at <= search.seen_by)
        newer = newer.where(later.seen_at <= search.seen_by)  # type: ignore[arg-type]
    if search.since is not None:
        found = found.where(Article.published >= search.since)
    if search.until is not None:
        found = found.where(Article.published < search.until)
    return found.where(~newer)


def choices(words: str) -> list[Choice]:
    """What a person typed, as the choices that `or` gives, each as quoted words that must and must not occur.

    Raises StoreError where a choice has none that must.

    >>> choices('nvidia "data centre" -gaming or AMD')
    [(['"nvidia"', '"data centre"'], ['"gaming"']), (['"AMD"'], [])]
    """
    found: list[Choice] = [([], [])]
    for minus, phrase, word in TOKEN.findall(words):
        if word.lower() == "or":
            found.append(([], []))
        elif any(c.isalnum() for c in phrase or word):
            # In quotes nothing is a command, in either database.
            found[-1][bool(minus)].append('"' + (phrase or word).replace('"', "") + '"')
    if not all(wanted for wanted, _ in found):
        raise StoreError(f"nothing to look for in {words!r}", hint="give a word that must occur")
    return found


def fts5(words: str) -> str:
    """What a person typed, in the language of SQLite's FTS5.

    >>> fts5('nvidia "data centre" -gaming or AMD')
    '("nvidia" "data centre" NOT "gaming") OR ("AMD")'
    """
    parts = [" NOT ".join([" ".join(wanted), *unwanted]) for wanted, unwanted in choices(words)]
    return " OR ".join(f"({part})" for part in parts)


def websearch(words: str) -> str:
    """What a person typed, for PostgreSQL's websearch_to_tsquery."""
    parts = [" ".join([*wanted, *(f"-{one}" for one in unwanted)]) for wanted, unwanted in choices(words)]
    return " or ".join(parts)
