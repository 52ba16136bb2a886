"""How much an issue tells: as much as three minutes hold, a busy week less of each thing than a quiet one."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.brief.model import Issue

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

CORE = frozenset({"acquisition", "financing"})
"""Types of which one more is told than of the others."""


def narrow(issue: Issue, space: Space) -> None:
    """Tell no more of each thing than there is space for."""
    for change in issue.changes:
        change.sentences = change.sentences[: space.changes]
    for group in issue.groups:
        group.shown = min(group.shown, space.deals - (group.type not in CORE))
    for watch in issue.watch:
        watch.items = watch.items[: space.watch]
    for forecast in (*issue.due, *issue.open):
        forecast.most = space.exhibits
