"""To whom which issue has gone out: claimed before it is sent, so that nobody gets it twice."""

from __future__ import annotations

import datetime as dt

from sqlmodel import Session, select

from tracker.models.tables import Delivery

SENDING, SENT, FAILED = "sending", "sent", "failed"


def claim(session: Session, issue: str, reader: str, shown: str, now: dt.datetime, *, again: bool) -> bool:
    """Take it on oneself to send an issue to a reader; False where it went out, or may have.

    A delivery that failed may be tried again, and with `again` every one. The transaction must be committed
    before anything is sent.
    """
    row = delivery(session, issue, reader)
    if row is None:
        session.add(Delivery(issue=issue, reader=reader, shown=shown, state=SENDING, at=now, tries=1))
        session.flush()
        return True
    if row.state != FAILED and not again:
        return False
    row.state, row.at, row.tries, row.error = SENDING, now, row.tries + 1, ""
    session.add(row)
    return True


def settle(session: Session, issue: str, reader: str, now: dt.datetime, state: str, error: str = "") -> None:
    """Write down how a claimed delivery ended; SENDING where nobody can know."""
    row = delivery(session, issue, reader)
    if row is not None:  # the store was exchanged meanwhile
        row.state, row.at, row.error = state, now, error
        session.add(row)


def delivery(session: Session, issue: str, reader: str) -> Delivery | None:
    return session.exec(select(Delivery).where(Delivery.issue == issue, Delivery.reader == reader)).first()
