"""A prediction as its page shows it: what was said, what was thought of it when, and what the ledger says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker.brief.likelihood import likelihood, percent
from tracker.brief.text import clean, safe_url
from tracker.models.ledger import Event
from tracker.predict.forecast import Form
from tracker.predict.prediction import Prediction, StatedForecast, StatedProbability
from tracker.predict.verdict import Evidence, Verdict
from tracker.site.events import Named, headline
from tracker.site.odds import OddsChart, odds_chart
from tracker.site.places import event_page, issue_page, prediction_page

NAME, LINE, TEXT = 80, 240, 1200
EXHIBITS_SHOWN = 60
FORMS = {
    "yes/no": "Yes or no", "numeric": "How much or how many", "date": "When", "choice": "Which",
}  # fmt: skip


@dataclass(frozen=True)
class Weekly:
    """What an issue said of a prediction: the verdict then, the probability in force, how far it had come."""

    week: str
    status: str
    probability: float | None = None
    so_far: str = ""


@dataclass(frozen=True)
class Drawn:
    """A verdict as it was drawn; `erratum` says what it was before and why it changed."""

    at: dt.datetime
    status: str
    erratum: str


@dataclass(frozen=True)
class Subject:
    """A prediction with all that was said and concluded of it; `weekly` and `drawn` are oldest first."""

    prediction: Prediction
    version: int
    verdict: Verdict
    probabilities: Sequence[StatedProbability]
    forecasts: Sequence[StatedForecast] = ()
    weekly: Sequence[Weekly] = ()
    drawn: Sequence[Drawn] = ()


@dataclass(frozen=True)
class Exhibit:
    text: str
    path: str | None
    day: dt.date | None
    clause: str


@dataclass(frozen=True)
class Said:
    """A statement of a forecaster: of a yes or no a probability with its word, else the forecast in words."""

    at: dt.datetime
    by: str
    told: str
    word: str
    why: str


@dataclass(frozen=True)
class Turn:
    """The first of several issues that said the same; `more` is how many others followed."""

    week: str
    path: str
    status: str
    probability: str
    so_far: str
    more: int


@dataclass(frozen=True)
class Row:
    """A prediction in the list."""

    title: str
    path: str
    status: str
    fact: bool
    author: str
    deadline: dt.date
    probability: float | None


@dataclass(frozen=True)
class PredictionPage:
    id: str
    title: str
    statement: str
    fact: bool
    form: str
    author: str
    made: dt.date
    opens: dt.date
    closes: dt.date
    deadline: dt.date
    version: int
    origin: Named | None
    origin_note: str
    criterion: str
    options: dict[str, str]
    condition: str
    counts: list[str]
    does_not_count: list[str]
    note: str
    tags: list[str]
    status: str
    at: dt.datetime
    answer: str
    reasons: list[str]
    ruling: str
    measures: list[str]
    now: float | None
    said: list[Said]
    chart: OddsChart | None
    turns: list[Turn]
    drawn: list[Drawn]
    sides: list[tuple[str, list[Exhibit], int]]
    gaps: list[str]
    watched: str


def row(subject: Subject) -> Row:
    p = subject.prediction
    return Row(
        title=clean(p.title, LINE),
        path=prediction_page(p.id),
        status=subject.verdict.status,
        fact=p.kind == "fact",
        author=clean(p.author, NAME),
        deadline=p.deadline,
        probability=subject.probabilities[-1].value if subject.probabilities else None,
    )


def prediction_page_of(subject: Subject, events: Mapping[str, Event]) -> PredictionPage:
    """`events` are those that have a page, by id."""
    p, v = subject.prediction, subject.verdict
    origin = p.source
    return PredictionPage(
        **{n: getattr(p, n) for n in ("id", "made", "opens", "closes", "deadline")},
        title=clean(p.title, LINE),
        statement=clean(p.statement, TEXT),
        fact=p.kind == "fact",
        form=FORMS[p.form],
        author=clean(p.author, NAME),
        version=subject.version,
        origin=Named(clean(origin.document, LINE), safe_url(origin.url)) if origin else None,
        origin_note=_origin_note(p),
        criterion=clean(p.criterion),
        options={clean(k, NAME): clean(c) for k, c in p.options.items()},
        condition=clean(p.condition or ""),
        counts=[clean(t, TEXT) for t in p.counts],
        does_not_count=[clean(t, TEXT) for t in p.does_not_count],
        note=clean(p.note, TEXT),
        tags=[clean(t, NAME) for t in p.tags],
        status=v.status,
        at=v.at,
        answer=clean(str(v.answer)) if v.answer is not None else "",
        reasons=[clean(r, TEXT) for r in v.reasons],
        ruling=_ruling(v),
        measures=[clean(m.told, LINE) for m in v.measures if m.told],
        now=subject.probabilities[-1].value if subject.probabilities else None,
        said=list(_said(subject)),
        chart=odds_chart(subject.probabilities, p.made, p.deadline, v.at),
        turns=list(turns(subject.weekly)),
        drawn=[Drawn(d.at, d.status, clean(d.erratum, TEXT)) for d in subject.drawn],
        sides=list(_sides(v, events)),
        gaps=[clean(str(g), LINE) for g in v.coverage.gaps],
        watched=f"{v.coverage.start} to {v.coverage.end}",
    )


def _origin_note(p: Prediction) -> str:
    if p.source is None:
        return ""
    parts = (clean(p.source.section, LINE), str(p.source.date) if p.source.date else "")
    return ", ".join(part for part in parts if part)


def _ruling(v: Verdict) -> str:
    if v.ruling is None:
        return ""
    why = f": {clean(v.ruling.why, TEXT)}" if v.ruling.why else ""
    ledger = f" The ledger alone says {v.by_ledger}." if v.by_ledger and v.by_ledger != v.status else ""
    return f"Ruled by {clean(v.ruling.by, NAME)} on {v.ruling.at:%Y-%m-%d}{why}.{ledger}"


def _said(subject: Subject) -> Iterator[Said]:
    """What was stated, newest first."""
    told = [
        Said(s.at, clean(s.by, NAME), percent(s.value), likelihood(s.value), clean(s.why, TEXT))
        for s in subject.probabilities
    ]
    told += [
        Said(f.at, clean(f.by, NAME), _distribution(subject.prediction.form, f), "", clean(f.why, TEXT))
        for f in subject.forecasts
    ]
    yield from sorted(told, key=lambda s: s.at, reverse=True)


def _distribution(form: Form, forecast: StatedForecast) -> str:
    """Probabilities by answer, or values by level of probability."""
    if form == "choice":
        return ", ".join(f"{clean(k, NAME)} {percent(float(v))}" for k, v in forecast.stated.items())
    return ", ".join(f"{percent(float(k))}: {_value(v)}" for k, v in forecast.stated.items())


def _value(value: float | str) -> str:
    if isinstance(value, str):
        return clean(value)
    return f"{value:,.0f}" if abs(value) >= 1e6 else f"{value:,.4g}"


def turns(weekly: Sequence[Weekly]) -> Iterator[Turn]:
    """The issues in which something was said that the one before did not say, newest first."""
    runs: list[list[Weekly]] = []
    for w in weekly:
        last = runs[-1][0] if runs else None
        if last and (last.status, last.probability, last.so_far) == (w.status, w.probability, w.so_far):
            runs[-1].append(w)
        else:
            runs.append([w])
    for run in reversed(runs):
        first = run[0]
        said = percent(first.probability) if first.probability is not None else ""
        yield Turn(first.week, issue_page(first.week), first.status, said, first.so_far, len(run) - 1)


def _sides(v: Verdict, events: Mapping[str, Event]) -> Iterator[tuple[str, list[Exhibit], int]]:
    named = (
        ("For", v.evidence_for), ("Against", v.evidence_against), ("Near misses", v.near_misses)
    )  # fmt: skip
    for label, found in named:
        if found:
            exhibits = [_exhibit(e, events.get(e.event_id)) for e in found[:EXHIBITS_SHOWN]]
            yield label, exhibits, len(found) - len(exhibits)


def _exhibit(e: Evidence, event: Event | None) -> Exhibit:
    """The event in the ledger's own sentence; as the judge describes it where it has no page."""
    clause = clean(e.why or e.clause or "", LINE)
    if event is None:
        return Exhibit(clean(e.description, LINE), None, e.day, clause)
    return Exhibit(headline(event), event_page(event.id), e.day, clause)
