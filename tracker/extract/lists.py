"""Names told in one breath: "A, B and C also took part" gives all of them the same role.

The parser often loses a long list half way; the commas do not.
"""

from __future__ import annotations

from tracker.extract.reading import Placed, Reading, ReadSentence

SHARED_ROLES = ("lead", "investors")
SHARE = 0.9
"""How much of the surest member's chance the other members of a list get."""

_BETWEEN = frozenset([",", "and", "&", ";", "as", "well", "including"])


def name_lists(sent: ReadSentence) -> list[list[Placed]]:
    """Runs of two or more names with nothing but commas and "and" between them."""
    names = [p for p in sent.names if not p.name.reference]
    runs: list[list[Placed]] = []
    for placed in names:
        last = runs[-1][-1].name.last if runs else -1
        between = [t.lower_ for t in sent.tokens[last + 1 : placed.name.first]]
        if runs and between and all(word in _BETWEEN for word in between):
            runs[-1].append(placed)
        else:
            runs.append([placed])
    return [run for run in runs if len(run) > 1]


def in_one_list(reading: Reading, sent: ReadSentence, one: int, other: int) -> bool:
    """Whether a sentence tells two clusters in one breath."""
    runs = ({reading.owner.get(p.cluster, p.cluster) for p in run} for run in name_lists(sent))
    return any(one in run and other in run for run in runs)


def share_roles(reading: Reading, sent: ReadSentence, roles: dict[int, dict[str, float]]) -> None:
    """Let the members of a list share the roles of an investor, in place."""
    for run in name_lists(sent):
        members = {reading.owner.get(p.cluster, p.cluster) for p in run}
        for role in SHARED_ROLES:
            best = max((roles.get(c, {}).get(role, 0.0) for c in members), default=0.0)
            for cluster in members:
                held = roles.setdefault(cluster, {})
                held[role] = max(held.get(role, 0.0), SHARE * best)
