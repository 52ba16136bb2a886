"""A small store for the tests of what looks after it: two deals, told so that every span is right."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from tests.mention_builders import DIRECTORY, FixedRates, at
from tracker.models.mention import Mention, Money, Party, Span
from tracker.resolve.deals import derive
from tracker.store.articles import NewArticle, add_article
from tracker.store.engine import open_store, transaction
from tracker.store.events import load_mentions, replace_events
from tracker.store.mentions import add_mentions

IBM = ("IBM to buy Confluent", "IBM said it will buy Confluent for $11 billion. The price is high.")
SORA = ("OpenAI shuts Sora", "OpenAI said on Monday that it will close Sora. =HYPERLINK is no deal.")


def span(text: str, whole: str) -> dict[str, object]:
    start = whole.index(text)
    return {"text": text, "start": start, "end": start + len(text)}


def party(name: str, whole: str) -> Party:
    return Party.model_validate({"name": name, **span(name, whole)})


def purchase(title: str, text: str) -> Mention:
    whole = f"{title}\n{text}"
    return Mention(
        type="acquisition", status="announced", category="infrastructure", confidence=0.9,
        acquirer=[party("IBM", whole)], target=[party("Confluent", whole)],
        amount=Money.model_validate({"value": 11e9, **span("$11 billion", whole)}),
        evidence=Span.model_validate(span(text.split(". ")[0] + ".", whole)),
    )  # fmt: skip


def closure(title: str, text: str) -> Mention:
    whole = f"{title}\n{text}"
    return Mention(
        type="shutdown", status="announced", category="model", confidence=0.8,
        company=[party("OpenAI", whole)], subject=[party("Sora", whole)],
        evidence=Span.model_validate(span(text.split(". ")[0] + ".", whole)),
    )  # fmt: skip


def article(key: str, day: str, title: str, text: str, seen: str = "") -> NewArticle:
    return NewArticle(
        key=key, source_id=f"{key}.example", url=f"https://{key}.example/1", title=title, text=text,
        published=at(day), seen_at=at(seen or day),
    )  # fmt: skip


def add(engine: sa.Engine, new: NewArticle, *mentions: Mention) -> int:
    """Store an article with what one extractor version reads in it."""
    with transaction(engine) as session:
        _, id_ = add_article(session, new)
        add_mentions(session, id_, "x1", mentions)
    return id_


def derive_all(engine: sa.Engine) -> None:
    with transaction(engine) as session:
        replace_events(session, derive(load_mentions(session, "x1"), DIRECTORY, FixedRates()))


def small_store(url: str) -> sa.Engine:
    engine = open_store(url)
    add(engine, article("wire", "2026-01-05", *IBM), purchase(*IBM))
    add(engine, article("blog", "2026-02-02", *SORA), closure(*SORA))
    derive_all(engine)
    return engine


def at_file(path: Path) -> str:
    return f"sqlite:///{path}"


def count(engine: sa.Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(sa.text(f"select count(*) from {table}")) or 0)
