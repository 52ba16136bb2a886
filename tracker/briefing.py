"""A week's briefing from the store: choose the week, gather what was known of it, build, render, write."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session

from tracker.brief.files import write
from tracker.brief.house import SHIPPED, House
from tracker.brief.inputs import Exhibit, Judged, Odds, Pace, Seen, SourceWeek
from tracker.brief.issue import build_issue
from tracker.brief.model import Issue
from tracker.brief.render import render
from tracker.brief.week import Week
from tracker.correcting import corrections
from tracker.errors import BriefingError
from tracker.judging import JudgedPrediction, known_events, verdicts
from tracker.models.ledger import Event
from tracker.models.tables import Fetch
from tracker.predict import verdict as judged
from tracker.spoken import speaking
from tracker.store.seen import fetches, newest_published, publication_times, sightings

LOOK_BACK = 4
"""Weeks before the issue's from which a source's usual number of articles is taken."""


@dataclass(frozen=True)
class Built:
    """The files of an issue and what it holds in one line."""

    paths: list[Path]
    line: str


@dataclass(frozen=True)
class Order:
    """Which issue is wanted: of a week (by default the newest ended one that holds an article), as known
    when, and in which house style."""

    week: str | None = None
    as_of: dt.datetime | None = None
    house: House = SHIPPED


def build(engine: sa.Engine, order: Order, out: Path, now: dt.datetime) -> Built:
    """Build and write an issue into a folder, all its forms or none.

    It rests on articles published before the week's end and seen by `as_of`, and is judged at the earlier of
    the two, never at `now`: a second build gives the same bytes. Raises BriefingError.
    """
    issue = issue_of(engine, order, now)
    return Built(write(out, issue.week, render(issue, order.house)), issue.line)


def issue_of(engine: sa.Engine, order: Order, now: dt.datetime) -> Issue:
    """The issue that is ordered. Raises BriefingError."""
    week = _week(engine, order, now)
    events = known_events(engine, moment_of(week, order.as_of), order.as_of)
    return compose(engine, week, order, events)[0]


def _week(engine: sa.Engine, order: Order, now: dt.datetime) -> Week:
    with Session(engine) as session:
        return _given(session, order, order.week) if order.week else _newest(session, order, now)


def moment_of(week: Week, as_of: dt.datetime | None) -> dt.datetime:
    """When an issue is judged: at its week's end, or at `as_of` where that is earlier."""
    return min(as_of, week.end) if as_of else week.end


def compose(
    engine: sa.Engine, week: Week, order: Order, events: Sequence[Event]
) -> tuple[Issue, list[Judged]]:
    """The issue of a week by the ledger of its moment, and the predictions as it judged them."""
    at = moment_of(week, order.as_of)
    with Session(engine) as session:
        seen = look(session, week, at, order.as_of)
    with speaking(order.house.locale):
        found = [_judged(j) for j in verdicts(engine, at, known_by=order.as_of, events=events)]
        corrected = corrections(engine, week, at, order.as_of, events)
        return build_issue(week, events, found, seen, at, corrected, order.house.sections), found


def _newest(session: Session, order: Order, now: dt.datetime) -> Week:
    shift = order.house.shift
    moment = min(order.as_of, now) if order.as_of else now
    ended = newest_published(session, before=Week.of(moment, shift).start, seen_by=order.as_of)
    newest = ended or newest_published(session, seen_by=order.as_of)
    if newest is None:
        raise BriefingError(
            "the store holds no article to brief on", hint="run tracker demo, tracker crawl or ingest"
        )
    return Week.of(newest, shift)


def _given(session: Session, order: Order, text: str) -> Week:
    week = order.house.week(text)
    if order.as_of is not None and order.as_of <= week.start:
        raise BriefingError(
            f"{week} had not begun at {order.as_of:%Y-%m-%d %H:%M} UTC", hint="give a later --as-of"
        )
    if not sightings(session, week.start, week.end, order.as_of):
        weeks = list(dict.fromkeys(str(Week.of(t, week.shift)) for t in publication_times(session)))
        raise BriefingError(f"the store holds no article of {week}", hint=_weeks_text(weeks))
    return week


def _weeks_text(weeks: Sequence[str]) -> str:
    if not weeks:
        return "it holds none at all: run tracker demo, tracker crawl or ingest"
    if len(weeks) <= 8:
        return f"it has {', '.join(weeks)}"
    return f"it has {len(weeks)} weeks from {weeks[0]} to {weeks[-1]}"


def look(session: Session, week: Week, at: dt.datetime, seen_by: dt.datetime | None) -> Seen:
    """What could be seen of a week by the moment of judgement."""
    found = sightings(session, week.back(LOOK_BACK).start, at, seen_by)
    counts = Counter((s.source_id, s.published in week) for s in found)
    crawls: dict[str, list[Fetch]] = {source_id: [] for source_id, _ in counts}
    for crawl in fetches(session, week.start, at):
        crawls.setdefault(crawl.source_id, []).append(crawl)
    return Seen(
        sources=[_source_week(s, counts[s, True], counts[s, False], crawls[s]) for s in sorted(crawls)],
        days=sorted({s.published.date() for s in found if s.published in week}),
    )


def _source_week(source_id: str, articles: int, before: int, crawls: Sequence[Fetch]) -> SourceWeek:
    failed = [c for c in crawls if not c.ok]
    return SourceWeek(
        source_id=source_id,
        articles=articles,
        usual=before / LOOK_BACK,
        fetched=len(crawls),
        failed=len(failed),
        reason=failed[-1].reason if failed else "",
    )


def _judged(found: JudgedPrediction) -> Judged:
    prediction, verdict = found.prediction, found.verdict
    same = ("id", "title", "statement", "kind", "author", "criterion")
    return Judged(
        **{name: getattr(prediction, name) for name in same},
        made=dt.datetime.combine(prediction.made, dt.time(), dt.UTC),
        deadline=judged.day_end(prediction.deadline),
        odds=[Odds(at=p.at, by=p.by, value=p.value, why=p.why) for p in found.probabilities],
        status=verdict.status,
        reasons=verdict.reasons,
        evidence_for=[_exhibit(e) for e in verdict.evidence_for],
        evidence_against=[_exhibit(e) for e in verdict.evidence_against],
        near_misses=[_exhibit(e) for e in verdict.near_misses],
        pace=_pace(verdict.pace) if verdict.pace else None,
    )


def _exhibit(evidence: judged.Evidence) -> Exhibit:
    # `why` holds the value that fails and reads on its own; the bare clause is shown where there is none.
    why = evidence.why or evidence.clause
    pending = evidence.unknown or "rumour" in (why or "")
    return Exhibit(event_id=evidence.event_id, text=evidence.description, clause=why, pending=pending)


def _pace(pace: judged.Pace) -> Pace:
    return Pace(
        unit="USD" if pace.unit == "money" else "events",
        out_of_reach=pace.can_no_longer_be_met,
        **{
            name: getattr(pace, name)
            for name in ("threshold", "so_far", "needed_per_week", "projected", "low", "high", "probability")
        },
    )
