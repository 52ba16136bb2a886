"""Predictions as the issue shows them: due and judged first with the misses on top, then the open ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.brief.deals import link
from tracker.brief.inputs import Exhibit, Judged, Odds, Pace
from tracker.brief.likelihood import likelihood, percent
from tracker.brief.model import Evidence, Forecast, ProbabilityMove, Sentence
from tracker.brief.money import coined
from tracker.brief.sentences import telling
from tracker.brief.text import capital, clean, count, number, slug
from tracker.brief.week import Week
from tracker.brief.weekly import best_source
from tracker.models.ledger import Event
from tracker.spoken import day_text

TEXT_LIMIT = 600
LINE_LIMIT = 220
CANDIDATE_LIFE = dt.timedelta(weeks=26)
DEADLINE_AHEAD = dt.timedelta(weeks=6)
MISSES_FIRST = ("not met", "undecided", "ambiguous", "void", "met", "open")


@dataclass(frozen=True)
class Board:
    """All predictions of an issue, sorted into the places where they are shown."""

    due: list[Forecast]
    open: list[Forecast]
    facts: list[Forecast]
    moves: list[ProbabilityMove]
    earlier: int


def last_day(deadline: dt.datetime) -> dt.date:
    """The last day that belongs to a deadline: one at midnight means the day before."""
    return (deadline - dt.timedelta(microseconds=1)).date()


def board(judged: Sequence[Judged], events: Mapping[str, Event], week: Week, at: dt.datetime) -> Board:
    """Predictions made by `at`; those judged for good before the week are only counted."""
    made = [j for j in judged if j.made <= at]
    shown = [forecast(j, events, week, at) for j in made]
    predictions = [f for f in shown if f.kind == "prediction"]
    past = [f for f in predictions if _settled_before(f, week)]
    current = [f for f in predictions if not _settled_before(f, week)]
    due = sorted(
        (f for f in current if _is_due(f, week)),
        key=lambda f: (MISSES_FIRST.index(f.status), *_by_deadline(f)),
    )
    open_ = sorted((f for f in current if not _is_due(f, week)), key=_by_deadline)
    facts = sorted((f for f in shown if f.kind == "fact"), key=lambda f: (MISSES_FIRST.index(f.status), f.id))
    return Board(due, open_, facts, _moves([*due, *open_], week), len(past))


def shorten(shown: Board, told: set[str], week: Week) -> None:
    """Puts this week's evidence first, and marks the open predictions of which the week says nothing."""
    for f in (*shown.due, *shown.open):
        for side in (f.evidence_for, f.evidence_against, f.near_misses):
            for exhibit in side:
                exhibit.fresh = exhibit.event_id in told
            side.sort(key=lambda e: not e.fresh)
    for f in shown.open:
        exhibits = {e.event_id for e in (*f.evidence_for, *f.evidence_against)}
        soon = f.deadline is not None and f.deadline <= week.end + DEADLINE_AHEAD
        f.brief = not soon and f.change is None and not told & exhibits


def _by_deadline(f: Forecast) -> tuple[dt.datetime, str]:
    return f.deadline or dt.datetime.max.replace(tzinfo=dt.UTC), f.id


def _settled_before(f: Forecast, week: Week) -> bool:
    return f.status not in ("open", "undecided") and f.deadline is not None and f.deadline <= week.start


def _is_due(f: Forecast, week: Week) -> bool:
    return f.status != "open" or (f.deadline is not None and f.deadline <= week.end)


def forecast(judged: Judged, events: Mapping[str, Event], week: Week, at: dt.datetime) -> Forecast:
    odds = sorted((o for o in judged.odds if o.at <= at), key=lambda o: o.at)
    now = odds[-1].value if odds else None
    before = [o.value for o in odds if o.at < week.start]
    return Forecast(
        **{f: getattr(judged, f) for f in ("id", "kind", "made", "deadline", "status", "pace")},
        anchor=f"prediction-{slug(judged.id)}",
        title=clean(judged.title, 120),
        statement=clean(judged.statement, TEXT_LIMIT),
        author=clean(judged.author, 80),
        criterion=clean(judged.criterion),
        odds=[_harmless(o) for o in odds],
        now=now,
        change=round(now - before[-1], 4) if now is not None and before and now != before[-1] else None,
        word=likelihood(now) if now is not None else None,
        verdict=_verdict(judged),
        estimate=_estimate(judged, odds),
        pace_sentence=_pace(judged) if judged.pace and judged.status == "open" else None,
        reasons=[_readable(r) for r in judged.reasons],
        evidence_for=_shown(judged.evidence_for, events),
        evidence_against=_shown(judged.evidence_against, events),
        near_misses=_shown(judged.near_misses, events),
        next=_next(judged, events, at),
        climb=climb(judged, events),
    )


def _readable(reason: str) -> str:
    return clean(reason, TEXT_LIMIT)


def _harmless(odds: Odds) -> Odds:
    return odds.model_copy(update={"by": clean(odds.by, 80), "why": clean(odds.why, TEXT_LIMIT)})


def _shown(found: Sequence[Exhibit], events: Mapping[str, Event]) -> list[Evidence]:
    return [_evidence(e, events.get(e.event_id or "")) for e in found]


def _evidence(exhibit: Exhibit, event: Event | None) -> Evidence:
    """The event in the ledger's own sentence; the judge's description where the ledger does not hold it."""
    clause = clean(exhibit.clause, LINE_LIMIT) if exhibit.clause else None
    if event is None:
        return Evidence(event_id=exhibit.event_id, text=clean(exhibit.text, LINE_LIMIT), clause=clause)
    source = best_source(event)
    return Evidence(
        event_id=event.id,
        text=telling(event, short=True).text,
        day=event.reached(event.status),
        clause=clause,
        source=link(source) if source else None,
    )


def _ids(exhibits: Sequence[Exhibit]) -> list[str]:
    return [e.event_id for e in exhibits if e.event_id]


def _verdict(j: Judged) -> Sentence:
    day = day_text(last_day(j.deadline)) if j.deadline else None
    text = {
        "met": "The criterion is met",
        "not met": "The criterion was not met" + (f" by {day}" if day else ""),
        "open": f"Open until {day}" if day else "Open, without a deadline",
        "undecided": "The ledger cannot decide it" + (f" (deadline {day})" if day else ""),
        "void": "Void: the condition it was made under did not come about",
        "ambiguous": "A person ruled that the outcome is ambiguous",
    }[j.status]
    return Sentence(text=f"{text}.", prediction_ids=[j.id], event_ids=_ids(j.evidence_for))


def _estimate(j: Judged, odds: Sequence[Odds]) -> Sentence | None:
    if not odds:
        return None
    last = odds[-1]
    by = clean(last.by, 80)
    by = by if any(c.isalnum() for c in by) else "the author"
    stated = f"{capital(by)} put it at {percent(last.value)} on {day_text(last.at.date())}"
    text = f"{stated}: {likelihood(last.value)}."
    return Sentence(text=text, prediction_ids=[j.id], names=[capital(by)])


def _measure(value: float, pace: Pace) -> str:
    if pace.unit == "USD":
        return coined(value)
    return number(int(value)) if value == int(value) else f"{value:.1f}"


def _digits(value: float, pace: Pace) -> str:
    return coined(value) if pace.unit == "USD" else f"{value:.1f}".removesuffix(".0")


def _pace(j: Judged) -> Sentence | None:
    pace = j.pace
    assert pace is not None
    parts = _outlook(pace)
    if not j.reasons:
        # Else the judge's own sentence tells what there is so far, with what is in doubt.
        so_far = _measure(pace.so_far, pace) if pace.so_far else "none"
        parts = [f"{so_far} of the {_measure(pace.threshold, pace)} needed so far", *parts]
    if not parts:
        return None
    text = f"{capital('; '.join(parts))}."
    return Sentence(text=text, prediction_ids=[j.id], event_ids=_ids(j.evidence_for))


def _outlook(pace: Pace) -> list[str]:
    if pace.out_of_reach:
        return ["it can no longer be reached"]
    if pace.projected is None:
        return []
    if pace.high is not None and pace.high <= pace.so_far:
        return ["the present pace adds nothing before the deadline"]
    interval = ""
    if pace.low is not None and pace.high is not None:
        interval = f" (80% interval {_digits(pace.low, pace)} to {_digits(pace.high, pace)})"
    goal = f"{_digits(pace.projected, pace)} by the deadline, {_digits(pace.threshold, pace)} needed"
    return [f"the present pace leads to {goal}{interval}"]


def _next(j: Judged, events: Mapping[str, Event], at: dt.datetime) -> Sentence | None:
    """What would move an open prediction next: what is missing, and the pending near miss that is nearest."""
    if j.status != "open" or (j.pace and j.pace.out_of_reach):
        return None
    nearest = _pending(j, events, at)
    told = _candidate(*nearest) if nearest else None
    parts = [*_missing(j, at), *([told.text] if told else [])]
    if not parts:
        return None
    ids = told.event_ids if told else []
    text = f"{capital('; '.join(parts)).rstrip('.')}."
    return Sentence(text=text, prediction_ids=[j.id], event_ids=ids, names=told.names if told else [])


def _missing(j: Judged, at: dt.datetime) -> list[str]:
    if j.deadline is None or j.pace is None or j.pace.so_far >= j.pace.threshold:
        return []
    weeks = max((j.deadline - at).days // 7, 0)
    left = f"{count(weeks, 'week')} left" if weeks else "less than a week left"
    return [f"{_measure(j.pace.threshold - j.pace.so_far, j.pace)} more needed, with {left}"]


def _pending(j: Judged, events: Mapping[str, Event], at: dt.datetime) -> tuple[Exhibit, Event] | None:
    """The first near miss of late that may still come to count."""
    for miss in j.near_misses:
        event = events.get(miss.event_id or "")
        if miss.pending and event is not None and at - event.last_reported <= CANDIDATE_LIFE:
            return miss, event
    return None


def _candidate(miss: Exhibit, event: Event) -> Sentence:
    told = telling(event, short=True)
    clause = clean(miss.clause or "", LINE_LIMIT)
    text = f"the nearest candidate: {told.text.rstrip('.')}" + (f" ({clause})" if clause else "")
    return Sentence(text=text, event_ids=told.event_ids, names=[*told.names, clause])


def climb(j: Judged, events: Mapping[str, Event]) -> list[tuple[dt.date, float]]:
    """The running count (or USD sum) of the events that count, by the day each was announced."""
    if j.pace is None:
        return []
    mine = [events[i] for i in dict.fromkeys(_ids(j.evidence_for)) if i in events]
    dated = sorted((e.reached("announced") or e.first_reported.date(), e.id, _worth(e, j.pace)) for e in mine)
    total, steps = 0.0, []
    for day, _, worth in dated:
        total += worth
        steps.append((day, total))
    return steps


def _worth(event: Event, pace: Pace) -> float:
    # Only what is certain counts: of "up to" nothing is.
    return 1.0 if pace.unit == "events" else event.amount_usd.low if event.amount_usd else 0.0


def _moves(forecasts: Sequence[Forecast], week: Week) -> list[ProbabilityMove]:
    moves = []
    for f in forecasts:
        if f.change is None or f.now is None or f.odds[-1].at not in week:
            continue
        way = "up" if f.change > 0 else "down"
        text = f"“{f.title}” went {way} from {percent(f.now - f.change)} to {percent(f.now)}."
        moves.append(
            ProbabilityMove(
                prediction_id=f.id, sentence=Sentence(text=text, prediction_ids=[f.id], names=[f.title])
            )
        )
    return moves
