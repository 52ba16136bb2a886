"""Crawls a feed of current filings of SEC EDGAR."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import cached_property
from typing import Any

from scrapy.http import Request, Response

from spiders.base import Entry, Gathered
from spiders.edgar.articles import tell
from spiders.edgar.filings import Filing, accession, current_filings, may_hold_deal, open_filing
from spiders.failures import describe, is_lasting
from spiders.feeds import FeedSpider


class EdgarSpider(FeedSpider):
    """From the feed to each filing, its documents one after another, and its article."""

    async def start(self) -> AsyncIterator[Request]:
        if "@" not in self.settings["USER_AGENT"]:
            self.tally.problem = "SEC EDGAR wants an e-mail address: set TRACKER_CONTACT"
        async for request in super().start():
            yield request

    def entries(self, response: Response) -> list[Entry]:
        entries = current_filings(super().entries(response))
        # Counted as listed even where nothing of it is followed: a feed without deals is not a broken one.
        self.tally.items += sum(not may_hold_deal(entry.details) for entry in entries)
        return [entry for entry in entries if may_hold_deal(entry.details)]

    @cached_property
    def filed(self) -> set[str]:
        """The filings that the store knows."""
        return {accession(address) for address in self.known}

    def is_known(self, entry: Entry) -> bool:
        """By its number alone: a filing never changes, and has an address under each of its parties."""
        return accession(entry.address) in self.filed

    def parse_page(self, response: Response, entry: Entry) -> Iterator[Request | Gathered]:
        try:
            yield self.next_step(open_filing(entry, response.body, response.url))
        except ValueError as error:
            self.fail(entry, str(error))

    def parse_document(self, response: Response, filing: Filing) -> Iterator[Request | Gathered]:
        try:
            yield self.next_step(filing.with_document(response.body))
        except ValueError as error:
            self.fail(filing.entry, str(error))

    def next_step(self, filing: Filing) -> Request | Gathered:
        """A request for the next document, or the article. Raises ValueError where there is none."""
        if not filing.missing:
            return tell(filing)
        return Request(
            filing.missing[0][1],
            self.parse_document,
            errback=self.document_failed,
            cb_kwargs={"filing": filing},
        )

    def document_failed(self, failure: Any) -> Iterator[Request | Gathered]:
        """An exhibit that is gone is gone without; one that may come back is left for the next crawl."""
        filing: Filing = failure.request.cb_kwargs["filing"]
        if filing.missing[0][0] == filing.form or not is_lasting(failure):
            self.fail(filing.entry, describe(failure))
            return
        try:
            yield self.next_step(filing.without_document())
        except ValueError as error:
            self.fail(filing.entry, str(error))
