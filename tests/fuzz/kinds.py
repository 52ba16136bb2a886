"""Every kind of input by its name."""

from __future__ import annotations

from collections.abc import Mapping

from tests.fuzz import filings, gathered, typed
from tests.fuzz.kind import Kind

ALL = (
    gathered.FEEDS, gathered.SITEMAPS, gathered.PAGES, gathered.ARCHIVES, filings.FILINGS,
    typed.CRITERIA, typed.TOMLS, typed.RECORDS, typed.OPMLS,
)  # fmt: skip
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in ALL}
