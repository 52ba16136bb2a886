"""What a week's issue has to correct: events told otherwise or withdrawn in the week, and verdicts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlmodel import Session

from tracker import pipeline
from tracker.brief.corrections import FIELDS, changed
from tracker.brief.inputs import Amendment, Corrections, NewVerdict, Retraction
from tracker.brief.sentences import tellable
from tracker.brief.week import Week
from tracker.models.judgement import Judgement
from tracker.models.ledger import Event
from tracker.resolve.judged import standing
from tracker.store.judgements import load_judgements
from tracker.store.rulings import Drawn, drawn_verdicts


def corrections(
    engine: sa.Engine, week: Week, at: dt.datetime, known_by: dt.datetime | None, events: Sequence[Event]
) -> Corrections:
    """Of the events of the ledger at `at`, those told before the week and told otherwise in it, and so on."""
    with Session(engine) as session:
        judgements = load_judgements(session, known_by)
        drawn = drawn_verdicts(session, known_by)
    decided = [j for j in standing(judgements) if week.start <= j.at < at]
    return Corrections(
        amended=list(_amended(engine, week, at, events, decided)),
        retracted=list(_retracted(engine, decided)),
        errata=list(_errata(drawn, week, at)),
    )


def _amended(
    engine: sa.Engine, week: Week, at: dt.datetime, events: Sequence[Event], decided: Sequence[Judgement]
) -> Iterator[Amendment]:
    named = {j.event for j in decided}
    again = [e for e in events if e.salience == "main" and tellable(e) and _told_again(e, week, at, named)]
    before = pipeline.as_before(engine, again, week.start)
    for event in again:
        was = before.get(event.id)
        found = changed(was, event) if was is not None and was.salience == "main" else None
        if found is not None:
            yield found


def _told_again(event: Event, week: Week, at: dt.datetime, named: set[str]) -> bool:
    """Whether an event that was told before the week was judged in it, or told so that it may differ."""
    if event.first_reported >= week.start:
        return False
    return event.id in named or (
        any(week.start <= s.published < at for s in event.sources) and _may_differ(event, week)
    )


def _may_differ(event: Event, week: Week) -> bool:
    """Whether a value is told by the week's articles alone, or one of before stands against it."""
    old = {s.article_id for s in event.sources if s.published < week.start}
    told = (event.why[field].article_ids for field in FIELDS if field in event.why)
    against = (c.article_ids for c in event.contradictions if c.field in FIELDS)
    return any(old.isdisjoint(ids) for ids in told) or any(not old.isdisjoint(ids) for ids in against)


def _retracted(engine: sa.Engine, decided: Sequence[Judgement]) -> Iterator[Retraction]:
    rejected = [j for j in decided if j.kind == "reject"]
    for judgement, event in pipeline.rejected(engine, rejected):
        yield Retraction(event=event, why=judgement.why)


def _errata(drawn: Sequence[Drawn], week: Week, at: dt.datetime) -> Iterator[NewVerdict]:
    """Of several new verdicts of one prediction in a week the last, with what it was before the first."""
    last: dict[str, NewVerdict] = {}
    for d in drawn:
        if d.erratum and week.start <= d.at < at:
            was, _, why = d.erratum.removeprefix("was ").partition("; ")
            first = last.get(d.prediction_id)
            last[d.prediction_id] = NewVerdict(
                prediction_id=d.prediction_id,
                at=d.at,
                before=first.before if first else was,
                now=d.status,
                why=why,
            )
    yield from (e for e in last.values() if e.before != e.now)
