"""The watch list: rumours still alive, deals and closures yet to happen, deadlines coming."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from tracker.brief.deals import anchor, doubtful, link
from tracker.brief.forecasts import DEADLINE_AHEAD
from tracker.brief.model import Forecast, Sentence, Watch, WatchGroup, WatchKind
from tracker.brief.money import point_usd
from tracker.brief.sentences import tellable, telling
from tracker.brief.space import SPACES
from tracker.brief.text import count
from tracker.brief.week import Week
from tracker.brief.weekly import best_source, first_told
from tracker.models.ledger import Event
from tracker.spoken import day_text

MOST = SPACES[0].watch
PENDING = frozenset({"rumoured", "announced"})
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
    sure = (e for e in events if e.status in PENDING and e.salience == "main" and not doubtful(e))
    awaited = [
        e for e in sure if (_closes(e, at, told) or (_alive(e, week) and e.id not in told)) and tellable(e)
    ]
    awaited.sort(key=lambda e: (-(point_usd(e) or 0), e.id))
    closing = [(e, _ahead(e, at)) for e in awaited if e.status == "announced"]
    # A day that is known comes first; the rest keeps its order by size.
    closing.sort(key=lambda pair: pair[1] or dt.date.max)
    rumours = [e for e in awaited if e.status == "rumoured"]
    near = [f for f in forecasts if _near(f, week)]
    found: tuple[tuple[WatchKind, int, list[Watch]], ...] = (
        ("closing", len(closing), [_closing(e, day, told) for e, day in closing[:MOST]]),
        ("rumour", len(rumours), [_rumour(e, told) for e in rumours[:MOST]]),
        ("deadline", len(near), [_deadline(f, at) for f in near[:MOST]]),
    )
    return [
        WatchGroup(kind=kind, label=LABELS[kind], total=total, items=items)
        for kind, total, items in found
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


def _ahead(event: Event, at: dt.datetime) -> dt.date | None:
    """The day that is given for what is announced, where it is still to come."""
    day = event.reached("announced")
    return day if day is not None and day > at.date() else None


def _closes(event: Event, at: dt.datetime, told: set[str]) -> bool:
    if event.status != "announced":
        return False
    return _ahead(event, at) is not None or (event.id not in told and _pending(event, at))


def _closing(event: Event, ahead: dt.date | None, told: set[str]) -> Watch:
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
