"""The stored tables.

Articles, extractions with their mentions, judgements, imported companies, logged predictions with what was
stated and ruled of them, and the conclusions drawn are facts and are never rewritten. `event` and
`event_mention` are a materialised view that `tracker.resolve` derives from the mentions and judgements;
`mention_deal`, `mention_block`, `unsettled` and `basis` are what it takes to
bring the view up to date by what has changed.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel, UniqueConstraint


class UTCDateTime(TypeDecorator[dt.datetime]):
    """Aware datetimes, kept as UTC. SQLite has no time zones, so a naive time is refused, not guessed."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive time {value!r}: give it a time zone")
        return value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:
        return None if value is None else value.replace(tzinfo=dt.UTC)


ADDED = {"server_default": "0"}  # for counts that the rows of older programs lack


def utc_column(*, nullable: bool = False, index: bool = False) -> Any:
    return Field(default=None, sa_type=UTCDateTime, nullable=nullable, index=index)


def json_column() -> Any:
    return Field(default=None, sa_type=sa.JSON, nullable=False)


class Article(SQLModel, table=True):
    """One revision of one article. `key` is stable over revisions; a changed text is a new row."""

    __table_args__ = (UniqueConstraint("key", "revision"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(index=True)
    revision: int = 1
    source_id: str = Field(index=True)
    url: str
    title: str
    text: str
    content_hash: str
    published: dt.datetime = utc_column(index=True)
    modified: dt.datetime | None = utc_column(nullable=True)
    seen_at: dt.datetime = utc_column(index=True)
    language: str = "en"
    tier: int = 2
    filing: bool = False
    details: dict[str, Any] = json_column()


class Extraction(SQLModel, table=True):
    """That one extractor version has read one article, whether it found anything or not."""

    article_id: int = Field(foreign_key="article.id", primary_key=True)
    extractor: str = Field(primary_key=True)


class MentionRow(SQLModel, table=True):
    """One mention; `payload` is the Mention as JSON."""

    __tablename__ = "mention"

    id: int | None = Field(default=None, primary_key=True)
    article_id: int = Field(foreign_key="article.id", index=True)
    extractor: str
    type: str = Field(index=True)
    payload: dict[str, Any] = json_column()


class EventRow(SQLModel, table=True):
    """One derived event; `payload` is the Event as JSON, the other columns serve listings."""

    __tablename__ = "event"

    id: str = Field(primary_key=True)
    type: str = Field(index=True)
    status: str
    category: str
    salience: str
    first_reported: dt.datetime = utc_column(index=True)
    last_reported: dt.datetime = utc_column()
    payload: dict[str, Any] = json_column()


class EventMention(SQLModel, table=True):
    """Which mentions an event rests on."""

    __tablename__ = "event_mention"

    mention_id: int = Field(foreign_key="mention.id", primary_key=True)
    event_id: str = Field(foreign_key="event.id", index=True)


class JudgementRow(SQLModel, table=True):
    """One judgement: who decided what, when and why. `payload` is the Decision as JSON."""

    __tablename__ = "judgement"

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    at: dt.datetime = utc_column(index=True)
    by: str
    why: str = ""
    payload: dict[str, Any] = json_column()


class CompanyRow(SQLModel, table=True):
    """What an imported list says of a company at a time; a list that says something else is a new row."""

    __tablename__ = "company"

    id: int | None = Field(default=None, primary_key=True)
    company_id: str = Field(index=True)
    at: dt.datetime = utc_column()
    source: str
    payload: dict[str, Any] = json_column()


class MentionDeal(SQLModel, table=True):
    """The deal that the rules put a mention into, named by the deal's first mention."""

    __tablename__ = "mention_deal"

    mention_id: int = Field(foreign_key="mention.id", primary_key=True)
    deal: int = Field(index=True)


class MentionBlock(SQLModel, table=True):
    """Where a mention of a deal is found: hash of the block, day (ordinal), and the beginning of its place in
    the order (rank; second of publication). Wide keys in one tree: a block's mentions lie side by side.
    """

    __tablename__ = "mention_block"
    __table_args__ = ({"sqlite_with_rowid": False},)

    block: int = Field(primary_key=True, sa_type=sa.BigInteger)
    day: int = Field(primary_key=True)
    mention_id: int = Field(foreign_key="mention.id", primary_key=True)
    rank: int
    second: int = Field(sa_type=sa.BigInteger)


class Unsettled(SQLModel, table=True):
    """An article, by its key, whose mentions may have changed since the ledger was brought up to date."""

    key: str = Field(primary_key=True)


class Basis(SQLModel, table=True):
    """What the stored ledger was derived with: a digest of everything but the mentions. One row."""

    id: int = Field(default=1, primary_key=True)
    digest: str


class PredictionRow(SQLModel, table=True):
    """One version of one prediction, frozen by `digest`; a change is a new version."""

    __tablename__ = "prediction"
    __table_args__ = (UniqueConstraint("prediction_id", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    prediction_id: str = Field(index=True)
    version: int = 1
    digest: str
    logged_at: dt.datetime = utc_column()
    payload: dict[str, Any] = json_column()


class ProbabilityRow(SQLModel, table=True):
    """One stated probability of one prediction, with who said it, when and why."""

    __tablename__ = "probability"

    id: int | None = Field(default=None, primary_key=True)
    prediction_id: str = Field(index=True)
    at: dt.datetime = utc_column()
    by: str
    value: float
    why: str = ""


class ForecastRow(SQLModel, table=True):
    """One stated distribution over the answers of a prediction that is no yes or no: probabilities by option,
    or values by level of probability.
    """

    __tablename__ = "forecast"

    id: int | None = Field(default=None, primary_key=True)
    prediction_id: str = Field(index=True)
    at: dt.datetime = utc_column()
    by: str
    stated: dict[str, Any] = json_column()
    why: str = ""


class RulingRow(SQLModel, table=True):
    """One decision of a person about a version of a prediction. `payload` is what is decided, as JSON."""

    __tablename__ = "ruling"

    id: int | None = Field(default=None, primary_key=True)
    prediction_id: str = Field(index=True)
    version: int
    kind: str
    at: dt.datetime = utc_column()
    by: str
    why: str = ""
    payload: dict[str, Any] = json_column()


class VerdictRow(SQLModel, table=True):
    """A conclusion as it was first drawn, and again whenever it became another one: then `erratum` says what
    it was before and why. `payload` is the verdict as JSON.
    """

    __tablename__ = "verdict"

    id: int | None = Field(default=None, primary_key=True)
    prediction_id: str = Field(index=True)
    version: int
    at: dt.datetime = utc_column()
    status: str
    erratum: str = ""
    payload: dict[str, Any] = json_column()


class Fetch(SQLModel, table=True):
    """One crawl of one source: what came and why it ended.

    `status` is the listing's answer (0 where none came), `bytes` are those of all bodies as they were sent;
    `not_articles` are pages that were something else, such as a login, `failed` those that could not be had.
    """

    id: int | None = Field(default=None, primary_key=True)
    source_id: str = Field(index=True)
    started: dt.datetime = utc_column(index=True)
    finished: dt.datetime = utc_column()
    ok: bool
    items: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: int = 0
    reason: str = ""
    not_articles: int = Field(default=0, sa_column_kwargs=ADDED)
    status: int = Field(default=0, sa_column_kwargs=ADDED)
    bytes: int = Field(default=0, sa_column_kwargs=ADDED)


class FailedPage(SQLModel, table=True):
    """A page that a listing names and that gave no article: why, how often so far, and when last.

    `stamp` is the time its listing gave it then; a newer one makes it a page not tried yet.
    """

    __tablename__ = "failed_page"

    source_id: str = Field(primary_key=True)
    address: str = Field(primary_key=True)
    stamp: str = ""
    reason: str
    times: int = 1
    tried: dt.datetime = utc_column()


class AskedPage(SQLModel, table=True):
    """A page that gave an article, or a stored one once more: when it was asked for last, the time its
    listing gave it then, and its validators. `times` counts the tries to have the whole of what was stored in
    part.
    """

    __tablename__ = "asked_page"

    source_id: str = Field(primary_key=True)
    address: str = Field(primary_key=True)
    stamp: str = ""
    etag: str = ""
    last_modified: str = ""
    asked: dt.datetime = utc_column()
    times: int = 0


class SourceState(SQLModel, table=True):
    """What the last whole crawl of a source left for the next: validators, and when it may be asked again."""

    __tablename__ = "source_state"

    source_id: str = Field(primary_key=True)
    url: str = ""
    etag: str = ""
    last_modified: str = ""
    not_before: dt.datetime | None = utc_column(nullable=True)


class OptOut(SQLModel, table=True):
    """What the site of a source says about mining by machines: `found` is what each place says."""

    __tablename__ = "opt_out"

    source_id: str = Field(primary_key=True)
    read_at: dt.datetime = utc_column()
    found: dict[str, str] = json_column()


class Run(SQLModel, table=True):
    """One run of a command that changes something. `ended` is empty while it is under way; `counts` are of
    what it did, `error` is the line that says why it failed, `process` is its number on `host`.
    """

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(index=True)
    started: dt.datetime = utc_column(index=True)
    ended: dt.datetime | None = utc_column(nullable=True)
    outcome: str
    counts: dict[str, Any] = json_column()
    error: str = ""
    host: str = ""
    process: int = 0


class Delivery(SQLModel, table=True):
    """An issue of the briefing on its way to one reader. `reader` is a digest of the address, which may hold
    a password; `shown` is what people may see of it. A delivery in the state `sending` may have arrived.
    """

    __table_args__ = (UniqueConstraint("issue", "reader"),)

    id: int | None = Field(default=None, primary_key=True)
    issue: str
    reader: str
    shown: str
    state: str
    at: dt.datetime = utc_column()
    tries: int
    error: str = ""
