"""Which deal each mention is in, and where it is found: what is read to settle a few mentions anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker.models.tables import (
    Article,
    Basis,
    EventMention,
    MentionBlock,
    MentionDeal,
    MentionRow,
    Unsettled,
)
from tracker.store.many import chunks, delete_where

Span = tuple[str, int, int]
"""The mentions of a block whose day (ordinal) is in a range, both ends included."""


@dataclass(frozen=True)
class Entry:
    """A mention as it is found: its deal, blocks, day, and the beginning of its place in the order."""

    mention_id: int
    blocks: Sequence[str]
    day: int
    rank: int
    second: int


def block_number(block: str) -> int:
    """A signed 64-bit number of a block. Two blocks of one number only cost a look at a mention too many."""
    return int.from_bytes(hashlib.blake2b(block.encode(), digest_size=8).digest(), signed=True)


def note_unsettled(session: Session, column: Any, values: Iterable[Any]) -> None:
    """Remember that the mentions of the articles with one of these values in a column may have changed."""
    noted = sa.exists().where(col(Unsettled.key) == Article.key)
    for some in chunks(values):
        keys = sa.select(col(Article.key)).where(col(column).in_(some), ~noted).distinct()
        session.execute(sa.insert(Unsettled).from_select(["key"], keys))


def unsettled(session: Session, limit: int) -> list[str]:
    """Keys of articles whose mentions may have changed, `limit` at most."""
    return list(session.execute(sa.select(col(Unsettled.key)).order_by(Unsettled.key).limit(limit)).scalars())


def forget_unsettled(session: Session, keys: Iterable[str] | None = None) -> None:
    """These articles, or all, are settled."""
    if keys is None:
        session.execute(sa.delete(Unsettled))
    else:
        delete_where(session, Unsettled.key, keys)


def basis(session: Session) -> str | None:
    """The digest of what the stored ledger was derived with, None if there is none yet."""
    return session.execute(sa.select(col(Basis.digest))).scalar()


def set_basis(session: Session, digest: str) -> None:
    session.execute(sa.delete(Basis))
    session.execute(sa.insert(Basis).values(id=1, digest=digest))


def placed_mentions(session: Session, keys: Iterable[str]) -> dict[int, int]:
    """The mentions of some articles, in any revision, that are in a deal, and which."""
    found: dict[int, int] = {}
    for some in chunks(keys):
        query = (
            sa.select(col(MentionDeal.mention_id), col(MentionDeal.deal))
            .join(MentionRow, col(MentionRow.id) == MentionDeal.mention_id)
            .join(Article, col(Article.id) == MentionRow.article_id)
            .where(col(Article.key).in_(some))
        )
        found.update((id_, deal) for id_, deal in session.execute(query))
    return found


def deals_of(session: Session, mention_ids: Iterable[int]) -> dict[int, int]:
    """The deal of each mention that is in one."""
    return _homes(session, MentionDeal.mention_id, mention_ids)


def members_of(session: Session, deals: Iterable[int]) -> dict[int, int]:
    """The mentions of these deals, each with its deal."""
    return _homes(session, MentionDeal.deal, deals)


def _homes(session: Session, column: Any, values: Iterable[int]) -> dict[int, int]:
    query = sa.select(col(MentionDeal.mention_id), col(MentionDeal.deal))
    found: dict[int, int] = {}
    for some in chunks(values):
        found.update((id_, deal) for id_, deal in session.execute(query.where(col(column).in_(some))))
    return found


def found_in(session: Session, spans: Iterable[Span], after: tuple[int, int] | None = None) -> set[int]:
    """The numbers of the mentions that are found in any of the spans; with `after` only those of a higher
    rank, or of the same one that were published in this second or later.
    """
    found: set[int] = set()
    for block, first, last in spans:
        query = _IN_SPAN
        values = {"block": block_number(block), "first": first, "last": last}
        if after is not None:
            query = _IN_SPAN_AFTER
            values |= {"rank": after[0], "second": after[1]}
        found.update(session.execute(query, values).scalars())
    return found


_COLUMNS: Any = MentionBlock.__table__.c  # type: ignore[attr-defined]
_IN_SPAN = sa.select(_COLUMNS.mention_id).where(
    _COLUMNS.block == sa.bindparam("block"),
    _COLUMNS.day.between(sa.bindparam("first"), sa.bindparam("last")),
)
_IN_SPAN_AFTER = _IN_SPAN.where(
    sa.or_(
        _COLUMNS.rank > sa.bindparam("rank"),
        sa.and_(_COLUMNS.rank == sa.bindparam("rank"), _COLUMNS.second >= sa.bindparam("second")),
    )
)


def add_entries(session: Session, entries: Iterable[Entry]) -> None:
    """Make mentions be found."""
    rows = [
        {"block": number, "day": e.day, "mention_id": e.mention_id, "rank": e.rank, "second": e.second}
        for e in entries
        for number in {block_number(b) for b in e.blocks}
    ]
    if rows:
        session.execute(sa.insert(MentionBlock), rows)


def drop_entries(session: Session, entries: Iterable[Entry]) -> None:
    """Make mentions be found no more."""
    for e in entries:
        at = [(block_number(b), e.day, e.mention_id) for b in e.blocks]
        key = sa.tuple_(_COLUMNS.block, _COLUMNS.day, _COLUMNS.mention_id)
        session.execute(sa.delete(MentionBlock).where(key.in_(at)))


def clear_deals(session: Session) -> None:
    """Forget which deals mentions are in, and where they are found."""
    session.execute(sa.delete(MentionBlock))
    session.execute(sa.delete(MentionDeal))


def set_deals(session: Session, homes: Mapping[int, int | None]) -> None:
    """Write the deal of each of these mentions, None for none."""
    delete_where(session, MentionDeal.mention_id, homes)
    rows = [{"mention_id": id_, "deal": deal} for id_, deal in homes.items() if deal is not None]
    if rows:
        session.execute(sa.insert(MentionDeal), rows)


def events_of(session: Session, mention_ids: Iterable[int]) -> set[str]:
    """The stored events that rest on any of these mentions."""
    found: set[str] = set()
    for some in chunks(mention_ids):
        query = sa.select(col(EventMention.event_id)).where(col(EventMention.mention_id).in_(some))
        found.update(session.execute(query.distinct()).scalars())
    return found


def mentions_of_events(session: Session, event_ids: Iterable[str]) -> set[int]:
    """The mentions that stored events rest on."""
    found: set[int] = set()
    for some in chunks(event_ids):
        query = sa.select(col(EventMention.mention_id)).where(col(EventMention.event_id).in_(some))
        found.update(session.execute(query).scalars())
    return found
