"""How a person's ruling stands over the verdict of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from tracker.models.ruling import Ruling
from tracker.predict import words
from tracker.predict.verdict import CONCLUDED, Verdict, VerdictStatus

DECIDING = ("resolve", "void", "reopen")


def standing(rulings: Iterable[Ruling], version: int) -> Ruling | None:
    """The ruling on a version that holds: the last one, unless it was taken back."""
    made = [r for r in rulings if r.kind in DECIDING and r.version == version]
    return made[-1] if made and made[-1].kind != "reopen" else None


def tags(own: Sequence[str], rulings: Iterable[Ruling]) -> list[str]:
    """The tags of a prediction after all that were added and taken off."""
    found = dict.fromkeys(own)
    for ruling in rulings:
        if ruling.kind == "tag":
            found |= dict.fromkeys(ruling.tags)
        elif ruling.kind == "untag":
            found = {t: None for t in found if t not in ruling.tags}
    return list(found)


def ruled(verdict: Verdict, ruling: Ruling | None) -> Verdict:
    """The verdict with a ruling over it; what the ledger says stays in its reasons."""
    if ruling is None:
        return verdict
    status = cast(VerdictStatus, "void" if ruling.kind == "void" else ruling.outcome)
    agrees = "as the ledger does" if status == verdict.status else f"the ledger says {verdict.status}"
    told = f"{ruling.by} ruled it {status} on {words.day(ruling.at.date())} ({agrees}): {ruling.why}"
    changed = {
        "status": status,
        "early": status in CONCLUDED and not verdict.due,
        "answer": ruling.answer if ruling.answer is not None else verdict.answer,
        "reasons": [told, *verdict.reasons],
        "ruling": ruling,
        "by_ledger": verdict.status,
    }
    return verdict.model_copy(update=changed)
