"""Pages that wait to be asked for: as entries, of which a request is made once it is that page's turn.

A request is more than a kilobyte: those of 25,000 pages, as Scrapy would queue them, took some 30 MB.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from scrapy.core.scheduler import Scheduler as ScrapyScheduler
from scrapy.http import Request

if TYPE_CHECKING:
    from spiders.base import Entry


class Waiting:
    """The entries of one crawl that are wanted: newest first, behind them those that failed before.

    `room` is how many it may still give out, whatever number of listings they come from.
    """

    def __init__(self, room: int) -> None:
        self.room = room
        self.entries: list[tuple[int, Entry]] = []  # with the number of failures; the next one last

    def __len__(self) -> int:
        return len(self.entries)

    def add(self, entries: Iterable[tuple[int, Entry]]) -> int:
        """Take entries in, each with how often it failed; returns how many there is no room for."""
        found = [*reversed(self.entries), *entries]
        found.sort(key=lambda each: each[1].stamp, reverse=True)
        # Where there are more than a crawl takes, pages that keep failing would bar the way to the others.
        found.sort(key=lambda each: each[0])
        self.entries = found[: self.room][::-1]
        return len(found) - len(self.entries)

    def give(self) -> Entry:
        """The next entry. Raises IndexError where none waits."""
        self.room -= 1
        return self.entries.pop()[1]

    def give_up(self) -> int:
        """Forget all that wait; returns how many."""
        left, self.entries = len(self.entries), []
        return left

    def give_complete(self) -> list[Entry]:
        """All the entries that need no page."""
        whole = [entry for _, entry in reversed(self.entries) if entry.complete]
        self.entries = [each for each in self.entries if not each[1].complete]
        self.room -= len(whole)
        return whole


class Scheduler(ScrapyScheduler):  # type: ignore[misc]  # Scrapy is untyped here
    """Scrapy's own, which asks its spider for the next page where no request is queued."""

    def __len__(self) -> int:
        return int(super().__len__()) + len(self.spider.waiting)

    def next_request(self) -> Request | None:
        return super().next_request() or self.spider.next_page()
