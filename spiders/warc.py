"""Raw answers kept as WARC (ISO 28500), and read back into articles without a network."""

from __future__ import annotations

import datetime as dt
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from typing import IO, Any, Literal
from urllib.parse import urljoin, urlsplit

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Request, Response
from scrapy.signals import spider_closed
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from spiders.addresses import clean_url, is_public, literal_ip
from spiders.base import Entry, Gathered, from_entry, from_page
from spiders.discover import read_any
from spiders.edgar.articles import tell
from spiders.edgar.filings import Filing, current_filings, filing_details, may_hold_deal, open_filing
from spiders.failures import is_gone
from spiders.optouts import is_aside
from spiders.pages import read_page
from spiders.pipelines import to_article
from spiders.settings import MEGABYTE
from spiders.times import read_time
from tracker import __version__
from tracker.errors import InputError
from tracker.sources import Source
from tracker.store.articles import NewArticle

MAX_BODY = 10 * MEGABYTE  # unpacked, as in a crawl
MAX_ENTRIES = 200_000  # listed and not met yet; an archive that lists more is read by its pages alone
UNFRAMED = frozenset({"transfer-encoding", "content-length"})  # true of the wire only


class Archive:
    """Writes every answer, as it came from the host, to one file a source and crawl in the archive folder."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.writer: WARCWriter | None = None
        crawler.signals.connect(self.close, signal=spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Archive:
        if not crawler.settings["TRACKER_ARCHIVE"]:
            raise NotConfigured
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        if self.writer is None:
            self.writer = self.begin()
        self.writer.write_record(_record(self.writer, response))
        self.writer.out.flush()  # a crawl that is killed leaves whole records behind
        return response

    def begin(self) -> WARCWriter:
        spider = self.crawler.spider
        file = _new_file(Path(self.crawler.settings["TRACKER_ARCHIVE"]), spider.source.id, spider.now)
        writer = WARCWriter(file, gzip=True)
        about = {"software": f"market-signal-tracker/{__version__}", "isPartOf": spider.source.id}
        writer.write_record(writer.create_warcinfo_record(Path(file.name).name, about))
        return writer

    def close(self) -> None:
        if self.writer is not None:
            self.writer.out.close()


def _new_file(folder: Path, source_id: str, now: dt.datetime) -> IO[bytes]:
    """A file that was not there before; its name holds nothing that a site could choose."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, 10_000):
        again = f"-{number}" if number > 1 else ""
        try:
            return (folder / f"{source_id}-{now:%Y%m%d%H%M%S}{again}.warc.gz").open("xb")
        except FileExistsError:
            continue
    raise FileExistsError(f"{folder}: too many archives of {source_id}")


def _record(writer: WARCWriter, response: Response) -> Any:
    headers = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        if name.decode("latin-1").lower() not in UNFRAMED
        for value in values
    ]
    headers.append(("Content-Length", str(len(response.body))))
    phrase = HTTPStatus(response.status).phrase if response.status in list(HTTPStatus) else ""
    http = StatusAndHeaders(f"{response.status} {phrase}".strip(), headers, protocol="HTTP/1.1")
    return writer.create_warc_record(
        response.url, "response", payload=io.BytesIO(response.body), http_headers=http
    )


@dataclass(frozen=True)
class Answer:
    """One archived answer. `at` is when it was fetched."""

    url: str
    status: int
    content_type: str
    location: str
    at: dt.datetime | None
    body: bytes


@dataclass(frozen=True)
class Skipped:
    """A page of an archive that is no article, and why."""

    url: str
    reason: str


@dataclass
class Replay:
    """Reads one archive: listings give dates and whole texts, pages the rest, as in a crawl.

    `listed` are entries whose page has not come yet, `awaited` filings by the document they wait for.
    """

    seen: Literal["now", "published"]
    now: dt.datetime
    part_of: str = ""
    listed: dict[str, Entry] = field(default_factory=dict)
    awaited: dict[str, Filing] = field(default_factory=dict)

    def read(self, answer: Answer) -> Iterator[NewArticle | Skipped]:
        try:
            if 300 <= answer.status < 400 and answer.location:
                self.moved(answer)
            elif not is_aside(answer.url):
                for found in self.gathered(answer):
                    yield self.article(found, answer)
        except ValueError as error:  # no article, or an address that is none
            yield Skipped(answer.url, str(error))

    def moved(self, answer: Answer) -> None:
        if entry := self.listed.pop(clean_url(answer.url), None):
            self.listed[clean_url(urljoin(answer.url, answer.location))] = entry

    def gathered(self, answer: Answer) -> Iterator[Gathered]:
        """What an answer tells, by what was read before it. Raises ValueError where it is no article."""
        address = clean_url(answer.url)
        if address in self.awaited:
            yield from self.continued(address, answer)
        elif answer.status == 200 and answer.body:
            entry = self.listed.pop(address, None) or Entry(answer.url)
            if "form" in entry.details:
                yield from self.told(open_filing(entry, answer.body, answer.url))
            elif listing := read_any(answer.body, answer.url, answer.content_type):
                yield from self.listing(listing[1])
            else:
                page = read_page(answer.body, answer.url, trust_canonical=_is_inside(answer.url))
                yield from_page(page, entry, address)

    def listing(self, entries: list[Entry]) -> Iterator[Gathered]:
        if any(filing_details(entry.title, "") for entry in entries):
            entries = [e for e in current_filings(entries) if may_hold_deal(e.details)]
        yield from (from_entry(entry) for entry in entries if entry.complete)
        if len(self.listed) < MAX_ENTRIES:
            self.listed.update({entry.address: entry for entry in entries if not entry.complete})

    def continued(self, address: str, answer: Answer) -> Iterator[Gathered]:
        """A filing with the document it waited for, or without, where the crawl could not have it either."""
        filing = self.awaited[address]
        if answer.status == 200:
            yield from self.told(self.awaited.pop(address).with_document(answer.body))
        elif is_gone(answer.status) and filing.missing[0][0] != filing.form:
            yield from self.told(self.awaited.pop(address).without_document())

    def told(self, filing: Filing) -> Iterator[Gathered]:
        """The article of a filing, once all its documents have come."""
        if filing.missing:
            self.awaited[clean_url(filing.missing[0][1])] = filing
        else:
            yield tell(filing)

    def article(self, item: Gathered, answer: Answer) -> NewArticle:
        if item.published is None and answer.at is not None:
            item = replace(item, published=answer.at, details={**item.details, "undated": True})
        stand_in = Source(id="archive", name="archive", kind="feed", url=answer.url, seen=self.seen)
        home = self.part_of or urlsplit(answer.url).hostname or "archive"
        return replace(to_article(item, stand_in, self.now), source_id=home)


def _is_inside(url: str) -> bool:
    """Whether it was fetched from this machine, where pages may call themselves by another address."""
    literal = literal_ip(urlsplit(url).hostname or "")
    return literal is not None and not is_public(literal)


def read_warc(
    stream: IO[bytes], name: str, seen: Literal["now", "published"], now: dt.datetime
) -> Iterator[NewArticle | Skipped | InputError]:
    """The articles of an archive, in its order. Damage is an InputError, after which nothing more comes."""
    replay = Replay(seen, now)
    try:
        for record in _records(stream):
            if record.rec_type == "warcinfo":
                replay.part_of = _part_of(record)
            elif record.rec_type == "response" and record.http_headers is not None:
                yield from replay.read(_answer(record))
    except (ArchiveLoadFailed, OSError, EOFError, zlib.error, ValueError) as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        yield InputError(f"damaged archive: {reason[0][:150]}", file=name, hint="what came before is kept")


def _records(stream: IO[bytes]) -> Iterator[Any]:
    """The records of an archive. Raises ArchiveLoadFailed, OSError, EOFError and zlib.error for damage."""
    try:
        yield from ArchiveIterator(stream)
    except (AttributeError, LookupError, TypeError) as error:  # its own, over a record without an address
        raise ArchiveLoadFailed(f"a record without what belongs in it: {error}") from error


def _part_of(record: Any) -> str:
    """The source that an archive of our own says it is of; other archives name none, or something else."""
    lines = record.content_stream().read(MEGABYTE).decode("utf-8", errors="replace").splitlines()
    fields = dict(line.split(": ", 1) for line in lines if ": " in line)
    return fields.get("isPartOf", "") if fields.get("software", "").startswith("market-signal-") else ""


def _answer(record: Any) -> Answer:
    http, code = record.http_headers, record.http_headers.get_statuscode()
    body = record.content_stream().read(MAX_BODY + 1)
    return Answer(
        url=record.rec_headers.get_header("WARC-Target-URI") or "",
        status=int(code) if code.isdigit() else 0,
        content_type=http.get_header("Content-Type") or "",
        location=http.get_header("Location") or "",
        at=read_time(record.rec_headers.get_header("WARC-Date")),
        body=body if len(body) <= MAX_BODY else b"",
    )
