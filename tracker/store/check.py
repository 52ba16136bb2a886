"""Whether what is stored holds together: the file, the references between tables, the spans of mentions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from tracker.models.tables import Article, EventMention, EventRow, MentionRow

PART = 500
"""Rows read at a time."""


def damage(session: Session) -> list[str]:
    """What SQLite finds wrong with its file; a server looks after its own."""
    if session.get_bind().dialect.name != "sqlite":
        return []
    found = session.execute(sa.text("PRAGMA integrity_check(20)")).scalars()
    return [line for line in found if line != "ok"]


def dangling(session: Session) -> list[str]:
    """References to rows that do not exist."""
    return [
        line
        for table in SQLModel.metadata.sorted_tables
        for key in table.foreign_keys
        if (line := _dangling(session, key))
    ]


def _dangling(session: Session, key: sa.ForeignKey) -> str | None:
    here, there = key.parent, key.column
    lost = here.is_not(None) & ~sa.exists().where(there == here)
    number = session.scalar(sa.select(sa.func.count()).select_from(here.table).where(lost))
    return (
        f"{number} rows of {here.table.name} name a {there.table.name} that is not there" if number else None
    )


def lost_spans(session: Session) -> Iterator[str]:
    """Mentions with a value that does not stand where they say in their article."""
    query = (
        sa.select(MentionRow.id, MentionRow.payload, Article.title, Article.text)  # type: ignore[call-overload]
        .join(Article, col(Article.id) == MentionRow.article_id)
        .order_by(col(MentionRow.id))
        .execution_options(yield_per=PART)
    )
    for id_, payload, title, text in session.execute(query):
        whole = f"{title}\n{text}"
        for where, span in spans(payload):
            if whole[span["start"] : span["end"]] != span["text"]:
                yield f"mention {id_}: {where} {span['text']!r} is not at {span['start']} of its article"
                break


def spans(value: Any, where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every span inside a mention's JSON, with the name of the field it is in."""
    if isinstance(value, dict):
        if value.get("start") is not None and value.get("text") is not None:
            yield where, value
        for name, part in value.items():
            yield from spans(part, where or name)
    elif isinstance(value, list):
        for part in value:
            yield from spans(part, where)


def loose_events(session: Session) -> list[str]:
    """Events whose columns or links say something else than the event itself."""
    links: dict[str, set[int]] = {}
    for mention_id, event_id in session.execute(sa.select(EventMention.mention_id, EventMention.event_id)):  # type: ignore[call-overload]
        links.setdefault(event_id, set()).add(mention_id)
    return [
        f"event {row.id}: its columns or links differ from what it says"
        for row in session.scalars(sa.select(EventRow))
        if (row.type, row.status) != (row.payload["type"], row.payload["status"])
        or links.get(row.id, set()) != {s["mention_id"] for s in row.payload["sources"]}
    ]
