"""Builders for tests of the ledger: a mention in one line, and an extractor that reads what a test wrote."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Iterable, Iterator
from typing import Any

from tracker.extract.document import Document
from tracker.models.company import Company
from tracker.models.ledger import Event
from tracker.models.mention import ROLES, Mention, Money, Party, Span
from tracker.models.told import ArticleRef, MentionIn
from tracker.resolve.companies import Directory
from tracker.resolve.deals import derive
from tracker.resolve.rates import Rate

_numbers = itertools.count(1)


def company(id_: str, name: str, kind: str, category: str, *aliases: str) -> Company:
    return Company.model_validate(
        {"id": id_, "name": name, "aliases": list(aliases), "kind": kind, "category": category}
    )


COMPANIES = [
    company("ibm", "IBM", "enterprise software", "infrastructure", "International Business Machines"),
    company("confluent", "Confluent", "data platform", "infrastructure"),
    company("anysphere", "Anysphere", "developer tools", "application", "Cursor"),
    company("tsmc", "Taiwan Semiconductor Manufacturing Company", "chip maker", "infrastructure"),
    company("ami-labs", "AMI Labs", "model lab", "model", "AMI"),
    company("megatrends", "American Megatrends", "enterprise software", "infrastructure", "AMI"),
    company("openai", "OpenAI", "model lab", "model"),
    company("nvidia", "Nvidia", "chip maker", "infrastructure"),
    company("google", "Google", "cloud provider", "infrastructure", "Alphabet"),
]
DIRECTORY = Directory(COMPANIES)


class FixedRates:
    """One euro is 1.25 dollars, always; other currencies have no rate."""

    def usd(self, currency: str, day: dt.date) -> Rate | None:
        found = {"USD": 1.0, "EUR": 1.25}.get(currency)
        return None if found is None else Rate(found, day)


def at(day: str) -> dt.datetime:
    return dt.datetime.fromisoformat(day).replace(tzinfo=dt.UTC)


def mention(type_: str, status: str, **fields: Any) -> Mention:
    """A mention; roles are lists of names, amounts in billions of dollars or Money."""
    for role in ROLES[type_]:
        names = fields.pop(role, [])
        names = [names] if isinstance(names, str) else names
        fields[role] = [Party(name=n, text=n, start=0, end=len(n)) for n in names]
    for name in ("amount", "valuation"):
        if isinstance(fields.get(name), int | float):
            fields[name] = Money(value=fields[name] * 1e9)
    fields.setdefault("evidence", Span(text="evidence", start=0, end=8))
    fields.setdefault("confidence", 0.8)
    return Mention(type=type_, status=status, **fields)


def told(day: str, type_: str, status: str, *, outlet: str = "", key: str = "", **fields: Any) -> MentionIn:
    """A mention in an article of a day; every article is of another outlet unless one is named."""
    number = next(_numbers)
    article = {name: fields.pop(name) for name in ("title", "lead", "tier", "filing") if name in fields}
    outlet = outlet or f"outlet{number}"
    ref = ArticleRef(
        id=number,
        key=key or f"article{number:04d}",
        source_id=outlet,
        url=f"https://www.{outlet}.example/{number}",
        title=article.pop("title", f"Headline {number}"),
        lead=article.pop("lead", " ".join(f"w{number}x{i}" for i in range(30))),
        published=at(day),
        seen_at=at(day),
        **article,
    )
    return MentionIn(number, mention(type_, status, **fields), ref)


def deal(day: str, status: str, **fields: Any) -> MentionIn:
    """IBM buys Confluent, unless said otherwise."""
    return told(day, "acquisition", status, **{"acquirer": "IBM", "target": "Confluent", **fields})


def events_of(*mentions: MentionIn) -> list[Event]:
    return derive(mentions, DIRECTORY, FixedRates())


def one_event(*mentions: MentionIn) -> Event:
    events = events_of(*mentions)
    assert len(events) == 1, [e.id for e in events]
    return events[0]


MARK = "\n---\n"


class WrittenExtractor:
    """Reads the mentions that a test wrote into the text as JSON; raises after `fail_after` documents."""

    batch = 50

    def __init__(self, version: str = "test-1", fail_after: int | None = None) -> None:
        self.version = version
        self.read: list[str] = []
        self.fail_after = fail_after

    def extract(self, documents: Iterable[Document]) -> Iterator[tuple[str, list[Mention]]]:
        for document in documents:
            if self.fail_after is not None and len(self.read) >= self.fail_after:
                raise KeyboardInterrupt
            self.read.append(document.title)
            try:
                found = [Mention.model_validate(item) for item in json.loads(document.text.split(MARK)[-1])]
            except ValueError:
                found = []
            yield document.id, found


def written(*mentions: Mention, lead: str = "") -> str:
    """A text in which `WrittenExtractor` finds these mentions; `lead` makes it no copy of another."""
    return f"{' '.join(f'{lead}{n}' for n in range(60))}{MARK}{json.dumps([m.as_json() for m in mentions])}"
