"""Who the parties of a notice of a merger register are: every acquirer and every target that it names."""

from __future__ import annotations

from tracker.extract.wire import Judged, Parties

FLOORS = {"target": 0.45, "acquirer": 0.45}
"""Chances from which a name is a party; the likeliest of each role is one in any case."""


def register_parties(judged: Judged) -> Parties:
    """The names of a notice by role, the likeliest first: a vehicle and the fund behind it may both acquire."""
    out: Parties = {}
    for role, floor in FLOORS.items():
        likely = sorted(((c, chances.get(role, 0.0)) for c, chances in judged), key=lambda cv: -cv[1])
        kept = likely[:1] + [cv for cv in likely[1:] if cv[1] >= floor]
        if kept:
            out[role] = kept
    return out
