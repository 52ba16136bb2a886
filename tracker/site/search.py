"""The index that `search.js` reads: a row for every page, its words and where it lies.

Own code, for what the field offers fits less: Pagefind brings a binary and needs a policy that allows
WebAssembly, and an index for Lunr is several times the size of the words it indexes (docs/site.md).
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from tracker.models.ledger import Event
from tracker.site.companies import Entry, line
from tracker.site.predictions import Row
from tracker.spoken import day_text

KINDS = ("company", "prediction", "issue", "event")
"""Of rows that fit equally well the first kind comes first."""


def search_index(
    issues: Sequence[tuple[str, str, str]],
    rows: Sequence[Row],
    entries: Sequence[Entry],
    events: Sequence[Event],
) -> str:
    """JSON: the kinds, and rows of kind, address, title and note. `issues` are week, days and address."""
    found: list[tuple[int, str, str, str]] = [(0, e.path, e.name, "") for e in entries]
    found += [(1, r.path, r.title, r.status) for r in rows]
    found += [(2, path, days, week) for week, days, path in issues]
    for told in map(line, events):
        found.append((3, told.path, told.text, f"{told.status} {day_text(told.day)}"))
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in found)
    return f'{{"kinds":{json.dumps(KINDS)},"rows":[\n{lines}\n]}}\n'
