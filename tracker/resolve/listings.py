"""Public lists of companies, matched with the companies that are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tracker.errors import LedgerError
from tracker.models.company import Listing
from tracker.resolve.companies import Directory
from tracker.resolve.names import normalise


def match_listings(found: Iterable[Listing], directory: Directory) -> tuple[list[Listing], list[str]]:
    """The listings with the ids of the companies they are of, and what was left out, in words.

    A company is known by its ticker, else by its name. One known under another ticker is left out: either
    may be wrong. One that nobody has listed gets an id from its name, with its ticker where that is taken.
    """
    by_ticker = {c.ticker: c for c in directory.companies.values() if c.ticker}
    taken = set(directory.companies)
    kept, left = [], []
    for listing in found:
        known = by_ticker.get(listing.ticker) or directory.link(listing.name).company
        if known is not None and known.ticker not in ("", listing.ticker):
            left.append(f"{listing.name} ({listing.ticker}): the list has {known.name} as {known.ticker}")
            continue
        id_ = known.id if known else _new_id(listing, taken)
        taken.add(id_)
        kept.append(listing.model_copy(update={"company_id": id_}))
    return kept, left


def _new_id(listing: Listing, taken: set[str]) -> str:
    slug = normalise(listing.name).replace(" ", "-") or "company"
    return slug if slug not in taken else f"{slug}-{listing.ticker.casefold()}"


def read_sec(data: Mapping[str, Any]) -> Iterator[Listing]:
    """The companies of the SEC's list of tickers, each once, with the ticker it is listed under first.

    Raises LedgerError where it is another file.
    """
    seen: set[int] = set()
    for row in data.values():
        try:
            cik, ticker, title = int(row["cik_str"]), str(row["ticker"]), str(row["title"])
        except (KeyError, TypeError, ValueError) as error:
            raise LedgerError(
                "this is not the SEC's list of company tickers", hint="it is called company_tickers.json"
            ) from error
        if cik not in seen and normalise(title):
            seen.add(cik)
            yield Listing(company_id="", name=as_written(title), ticker=ticker, cik=cik)


def as_written(title: str) -> str:
    """A registered name without the capitals of a register.

    >>> as_written("CELESTICA INC"), as_written("IonQ, Inc."), as_written("AST SPACEMOBILE, INC.")
    ('Celestica Inc', 'IonQ, Inc.', 'AST Spacemobile, Inc.')
    """
    if not title.isupper():
        return title
    forms = {"INC", "CORP", "CO", "LTD", "THE", "OF", "AND"}
    return " ".join(
        w.capitalize() if len(w.strip(",.")) > 3 or w.strip(",.") in forms else w for w in title.split()
    )
