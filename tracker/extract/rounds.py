"""Rounds of financing by their names in the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_SERIES = re.compile(r"\bseries ([a-h])(?:[-\d]{0,3}\+?)?(?![a-z])", re.IGNORECASE)
_NAMED: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("pre_seed", r"\bpre-?\s?seed\b"),
        ("seed", r"\b(?<!pre-)(?<!pre )seed"
         r"(?: round| funding| financing| extension|-stage| investment| money|\b)"),
        ("convertible", r"\bconvertible (?:notes?|bonds?|debt|senior|loan)|\bSAFE note"),
        ("debt", r"\b(?:debt|loans?|credit (?:facility|line)|line of credit|bonds?|borrow\w*"
         r"|term loan|senior notes"
         r"|private credit|venture debt|notes offering|lenders?)\b"),
        ("grant", r"\bgrants?\b(?! (?:access|permission|of stock|pool))"),
        ("bridge", r"\bbridge (?:round|loan|financing)"),
        ("tender", r"\btender offer|\bsecondary (?:sale|share)"),
        ("growth", r"\bgrowth (?:equity|round|funding|investment|financing)"),
        ("strategic", r"\bstrategic (?:\w+ )?(?:investment|funding|round|stake)"
         r"|\bminority (?:stake|investment)"),
    )
)  # fmt: skip


def rounds_in(text: str) -> list[str]:
    """The rounds a sentence names, series before others.

    >>> rounds_in("closed a Series B after its seed round")
    ['series_b', 'seed']
    """
    found = [f"series_{m[1].lower()}" for m in _SERIES.finditer(text)]
    return found + [name for name, pattern in _NAMED if pattern.search(text)]


def choose_round(weighed: Iterable[tuple[str, float]]) -> str:
    """The round most strongly named by the sentences of one event (text, weight), else unknown."""
    votes: Counter[str] = Counter()
    for text, weight in weighed:
        for place, name in enumerate(rounds_in(text)):
            votes[name] += weight / (1 + place)  # type: ignore[assignment]
    if not votes:
        return "unknown"
    return max(sorted(votes), key=lambda n: (votes[n], n.startswith("series")))
