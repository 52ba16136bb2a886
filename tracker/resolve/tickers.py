"""Tickers that a text gives beside a name, as in "Confluent, Inc. (Nasdaq: CFLT)"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tracker.resolve.names import LEGAL_FORMS

_FORM = rf"(?:,?\s(?i:{'|'.join(sorted(LEGAL_FORMS))})\b\.?)*"
_LISTED = re.compile(
    rf"{_FORM}\s?\((?:[A-Z]{{2,}}\)\s\()?(?i:nasdaq|nyse)[^():]{{0,16}}:\s?(?P<ticker>[A-Z]{{1,5}})\b"
)
"""What follows a name: its legal form, and the ticker of an American exchange, the only ones that lists of
companies give without a suffix."""

_EXCHANGE = re.compile(r"\((?:nasdaq|nyse)", re.IGNORECASE)


def ticker_beside(names: Iterable[str], text: str) -> str:
    """The ticker that stands directly behind one of these names, "" where none does.

    >>> ticker_beside(["Confluent"], "IBM (NYSE: IBM) buys Confluent, Inc. (Nasdaq: CFLT) for $11bn")
    'CFLT'
    >>> ticker_beside(["Confluent"], "Confluent, a rival of IBM (NYSE: IBM)")
    ''
    """
    if not _EXCHANGE.search(text):
        return ""
    for name in names:
        at = text.find(name)
        while name and at >= 0:
            if found := _LISTED.match(text, at + len(name)):
                return found["ticker"]
            at = text.find(name, at + 1)
    return ""
