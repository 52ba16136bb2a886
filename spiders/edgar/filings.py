"""A filing between the feed that lists it and the article it becomes: its documents, and what is still to
fetch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin

from spiders.base import Entry
from spiders.edgar.documents import tree_of
from spiders.edgar.forms import FEES
from spiders.edgar.reports import DEAL_ITEMS, item_codes
from spiders.edgar.submissions import read_submission
from tracker.extract.forms import base_form

TITLE = re.compile(r"^(?P<form>\S+(?: TO-T)?(?:/A)?) - (?P<name>.+?) \((?P<cik>\d{10})\)")
ACCESSION = re.compile(r"\b\d{10}-\d{2}-\d{6}\b")
INDEX = re.compile(r"-index\.html?$")
RELEASES = (
    "EX-99.1",
    "EX-99.01",
    "EX-99",
)  # the press release, by the names it goes under; the first is read
# What is read besides the form itself. S-1s have named their sums in an exhibit since 2022.
BESIDES: Mapping[str, tuple[str, ...]] = {"8-K": RELEASES, "S-1": (FEES,), "F-1": (FEES,)}
# A notice is short and a tender offer names its parties in the header alone: the whole submission is read,
# one request. Others carry exhibits of many megabytes: their index is read, then a document or two.
WHOLE = frozenset({"D", "SC TO-T"})


@dataclass(frozen=True)
class Filing:
    """A filing as far as it has been read. `url` is that of its main document."""

    entry: Entry
    url: str
    missing: tuple[tuple[str, str], ...] = ()
    documents: Mapping[str, bytes] = field(default_factory=dict)
    parties: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def form(self) -> str:
        return str(self.entry.details["form"])

    def with_document(self, body: bytes) -> Filing:
        """With the first missing document."""
        (kind, _), *rest = self.missing
        return replace(self, missing=tuple(rest), documents={**self.documents, kind: body})

    def without_document(self) -> Filing:
        """Without the first missing document, which could not be had."""
        return replace(self, missing=self.missing[1:])


def filing_details(title: str, summary: str) -> dict[str, Any]:
    """Form, filer and item codes of a feed entry; empty where its title has another form."""
    match = TITLE.match(title)
    return {**match.groupdict(), "items": item_codes(summary)} if match else {}


def may_hold_deal(details: Mapping[str, Any]) -> bool:
    """Whether a filing is followed. An 8-K whose items the feed leaves out is: the filing will tell."""
    form = base_form(details.get("form", ""))
    if form == "8-K":
        return not details["items"] or bool(DEAL_ITEMS.intersection(details["items"]))
    return form in WHOLE or form in BESIDES


def accession(address: str) -> str:
    """The number that names a filing, else its address: a filing is listed once for each of its parties."""
    match = ACCESSION.search(address)
    return match[0] if match else address


def current_filings(entries: Iterable[Entry]) -> list[Entry]:
    """The filings that a feed lists, each once, with what its titles tell in `details`."""
    found: dict[str, Entry] = {}
    for entry in entries:
        details = filing_details(entry.title, entry.text)
        url = INDEX.sub(".txt", entry.url) if base_form(details.get("form", "")) in WHOLE else entry.url
        found.setdefault(accession(url), replace(entry, url=url, details=details, complete=False))
    return list(found.values())


def open_filing(entry: Entry, body: bytes, url: str) -> Filing:
    """A filing from what its entry leads to: the submission, or its index.

    Raises ValueError with a reason where the body is neither, or has nothing to read.
    """
    if base_form(entry.details["form"]) in WHOLE:
        whole = read_submission(body)
        return Filing(entry, url, documents=whole.documents, parties=whole.parties)
    tree = tree_of(body)
    form, listed = entry.details["form"], _listed(tree, url)
    if form not in listed:
        raise ValueError(f"filing index without a {form} document")
    exhibits = [kind for kind in BESIDES[base_form(form)] if kind in listed][:1]
    items = sorted({*entry.details["items"], *_index_items(tree)})
    entry = replace(entry, details={**entry.details, "items": items})
    return Filing(entry, listed[form], tuple((kind, listed[kind]) for kind in (form, *exhibits)))


def _listed(tree: Any, url: str) -> dict[str, str]:
    """The documents of an index: type to address, the first of each type, inline-viewer links made plain."""
    found: dict[str, str] = {}
    for row in tree.xpath("//table[contains(@class, 'tableFile')]//tr[td]"):
        cells = [cell.text_content().strip() for cell in row.xpath("./td")]
        links = row.xpath("./td//a/@href")
        if len(cells) >= 4 and links:
            found.setdefault(cells[3], urljoin(url, str(links[0]).replace("/ix?doc=", "")))
    return found


def _index_items(tree: Any) -> list[str]:
    """The item codes in the head of an index."""
    heads = tree.xpath("//*[contains(@class, 'infoHead')][starts-with(normalize-space(), 'Item')]")
    told = (head.getnext() for head in heads)
    return item_codes(" ".join(" ".join(info.itertext()) for info in told if info is not None))
