"""Judges a prediction against the ledger. Pure: the same events, coverage and time give the same verdict."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal

from tracker.models.ledger import Event
from tracker.predict import words
from tracker.predict.answer import Answer, answer, conditional, measures
from tracker.predict.bounds import Bounds
from tracker.predict.came import answered, came
from tracker.predict.coverage import Coverage
from tracker.predict.evidence import Found, collect, contrary
from tracker.predict.index import Index
from tracker.predict.matching import Ledger
from tracker.predict.moment import Moment
from tracker.predict.pace import pace_of
from tracker.predict.parse import parse
from tracker.predict.prediction import Prediction
from tracker.predict.prose import fitting
from tracker.predict.syntax import Selection
from tracker.predict.verdict import CoverageNote, Gap, Measure, Pace, Verdict, VerdictStatus
from tracker.predict.walk import asked_for, leaves, selections

Condition = Literal["none", "met", "open", "undecided", "false"]


def judge(
    prediction: Prediction, events: Iterable[Event] | Index, coverage: Coverage, now: dt.datetime
) -> Verdict:
    """The verdict at `now` (aware UTC) by the events known then.

    met: even the least the events allow satisfies the criterion. not met: even the most does not, and the
    window was watched throughout. Both may come early. Otherwise open until the deadline has ended and
    undecided after. void: the condition is false. Amounts count as intervals in USD; an event in doubt
    widens them.
    """
    return Case(prediction, events, coverage, now).verdict()


class Case:
    """One prediction before the ledger, from the points of view that its parts need."""

    def __init__(
        self,
        prediction: Prediction,
        events: Iterable[Event] | Index,
        coverage: Coverage,
        now: dt.datetime,
        *,
        misses: bool = True,
    ) -> None:
        self.prediction = prediction
        self.moment = Moment(now, prediction.deadline, prediction.made)
        self.note = _coverage_note(prediction, coverage, now)
        self.gaps: list[Gap] = self.note.gaps
        self.ledger = Ledger(events, self.moment, misses=misses)
        self.so_far = self.ledger.at(replace(self.moment, final=True))
        self.settled = self.moment.settled
        self.asked = prediction.asked
        self.options = {name: parse(text) for name, text in prediction.options.items()}
        self.condition = parse(prediction.condition) if prediction.condition else None

    def verdict(self) -> Verdict:
        result = self.answer(gap=bool(self.gaps))
        fors, against, near = self.evidence().lists()
        measured = self.measures()
        return Verdict(
            prediction_id=self.prediction.id,
            status=_status(result, self.settled),
            at=self.moment.now,
            deadline=self.prediction.deadline,
            early=result.truth is not None and not self.settled,
            condition=self.condition_state(),
            reasons=_reasons(self, result, measured),
            measures=measured,
            evidence_for=fors,
            evidence_against=against,
            near_misses=near,
            coverage=self.note,
            answer=self.came(),
            pace=self.pace(),
        )

    def pace(self) -> Pace | None:
        return pace_of(self.asked, self.so_far, self.prediction.opens, self.prediction.digest, self.gaps)

    def over(self, index: Index) -> Case:
        """The same case before another ledger, for its status."""
        other = copy.copy(self)
        other.ledger = Ledger(index, self.moment, misses=False)
        other.so_far = other.ledger.at(replace(self.moment, final=True))
        return other

    def status(self) -> VerdictStatus:
        """The status alone, which takes a small part of the time of the verdict."""
        return _status(self.answer(gap=bool(self.gaps)), self.settled)

    def questions(self) -> Iterator[Selection]:
        """The selections of the criterion and of the condition."""
        yield from selections(self.asked)
        if self.condition is not None:
            yield from selections(self.condition)

    def answer(self, *, gap: bool) -> Answer:
        moment = replace(self.moment, gap=gap)
        result, _ = answered(self.asked, self.options, self.ledger.at(moment))
        if self.condition is None:
            return result
        return conditional(self._condition_answer(gap), result)

    def came(self) -> str | float | None:
        """The number, day or option that came; None before it is certain, and for a yes or no."""
        ledger = self.ledger.at(replace(self.moment, gap=bool(self.gaps)))
        found = came(self.prediction.form, self.asked, self.options, ledger)
        return str(found) if isinstance(found, dt.date) else found

    def _condition_answer(self, gap: bool) -> Answer:
        assert self.condition is not None
        return answer(self.condition, self.ledger.at(replace(self._condition_moment, gap=gap)))

    @property
    def _condition_moment(self) -> Moment:
        deadline = self.prediction.condition_deadline or self.prediction.deadline
        return replace(self.moment, deadline=deadline)

    def condition_state(self) -> Condition:
        if self.condition is None:
            return "none"
        truth = self._condition_answer(bool(self.gaps)).truth
        if truth is None:
            return "undecided" if self._condition_moment.settled else "open"
        return "met" if truth else "false"

    def evidence(self) -> Found:
        found = Found()
        collect(self.asked, self.so_far, found)
        if self.condition is not None:
            collect(self.condition, self.ledger.at(replace(self._condition_moment, final=True)), found)
        if self.prediction.against:
            contrary(parse(self.prediction.against), self.so_far, found)
        return found

    def measures(self) -> list[Measure]:
        return [m for leaf in leaves(self.asked) for m in measures(leaf, self.so_far)]


def _coverage_note(prediction: Prediction, coverage: Coverage, now: dt.datetime) -> CoverageNote:
    start, end = prediction.window()
    today = (now - dt.timedelta(microseconds=1)).date()
    end = min(end, today)
    if end < start:
        return CoverageNote(start=start, end=start, sources=0)
    return coverage.note(start, end)


def _status(result: Answer, settled: bool) -> VerdictStatus:
    if result.void:
        return "void"
    if result.truth is None:
        return "undecided" if settled else "open"
    return "met" if result.truth else "not met"


def _reasons(case: Case, result: Answer, measured: list[Measure]) -> list[str]:
    """What decides first, then what there is beside what is asked for."""
    told = [*(m.told for m in measured), *_fitting(case)]
    if result.void:
        return list(dict.fromkeys([*result.reasons, *told]))
    if result.truth is False and not case.settled:
        return ["It can no longer be met.", *dict.fromkeys(told)]
    if result.truth is None and case.settled:
        without = case.answer(gap=False)
        doubts = [reason for reason in without.reasons if reason not in told]
        gaps = [_gap_reason(case, without.truth)] if case.gaps else []
        told = [*doubts, *told, *gaps] if without.truth is None else [*gaps, *told]
    return list(dict.fromkeys(told))


def _fitting(case: Case) -> list[str]:
    """How many events fit each `exists`."""
    found = [(x, y, case.so_far.matches(x)) for x, y in asked_for(case.asked)]
    return [fitting(x, Bounds(len(m.sure), len(m.possible)), y, case.settled) for x, y, m in found]


def _gap_reason(case: Case, without: bool | None) -> str:
    """Names the gaps, and says what the verdict would be but for them."""
    would = {True: "; but for that it would be met", False: "; but for that it would not be met", None: ""}
    named = [f"from {gap.told}" for gap in case.gaps[:3]]
    more = [f"in {words.number(len(case.gaps) - 3)} more stretches"] if case.gaps[3:] else []
    return f"Too few sources were watched {words.listed([*named, *more])}{would[without]}."
