"""What is publicly known of a company by its name (data/companies.csv): category, and whether it invests."""

from __future__ import annotations

import csv
from functools import cache

from tracker.config import shipped
from tracker.extract.clusters import name_words

Known = tuple[str, str]
"""Kind and category."""


@cache
def known_companies() -> dict[tuple[str, ...], Known]:
    """Kind and category by the words of a name or an alias; names that two companies share are left out."""
    out: dict[tuple[str, ...], Known] = {}
    shared = set()
    with shipped("data", "companies.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            for name in (row["name"], *filter(None, row["aliases"].split("|"))):
                words = name_words(name)
                if words in out and out[words] != (row["kind"], row["category"]):
                    shared.add(words)
                out[words] = (row["kind"], row["category"])
    return {words: known for words, known in out.items() if words not in shared}


def known_as(name: str) -> Known | None:
    """Kind and category of a listed company, else None."""
    return known_companies().get(name_words(name))


def is_government(name: str) -> bool:
    """Whether a name is a state, a ministry or a regulator: it clears and funds, and is never sold."""
    known = known_as(name)
    return known is not None and known[0] == "government"
