"""The scoreboard as its page shows it: how good the forecasts were, and against what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.brief.text import capital, clean, count, join, number
from tracker.predict.calibration import assessment, calibration
from tracker.predict.scoreboard import (
    MEDIAN,
    REFERENCES,
    YES_NO,
    Judged,
    Scored,
    Tally,
    by_forecaster,
    people,
    score,
    tally,
)
from tracker.predict.summary import TOGETHER, Figure, Summary, said, summaries
from tracker.site.odds import Diagram, diagram
from tracker.site.places import prediction_page

NAMES = {
    MEDIAN: "Median of all",
    "base rate": "Base rate of the ledger",
    "crowd": "The crowd",
    TOGETHER: "All people",
}


@dataclass(frozen=True)
class Score:
    """A figure in print, with its interval where there is one."""

    value: str
    interval: str = ""


@dataclass(frozen=True)
class Standing:
    """One forecaster's scores on one kind of question."""

    name: str
    kind: str
    n: int
    loss: Score
    life: Score
    log: Score
    base_rate: Score
    crowd: Score
    person: bool


@dataclass(frozen=True)
class Result:
    """One forecast that can be scored, and what came."""

    title: str
    path: str
    by: str
    said: str
    came: str
    loss: str


@dataclass(frozen=True)
class ScoreboardPage:
    standings: list[Standing]
    counted: str
    diagram: Diagram | None
    assessment: str
    results: list[Result]


def scoreboard_page(judged: Sequence[Judged], titles: Mapping[str, str]) -> ScoreboardPage:
    """`titles` are those of the predictions, by id."""
    scored = [s for j in judged for s in score(j)]
    groups = by_forecaster(scored)
    humans = people(scored)
    if len({s.forecaster for s in humans}) > 1:
        groups = {**groups, TOGETHER: humans}
    plain = said(humans)
    curve = calibration(plain) if plain else None
    return ScoreboardPage(
        standings=[_standing(s) for s in summaries(groups)],
        counted=_counted(tally(judged)),
        diagram=diagram(curve) if curve else None,
        assessment=assessment(curve) if curve else "",
        results=[
            _result(s, titles) for s in sorted(humans, key=lambda s: (-s.loss, s.question, s.forecaster))
        ],
    )


def _standing(s: Summary) -> Standing:
    return Standing(
        name=NAMES.get(s.group) or clean(s.group, 80),
        kind="" if s.kind == YES_NO else s.kind,
        n=s.loss.n,
        loss=_figure(s.loss),
        life=_figure(s.life),
        log=_figure(s.log),
        base_rate=_figure(s.skill.get("base rate"), sign=True),
        crowd=_figure(s.skill.get("crowd"), sign=True),
        person=s.group not in (MEDIAN, *REFERENCES, TOGETHER),
    )


def _figure(figure: Figure | None, *, sign: bool = False) -> Score:
    if figure is None:
        return Score("–")
    interval = ""
    if figure.low is not None and figure.high is not None:
        interval = f"{_short(figure.low, sign)} to {_short(figure.high, sign)}"
    return Score(_short(figure.value, sign), interval)


def _short(value: float, sign: bool = False) -> str:
    """Three digits after the point, fewer for what is large.

    >>> _short(0.1176), _short(-0.5, sign=True), _short(12345.6)
    ('0.118', '−0.500', '12,346')
    """
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:+.3f}" if sign else f"{value:.3f}"
    return text.replace("-", "−")


def _result(s: Scored, titles: Mapping[str, str]) -> Result:
    return Result(
        title=clean(titles.get(s.question, s.question), 160),
        path=prediction_page(s.question),
        by=clean(s.forecaster, 80),
        said=f"{s.probability:.0%}" if s.probability is not None else "",
        came={1.0: "yes", 0.0: "no"}.get(s.outcome, "") if s.outcome is not None else "",
        loss=_short(s.loss),
    )


def _counted(t: Tally) -> str:
    """What the scores rest on and what they leave out, in a sentence.

    >>> _counted(Tally(3, 2, 0, 0, 1, 0, 0, 0))
    'Two of three due predictions have a verdict; one undecided.'
    """
    left = (
        (t.superseded, "superseded"), (t.void, "void"), (t.ambiguous, "ambiguous"),
        (t.undecided, "undecided"), (t.unstated, "with no probability in time"),
        (t.early, "judged early and not yet due"),
    )  # fmt: skip
    rest = join([f"{number(n)} {word}" for n, word in left if n], most=6)
    verb = "has" if t.judged == 1 else "have"
    told = f"{capital(number(t.judged))} of {count(t.due, 'due prediction')} {verb} a verdict"
    return f"{told}; {rest}." if rest else f"{told}."
