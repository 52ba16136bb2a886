"""The list of sources: what is crawled, how, and what volume a healthy crawl yields."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from parsel import css2xpath
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from tracker.errors import ConfigError
from tracker.files import toml_of

Kind = Literal["rss", "atom", "feed", "sitemap", "edgar", "listing"]
Seen = Literal["now", "published"]

# Remarks on a crawl that the health of a source is read off.
NOT_MODIFIED = "not modified since the last crawl"
UNDATED = "no new article has a date"
LAYOUT = "layout changed"
WALLED = "no page could be had, the listing's words stand for them"
NO_ARTICLE = "not an article"  # how the reason of each page begins that was read and is none
MOST_REASONS = 20  # that the record of a crawl spells out
INTERRUPTED = "interrupted; what came before is kept"
UNDER_WAY = "under way, or killed; what came so far is kept"

LOOPBACK = re.compile(r"(127(\.\d{1,3}){3}|::1|([a-z0-9-]+\.)*localhost)$")


class Select(BaseModel):
    """CSS selectors of a listing page. All but `item` are looked up inside an item.

    item: one element for each article.
    link: the element whose `href` leads to it; empty where the item itself is the link.
    title: its headline; the link's words where it is empty.
    date: an element with a `datetime`, or with words that `date_format` (as in strptime) reads; taken as UTC.
    summary: a sentence or two, kept where the page itself cannot be had.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    item: str = Field(min_length=1)
    link: str = "a"
    title: str = ""
    date: str = ""
    date_format: str = ""
    summary: str = ""

    @field_validator("item", "link", "title", "date", "summary")
    @classmethod
    def _css(cls, value: str) -> str:
        try:
            if value:
                css2xpath(value)
        except (SyntaxError, RuntimeError) as error:  # what a wrong and an unsupported selector raise
            raise ValueError(f"not a CSS selector: {error}") from error
        return value


class Source(BaseModel):
    """One source.

    kind: `feed` reads any dialect; `rss` and `atom` say what the source publishes; `sitemap` is a sitemap or
    an index of them; `edgar` is the SEC's feed of current filings; `listing` is a page that lists articles.
    select: where a listing page has what; only for that kind, which needs it.
    tier: 1 filings, wires and a company's own newsroom, 2 edited press, 3 blogs and newsletters.
    min_items: a listing with fewer entries is a failed source, not a quiet week.
    max_pages: pages fetched in one crawl at most; what is left is counted and comes next time.
    every: hours between two scheduled crawls (`tracker crawl --due`), a tenth more or less.
    recheck_days: days after publication in which an article's page is asked for again once a day; 0 is never.
    max_gap: days without a new article after which the source counts as stale.
    match: a regular expression that an address has to contain (sitemaps list more than news).
    local: a loopback source, served by this machine; the only kind that may be at a private address.
    seen: whether an article counts as seen `now` or when it was `published` (a replay of a past stretch).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str = Field(min_length=1)
    kind: Kind
    url: str
    tier: int = Field(default=2, ge=1, le=3)
    language: str = Field(default="en", pattern=r"^[a-z]{2}$")
    region: str = "global"
    min_items: int = Field(default=1, ge=0)
    max_pages: int = Field(default=80, ge=1)
    every: float = Field(default=6, ge=0.25, le=24 * 28)
    recheck_days: int = Field(default=2, ge=0, le=14)
    max_gap: int = Field(default=14, ge=1)
    match: str = ""
    local: bool = False
    seen: Seen = "now"
    enabled: bool = True
    select: Select | None = None

    @model_validator(mode="after")
    def _selected(self) -> Source:
        if (self.kind == "listing") != (self.select is not None):
            raise ValueError("`listing` is the one kind with selectors, and it needs them")
        return self

    @model_validator(mode="after")
    def _at_home(self) -> Source:
        if self.local and not LOOPBACK.match(self.host):
            raise ValueError("a local source lies at localhost, 127.x.x.x or [::1]")
        return self

    @field_validator("url")
    @classmethod
    def _http(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("not an address that begins with http:// or https://")
        return value

    @field_validator("match")
    @classmethod
    def _pattern(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
        return value

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""


@dataclass(frozen=True)
class SourceResult:
    """What one crawl of one source brought.

    items: what its listing held.
    not_articles: pages that were something else, such as a login; `failed` are those that could not be had.
    status: of the listing's answer, 0 where none came; bytes: of all answers' bodies, as they were sent.
    reason: why it ended so.
    """

    source_id: str
    ok: bool
    items: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: int = 0
    not_articles: int = 0
    status: int = 0
    bytes: int = 0
    reason: str = ""


def told(failures: Counter[str]) -> str:
    """The reasons of failures, commonest first.

    >>> told(Counter({"HTTP 404": 3})), told(Counter({"timed out": 1, "HTTP 404": 3}))
    ('HTTP 404', 'HTTP 404 (3), timed out (1)')
    """
    if len(failures) == 1:
        return next(iter(failures))
    found = [f"{reason} ({times})" for reason, times in failures.most_common(MOST_REASONS)]
    others = len(failures) - MOST_REASONS
    return ", ".join(found) + (f" and {others} other reasons" if others > 0 else "")


def no_articles(reasons: Counter[str]) -> Counter[str]:
    """Those of the reasons why pages gave nothing that say the page was something else."""
    return Counter({reason: times for reason, times in reasons.items() if reason.startswith(NO_ARTICLE)})


def load_sources(path: Path) -> list[Source]:
    """The sources of a TOML file of `[[source]]` tables, in file order.

    Raises ConfigError naming the file, the entry and the field.
    """
    return parse_sources(path, read_toml(path).get("source"))


def parse_sources(path: Path, entries: Any) -> list[Source]:
    """The `[[source]]` tables that were read from `path`. Raises ConfigError as load_sources does."""
    if not isinstance(entries, list) or not entries:
        raise ConfigError(
            f"{path}: no [[source]] entry", hint="see data/sources.toml of the project for the form"
        )
    sources = [_source(path, number, entry) for number, entry in enumerate(entries, 1)]
    seen: set[str] = set()
    for number, source in enumerate(sources, 1):
        if source.id in seen:
            raise ConfigError(
                f"{path}: source {number}: id: {source.id!r} is taken", hint="give every source its own id"
            )
        seen.add(source.id)
    return sources


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file. Raises ConfigError where it is not there or is none."""
    try:
        return toml_of(path)
    except FileNotFoundError as error:
        raise ConfigError(f"no such file: {path}", hint="check the path of the source list") from error
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: cannot be read as TOML: {error}", hint="correct the file") from error


def _source(path: Path, number: int, entry: Any) -> Source:
    try:
        return Source.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "entry"
        name = entry.get("id", number) if isinstance(entry, dict) else number
        raise ConfigError(
            f"{path}: source {name}: {field}: {complaint(error)}", hint="correct this entry"
        ) from error


def _meant(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, known)
    return f"did you mean {' or '.join(near)}?" if near else "tracker sources list shows all"


def complaint(error: ValidationError) -> str:
    """What is wrong with the first wrong field, in words of this program."""
    return error.errors()[0]["msg"].removeprefix("Value error, ")


def choose(sources: list[Source], ids: tuple[str, ...]) -> list[Source]:
    """The named sources, or all that are enabled. Raises ConfigError for an unknown id."""
    if not ids:
        return [source for source in sources if source.enabled]
    by_id = {source.id: source for source in sources}
    unknown = [name for name in ids if name not in by_id]
    if unknown:
        raise ConfigError(f"no source {', '.join(unknown)}", hint=_meant(unknown[0], by_id))
    return [by_id[name] for name in dict.fromkeys(ids)]
