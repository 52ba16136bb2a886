"""The checks every issue must pass before it is rendered.

Rules: three sentences in the bottom line; plain well-formed sentences; likelihood and confidence never in
one sentence, and a likelihood word always that of the figure beside it (ICD 203); tense and money of a deal's
sentence agree with the event; every claim names events that exist. Outside names are masked first: a company
may be called Unlikely AI.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set
from typing import Any

from pydantic import BaseModel

from tracker.brief.likelihood import WORDS, likelihood
from tracker.brief.model import Deal, Forecast, Issue, Sentence
from tracker.errors import BriefingError

MASK = "■"
_TERMS = re.compile(r"\b(" + "|".join(sorted(WORDS, key=len, reverse=True)) + r")\b", re.IGNORECASE)
_CONFIDENCE = re.compile(r"\bconfiden(ce|t)\b", re.IGNORECASE)
_PERCENT = re.compile(r"(\d+(?:\.\d+)?) ?%")
_MONEY = re.compile(r"(?:[A-Z]{0,3}[$€£¥₹₩₪]|\b[A-Z]{3} )\d[\d.,]*(?:tn|bn|m)?\b")
_HEDGED = re.compile(r"\breportedly\b")
_FAILED = re.compile(r"\b(fell through|called off)\b")
_BROKEN = re.compile(r"\bNone\b(?! of\b)|\{|\}| {2}|\.\.|,,| [.,;:]|\bundefined\b")


def masked(sentence: Sentence) -> str:
    text = sentence.text
    for name in sorted(filter(None, sentence.names), key=len, reverse=True):
        # Whole words only: a company named 5 must not hide part of a figure.
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", MASK, text)
    return text


def sentences(value: Any) -> Iterator[Sentence]:
    """Every generated sentence inside an issue, in order."""
    if isinstance(value, Sentence):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from sentences(getattr(value, name))
    elif isinstance(value, list):
        for item in value:
            yield from sentences(item)


def _form(text: str) -> str | None:
    if _BROKEN.search(text):
        return "is not well formed"
    if not text.endswith((".", "?", f"{MASK}")):
        return "does not end with a full stop"
    return "begins with a small letter" if text[:1].islower() else None


def _estimative(text: str) -> str | None:
    terms = [t.lower() for t in _TERMS.findall(text)]
    if not terms:
        return None
    if _CONFIDENCE.search(text):
        return "joins likelihood and confidence"
    figures = [float(p) / 100 for p in _PERCENT.findall(text)]
    if figures and likelihood(figures[0]) != terms[0]:
        return f"calls {figures[0]:.0%} {terms[0]!r} where ICD 203 says {likelihood(figures[0])!r}"
    return None


_SENTENCE_RULES: tuple[Callable[[str], str | None], ...] = (_form, _estimative)


def _check_sentence(sentence: Sentence, known: Set[str]) -> Iterator[str]:
    text = masked(sentence)
    for rule in _SENTENCE_RULES:
        problem = rule(text)
        if problem:
            yield f"{sentence.text!r} {problem}"
    for event_id in sentence.event_ids:
        if event_id not in known:
            yield f"{sentence.text!r} rests on {event_id}, which is not in the ledger"


def _check_deal(deal: Deal) -> Iterator[str]:
    text = masked(deal.sentence)
    if deal.sentence.event_ids != [deal.id]:
        yield f"{deal.sentence.text!r} does not carry its event {deal.id}"
    for pattern, status in ((_HEDGED, "rumoured"), (_FAILED, "terminated")):
        # A name may hold the word itself, so its presence is read with the names and its absence without.
        fits = pattern.search(deal.sentence.text) if deal.status == status else not pattern.search(text)
        if not fits:
            yield f"{deal.sentence.text!r} does not fit the status {deal.status}"
    stated = f"{deal.amount} {deal.valuation}"
    for money in _MONEY.findall(text):
        if money not in stated:
            yield f"{deal.sentence.text!r} says {money}, the event says {stated}"


def _check_forecast(forecast: Forecast) -> Iterator[str]:
    expected = likelihood(forecast.now) if forecast.now is not None else None
    if forecast.word != expected:
        yield f"prediction {forecast.id} is called {forecast.word!r} where its figure says {expected!r}"


def _check_claims(issue: Issue) -> Iterator[str]:
    if len(issue.bottom_line) != 3:
        yield f"the bottom line has {len(issue.bottom_line)} sentences, not three"
    claims = [
        *(s for c in issue.changes for s in c.sentences),
        *(w.sentence for g in issue.watch for w in g.items),
    ]
    for sentence in claims:
        if not sentence.event_ids and not sentence.prediction_ids:
            yield f"{sentence.text!r} rests on nothing"


def problems(issue: Issue, known: Set[str]) -> Iterator[str]:
    """Every broken rule in words; `known` are the ids of the ledger's events."""
    yield from _check_claims(issue)
    for sentence in sentences(issue):
        yield from _check_sentence(sentence, known)
    for group in issue.groups:
        for deal in group.deals:
            yield from _check_deal(deal)
    for forecast in (*issue.due, *issue.open, *issue.facts):
        yield from _check_forecast(forecast)


def check(issue: Issue, known: Set[str]) -> None:
    """Raises BriefingError naming the first broken rule and how many more there are."""
    found = list(problems(issue, known))
    if found:
        more = f", and {len(found) - 1} more" if len(found) > 1 else ""
        raise BriefingError(
            f"the issue {issue.week} breaks a rule of the house: {found[0]}{more}",
            hint="no file was written; this is a fault in tracker/brief, please report it",
        )
