"""Documents of EDGAR, each read as every form that is followed: a body may come under any of them."""

from __future__ import annotations

from contextlib import suppress

from spiders.base import Entry, Gathered
from spiders.edgar.articles import tell
from spiders.edgar.filings import BESIDES, WHOLE, Filing, filing_details, open_filing
from tests.edgar_filings import FURNISHED, REPORT
from tests.fuzz.gathered import MARKUP, VALUES, is_storable, refuses
from tests.fuzz.kind import Kind, seeds

URL = "https://www.sec.gov/Archives/edgar/data/77/x-index.htm"


def entry(form: str) -> Entry:
    details = filing_details(f"{form} - TARN SYSTEMS INC (0000000077) (Filer)", "Item 2.01: x")
    return Entry(URL, "Tarn", details=details)


def read_opened(form: str, body: bytes) -> Gathered:
    """The body as what a feed leads to, and again as each document that is missing then."""
    filing = open_filing(entry(form), body, URL)
    while filing.missing:
        filing = filing.with_document(body)
    return tell(filing)


def read_document(form: str, body: bytes) -> Gathered:
    kinds = (form, *BESIDES.get(form, ()))
    parties = {"FILED BY": ["Birk"], "SUBJECT COMPANY": ["Corrie"]}
    return tell(Filing(entry(form), URL, documents=dict.fromkeys(kinds, body), parties=parties))


def filing(body: bytes) -> None:
    for form in (*WHOLE, *BESIDES):
        for read in (read_opened, read_document):
            with suppress(ValueError):
                article = read(form, body)
                with refuses(ValueError):
                    is_storable([article])


REPORTS = f"{REPORT}\n{FURNISHED}\n".encode()
FILINGS = Kind("filing", (*seeds("filing"), REPORTS), filing, VALUES, MARKUP)
