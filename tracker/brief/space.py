"""How much an issue tells: as much as three minutes hold, a busy week less of each thing than a quiet one."""

from __future__ import annotations

from dataclasses import dataclass

MINUTES = 3
"""To the end of the watch list, at most, where the narrowest space allows it."""


@dataclass(frozen=True)
class Space:
    """The most that is told of each kind of change, type of deal and kind of watch, and the exhibits on
    each side of a prediction; the rest is counted, folded away, and in the JSON."""

    changes: int = 3
    deals: int = 4
    watch: int = 4
    exhibits: int = 2


SPACES = (
    Space(),
    Space(changes=2, deals=3, watch=3, exhibits=1),
    Space(changes=1, deals=2, watch=1, exhibits=1),
)
"""From wide to narrow."""
