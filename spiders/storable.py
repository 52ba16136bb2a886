"""Texts as every store takes them: JSON can escape characters into being that no database holds."""

from __future__ import annotations

import re
from typing import Any

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""PostgreSQL takes no null character, and nothing can be written with half of one (a lone surrogate)."""


def storable(value: Any) -> Any:
    """A text, or the texts in lists and dictionaries, without what cannot be stored.

    >>> storable({"tags": ["AI\\x00", "\\ud83dChips"], "tier": 1})
    {'tags': ['AI', 'Chips'], 'tier': 1}
    """
    if isinstance(value, str):
        return UNSTORABLE.sub("", value)
    if isinstance(value, dict):
        return {storable(key): storable(part) for key, part in value.items()}
    return [storable(part) for part in value] if isinstance(value, list | tuple) else value
