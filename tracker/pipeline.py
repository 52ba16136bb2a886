"""From stored articles to the stored ledger, and the ledger as it was known at a time."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from sqlmodel import Session

from tracker import keeping, resolve
from tracker.config import Settings, shipped
from tracker.extract.document import Document
from tracker.extract.forms import FIELDS, read_form
from tracker.keeping import Knowledge
from tracker.memory import unswept
from tracker.models.company import Listing
from tracker.models.judgement import Judgement
from tracker.models.ledger import Event
from tracker.models.mention import Mention
from tracker.models.tables import Article
from tracker.resolve.companies import Directory, load_companies
from tracker.resolve.deals import derive, write_down
from tracker.resolve.facts import Told
from tracker.resolve.judged import anchor_of, deal_of, standing
from tracker.resolve.rates import EcbRates
from tracker.resolve.registry import registry, with_history
from tracker.resolve.same import Deal
from tracker.store.articles import unread
from tracker.store.engine import transaction
from tracker.store.events import (
    Changes,
    Wanted,
    count_foreign,
    count_unread,
    load_events,
    load_mentions,
    mentions_by_id,
    newest_extractor,
)
from tracker.store.judgements import load_judgements, load_listings
from tracker.store.mentions import add_readings

OnProgress = Callable[[int, int], None]
"""Called with the number of articles read so far and the number to read."""


AfterChange = Callable[[Session, Changes], object]
"""Called in the transaction that brought the ledger up to date, with what changed."""


class Extractor(Protocol):
    """Reads mentions out of documents; `version` changes whenever it would read something else.

    batch: documents to give it between two commits.
    """

    @property
    def version(self) -> str: ...

    @property
    def batch(self) -> int: ...

    def extract(self, documents: Iterable[Document]) -> Iterator[tuple[str, list[Mention]]]:
        """For each document, in order, its id and its mentions."""


@dataclass(frozen=True)
class Digest:
    """What one run read and what it changed in the ledger."""

    articles_read: int
    mentions: int
    events_new: int
    events_changed: int
    events_gone: int = 0
    articles_foreign: int = 0
    """Articles in the store that are not read because they are in another language than English."""


def digest(
    engine: sa.Engine,
    *,
    settings: Settings,
    on_progress: OnProgress | None = None,
    extractor: Extractor | None = None,
    after: AfterChange | None = None,
) -> Digest:
    """Read every unread article and bring the stored ledger up to date.

    Work is kept after every batch of articles, so that an interrupted run goes on where it stopped.
    """
    extractor = extractor or _default_extractor(settings)
    articles, mentions = read_articles(engine, extractor, on_progress)
    changes = refresh(engine, extractor.version, after)
    with Session(engine) as session:
        foreign = count_foreign(session)
    return Digest(articles, mentions, len(changes.new), len(changes.changed), len(changes.gone), foreign)


def _default_extractor(settings: Settings) -> Extractor:
    from tracker.extract.pipeline import load_extractor

    extractor: Extractor = load_extractor(settings)
    return extractor


def read_articles(
    engine: sa.Engine, extractor: Extractor, on_progress: OnProgress | None = None
) -> tuple[int, int]:
    """Extract what the extractor has not read yet; returns the numbers of articles and of mentions."""
    with Session(engine) as session:
        total = count_unread(session, extractor.version)
    articles = mentions = 0
    while articles < total:
        with Session(engine) as session:
            batch = list(unread(session, extractor.version, extractor.batch))
            # Not in the transaction that stores it: reading takes seconds, and other writers would wait.
            found = list(_read_batch(extractor, batch))
        if not batch:
            break
        with transaction(engine) as session:
            mentions += add_readings(session, extractor.version, found)
        articles += len(batch)
        if on_progress:
            on_progress(articles, max(total, articles))
    return articles, mentions


def _read_batch(extractor: Extractor, batch: Sequence[Article]) -> Iterator[tuple[int, list[Mention]]]:
    """Forms are read by their fields, everything else by the extractor."""
    forms = [a for a in batch if FIELDS in a.details]
    texts = [Document(str(a.id), a.title, a.text, a.published) for a in batch if FIELDS not in a.details]
    found = chain(
        ((str(a.id), read_form(a.details[FIELDS], a.title, a.text, a.published)) for a in forms),
        extractor.extract(texts),
    )
    return ((int(id_), mentions) for id_, mentions in found)


def refresh(engine: sa.Engine, extractor_version: str, after: AfterChange | None = None) -> Changes:
    """Bring the stored ledger up to date with the stored mentions of one extractor version."""
    changes, done = Changes([], [], []), False
    while not done:
        with transaction(engine) as session:
            more, done = keeping.bring_up(session, extractor_version, _knowledge(session))
            changes = changes.then(more)
            if done and after:
                after(session, changes)
    return changes


def refresh_events(session: Session, extractor_version: str) -> Changes:
    """`refresh` as a part of a larger change."""
    changes, done = Changes([], [], []), False
    while not done:
        more, done = keeping.bring_up(session, extractor_version, _knowledge(session))
        changes = changes.then(more)
    return changes


def rebuild_events(session: Session) -> Changes:
    """Derive the whole ledger again, whatever the store says of it."""
    return keeping.rebuild(session, newest_extractor(session) or "", _knowledge(session))


@unswept()
def ledger(
    engine: sa.Engine,
    seen_by: dt.datetime | None = None,
    published_before: dt.datetime | None = None,
    wanted: Wanted | None = None,
) -> list[Event]:
    """The stored ledger, or the one that follows from articles seen by a time or published before one.

    At least the events that are `wanted` are in it; others are not read, or not written down, where that
    saves time.

    Judgements count that were made by `seen_by`; where only `published_before` is given, all do.
    """
    with Session(engine) as session:
        if seen_by is None and published_before is None:
            return load_events(session, wanted)
        version = newest_extractor(session)
        if version is None:
            return []
        mentions = load_mentions(session, version, seen_by, published_before)
        known = _knowledge(session, seen_by)
    asked = wanted or Wanted()

    def told_in_time(deal: Deal) -> bool:
        return asked.told_in_time(t.published for t in deal.members)

    return derive(mentions, known.companies, known.rates, known.judgements, told_in_time)


def as_before(engine: sa.Engine, events: Sequence[Event], before: dt.datetime) -> dict[str, Event]:
    """Each event as its tellings published before a time, and the judgements made before it, alone would
    write it down; by its id now. Events without such tellings are left out.
    """
    home = {s.mention_id: e.id for e in events for s in e.sources if s.published < before}
    with Session(engine) as session:
        known = _knowledge(session)
        mentions = mentions_by_id(session, home)
    told: dict[str, list[Told]] = defaultdict(list)
    for one in known.told(mentions):
        told[home[one.source.id]].append(one)
    judgements = [j for j in known.judgements if j.at < before]
    found = {}
    for id_, members in told.items():
        written = write_down([deal_of(members)], known.companies, known.rates, judgements)
        if written:
            found[id_] = written[0]
    return found


def rejected(engine: sa.Engine, judgements: Sequence[Judgement]) -> Iterator[tuple[Judgement, Event]]:
    """Judgements that reject an event, each with the event as its tellings alone write it down."""
    if not judgements:
        return
    with Session(engine) as session:
        known, version = _knowledge(session), newest_extractor(session) or ""
        keys = {a.article for j in judgements for a in j.about}
        told = known.told(load_mentions(session, version, keys=keys))
    for judgement in judgements:
        anchors = {a.key for a in judgement.about}
        members = [t for t in told if anchor_of(t).key in anchors]
        if members:
            yield judgement, write_down([deal_of(members)], known.companies, known.rates)[0]


def ledgers(engine: sa.Engine, moments: Sequence[dt.datetime]) -> Iterator[list[Event]]:
    """`ledger` for what was published before each of the moments, which are in order."""
    with Session(engine) as session:
        version = newest_extractor(session) or ""
        yield from keeping.ledgers(session, version, _knowledge(session), moments)


def _knowledge(session: Session, made_by: dt.datetime | None = None) -> Knowledge:
    """What the ledger is derived with besides the mentions."""
    judgements = load_judgements(session, made_by)
    directory, told = _companies(load_listings(session, made_by), judgements)
    return Knowledge(directory, _rates(), judgements, f"{_digest()}{told}")


def companies(session: Session, made_by: dt.datetime | None = None) -> Directory:
    """The companies as they are known, or were at a time: shipped, imported by then, judged by then."""
    return _companies(load_listings(session, made_by), load_judgements(session, made_by))[0]


def _companies(listings: Sequence[Listing], judgements: Sequence[Judgement]) -> tuple[Directory, str]:
    """The companies, and what tells them from the shipped ones; listings are only ever added."""
    decided = [str(j.id) for j in standing(judgements) if j.kind == "company"]
    if not listings and not decided:
        return company_directory(), ""
    found = registry(company_directory().companies.values(), listings, judgements)
    return Directory(found), f" {len(listings)} {','.join(decided)}"


@lru_cache(maxsize=1)
def company_directory() -> Directory:
    """The shipped company list. Raises ConfigError where it is missing or wrong."""
    listed = load_companies(shipped("data", "companies.csv"))
    return Directory(with_history(listed, shipped("data", "company-history.csv")))


@lru_cache(maxsize=1)
def _rates() -> EcbRates:
    return EcbRates()


@lru_cache(maxsize=1)
def _digest() -> str:
    """Changes with the company list, the exchange rates and the rules themselves."""
    rules = sorted(Path(resolve.__file__).parent.glob("*.py"))
    found = hashlib.sha256(version("currencyconverter").encode())
    lists = [shipped("data", name) for name in ("companies.csv", "company-history.csv")]
    for path in (*lists, *rules):
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:32]
