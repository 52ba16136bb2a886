"""`tracker events history`: what was told and decided of an event, and when; or every judgement."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.common import AS_OF, open_default_store
from tracker.cli.events.find import find, ledger_of
from tracker.cli.output import format_option, print_rows

if TYPE_CHECKING:
    from tracker.models.judgement import Judgement
    from tracker.models.ledger import Event

COLUMNS = ("at", "who", "what", "why")


@click.command()
@click.argument("event_id", metavar="[EVENT]", required=False)
@AS_OF
@format_option
def history(event_id: str | None, as_of: dt.datetime | None, fmt: str) -> None:
    """Tell when an event became known and what was judged of it; without EVENT list every judgement.

    Judgements that were undone are listed, too, and so are those on events that are no more.

    \b
    Examples:
      tracker events history acquisition-confl
      tracker events history --format jsonl
    """
    from sqlmodel import Session

    from tracker.resolve.judged import undone
    from tracker.store.judgements import anchors, load_judgements

    event = find(ledger_of(as_of), event_id) if event_id else None
    with Session(open_default_store()) as session:
        made = load_judgements(session, as_of)
        own = {a.key for a in anchors(session, [s.mention_id for s in event.sources])} if event else set()
    about = [j for j in made if event is None or own & {a.key for a in (*j.about, *j.other)}]
    numbers = {j.id for j in about}
    about += [j for j in made if j.undoes in numbers and j.id not in numbers]
    gone = undone(made)
    rows = [_judged(j, gone.get(j.id)) for j in about] + (_told(event) if event else [])
    print_rows(sorted(rows, key=lambda r: str(r["at"])), COLUMNS, fmt)


def _told(event: Event) -> list[dict[str, Any]]:
    return [
        {
            "at": s.seen_at.isoformat(timespec="minutes"),
            "who": s.source_id,
            "what": f"told as {s.status}" + ("" if s.salience == "main" else ", in passing"),
            "why": s.title,
            "mention": s.mention_id,
        }
        for s in event.sources
    ]


def _judged(judgement: Judgement, undone_by: int | None) -> dict[str, Any]:
    taken_back = f" (undone by {undone_by})" if undone_by else ""
    return {
        "at": judgement.at.isoformat(timespec="minutes"),
        "who": judgement.by,
        "what": f"judgement {judgement.id}: {wording(judgement)}{taken_back}",
        "why": judgement.why,
        **judgement.model_dump(mode="json", include={"id", "kind", "event", "field", "value", "undoes"}),
        "undone_by": undone_by,
    }


def wording(judgement: Judgement) -> str:
    """A judgement in a few words."""
    j = judgement
    match j.kind:
        case "merge":
            return f"merge {j.event} with {j.other[0].article}" if j.other else f"merge {j.event}"
        case "split":
            return f"split {len(j.other)} of {j.event}"
        case "edit":
            return f"edit {j.event} {j.field}: {_shown(j.value)}"
        case "undo":
            return f"undo {j.undoes}"
        case "company":
            return f"{j.field} of {j.company}: {_shown(j.value)}"
    return f"{j.kind} {j.event}"


def _shown(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, dict):
        return ", ".join(f"{k} {v}" for k, v in value.items() if v is not None)
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
