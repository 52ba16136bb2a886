"""What the issues of past weeks rest on, short enough to tell whether any of it has changed since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, func

from tracker.models.tables import (
    Article,
    CompanyRow,
    Fetch,
    ForecastRow,
    JudgementRow,
    MentionRow,
    ProbabilityRow,
    RulingRow,
    VerdictRow,
)
from tracker.store.deals import basis
from tracker.store.events import newest_extractor
from tracker.store.predictions import fetch_points, newest_predictions

Ground = tuple[dt.datetime, str]
"""When it came to bear, and what tells it from every other; what bears such a name never changes."""


@dataclass(frozen=True)
class Crawl:
    """A crawl of a source, and what tells it from every other one."""

    source_id: str
    finished: dt.datetime
    ok: bool
    number: int


def publications(session: Session, seen_by: dt.datetime | None = None) -> list[Ground]:
    """Every revision of every article by its time of publication."""
    query = sa.select(col(Article.published), col(Article.id))
    if seen_by is not None:
        query = query.where(col(Article.seen_at) <= seen_by)
    return [(at, f"a{id_}") for at, id_ in session.execute(query)]


def counted_mentions(session: Session) -> list[Ground]:
    """The mentions that count now: those that one extractor read in the newest revision of each article."""
    newest = sa.select(col(Article.key), func.max(Article.revision).label("revision"))
    known = newest.group_by(col(Article.key)).subquery()
    query: Any = (
        sa.select(col(Article.published), col(MentionRow.id))
        .join(Article, col(Article.id) == MentionRow.article_id)
        .join(known, (known.c.key == Article.key) & (known.c.revision == Article.revision))
        .where(col(MentionRow.extractor) == newest_extractor(session))
    )
    return [(at, f"m{id_}") for at, id_ in session.execute(query)]


def statements(session: Session) -> Iterator[Ground]:
    """What was predicted, forecast, ruled and concluded. A prediction bears from the day it was made."""
    for row in newest_predictions(session):
        made = dt.datetime.fromisoformat(str(row.payload["made"])).replace(tzinfo=dt.UTC)
        yield made, f"p{row.prediction_id}/{row.version}"
    for letter, table in (("q", ProbabilityRow), ("f", ForecastRow), ("r", RulingRow), ("v", VerdictRow)):
        columns: Any = table
        for at, id_ in session.execute(sa.select(columns.at, columns.id)):
            yield at, f"{letter}{id_}"


def crawls(session: Session) -> list[Crawl]:
    """Every crawl, in the order in which they ended."""
    query = sa.select(col(Fetch.source_id), col(Fetch.finished), col(Fetch.ok), col(Fetch.id))
    return [Crawl(*row) for row in session.execute(query.order_by(col(Fetch.finished), col(Fetch.id)))]


def world(session: Session) -> str:
    """What bears on every week: the rules, the company list, what people decided, which sources are live."""
    live = sorted({source for source, *_ in fetch_points(session)})
    decided = [
        session.execute(sa.select(func.count(col(table.id)), func.max(table.id))).one()
        for table in (JudgementRow, CompanyRow)
    ]
    return f"{basis(session)} {decided} {live}"
