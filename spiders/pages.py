"""An article out of an HTML page: title, text, dates, canonical address. Never touches the network.

The text is trafilatura's (Barbaresi 2021, doi 10.18653/v1/2021.acl-demo.15); the dates are read from what the
page declares for machines (JSON-LD, OpenGraph, meta and time elements) before anything is guessed from its
text.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import trafilatura
from lxml.etree import ParserError

from spiders.addresses import clean_url, same_site
from spiders.gates import NotAnArticle, check_listing, check_page, check_titles

__all__ = ["NotAnArticle", "Page", "read_page", "read_time"]

END = 20_000  # bytes; some pages have scripts and comments behind the end of their markup
MIN_TEXT = 120  # characters; shorter bodies are teasers, videos and error pages
TYPES = (
    "Article",
    "NewsArticle",
    "ReportageNewsArticle",
    "AnalysisNewsArticle",
    "BlogPosting",
    "PressRelease",
    "LiveBlogPosting",
    "TechArticle",
    "Report",
)
PUBLISHED_META = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.created",
    "cxenseparse:recs:publishtime",
    "pubdate",
    "publishdate",
    "publish-date",
    "date",
    "dc.date",
)
MODIFIED_META = ("article:modified_time", "og:updated_time", "datemodified", "lastmod", "dcterms.modified")
# What pages put between an article's paragraphs; whole words of class names, so that "shadow" is no ad.
CLUTTER = (
    "ad", "ads", "advert", "advertisement", "ad-slot", "promo", "newsletter", "newsletter-signup", "related",
    "related-articles", "related-stories", "read-more", "recommended", "cookie-banner", "comments",
)  # fmt: skip
CLUTTER_PATHS = [
    f"//body//*[self::div or self::aside or self::section or self::ul or self::p]"
    f"[contains(concat(' ', normalize-space(@class), ' '), ' {name} ') or @id='{name}']"
    for name in CLUTTER
]


@dataclass(frozen=True)
class Page:
    """What a page says. `url` is its canonical address without tracking parameters; times are aware, UTC."""

    url: str
    title: str
    text: str
    published: dt.datetime | None
    modified: dt.datetime | None
    language: str


def read_page(body: bytes, url: str, *, trust_canonical: bool = False) -> Page:
    """The article of a page. Raises NotAnArticle for challenges, error pages and bodies without text.

    A canonical address on another site is taken only where `trust_canonical` says so: otherwise any page
    could overwrite another outlet's article.
    """
    tree = _tree(body)
    record = next(_records(tree), {})
    meta = _metas(tree)
    title = _title(tree, record, meta)
    heading = _text(tree.xpath("string(//title)"))
    check_titles(title, heading)
    check_listing(_kinds(tree), record)
    text = body_text(tree, title)
    check_page(tree, url, text, record)
    if len(text) < MIN_TEXT:
        raise NotAnArticle(f"only {len(text)} characters of text on the page")
    return Page(
        url=_canonical(tree, meta, url, trust_canonical),
        title=title,
        text=text,
        published=_first_time(
            [record.get("datePublished"), *_values(meta, PUBLISHED_META), *_time_elements(tree)]
        ),
        modified=_first_time([record.get("dateModified"), *_values(meta, MODIFIED_META)]),
        language=_language(tree),
    )


def is_cut_off(body: bytes) -> bool:
    """Whether an HTML page lacks its end, as an answer does that was shorter than the page it carries."""
    end = body[-END:].lower()
    return b"<html" in body[:END].lower() and b"</html" not in end and b"</body" not in end


def _tree(body: bytes) -> Any:
    try:
        tree = trafilatura.load_html(body)
    except (ParserError, ValueError):
        tree = None
    if tree is None:
        raise NotAnArticle("the body is not HTML")
    return tree


def body_text(tree: Any, title: str) -> str:
    """The paragraphs of the article, one a line, without the headline."""
    text = trafilatura.extract(
        tree, include_comments=False, include_tables=False, favor_precision=True, prune_xpath=CLUTTER_PATHS
    )
    lines = [_text(line).removeprefix("- ") for line in (text or "").splitlines()]
    kept = [line for line in lines if line]
    if kept and kept[0] == title:
        kept = kept[1:]
    return "\n".join(kept)


def _text(value: Any) -> str:
    return re.sub(r"\s+", " ", str(value or "")).strip()


def _records(tree: Any) -> Iterator[dict[str, Any]]:
    """The JSON-LD records that describe an article, in page order."""
    return (record for record in _all_records(tree) if _is_article(record))


def _kinds(tree: Any) -> set[str]:
    """What the page's JSON-LD records say they are."""
    return {str(record.get("@type")) for record in _all_records(tree)}


def _all_records(tree: Any) -> Iterator[dict[str, Any]]:
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        try:
            data = json.loads(script, strict=False)
        except ValueError:
            continue
        yield from _flatten(data)


def _flatten(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        for part in data:
            yield from _flatten(part)
    elif isinstance(data, dict):
        yield data
        yield from _flatten(data.get("@graph", []))


def _is_article(record: dict[str, Any]) -> bool:
    kinds = record.get("@type")
    return any(kind in TYPES for kind in (kinds if isinstance(kinds, list) else [kinds]))


def _metas(tree: Any) -> dict[str, str]:
    metas: dict[str, str] = {}
    for element in tree.xpath("//meta[@content]"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        if name:
            metas.setdefault(name.lower(), element.get("content"))
    return metas


def _values(meta: dict[str, str], names: tuple[str, ...]) -> Iterator[str]:
    return (meta[name] for name in names if name in meta)


def _title(tree: Any, record: dict[str, Any], meta: dict[str, str]) -> str:
    headings = [heading for h in tree.xpath("//h1") if (heading := _text(h.text_content()))]
    # Declared headlines are cut, or written for search engines; the one printed on the page is what a reader
    # saw.
    if len(headings) == 1:
        return headings[0]
    declared = (
        _text(record.get("headline")) or _text(meta.get("og:title")) or _text(tree.xpath("string(//title)"))
    )
    return _text(html.unescape(declared))


def _time_elements(tree: Any) -> list[str]:
    return [str(value) for value in tree.xpath("//article//time/@datetime | //main//time/@datetime")[:1]]


def _first_time(values: Any) -> dt.datetime | None:
    return next((time for value in values if (time := read_time(value))), None)


def read_time(value: Any) -> dt.datetime | None:
    """An ISO time as aware UTC; without a zone it is taken as UTC, a day as its start; None for anything
    else.

    >>> read_time("2026-03-26T09:30:00+01:00").isoformat()
    '2026-03-26T08:30:00+00:00'
    """
    try:
        time = dt.datetime.fromisoformat(str(value).strip())
        return time.replace(tzinfo=dt.UTC) if time.tzinfo is None else time.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def _canonical(tree: Any, meta: dict[str, str], url: str, trusted: bool) -> str:
    links = [*tree.xpath("//link[@rel='canonical']/@href"), *_values(meta, ("og:url",))]
    for link in links:
        address = urljoin(url, str(link).strip())
        usable = urlsplit(address).scheme in ("http", "https") and len(urlsplit(address).path) > 1
        if usable and (trusted or same_site(address, url)):
            return clean_url(address)
    return clean_url(url)


def _language(tree: Any) -> str:
    declared = tree.xpath("string(/html/@lang)") or tree.get("lang") or ""
    return str(declared)[:2].lower()
