"""The queue of what a person should look at, what matters most to open predictions first."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

import sqlalchemy as sa

from tracker import pipeline
from tracker.companies import Known, directory_of, of_events
from tracker.judging import JudgedPrediction, verdicts
from tracker.models.ledger import Event
from tracker.predict.verdict import Evidence, day_end
from tracker.resolve.companies import Directory
from tracker.resolve.doubts import Doubt, doubts, similar

ORDER = ("one deal?", "which value?", "true?", "who?")
TURNS, IN_DOUBT, COUNTS, NEAR = 8, 4, 2, 1
"""The weights of an event for a prediction that is not over: without it the verdict would be another; it
counts if a doubt about it is settled; it counts for or against; it narrowly misses."""


def queue(engine: sa.Engine, at: dt.datetime, as_of: dt.datetime | None = None) -> list[Doubt]:
    """The questions at a time, with their weight and why; those that matter to no prediction come last."""
    events, directory = pipeline.ledger(engine, seen_by=as_of), directory_of(engine, as_of)
    found = [*doubts(events), *_unlisted(events, directory)]
    weights = _Stakes(engine, at, as_of, events)
    asked = [weights.of(doubt) for doubt in found]
    return sorted(asked, key=lambda d: (-d.weight, ORDER.index(d.question), -len(_sources(d)), _name(d)))


def _sources(doubt: Doubt) -> list[int]:
    return [s.mention_id for e in doubt.events for s in e.sources]


def _name(doubt: Doubt) -> tuple[str, str]:
    return doubt.events[0].id, doubt.company or doubt.field


def _unlisted(events: Sequence[Event], directory: Directory) -> Iterator[Doubt]:
    """Names in the news that nobody has listed, with the listed companies whose names are like them."""
    for known in of_events([e for e in events if e.salience == "main"], directory):
        if known.provisional:
            yield _who(known, directory)


def _who(known: Known, directory: Directory) -> Doubt:
    like = tuple(similar(known.company.name, directory))
    return Doubt("who?", tuple(known.events), like, company=known.company.id, name=known.company.name)


class _Stakes:
    """What events mean for the predictions that are not over at a time."""

    def __init__(
        self, engine: sa.Engine, at: dt.datetime, as_of: dt.datetime | None, events: Sequence[Event]
    ) -> None:
        self._engine, self._at, self._as_of, self._events = engine, at, as_of, events
        self._parts: dict[str, list[tuple[int, JudgedPrediction]]] = defaultdict(list)
        self._known_turns: dict[tuple[str, str], bool] = {}
        for judged in verdicts(engine, at, as_of, events=events):
            if at < day_end(judged.prediction.deadline):
                self._enter(judged)

    def _enter(self, judged: JudgedPrediction) -> None:
        verdict = judged.verdict
        for part in (*verdict.evidence_for, *verdict.evidence_against):
            self._parts[part.event_id].append((COUNTS, judged))
        for part in verdict.near_misses:
            self._parts[part.event_id].append((self._near(part), judged))

    def _near(self, part: Evidence) -> int:
        return IN_DOUBT if part.unknown else NEAR

    def of(self, doubt: Doubt) -> Doubt:
        """The question with the weight of its heaviest event, and the predictions it bears on."""
        parts = [self._weighed(e, *part) for e in doubt.events for part in self._parts.get(e.id, ())]
        parts.sort(key=lambda part: (-part[0], part[1]))
        told = tuple(dict.fromkeys(text for _, text in parts))
        return replace(doubt, weight=max((w for w, _ in parts), default=0), stakes=told)

    def _weighed(self, event: Event, weight: int, judged: JudgedPrediction) -> tuple[int, str]:
        id_ = judged.prediction.id
        if weight == COUNTS and judged.verdict.concluded and self._turns(event, judged):
            return TURNS, f"turns {id_}"
        words = {COUNTS: "counts in", IN_DOUBT: "would count in", NEAR: "narrowly misses"}
        return weight, f"{words[weight]} {id_}"

    def _turns(self, event: Event, judged: JudgedPrediction) -> bool:
        """Whether the verdict would be another without an event."""
        key = event.id, judged.prediction.id
        if key not in self._known_turns:
            rest = [e for e in self._events if e.id != event.id]
            (other,) = verdicts(self._engine, self._at, self._as_of, ids=[key[1]], events=rest)
            self._known_turns[key] = other.verdict.status != judged.verdict.status
        return self._known_turns[key]
