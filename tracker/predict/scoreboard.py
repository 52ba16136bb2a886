"""Which judged predictions and versions count, and what they come to: scores beside how many have a verdict.

Every version of a prediction is scored by its own criterion and deadline, with the last probability that was
stated while it stood. Void and ambiguous ones are counted, not scored.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from tracker.predict.scores import (
    brier,
    brier_of_options,
    crps,
    logarithmic,
    logarithmic_of_options,
    time_average,
)
from tracker.predict.verdict import VerdictStatus

Belief = float | dict[str, float]
"""A probability; or probabilities by option; or values by level of probability, such as {"0.1": 4}."""

YES_NO = "yes/no"
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

    kind: yes/no, choice, or the unit of its quantiles. outcome: 1 or 0, the option, or the number that came.
    opens, ends: the time it stands for (UTC); it ends with its deadline, its judgement or its next version.
    closes: the first instant at which no new statement counts. due: its deadline has passed.
    """

    id: str
    version: int
    kind: str
    status: VerdictStatus
    opens: dt.datetime
    closes: dt.datetime
    ends: dt.datetime
    deadline: dt.date
    due: bool
    stated: Sequence[Stated]
    outcome: float | str | None = None
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


def chosen(
    judged: Iterable[Judged], by: str | None = None, tags: Collection[str] = (), since: dt.date | None = None
) -> list[Judged]:
    """Those that a forecaster said something on, with all of some tags, due on or after a day."""
    return [
        j
        for j in judged
        if (by is None or by in _standing(j))
        and set(tags) <= set(j.tags)
        and (since is None or j.deadline >= since)
    ]


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
    last = min(judged.closes, judged.ends)
    stated = sorted((s for s in judged.stated if s.at < last), key=lambda s: s.at)
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
            return crps({float(level): value for level, value in belief.items()}, float(came or 0))
        case _, came:
            return brier(belief, float(came or 0))


def _surprise(judged: Judged, belief: Belief) -> float | None:
    """The log score; None for quantiles, which tell no density."""
    match belief, judged.outcome:
        case dict(), str(option):
            return logarithmic_of_options(belief, option)
        case dict(), _:
            return None
        case _, came:
            return logarithmic(belief, float(came or 0))


# ----- many


def by_forecaster(scored: Iterable[Scored]) -> dict[str, list[Scored]]:
    """The scores of each forecaster; people first, in the order of their names."""
    found: dict[str, list[Scored]] = {}
    for s in sorted(scored, key=lambda s: (s.forecaster in (MEDIAN, *REFERENCES), s.forecaster)):
        found.setdefault(s.forecaster, []).append(s)
    return found


def people(scored: Iterable[Scored]) -> list[Scored]:
    """Those of people, without what is computed from them and what they are compared with."""
    return [s for s in scored if s.forecaster not in (MEDIAN, *REFERENCES)]


def lines(judged: Judged) -> list[dict[str, Any]]:
    """A version as records, one a forecaster; a file of them is scored as the version is."""
    scored = {s.forecaster: s for s in score(judged)}
    last = {by: stated[-1] for by, stated in _standing(judged).items()}
    own = {
        "question": judged.id,
        "version": judged.version,
        "kind": judged.kind,
        "status": judged.status,
        "deadline": judged.deadline,
        "tags": list(judged.tags),
        "outcome": _outcome(judged),
        **{name: last[name].belief for name in REFERENCES if name in last},
    }
    return [{**own, **_line(stated, scored.get(by))} for by, stated in last.items()]


def _outcome(judged: Judged) -> float | str:
    if judged.outcome is not None and judged.due:
        return judged.outcome
    return "open" if judged.status in ("met", "not met") else judged.status


def _line(stated: Stated, scored: Scored | None) -> dict[str, Any]:
    plain = isinstance(stated.belief, float)
    found = {n: getattr(scored, n) for n in ("loss", "log", "life", "share")} if scored else {}
    return {
        "forecaster": stated.by,
        "stated": stated.at,
        "probability": stated.belief if plain else None,
        "belief": None if plain else stated.belief,
        **found,
    }
