"""Which judged predictions and versions count, and what they come to: scores beside how many have a verdict.

Every version of a prediction is scored by its own criterion and deadline, with the last probability that was
stated while it stood. Void and ambiguous ones are counted, not scored.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from tracker.predict.scores import (
    brier,
    brier_of_options,
    capped,
    crps,
    logarithmic,
    logarithmic_of_options,
    time_average,
)
from tracker.predict.verdict import VerdictStatus

Belief = float | dict[str, float]
"""A probability; or probabilities by option; or values by level of probability, such as {"0.1": 4}."""

YES_NO, OPTIONS = "yes/no", "options"
MEDIAN = "median"
REFERENCES = ("base rate", "crowd")
"""Forecasters that others are compared with: what history says, and what others say."""


@dataclass(frozen=True)
class Stated:
    """What a forecaster believed from `at` on."""

    at: dt.datetime
    by: str
    belief: Belief


@dataclass(frozen=True)
class Judged:
    """One version of a prediction with its verdict at the moment of scoring.

    kind: yes/no, options, or the unit of its quantiles. outcome: 1 or 0, the option, or the number that came.
    opens, ends: when it stood (UTC); `ends` is the first instant at which no new statement counts: its
    closing, its judgement, or its next version. due: its deadline has passed. limit: the last value that its
    window could show, for days.
    """

    id: str
    version: int
    kind: str
    status: VerdictStatus
    opens: dt.datetime
    ends: dt.datetime
    deadline: dt.date
    due: bool
    stated: Sequence[Stated]
    outcome: float | str | None = None
    limit: float | None = None
    tags: Sequence[str] = ()


@dataclass(frozen=True)
class Scored:
    """One forecaster's score on one version: losses, 0 is perfect.

    loss: Brier, or CRPS in the unit of `kind`. life: its mean over the time the version stood, `share` of
    which the forecaster had said something. probability, outcome: only where `kind` is yes/no. references:
    the losses of those compared with.
    """

    question: str
    version: int
    forecaster: str
    kind: str
    loss: float
    log: float | None = None
    probability: float | None = None
    outcome: float | None = None
    life: float | None = None
    share: float | None = None
    references: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Tally:
    """What became of the versions, so that no score stands without what it leaves out.

    due: deadline passed. judged: of these, how many have a verdict (met, not met, void, ambiguous). unstated:
    judged, but nobody had stated a probability. early: judged before the deadline, scored when it has passed.
    """

    due: int
    judged: int
    void: int
    ambiguous: int
    undecided: int
    unstated: int
    early: int
    superseded: int


def tally(judged: Sequence[Judged]) -> Tally:
    due = [j for j in judged if j.due]
    known = [j for j in due if j.status in ("met", "not met")]
    last = {j.id: j.version for j in sorted(judged, key=lambda j: j.version)}

    def count(status: VerdictStatus) -> int:
        return sum(j.status == status for j in due)

    return Tally(
        due=len(due),
        judged=sum(j.status not in ("open", "undecided") for j in due),
        void=count("void"),
        ambiguous=count("ambiguous"),
        undecided=count("undecided") + count("open"),
        unstated=sum(not _standing(j) for j in known),
        early=sum(not j.due and j.status in ("met", "not met") for j in judged),
        superseded=sum(j.version != last[j.id] for j in due),
    )


# ----- one version


def score(judged: Judged) -> list[Scored]:
    """The scores of every forecaster on a version; none where it is not due, or has no outcome."""
    if not judged.due or judged.outcome is None or judged.status not in ("met", "not met"):
        return []
    standing = _standing(judged)
    losses = {by: _loss(judged, stated[-1].belief) for by, stated in standing.items()}
    return [_scored(judged, by, stated, losses) for by, stated in standing.items()]


def _scored(judged: Judged, by: str, stated: Sequence[Stated], losses: Mapping[str, float]) -> Scored:
    belief = stated[-1].belief
    steps = [(s.at, _loss(judged, s.belief)) for s in stated]
    life, share = time_average(steps, judged.opens, judged.ends) or (None, None)
    plain = judged.kind == YES_NO
    return Scored(
        question=judged.id,
        version=judged.version,
        forecaster=by,
        kind=judged.kind,
        loss=losses[by],
        log=_surprise(judged, belief),
        probability=belief if plain and isinstance(belief, float) else None,
        outcome=judged.outcome if plain and isinstance(judged.outcome, float) else None,
        life=life,
        share=share,
        references={name: losses[name] for name in REFERENCES if name in losses and name != by},
    )


def _standing(judged: Judged) -> dict[str, list[Stated]]:
    """What was stated in time, by forecaster, oldest first; of several people also their median."""
    stated = sorted((s for s in judged.stated if s.at < judged.ends), key=lambda s: s.at)
    people = [s for s in stated if s.by not in REFERENCES]
    if judged.kind == YES_NO and len({s.by for s in people}) > 1:
        stated += medians(people)
    found: dict[str, list[Stated]] = {}
    for s in stated:
        found.setdefault(s.by, []).append(s)
    return found


def medians(stated: Iterable[Stated]) -> list[Stated]:
    """The median probability of all forecasters after each statement; `stated` is oldest first."""
    latest: dict[str, float] = {}
    found = []
    for s in stated:
        if isinstance(s.belief, float):
            latest[s.by] = s.belief
            found.append(Stated(s.at, MEDIAN, float(median(latest.values()))))
    return found


def _loss(judged: Judged, belief: Belief) -> float:
    match belief, judged.outcome:
        case dict(), str(option):
            return brier_of_options(belief, option)
        case dict(), came:
            return _crps(
                {float(level): value for level, value in belief.items()}, float(came or 0), judged.limit
            )
        case _, came:
            return brier(belief, float(came or 0))


def _crps(quantiles: dict[float, float], came: float, limit: float | None) -> float:
    if limit is None:
        return crps(quantiles, came)
    return crps(capped(quantiles, limit), min(came, limit))


def _surprise(judged: Judged, belief: Belief) -> float | None:
    """The log score; None for quantiles, which tell no density."""
    match belief, judged.outcome:
        case dict(), str(option):
            return logarithmic_of_options(belief, option)
        case dict(), _:
            return None
        case _, came:
            return logarithmic(belief, float(came or 0))
