"""Documents that are written about one deal, told by their form: wire stories and merger notices.

A wire story has no headline, and a typesetter broke its lines. A notice goes by its parties ("Acme – Beta"),
which few headlines do, and bears two of three marks: it defines short names in brackets, it proposes an
acquisition, it speaks of shares and parties as lawyers do.
"""

from __future__ import annotations

import re
from typing import Literal

Format = Literal["wire", "register"]

WIRE_COLUMNS = 85
"""Wire copy keeps its lines shorter than this."""

NOTICE_HEAD = 3000
"""A notice says in so many characters what is proposed."""

_STOPS = (".", "!", "?", '"', ":")
_SIDES = re.compile(r"\S\s[–—-]\s\S")
_DEFINED = re.compile(r"\((?:the |together,? |collectively,? )?[“\"*]{0,3}[A-Z][^()]{0,60}\)")
_PROPOSED = re.compile(
    r"\b(?:propos|will|intend|agree|enter|seek|involv|concern)\w*\b[^.]{0,200}"
    r"\b(?:acqui|purchas|leas|merg|subscri|transfer|combin)\w*"
    r"|\b[Pp]roposed (?:acquisition|transaction)|\bthe \W{0,4}(?:Acquisition|Transaction|Target)\b"
)
_LEGAL = re.compile(
    r"\bPty\b|\bwholly[- ]owned\b|\bshare capital\b|\bissued (?:shares|capital)\b"
    r"|\b(?:Target|Acquirers?|Vendor)\b"
)


def is_wire(title: str, text: str) -> bool:
    """Whether a text is wire copy: without a headline, in narrow lines that break inside sentences.

    >>> is_wire("", "Acme Corp said it agreed to buy\\nBeta Inc for cash."), is_wire("Acme buys", "It\\nsaid")
    (True, False)
    """
    if title.strip():
        return False
    lines = [line.rstrip() for line in text.split("\n") if line.strip()]
    if len(lines) < 2 or max(map(len, lines)) > WIRE_COLUMNS:
        return False
    return sum(not line.endswith(_STOPS) for line in lines[:-1]) * 2 >= len(lines) - 1


def is_register(title: str, text: str) -> bool:
    """Whether a document is a notice of a merger register.

    >>> is_register("Acme – Beta", "Acme Pty Ltd (Acme) proposes to acquire Beta Pty Ltd (Beta).")
    True
    """
    head = text[:NOTICE_HEAD]
    if not _SIDES.search(title):
        return False
    return sum(bool(sign.search(head)) for sign in (_DEFINED, _PROPOSED, _LEGAL)) >= 2


def form_of(title: str, text: str) -> Format | None:
    """The form of a document about one deal; None for a news article."""
    if is_wire(title, text):
        return "wire"
    return "register" if is_register(title, text) else None
