"""SEC EDGAR: the feed of current filings, to the filing's index, to its main document, to an article.

Only the 8-K items that can carry a deal, a financing or a closure are followed; exhibits are read where the
filing has a press release (EX-99.1). A Form D notice is data: its article is two sentences made from its
fields.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin

from lxml import etree, html
from scrapy.http import Request, Response

from spiders.base import Entry, Gathered, origin
from spiders.feeds import FeedSpider
from spiders.gates import CHALLENGE
from spiders.markup import tree_text
from spiders.pages import MIN_TEXT, read_time

# 8-K items: 1.01/1.02 agreements made and ended, 1.03 bankruptcy, 2.01 acquisition completed, 2.03 debt, 2.05
# exits, 3.02 unregistered shares sold, 5.01 change of control, 7.01 and 8.01 whatever else is told to
# investors.
DEAL_ITEMS = frozenset({"1.01", "1.02", "1.03", "2.01", "2.03", "2.05", "3.02", "5.01", "7.01", "8.01"})
ITEM_CODE = re.compile(r"\bItem\s+(\d\.\d\d)\b")
ITEM_HEADING = re.compile(r"^item\s+\d\.\d\d", re.IGNORECASE)
END = re.compile(r"^signatures?\b", re.IGNORECASE)
TITLE = re.compile(r"^(?P<form>\S+(?:/A)?) - (?P<name>.+?) \((?P<cik>\d{10})\)")

FORM_D = {
    "name": "entityName",
    "form": "submissionType",
    "industry": "industryGroupType",
    "offered": "totalOfferingAmount",
    "sold": "totalAmountSold",
    "investors": "totalNumberAlreadyInvested",
    "first_sale": "dateOfFirstSale/value",
}


def filing_details(title: str, summary: str) -> dict[str, Any]:
    """Form, filer and item codes of a feed entry; empty where its title has another form."""
    match = TITLE.match(title)
    if match is None:
        return {}
    return {**match.groupdict(), "items": sorted(set(ITEM_CODE.findall(summary)))}


def may_hold_deal(details: dict[str, Any]) -> bool:
    if details.get("form", "").startswith("8-K"):
        return bool(DEAL_ITEMS.intersection(details["items"]))
    return details.get("form") in ("D", "D/A")


def documents(body: bytes, url: str) -> dict[str, str]:
    """The documents of a filing index: type to address, the first of each type, inline-viewer links made
    plain.
    """
    found: dict[str, str] = {}
    for row in html.fromstring(body).xpath("//table[contains(@class, 'tableFile')]//tr[td]"):
        cells = [cell.text_content().strip() for cell in row.xpath("./td")]
        links = row.xpath("./td//a/@href")
        if (
            len(cells) < 4 or not links or "/xsl" in links[0]
        ):  # Form D is listed rendered and plain; plain is read
            continue
        found.setdefault(cells[3], urljoin(url, str(links[0]).replace("/ix?doc=", "")))
    return found


def filing_text(body: bytes) -> str:
    """The prose of an 8-K or of its exhibit: from the first item to the signatures, hidden XBRL facts left
    out.
    """
    tree = html.document_fromstring(re.sub(rb"^\s*<\?xml[^>]*\?>", b"", body))
    if CHALLENGE.match(tree.xpath("string(//title)").split("|")[-1].strip()):
        return ""
    for hidden in tree.xpath(
        "//*[local-name()='ix:header' or local-name()='header' or local-name()='ix:hidden']"
    ):
        hidden.drop_tree()
    return "\n".join(_items(tree_text(tree).splitlines()))


def _items(lines: list[str]) -> list[str]:
    start = next((number for number, line in enumerate(lines) if ITEM_HEADING.match(line)), 0)
    kept = lines[start:]
    end = next((number for number, line in enumerate(kept) if END.match(line)), len(kept))
    return kept[:end]


def form_d(body: bytes) -> tuple[str, str, dict[str, str]]:
    """Headline, text and fields of a Form D notice. Raises ValueError where the body is none.

    Amounts are US dollars; `sold` is the money of this offering so far, which is what the form reports.
    """
    root = _form_root(body)
    fields = {name: str(root.findtext(f".//{path}") or "").strip() for name, path in FORM_D.items()}
    if not fields["name"]:
        raise ValueError("not a Form D notice")
    sold = _dollars(fields["sold"])
    title = f"{fields['name']} reports {sold} sold in a private offering (Form {fields['form']})"
    return title, _form_d_text(fields), fields


def _form_root(body: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        return etree.fromstring(body.strip(), parser)
    except etree.XMLSyntaxError as error:
        raise ValueError("not a Form D notice") from error


def _dollars(value: str) -> str:
    return f"${int(value):,}" if value.isdigit() else "an undisclosed amount"


def _form_d_text(fields: dict[str, str]) -> str:
    whole = (
        f"{_dollars(fields['offered'])} offered"
        if fields["offered"].isdigit()
        else "an offering without a limit"
    )
    first = f"first sold on {fields['first_sale']}" if fields["first_sale"] else "with no sale made yet"
    subject = "The fund " if fields["industry"] == "Pooled Investment Fund" else ""
    sold = (
        f"{subject}{fields['name']} has sold {_dollars(fields['sold'])} of {whole} in a private offering of "
        f"securities, {first}, according to a Form {fields['form']} notice filed with the SEC."
    )
    counted = f" and counts {fields['investors']} investors so far" if fields["investors"] else ""
    return f"{sold}\nThe notice names {fields['industry'] or 'none'} as the industry group{counted}."


class EdgarSpider(FeedSpider):
    """Crawls a feed of current filings."""

    async def start(self) -> AsyncIterator[Request]:
        if "@" not in self.settings["USER_AGENT"]:
            self.tally.problem = "SEC EDGAR wants an e-mail address: set TRACKER_CONTACT"
        async for request in super().start():
            yield request

    def entries(self, response: Response) -> list[Entry]:
        found = super().entries(response)
        entries = [replace(e, details=filing_details(e.title, e.text), complete=False) for e in found]
        # Counted as listed even where nothing of it is followed: a feed without deals is not a broken one.
        self.tally.items += sum(not may_hold_deal(entry.details) for entry in entries)
        return [entry for entry in entries if may_hold_deal(entry.details)]

    def parse_page(self, response: Response, entry: Entry) -> Iterator[Request]:
        """A filing's index: one request for the document that is read."""
        listed = documents(response.body, response.url)
        form = entry.details["form"]
        address = listed.get("EX-99.1") if form.startswith("8-K") else None
        address = listed.get(form) if address is None or not _follows_release(entry) else address
        if address is None:
            self.tally.failures[f"filing index without a {form} document"] += 1
            return
        read = self.parse_notice if form.startswith("D") else self.parse_report
        yield Request(address, read, errback=self.page_failed, cb_kwargs={"entry": entry})

    def parse_notice(self, response: Response, entry: Entry) -> Iterator[Gathered]:
        try:
            title, text, fields = form_d(response.body)
        except ValueError as error:
            self.tally.failures[str(error)] += 1
            return
        yield self.filing(entry, response.url, title, text, {**fields, **entry.details})

    def parse_report(self, response: Response, entry: Entry) -> Iterator[Gathered]:
        text = filing_text(response.body)
        if len(text) < MIN_TEXT:
            self.tally.failures["filing without readable text"] += 1
            return
        title = f"{entry.details['name']}: {entry.details['form']}, item {', '.join(entry.details['items'])}"
        yield self.filing(entry, response.url, title, text, entry.details)

    def filing(self, entry: Entry, url: str, title: str, text: str, details: dict[str, Any]) -> Gathered:
        published: dt.datetime | None = (
            entry.updated or entry.published or read_time(details.get("first_sale"))
        )
        return Gathered(
            url=url,
            title=title,
            text=text,
            published=published,
            language="en",
            filing=True,
            details={**origin(entry), **details},
        )


def _follows_release(entry: Entry) -> bool:
    """Whether the press release says more than the report: items 7.01 and 8.01 as a rule only furnish it."""
    return not DEAL_ITEMS.difference({"7.01", "8.01"}).intersection(entry.details["items"])
