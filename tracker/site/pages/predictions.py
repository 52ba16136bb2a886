"""A page for every prediction, the list of them, and the scoreboard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from tracker.models.ledger import Event
from tracker.site import places
from tracker.site.archive import Page, Shared, digest
from tracker.site.predictions import Row, Subject, prediction_page_of
from tracker.site.scoreboard import scoreboard_page

GROUPS = (
    ("open", "Open", ("open",)),
    ("undecided", "Not to be decided", ("undecided", "ambiguous", "void")),
    ("judged", "Judged", ("not met", "met")),
)


def pages(shared: Shared) -> Iterator[Page]:
    events = {e.id: e for e in shared.archive.events}
    for subject in shared.archive.subjects:
        yield _prediction(shared, subject, events)
    groups = list(_groups(shared.rows))
    yield shared.page("predictions.html", places.PREDICTIONS, digest(groups), lambda: {"groups": groups})
    titles = {s.prediction.id: s.prediction.title for s in shared.archive.subjects}
    inputs = digest(shared.archive.judged, titles)
    yield shared.page("scoreboard.html", places.SCOREBOARD, inputs, partial(_scoreboard, shared, titles))


def _prediction(shared: Shared, subject: Subject, events: Mapping[str, Event]) -> Page:
    told = prediction_page_of(subject, events)
    path = places.prediction_page(subject.prediction.id)
    return shared.page(
        "prediction.html", path, digest(told), lambda: {"title": told.title, "long_title": True, "p": told}
    )


def _scoreboard(shared: Shared, titles: Mapping[str, str]) -> Mapping[str, Any]:
    return {"s": scoreboard_page(shared.archive.judged, titles)}


def _groups(rows: Sequence[Row]) -> Iterator[tuple[str, str, list[Row]]]:
    """The predictions by how they stand, the next deadline first, and the statements of the past last."""
    for id_, label, statuses in GROUPS:
        mine = [r for r in rows if not r.fact and r.status in statuses]
        if mine:
            late = id_ != "open"
            yield label, id_, sorted(mine, key=lambda r: (r.deadline, r.title), reverse=late)
    facts = [r for r in rows if r.fact]
    if facts:
        yield "Statements of the past", "facts", facts
