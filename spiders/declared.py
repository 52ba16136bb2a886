"""What a page declares of itself for machines: JSON-LD records, OpenGraph and other meta elements."""

from __future__ import annotations

import html
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from spiders.times import Stamp, first_stamp

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
AUTHOR_META = (
    "author", "article:author", "article:author_name", "byl", "citation_author", "dc.creator",
    "sailthru.author", "parsely-author", "cxenseparse:author", "dcsext.author",
)  # fmt: skip
LAST_NAME_FIRST = ("citation_author", "dc.creator")  # as libraries write names
SECTION_META = ("article:section", "parsely-section", "section")
MOST_NAMES, MOST_TAGS = 20, 20
LONGEST_NAME = 60  # characters; what is longer is a sentence
BETWEEN_NAMES = re.compile(r"\s*[,;|]\s*|\s+(?:and|&)\s+")
BY = re.compile(r"^by\s+", re.IGNORECASE)
SEPARATOR = re.compile(r"\s+[|*•·»–—-]\s")
TYPOGRAPHY = str.maketrans("‘’“”", "''\"\"")


@dataclass(frozen=True)
class Declared:
    """`record` is the first JSON-LD record of an article, empty where there is none; `kinds` what all records
    say they are; `metas` the contents of the meta elements by their name in lower case.
    """

    record: dict[str, Any]
    kinds: set[str]
    metas: dict[str, list[str]]
    records: dict[str, dict[str, Any]]

    def first(self, *names: str) -> str:
        """The content of the first of these meta elements that has any."""
        return next((value for name in names for value in self.metas.get(name, []) if value), "")

    def each(self, names: Iterable[str]) -> Iterator[str]:
        return (value for name in names for value in self.metas.get(name, [])[:1])


def read_declared(tree: Any) -> Declared:
    records = list(_records(tree))
    article = next((record for record in records if _is_article(record)), {})
    kinds = {kind for record in records for kind in _kinds(record)}
    named = {str(record["@id"]): record for record in records if "@id" in record and "name" in record}
    return Declared(article, kinds, _metas(tree), named)


def _records(tree: Any) -> Iterator[dict[str, Any]]:
    for script in tree.xpath("//script[starts-with(@type, 'application/ld+json')]/text()"):
        try:
            yield from list(_flatten(json.loads(script, strict=False)))
        except (ValueError, RecursionError):
            continue


def _flatten(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        for part in data:
            yield from _flatten(part)
    elif isinstance(data, dict):
        yield data
        yield from _flatten(data.get("@graph", []))


def _is_article(record: dict[str, Any]) -> bool:
    return any(kind in TYPES for kind in _kinds(record))


def _kinds(record: dict[str, Any]) -> list[str]:
    """What a record says that it is: one type, or several in a list."""
    said = record.get("@type")
    return [str(kind) for kind in (said if isinstance(said, list) else [said])]


def _metas(tree: Any) -> dict[str, list[str]]:
    metas: dict[str, list[str]] = defaultdict(list)
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        if name and element.get("content"):
            metas[name.lower()].append(element.get("content"))
    return dict(metas)


def one_line(value: Any) -> str:
    return " ".join(str(value or "").split())


def _decoded(value: Any) -> str:
    """Declared texts are often escaped once more than they should be."""
    return one_line(html.unescape(str(value or "")))


def title(tree: Any, page: Declared) -> str:
    """The headline under which a page wants to be told of, else the one it prints, without the outlet's name
    behind it.
    """
    printed = [heading for h in tree.iter("h1") if (heading := one_line(h.text_content()))]
    printed = printed if len(printed) == 1 else []
    headline = _decoded(page.record.get("headline"))
    others = [*printed, *([headline] if headline else [])]
    site = _decoded(page.first("og:site_name"))
    shared = _decoded(page.first("og:title"))
    chosen = [shared, *others, _decoded(tree.xpath("string(//title)"))]
    return _unsigned(next((text for text in chosen if text and text != site), ""), others, site)


def _unsigned(text: str, others: list[str], site: str) -> str:
    """A headline without a signature such as "| Outlet | by Author", and whole where it was cut with dots."""
    plain = text.translate(TYPOGRAPHY)
    for other in others:
        known = other.translate(TYPOGRAPHY)
        if plain.startswith(known) and SEPARATOR.match(plain[len(known) :]):
            return text[: len(known)]
        if plain != known and plain.endswith(("…", "...")) and known.startswith(plain.rstrip(".… ")):
            return other
    signature = list(SEPARATOR.finditer(text))[-1:]
    if site and signature and text[signature[0].end() :].strip().casefold() == site.casefold():
        return text[: signature[0].start()]
    return text


def published(tree: Any, page: Declared) -> Stamp | None:
    declared = first_stamp([page.record.get("datePublished"), *page.each(PUBLISHED_META)])
    printed = "//article//time/@datetime | //main//time/@datetime"
    return declared or first_stamp(map(str, tree.xpath(printed)[:1]))


def modified(page: Declared) -> Stamp | None:
    return first_stamp([page.record.get("dateModified"), *page.each(MODIFIED_META)])


def authors(tree: Any, page: Declared) -> list[str]:
    """The names of the byline: the JSON-LD record's, else the meta elements', else the links' to authors."""
    found = next((names for names in _bylines(tree, page) if names), [])
    return list(dict.fromkeys(found))[:MOST_NAMES]


def _bylines(tree: Any, page: Declared) -> Iterator[list[str]]:
    """The names in each of the places where a page gives them; the last one takes a search to find."""
    site = _decoded(page.first("og:site_name"))
    yield list(_people(page.record.get("author"), page.records))
    for meta in AUTHOR_META:
        yield [name for name in _meta_names(page, meta) if name != site]
    links = (link.text_content() for link in tree.xpath("//a[@rel='author']"))
    yield [name for link in links for name in _names(link)]


def _people(value: Any, records: dict[str, dict[str, Any]]) -> Iterator[str]:
    if isinstance(value, list):
        for part in value:
            yield from _people(part, records)
    elif isinstance(value, dict):
        named = value if "name" in value else records.get(str(value.get("@id")), value)
        name = named.get("name") or named.get("byline")
        yield from _names(name, whole=True) if isinstance(name, str) else ()
    elif isinstance(value, str):
        yield from _names(value)


def _meta_names(page: Declared, meta: str) -> list[str]:
    names = []
    for value in page.metas.get(meta, []):
        parts = _decoded(value).split(", ")
        turned = f"{parts[1]} {parts[0]}" if meta in LAST_NAME_FIRST and len(parts) == 2 else value
        names += _names(turned)
    return names


def _names(text: str, whole: bool = False) -> list[str]:
    """The names in a byline; addresses, handles and sentences are none.

    >>> _names("By Ada Holm and Bo Lind"), _names("https://a.example/ada"), _names("ada-holm")
    (['Ada Holm', 'Bo Lind'], [], [])
    """
    line = BY.sub("", _decoded(text))
    parts = [line] if whole else BETWEEN_NAMES.split(line)
    names = [BY.sub("", part) for part in parts]
    return [name for name in names if _is_name(name)]


def _is_name(text: str) -> bool:
    starts = text[:1].isalpha() and not text.islower()  # "(Image: ...)", a handle
    return starts and len(text) <= LONGEST_NAME and not re.search("[/@]", text)


def section(page: Declared) -> str:
    """The part of the outlet that an article stands in."""
    said = page.record.get("articleSection")
    parts = said if isinstance(said, list) else [said]
    return next((text for part in [*parts, page.first(*SECTION_META)] if (text := _decoded(part))), "")


def tags(page: Declared) -> list[str]:
    """The subjects that a page gives for itself."""
    said = page.record.get("keywords")
    own = page.metas.get("article:tag") or [page.first("news_keywords", "keywords")]
    values = (said if isinstance(said, list) else [said]) if said else own
    parts = (part for value in values if isinstance(value, str) for part in value.split(","))
    return list(dict.fromkeys(tag for part in parts if (tag := _decoded(part))))[:MOST_TAGS]
