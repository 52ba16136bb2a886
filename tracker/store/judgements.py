"""Judgements and imported companies in the store: they are added and read, never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from tracker.models.company import Listing
from tracker.models.judgement import Anchor, Decision, Judgement
from tracker.models.mention import Mention
from tracker.models.tables import Article, CompanyRow, JudgementRow, MentionRow
from tracker.store.many import chunks

_OWN = {"kind"}


def add_judgement(session: Session, decision: Decision, *, at: dt.datetime, by: str, why: str) -> Judgement:
    """Store a decision as the judgement of somebody."""
    payload = decision.model_dump(mode="json", exclude=_OWN)
    row = JudgementRow(kind=decision.kind, at=at, by=by, why=why, payload=payload)
    session.add(row)
    session.flush()
    return _judgement(row)


def _judgement(row: JudgementRow) -> Judgement:
    own = {"id": row.id, "kind": row.kind, "at": row.at, "by": row.by, "why": row.why}
    return Judgement.model_validate(row.payload | own)


def load_judgements(session: Session, made_by: dt.datetime | None = None) -> list[Judgement]:
    """Every judgement, oldest first; with `made_by` those made by then."""
    query = select(JudgementRow).order_by(col(JudgementRow.at), col(JudgementRow.id))
    if made_by is not None:
        query = query.where(JudgementRow.at <= made_by)
    return [_judgement(row) for row in session.exec(query)]


def judged_after(session: Session, time: dt.datetime) -> bool:
    """Whether a judgement was made, or a list imported, after a time."""
    later = (
        select(JudgementRow.id).where(JudgementRow.at > time),
        select(CompanyRow.id).where(CompanyRow.at > time),
    )
    return any(session.exec(query.limit(1)).first() is not None for query in later)


def anchors(session: Session, mention_ids: Sequence[int]) -> list[Anchor]:
    """What a judgement names the mentions of these row numbers by, in their order."""
    query = sa.select(MentionRow.id, MentionRow.payload, Article.key).join(  # type: ignore[call-overload]
        Article, col(Article.id) == MentionRow.article_id
    )
    found = {
        id_: Anchor.of(key, Mention.model_validate(payload))
        for some in chunks(mention_ids)
        for id_, payload, key in session.execute(query.where(col(MentionRow.id).in_(some)))
    }
    return [found[id_] for id_ in mention_ids]


def add_listings(session: Session, listings: Iterable[Listing], *, at: dt.datetime, source: str) -> int:
    """Store what a list says, except what the last one said already; returns how many are new."""
    known = {x.company_id: x for x in load_listings(session)}
    new = [x for x in listings if known.get(x.company_id) != x]
    session.add_all(
        CompanyRow(company_id=x.company_id, at=at, source=source, payload=x.model_dump(mode="json"))
        for x in new
    )
    session.flush()
    return len(new)


def load_listings(session: Session, made_by: dt.datetime | None = None) -> list[Listing]:
    """What imported lists say, oldest first; with `made_by` those imported by then."""
    query = select(CompanyRow.payload).order_by(col(CompanyRow.at), col(CompanyRow.id))
    if made_by is not None:
        query = query.where(CompanyRow.at <= made_by)
    return [Listing.model_validate(payload) for payload in session.exec(query)]
