"""Crawls in the store: what is known of a source before one, and what is recorded after one."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from sqlmodel import Session, col, select

from tracker.models.tables import Article, Fetch, OptOut, SourceState
from tracker.sources import SourceResult

OPT_OUTS_LAST = dt.timedelta(days=7)  # after which a site is asked again
KNOWN_LIMIT = 5000  # more than any feed or news sitemap lists at a time


def known_addresses(session: Session, source_id: str) -> dict[str, str]:
    """The addresses of a source's newest articles, each with the `updated` time its listing gave."""
    query = (
        select(Article.details)
        .where(Article.source_id == source_id)
        .order_by(col(Article.id).desc())
        .limit(KNOWN_LIMIT)
    )
    known: dict[str, str] = {}
    for details in session.exec(query):
        if address := details.get("address"):
            known.setdefault(address, details.get("updated") or "")
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
    """Record one crawl of one source."""
    counts = {name: getattr(result, name) for name in ("items", "new", "changed", "unchanged", "failed")}
    session.add(
        Fetch(
            source_id=result.source_id,
            started=started,
            finished=finished,
            ok=result.ok,
            reason=result.reason,
            **counts,
        )
    )
