"""8-K reports: their prose, the items it falls into, and what each item signals."""

from __future__ import annotations

import re
from collections.abc import Iterable

from spiders.edgar.documents import prose

SIGNALS = {
    "1.01": "agreement",
    "1.02": "termination",
    "1.03": "bankruptcy",
    "2.01": "acquisition or disposal completed",
    "2.05": "exit costs",
}
# Followed besides: 2.03 debt, 3.02 unregistered shares sold, 5.01 change of control, 7.01 and 8.01 whatever
# else is told to investors.
DEAL_ITEMS = frozenset({*SIGNALS, "2.03", "3.02", "5.01", "7.01", "8.01"})
ITEM_CODE = re.compile(r"\bitem\s+(\d\.\d\d)\b", re.IGNORECASE)
# A heading goes on with a capital or not at all; "Item 1.01 of this report", at the head of a line, does not.
OPENS = r"^(?i:item)\s+(\d\.\d\d)\s*(?:\(\w\))*[\s.:;,–—-]*"
HEADING = re.compile(OPENS + r"(?:$|\(?[A-Z])")
# The names of the deal items: no sentences, and the extractor would take "Entry" for a party.
NAMES = re.compile(
    OPENS + r"(?i:entry into a material definitive agreement|termination of a material definitive agreement"
    r"|bankruptcy or receivership|(?:completion of )?acquisition or disposition of assets"
    r"|creation of a direct financial obligation[^.\n]*|costs associated with exit or disposal activities"
    r"|unregistered sales? of equity securities|changes? in control of registrant|regulation fd disclosure"
    r"|other events)?\W*"
)
END = re.compile(r"^signatures?\W*$", re.IGNORECASE)


def signals(items: Iterable[str]) -> list[str]:
    """
    >>> signals(["2.01", "9.01"])
    ['acquisition or disposal completed']
    """
    return [SIGNALS[item] for item in sorted(items) if item in SIGNALS]


def item_codes(text: str) -> list[str]:
    """The codes of the items a text names, as the feed and the index of a filing list them."""
    return sorted(set(ITEM_CODE.findall(text)))


def split_items(text: str) -> dict[str, str]:
    """The items of a report's text by code, headings included, up to the signatures.

    What stands under a heading that comes twice is joined. A heading of two items opens the first.
    """
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        if END.match(line):
            break
        if match := HEADING.match(line):
            current = found.setdefault(match[1], [])
        current.append(line)
    return {code: "\n".join(lines) for code, lines in found.items()}


def deal_text(body: bytes) -> tuple[str, list[str]]:
    """What a report says under the items that can carry a deal, without their headings, and the codes of all
    its items.

    A report whose headings cannot be told is taken whole. Raises ValueError where the body is no document.
    """
    text = prose(body)
    items = split_items(text)
    told = [NAMES.sub("", part, count=1) for code, part in items.items() if code in DEAL_ITEMS]
    return "\n".join(told) if items else text, sorted(items)
