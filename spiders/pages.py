"""An article out of an HTML page: what it declares of itself, and its text. Never touches the network.

Dates, authors and subjects are what the page declares for machines (JSON-LD, OpenGraph, meta and time
elements); only where it declares no date at all is one looked for by htmldate.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import htmldate
import trafilatura
from lxml.etree import ParserError

from spiders import declared
from spiders.addresses import clean_url, same_site
from spiders.bodies import body_text
from spiders.declared import Declared, one_line, read_declared
from spiders.gates import NotAnArticle, check_listing, check_page, check_titles, is_paid
from spiders.languages import language
from spiders.times import Stamp, read_stamp
from tracker.sources import NO_ARTICLE

__all__ = ["NotAnArticle", "Page", "read_page"]

END = 20_000  # bytes; some pages have scripts and comments behind the end of their markup
MIN_TEXT = 120  # characters; shorter bodies are teasers, videos and error pages


@dataclass(frozen=True)
class Page:
    """What a page says. `url` is its canonical address without tracking parameters; times are aware, UTC;
    `facts` are the details of it that are kept beside the text: authors, section, tags, precision of times.
    """

    url: str
    title: str
    text: str
    published: dt.datetime | None
    modified: dt.datetime | None
    language: str
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def authors(self) -> list[str]:
        names: list[str] = self.facts.get("authors", [])
        return names


def read_page(body: bytes, url: str, *, trust_canonical: bool = False) -> Page:
    """The article of a page. Raises NotAnArticle for challenges, error pages and bodies without text.

    A canonical address on another site is taken only where `trust_canonical` says so: otherwise any page
    could overwrite another outlet's article.
    """
    tree = _tree(body)
    said = read_declared(tree)
    title = declared.title(tree, said)
    check_titles(title, one_line(tree.xpath("string(//title)")))
    check_listing(said.kinds, said.record)
    text = body_text(tree, title, _declared_text(said))
    check_page(tree, url, text, said.record)
    if len(text) < MIN_TEXT:
        raise NotAnArticle(f"{NO_ARTICLE}: under {MIN_TEXT} characters of text")
    published, modified = declared.published(tree, said) or _guessed(tree, url), declared.modified(said)
    return Page(
        url=_canonical(tree, said, url, trust_canonical),
        title=title,
        text=text,
        published=published.time if published else None,
        modified=modified.time if modified else None,
        language=language(_declared_language(tree), text),
        facts=_facts(tree, said, published, modified),
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
        raise NotAnArticle(f"{NO_ARTICLE}: no HTML")
    return tree


def _declared_text(said: Declared) -> str:
    """The text in the page's record; of one that is to be paid for nothing is taken but what is shown."""
    text = said.record.get("articleBody")
    return text if isinstance(text, str) and not is_paid(said.record) else ""


def _guessed(tree: Any, url: str) -> Stamp | None:
    """The day of publication in the address or in the usual elements of a page that declares none."""
    try:
        return read_stamp(htmldate.find_date(tree, extensive_search=False, original_date=True, url=url))
    except (ValueError, OverflowError):
        return None


def _facts(tree: Any, said: Declared, published: Stamp | None, modified: Stamp | None) -> dict[str, Any]:
    stamps = {"published": published, "modified": modified}
    facts = {
        "authors": declared.authors(tree, said),
        "section": declared.section(said),
        "tags": declared.tags(said),
        "precision": {name: stamp.precision for name, stamp in stamps.items() if stamp},
    }
    return {name: value for name, value in facts.items() if value}


def _canonical(tree: Any, said: Declared, url: str, trusted: bool) -> str:
    links = [*tree.xpath("//link[@rel='canonical']/@href"), *said.each(["og:url"])]
    for link in links:
        try:
            address = urljoin(url, str(link).strip())
            usable = urlsplit(address).scheme in ("http", "https") and len(urlsplit(address).path) > 1
        except ValueError:  # such as a host in brackets that is no IPv6 address
            continue
        if usable and (trusted or same_site(address, url)):
            return clean_url(address)
    return clean_url(url)


def _declared_language(tree: Any) -> str:
    said = tree.xpath("string(/html/@lang)") or tree.get("lang") or ""
    return str(said)[:2].lower()
