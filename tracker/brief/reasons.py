"""Why a field of an event shows its value, in words."""

from __future__ import annotations

from tracker.models.ledger import Reason

BECAUSE = {
    "news": "told as news, the others in passing",
    "firm": "told of the settled deal, the others of a rumour",
    "filing": "a filing says so",
    "tier": "told by the better sources",
    "origins": "told by more independent sources",
    "recency": "the latest telling",
    "majority": "told more often",
    "company list": "the company list says so",
    "order": "nothing speaks for either",
}
"""What decided, by the basis of a reason; where no source says otherwise there is nothing to say."""


def because(reason: Reason) -> str:
    """What decided, with what the value weighs; empty where nothing spoke against it."""
    told = BECAUSE.get(reason.basis, "")
    if not told or reason.basis == "company list":
        return told
    weight = [f"{reason.origins} independent sources" if reason.origins > 1 else ""]
    weight.append(f"tier {reason.tier}" if reason.tier else "a filing")
    weight.append(f"latest {reason.latest:%Y-%m-%d}")
    return f"{told} ({'; '.join(w for w in weight if w)})"
