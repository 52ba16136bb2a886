"""Crawls in the store: what is known of a source before one, and what is recorded after one."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable

from sqlmodel import Session, col, delete, select

from tracker.models.tables import Article, FailedPage, Fetch, OptOut, SourceState
from tracker.sources import INTERRUPTED, UNDER_WAY, SourceResult, no_articles, told

COUNTS = ("ok", "items", "new", "changed", "unchanged", "failed", "not_articles", "status", "bytes", "reason")
OPT_OUTS_LAST = dt.timedelta(days=7)  # after which a site is asked again
KNOWN_LIMIT = 250_000  # five of the largest sitemaps; what falls out of it would be fetched at every crawl
FORGOTTEN = dt.timedelta(days=90)  # after the last try of a page that failed


def known_addresses(session: Session, source_id: str) -> dict[str, str]:
    """The addresses of a source's newest articles, each with the `updated` time its listing gave."""
    # Two fields of the details, not the whole: a backlog has a hundred thousand of them.
    details = col(Article.details)
    query = (
        select(details["address"].as_string(), details["updated"].as_string())
        .where(Article.source_id == source_id)
        .order_by(col(Article.id).desc())
        .limit(KNOWN_LIMIT)
    )
    known: dict[str, str] = {}
    for address, updated in session.exec(query):
        if address:
            known.setdefault(address, updated or "")
    return known


def source_state(session: Session, source_id: str) -> SourceState:
    """What the last crawl left; an empty state for a source that was never crawled."""
    return session.get(SourceState, source_id) or SourceState(source_id=source_id)


def save_state(session: Session, state: SourceState) -> None:
    session.merge(state)


def visits(session: Session, since: dt.datetime) -> dict[str, list[Fetch]]:
    """The crawls started since a moment by source, oldest first."""
    found: dict[str, list[Fetch]] = defaultdict(list)
    query = select(Fetch).where(Fetch.started >= since).order_by(col(Fetch.started), col(Fetch.id))
    for row in session.exec(query):
        session.expunge(row)  # it is read after the session has ended
        found[row.source_id].append(row)
    return found


def pauses(session: Session) -> dict[str, dt.datetime]:
    """Until when hosts asked to be left alone, by source."""
    query = select(SourceState).where(col(SourceState.not_before).is_not(None))
    return {row.source_id: row.not_before for row in session.exec(query) if row.not_before}


def opt_outs(session: Session) -> dict[str, OptOut]:
    """What the sites of the sources said about mining by machines when they were last asked, by source."""
    rows = session.exec(select(OptOut)).all()
    session.expunge_all()
    return {row.source_id: row for row in rows}


def opt_outs_are_old(session: Session, source_id: str, now: dt.datetime) -> bool:
    row = session.get(OptOut, source_id)
    return row is None or now - row.read_at >= OPT_OUTS_LAST


def save_opt_outs(session: Session, source_id: str, found: dict[str, str], now: dt.datetime) -> None:
    session.merge(OptOut(source_id=source_id, read_at=now, found=found))


def save_fetch(session: Session, result: SourceResult, started: dt.datetime, finished: dt.datetime) -> None:
    """Record one crawl of one source, in the row that `begin_fetch` left for it where there is one."""
    begun = select(Fetch).where(
        Fetch.source_id == result.source_id, Fetch.started == started, Fetch.reason == UNDER_WAY
    )
    row = session.exec(begun).first() or Fetch(source_id=result.source_id, started=started, ok=False)
    for name in COUNTS:
        setattr(row, name, getattr(result, name))
    row.finished = finished
    session.add(row)


def begin_fetch(session: Session, source_id: str, started: dt.datetime) -> None:
    """Leave a row that tells of this crawl should nobody live to end it."""
    session.add(Fetch(source_id=source_id, started=started, finished=started, ok=False, reason=UNDER_WAY))


def settle_fetches(session: Session, source_id: str) -> None:
    """Say of the crawls of a source that were killed what they brought.

    One that runs beside, started twice by mistake, loses its row by this and ends with a new one.
    """
    killed = select(Fetch).where(Fetch.source_id == source_id, Fetch.reason == UNDER_WAY)
    for row in session.exec(killed).all():
        revisions = session.exec(
            select(Article.revision).where(Article.source_id == source_id, Article.seen_at == row.started)
        ).all()
        row.new = sum(revision == 1 for revision in revisions)
        row.changed = len(revisions) - row.new
        row.items = len(revisions)
        failed = select(FailedPage.reason).where(
            FailedPage.source_id == source_id, FailedPage.tried == row.started
        )
        reasons = Counter(session.exec(failed))
        row.not_articles = no_articles(reasons).total()
        row.failed = reasons.total() - row.not_articles
        row.reason = INTERRUPTED + (
            f"; {reasons.total()} pages gave nothing: {told(reasons)}" if reasons else ""
        )


def failed_pages(session: Session, source_id: str) -> dict[str, FailedPage]:
    """The pages of a source that gave no article, by address."""
    rows = session.exec(select(FailedPage).where(FailedPage.source_id == source_id)).all()
    session.expunge_all()  # they are read after the session has ended
    return {row.address: row for row in rows}


def save_failed(session: Session, pages: Iterable[FailedPage]) -> None:
    """Remember pages that failed."""
    for page in pages:
        session.merge(page)


def forget_failed(session: Session, source_id: str, now: dt.datetime) -> None:
    """Forget those pages that were not tried for long."""
    old = col(FailedPage.tried) < now - FORGOTTEN
    session.exec(delete(FailedPage).where(col(FailedPage.source_id) == source_id, old))
