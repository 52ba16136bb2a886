"""What all spiders share: one listing, its entries, the pages behind them, and an account of what came of
each.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import scrapy
from scrapy.http import Request, Response

from spiders.addresses import clean_url
from spiders.failures import LONG_PAUSE, describe, is_lasting, pause
from spiders.gates import lost, posing
from spiders.languages import language
from spiders.pages import NotAnArticle, Page, is_cut_off
from spiders.readers import ReadError, ReadPage, read_here
from spiders.tally import Tally
from spiders.waiting import Waiting
from tracker.models.tables import AskedPage, FailedPage, SourceState
from tracker.sources import NO_ARTICLE, Source

if TYPE_CHECKING:
    from spiders.rechecks import Recheck

LONGEST_URL = 2083  # characters; no browser ever took more
MIN_SUMMARY = 80  # characters; a shorter summary says no more than the headline
CUT_OFF = "the page breaks off before its end"
HANDLED = {"handle_httpstatus_list": [304]}


@dataclass(frozen=True)
class Entry:
    """One entry of a listing: a feed's, a sitemap's or a filing index's. `text` is what the listing itself
    holds.
    """

    url: str
    title: str = ""
    published: dt.datetime | None = None
    updated: dt.datetime | None = None
    text: str = ""
    complete: bool = False
    language: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def address(self) -> str:
        return clean_url(self.url)

    @cached_property
    def stamp(self) -> str:
        """The time the listing gives for the newest state of the entry, as text that sorts."""
        latest = self.updated or self.published
        return latest.astimezone(dt.UTC).isoformat() if latest else ""


@dataclass(frozen=True)
class Gathered:
    """An article as a spider found it; the pipeline adds what the source and the clock say."""

    url: str
    title: str
    text: str
    published: dt.datetime | None
    modified: dt.datetime | None = None
    language: str = ""
    filing: bool = False
    details: dict[str, Any] = field(default_factory=dict)
    key: str = ""
    """Of the stored article that it is a newer state of, where that is known."""


Parsed = Iterator[Request | Gathered] | Awaitable[Iterable[Gathered]]


class SourceSpider(scrapy.Spider):  # type: ignore[misc]  # Scrapy is untyped here
    """Crawls one source. A kind of source says in `entries` how its listing is read; the rest is the same for
    all.

    `known` (address to time stamp), `failed`, `rechecks` and the validators are filled from the store before
    the first request; `asked` are the addresses of the pages that were asked for.
    """

    def __init__(
        self,
        source: Source,
        now: dt.datetime,
        report: Callable[[dict[str, Any]], None],
        dry: bool = False,
        since: dt.datetime | None = None,
        fresh: bool = False,
        read: ReadPage = read_here,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=source.id, **kwargs)
        self.source = source
        self.now = now
        self.report = report
        self.dry = dry
        self.since = since
        self.fresh = fresh
        self.read = read
        self.tally = Tally()
        self.known: dict[str, str] = {}
        self.failed: dict[str, FailedPage] = {}
        self.rechecks: list[Recheck] = []
        self.waiting = Waiting(source.max_pages)
        self.taken: set[str] = set()
        self.asked: set[str] = set()
        self.validators: dict[str, str] = {}
        self.reads_opt_outs = False
        self.opt_outs: dict[str, str] | None = None

    async def start(self) -> AsyncIterator[Request]:
        # The pipeline may have found that the source asked to be left alone.
        if not self.tally.problem:
            yield self.listing_request()

    def listing_request(self) -> Request:
        return Request(
            self.source.url,
            self.parse,
            errback=self.listing_failed,
            headers=self.validators,
            meta=HANDLED,
            dont_filter=True,
        )

    def listing_failed(self, failure: Any) -> None:
        answer = getattr(failure.value, "response", None)  # of an HTTP error
        self.tally.status = answer.status if answer is not None else self.tally.status
        self.tally.problem = self.tally.problem or describe(failure)

    def entries(self, response: Response) -> list[Entry]:
        """The entries of a listing. Raises ValueError with a reason where the body is no listing."""
        raise NotImplementedError

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Request | Gathered]:
        self.tally.status = response.status
        if response.status == 304:
            self.tally.not_modified = True
            return
        self.tally.etag = header(response, "ETag")
        self.tally.last_modified = header(response, "Last-Modified")
        yield from self.parse_listing(response)

    def parse_listing(self, response: Response) -> Iterator[Request | Gathered]:
        try:
            entries = self.entries(response)
        except ValueError as error:
            self.tally.problem = posing(response.body) or str(error)
            return
        yield from self.follow(entries)

    def follow(self, entries: list[Entry]) -> Iterator[Gathered]:
        """The articles that the listing holds whole. Of the other entries those that are new or changed wait
        for their turn; the rest counts as unchanged.
        """
        wanted = [entry for entry in entries if self.wanted(entry) and entry.address not in self.taken]
        unique = list({entry.address: entry for entry in reversed(wanted)}.values())[::-1]
        self.taken.update(entry.address for entry in unique)
        self.tally.items += len(unique)
        if self.dry:
            self.tell([entry for entry in unique if self.is_asked_for(entry)])
            return
        unknown = [entry for entry in unique if not self.is_known(entry)]
        self.tally.skipped += len(unique) - len(unknown)
        self.tally.outcomes["unchanged"] += len(unique) - len(unknown)
        fresh = [entry for entry in unknown if self.is_asked_for(entry) and not self.rests(entry)]
        self.tally.left += self.waiting.add((self.tries(entry), entry) for entry in fresh)
        yield from map(from_entry, self.waiting.give_complete())

    def tell(self, entries: list[Entry]) -> None:
        """In place of fetching: report each entry, and what a crawl would take it for."""
        for entry in entries:
            outcome = "unchanged" if self.is_known(entry) else "changed" if self.seen(entry) else "new"
            self.tally.outcomes[outcome] += 1
            found = {"url": entry.address, "title": entry.title, "published": entry.stamp, "outcome": outcome}
            self.report({"source": self.source.id, "entry": found})

    def is_asked_for(self, entry: Entry) -> bool:
        """Whether an entry is as new as a crawl since some day wants; one without a date is not left out."""
        return self.since is None or not entry.stamp or entry.stamp >= self.since.isoformat()

    def tries(self, entry: Entry) -> int:
        """How often an entry's page has failed in the state that its listing tells of."""
        before = self.failed.get(entry.address)
        return before.times if before is not None and entry.stamp <= before.stamp else 0

    def rests(self, entry: Entry) -> bool:
        """Whether an entry's page failed before and is left alone for now; counts it if so."""
        before = self.failed.get(entry.address)
        if before is None or self.fresh or self.now >= before.tried + pause(self.tries(entry)):
            return False
        self.tally.resting[before.reason] += 1
        self.tally.awaited += pause(before.times) < LONG_PAUSE
        return True

    def seen(self, entry: Entry) -> bool:
        return entry.address in self.known

    def wanted(self, entry: Entry) -> bool:
        return not self.source.match or re.search(self.source.match, entry.url) is not None

    def is_known(self, entry: Entry) -> bool:
        stamp = self.known.get(entry.address)
        return stamp is not None and entry.stamp <= stamp

    def next_page(self) -> Request | None:
        """A request for the next page that waits; None where none does.

        Once the source's host asked for a pause the others are left: they have not failed.
        """
        if self.tally.wait_seconds:
            self.tally.left += self.waiting.give_up()
        while self.waiting:
            entry = self.waiting.give()
            try:
                return self.page_request(entry)
            except ValueError as error:
                self.fail(entry, f"no address to ask: {error}")
        return None

    def page_request(self, entry: Entry) -> Request:
        """Raises ValueError for an address that cannot be asked."""
        if len(entry.url) > LONGEST_URL:
            raise ValueError(f"over {LONGEST_URL} characters")
        self.asked.add(entry.address)
        # `follow` takes an address once; the filter would drop a redirect to a page that was had, unheard.
        return Request(
            entry.url,
            self.parse_page,
            errback=self.page_failed,
            cb_kwargs={"entry": entry},
            dont_filter=True,
        )

    def parse_page(self, response: Response, entry: Entry) -> Parsed:
        return self.article(response, entry)

    async def article(self, response: Response, entry: Entry) -> Iterable[Gathered]:
        if lost(entry.url, response.url):
            return self.instead(entry, f"{NO_ARTICLE} but a soft 404: the front page in its place")
        cut_off = is_cut_off(response.body)
        if cut_off and entry.address not in self.failed:
            self.fail(entry, CUT_OFF)
            return []
        try:
            page = await self.read(response.body, response.url, self.source.local)
        except NotAnArticle as error:
            return self.instead(entry, str(error))
        except ReadError as error:
            self.fail(entry, str(error))
            return []
        self.tally.asked[entry.address] = self.asked_page(response, entry)
        return [from_page(page, entry, clean_url(response.url), partial=CUT_OFF if cut_off else "")]

    def asked_page(self, response: Response, entry: Entry) -> AskedPage:
        """What the store keeps of a page that gave an article."""
        return AskedPage(
            source_id=self.source.id,
            address=entry.address,
            stamp=entry.stamp,
            etag=header(response, "ETag"),
            last_modified=header(response, "Last-Modified"),
            asked=self.now,
        )

    def page_failed(self, failure: Any) -> Iterator[Gathered]:
        entry: Entry = failure.request.cb_kwargs["entry"]
        reason = describe(failure)
        if is_lasting(failure):
            yield from self.instead(entry, reason)
        else:
            self.fail(entry, reason)

    def instead(self, entry: Entry, reason: str) -> Iterator[Gathered]:
        """The listing's summary in place of a page that will not be had; a failure where there is none."""
        if entry.title and len(entry.text) >= MIN_SUMMARY:
            self.tally.stand_ins[reason] += 1
            yield from_entry(entry, partial=reason)
        else:
            self.fail(entry, reason)

    def fail(self, entry: Entry, reason: str) -> None:
        """Count a page that gave no article, and remember it for the next crawls."""
        self.tally.failures[reason] += 1
        self.tally.broken[entry.address] = FailedPage(
            source_id=self.source.id,
            address=entry.address,
            stamp=entry.stamp,
            reason=reason,
            times=self.tries(entry) + 1,
            tried=self.now,
        )


def validators(kept: AskedPage | SourceState) -> dict[str, str]:
    """The headers that ask for an answer only where it has changed."""
    pairs = {"If-None-Match": kept.etag, "If-Modified-Since": kept.last_modified}
    return {name: value for name, value in pairs.items() if value}


def header(response: Response, name: str) -> str:
    """A header of an answer, empty where it has none."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else ""


def origin(entry: Entry) -> dict[str, Any]:
    """What the store keeps of an entry, so that the next crawl knows it again."""
    return {"address": entry.address, "updated": entry.stamp, **entry.details}


def from_entry(entry: Entry, partial: str = "") -> Gathered:
    details = origin(entry) | ({"partial": partial} if partial else {})
    return Gathered(
        url=entry.address,
        title=entry.title,
        text=entry.text,
        published=entry.published,
        modified=entry.updated,
        language=language(entry.language, entry.text),
        details=details,
    )


def from_page(page: Page, entry: Entry, led_to: str = "", partial: str = "") -> Gathered:
    """A page under the listing's dates, which are the source's own and carry a time zone, where it gives
    them; where it gives the day alone, under the moment that the page gives on that day. `led_to` is where
    its address redirected to.
    """
    published, precision = _published(page, entry)
    precisions = page.facts.get("precision", {}) | ({"published": precision} if precision else {})
    more = {
        "precision": precisions,
        "led_to": led_to if led_to != entry.address else "",
        "partial": partial,
    }
    return Gathered(
        url=page.url,
        title=page.title or entry.title,
        text=page.text,
        published=published,
        modified=page.modified or entry.updated,
        language=page.language or entry.language,
        details=page.facts | origin(entry) | {name: value for name, value in more.items() if value},
    )


def _published(page: Page, entry: Entry) -> tuple[dt.datetime | None, str]:
    """The time of publication with its precision; a listing's midnight is taken for a day."""
    of_page = page.facts.get("precision", {}).get("published", "")
    listed = entry.published
    if listed is None:
        return page.published, of_page
    if listed.time() != dt.time():
        return listed, "instant"
    if page.published and of_page == "instant" and page.published.date() == listed.date():
        return page.published, of_page
    return listed, "day"
