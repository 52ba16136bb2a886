"""RSS, Atom and RDF feeds in every dialect feedparser reads, and JSON Feed."""

from __future__ import annotations

import calendar
import datetime as dt
import io
import re
from typing import Any

import feedparser
from scrapy.http import Response

from spiders.addresses import web_address
from spiders.base import Entry, SourceSpider, header
from spiders.jsonfeed import is_json, read_json_feed
from spiders.markup import plain_text

MIN_COMPLETE = 600  # characters; a content element below it is as a rule an excerpt
CUT_SHORT = re.compile(
    r"(\u2026\]?|\.\.\.\]?|\[&hellip;\]|read more|continue reading|read the full (story|article)|full story)"
    r"[\s.:»>\u2192]*$",
    re.IGNORECASE,
)
FOOTER = re.compile(r"^The post .{3,300} appeared first on .{2,80}\.$")  # WordPress signs every entry


def read_feed(body: bytes, url: str, content_type: str = "") -> list[Entry]:
    """The entries of a feed, in its order. Raises ValueError where the body is no feed.

    Entries without a web address are left out: there is nothing to cite.
    """
    if is_json(body):
        return read_json_feed(body, url, MIN_COMPLETE)
    headers = {"content-type": content_type} if content_type else {}
    parsed = feedparser.parse(io.BytesIO(body), response_headers={"content-location": url, **headers})
    if not parsed.entries and not parsed.get("version"):
        reason = parsed.get("bozo_exception")
        raise ValueError(f"not a feed: {str(reason).splitlines()[0][:120]}" if reason else "not a feed")
    language = str(parsed.feed.get("language") or "")[:2].lower()
    entries = (_entry(raw, url, language) for raw in parsed.entries)
    return [entry for entry in entries if entry.url]


def _entry(raw: Any, base: str, language: str) -> Entry:
    text, complete = _body(raw)
    link = str(raw.get("feedburner_origlink") or raw.get("link") or "")
    details = {"tags": tags} if (tags := _tags(raw)) else {}
    return Entry(
        url=web_address(base, link),
        title=plain_text(str(raw.get("title") or "")).replace("\n", " "),
        published=_time(raw.get("published_parsed") or raw.get("created_parsed")),
        updated=_updated(raw),
        text=text,
        complete=complete,
        language=str(raw.get("language") or "")[:2].lower() or language,
        details=details,
    )


def _body(raw: Any) -> tuple[str, bool]:
    """The longest body of an entry and whether it is the whole article."""
    contents = [plain_text(str(part.get("value") or "")) for part in raw.get("content") or []]
    longest = _trim(max(contents, key=len, default=""))
    if len(longest) >= MIN_COMPLETE and not CUT_SHORT.search(longest):
        return longest, True
    return longest or _trim(plain_text(str(raw.get("summary") or ""))), False


def _trim(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not FOOTER.match(line))


def _tags(raw: Any) -> list[str]:
    return [str(tag.term) for tag in raw.get("tags") or [] if tag.get("term")]


def _updated(raw: Any) -> dt.datetime | None:
    # feedparser answers `updated` with `published` where a feed has none; only a real one is a change.
    return _time(dict.get(raw, "updated_parsed"))


def _time(value: Any) -> dt.datetime | None:
    try:
        return dt.datetime.fromtimestamp(calendar.timegm(value), dt.UTC) if value else None
    except (ValueError, OverflowError, OSError):
        return None


class FeedSpider(SourceSpider):
    """Crawls a source that publishes a feed."""

    def entries(self, response: Response) -> list[Entry]:
        return read_feed(response.body, response.url, header(response, "Content-Type"))
