"""The run log: what was done to the store by which command, when, and how it ended."""

from __future__ import annotations

import datetime as dt
import os
import socket
from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from tracker.models.tables import Run

UNDER_WAY, DONE, FAILED, INTERRUPTED, KILLED = "under way", "done", "failed", "interrupted", "killed"
OUTCOMES = (UNDER_WAY, DONE, FAILED, INTERRUPTED, KILLED)


def begin_run(session: Session, kind: str, now: dt.datetime) -> int:
    """Leave a row that tells of this run should nobody live to end it; returns its number."""
    settle_runs(session, now)
    row = Run(
        kind=kind, started=now, outcome=UNDER_WAY, counts={}, host=socket.gethostname(), process=os.getpid()
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def end_run(
    session: Session, number: int, now: dt.datetime, outcome: str, counts: Mapping[str, Any], error: str = ""
) -> None:
    row = session.get(Run, number)
    if row is None:  # the store was exchanged meanwhile
        return
    row.ended, row.outcome, row.counts, row.error = now, outcome, dict(counts), error
    session.add(row)


def log_run(
    session: Session, kind: str, process: int, started: dt.datetime, now: dt.datetime, error: str
) -> None:
    """Write down a run on this machine that failed before it could do so itself."""
    here = Run.host == socket.gethostname(), Run.process == process, Run.started >= started
    if session.exec(select(Run.id).where(*here)).first() is None:
        row = Run(kind=kind, started=started, ended=now, outcome=FAILED, counts={}, error=error)
        row.host, row.process = socket.gethostname(), process
        session.add(row)


def settle_runs(session: Session, now: dt.datetime) -> None:
    """Say of the runs whose process on this machine is gone that they were killed."""
    here = select(Run).where(Run.outcome == UNDER_WAY, Run.host == socket.gethostname())
    for row in session.exec(here).all():
        if not lives(row.process):
            row.outcome, row.ended, row.error = KILLED, now, "its process is gone; what it had stored is kept"
            session.add(row)


def settle_restored(session: Session, now: dt.datetime) -> None:
    """Say of the runs that were under way when a copy was taken, its own backup too, that they
    are cut off.
    """
    for row in session.exec(select(Run).where(Run.outcome == UNDER_WAY)).all():
        row.outcome, row.ended, row.error = INTERRUPTED, now, "the store was restored from a copy taken then"
        session.add(row)


def lives(process: int) -> bool:
    """Whether there is a process of this number; another one may have taken it over, which does no harm."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def runs(
    session: Session,
    *,
    kind: str | None = None,
    outcome: str | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> Sequence[Run]:
    """The runs, newest first."""
    query = select(Run).order_by(col(Run.started).desc(), col(Run.id).desc()).offset(offset)
    if kind is not None:
        query = query.where(Run.kind == kind)
    if outcome is not None:
        query = query.where(Run.outcome == outcome)
    return session.exec(query.limit(limit) if limit is not None else query).all()


def run_of(session: Session, number: int) -> Run | None:
    return session.get(Run, number)
