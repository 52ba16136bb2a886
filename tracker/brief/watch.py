"""The watch list: rumours still alive, deals and closures yet to happen, deadlines coming."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from tracker.brief.deals import anchor, doubtful, link
from tracker.brief.forecasts import DEADLINE_AHEAD
from tracker.brief.model import Forecast, Sentence, Watch, WatchGroup, WatchKind
from tracker.brief.money import point_usd
from tracker.brief.sentences import telling
from tracker.brief.text import count
from tracker.brief.week import Week
from tracker.brief.weekly import best_source, first_told
from tracker.models.ledger import Event
from tracker.spoken import day_text

RUMOUR_LIFE = dt.timedelta(weeks=4)
CLOSING_LIFE = dt.timedelta(weeks=52)
CLOSING_FROM = 1e9
"""USD from which a pending acquisition is worth a place on the list."""
LABELS: dict[WatchKind, str] = {
    "closing": "Expected closings",
    "rumour": "Rumours",
    "deadline": "Deadlines coming",
}


def watch_groups(
    events: Sequence[Event],
    forecasts: Sequence[Forecast],
    week: Week,
    at: dt.datetime,
    told: set[str],
) -> list[WatchGroup]:
    """`told` are the events told elsewhere in the issue. Those stand here only with a day to wait for."""
    sure = [e for e in events if e.salience == "main" and not doubtful(e)]
    main = sorted(sure, key=lambda e: (-(point_usd(e) or 0), e.id))
    found: dict[WatchKind, list[Watch]] = {
        "closing": [w for e in main if (w := _closing(e, at, told)) is not None],
        "rumour": [_rumour(e, told) for e in main if _alive(e, week) and e.id not in told],
        "deadline": [_deadline(f, at) for f in forecasts if _near(f, week)],
    }
    # A day that is known comes first; the rest keeps its order by size.
    found["closing"].sort(key=lambda w: w.day or dt.date.max)
    return [
        WatchGroup(kind=kind, label=LABELS[kind], total=len(items), items=items)
        for kind, items in found.items()
        if items
    ]


def _alive(event: Event, week: Week) -> bool:
    return event.status == "rumoured" and week.end - event.last_reported <= RUMOUR_LIFE


def _item(
    event: Event, kind: WatchKind, sentence: Sentence, told: set[str], day: dt.date | None = None
) -> Watch:
    source = best_source(event)
    return Watch(
        kind=kind,
        sentence=sentence,
        day=day,
        anchor=anchor(event.id) if event.id in told else None,
        source=link(source) if source else None,
    )


def _rumour(event: Event, told: set[str]) -> Watch:
    return _item(event, "rumour", telling(event, short=True), told)


def _closing(event: Event, at: dt.datetime, told: set[str]) -> Watch | None:
    if event.status != "announced":
        return None
    day = event.reached("announced")
    ahead = day if day is not None and day > at.date() else None
    if ahead is None and (event.id in told or not _pending(event, at)):
        return None
    sentence = telling(event, short=True)
    rest = f"the date given is {day_text(ahead)}" if ahead else "no completion has been reported"
    sentence.text = f"{sentence.text.rstrip('.')}; {rest}."
    return _item(event, "closing", sentence, told, ahead)


def _pending(event: Event, at: dt.datetime) -> bool:
    since = first_told(event, "announced")
    big = event.type == "acquisition" and (point_usd(event) or 0) >= CLOSING_FROM
    return big and since is not None and at - since <= CLOSING_LIFE


def _near(f: Forecast, week: Week) -> bool:
    return (
        f.status == "open" and f.deadline is not None and week.end < f.deadline <= week.end + DEADLINE_AHEAD
    )


def _deadline(f: Forecast, at: dt.datetime) -> Watch:
    assert f.deadline is not None
    day = (f.deadline - dt.timedelta(microseconds=1)).date()
    days = max((f.deadline - at).days, 0)
    text = f"“{f.title}” closes in {count(days, 'day')}."
    sentence = Sentence(text=text, prediction_ids=[f.id], names=[f.title])
    return Watch(kind="deadline", sentence=sentence, day=day, anchor=f.anchor)
