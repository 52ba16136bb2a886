"""What is wrong with a prediction before it is accepted.

A fault makes it unfit for judging: it has passed, or its criterion holds or fails whatever happens. The rest
are doubts that its author should look at.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tracker.models.mention import ROLES
from tracker.predict import show
from tracker.predict import syntax as s
from tracker.predict.answer import answer
from tracker.predict.bounds import Truth
from tracker.predict.dates import beginning, horizon, span_of, top_dates
from tracker.predict.index import Index
from tracker.predict.matching import Ledger
from tracker.predict.moment import Moment
from tracker.predict.names import same_company
from tracker.predict.prediction import Prediction
from tracker.predict.walk import clauses, selections

VAGUE = re.compile(
    r"\b(?:significant(?:ly)?|major|large|big|substantial(?:ly)?|soon|leading|mostly|mainly|meaningful(?:ly)?"
    r"|notable|many|several|few|wave|surge|dominant|frontier)\b",
    re.IGNORECASE,
)
NO_CURRENCY = re.compile(
    r"(?<![$€£¥\w.])(?<![A-Z]{3} )(\d+(?:\.\d+)?\s?(?:bn|billion|tn|trillion|million|mn))\b"
    r"(?!\s+(?:dollars|euros?|pounds|yen|users|people|tokens|parameters|chips|GPUs))"
)
NO_UNIT = re.compile(
    r"\b(?:over|above|more than|at least|below|under|less than|fewer than)\s+(\d+(?:\.\d+)?)"
    r"\s*(?=[.,;:]|$|by\b)"
)


@dataclass(frozen=True)
class Finding:
    """`fault`: it should not be accepted; else a doubt. `hint` says what to do."""

    about: str
    told: str
    hint: str
    fault: bool = False

    def __str__(self) -> str:
        return f"{self.about}: {self.told} ({self.hint})"


@dataclass(frozen=True)
class Known:
    """What the words of a criterion are held against; nothing is said about what is empty.

    names: companies by name; kinds: the kinds of the company list; others: the predictions that are open.
    """

    names: Collection[str] = ()
    kinds: Collection[str] = ()
    others: Sequence[Prediction] = ()


def lint(prediction: Prediction, index: Index, known: Known, now: dt.datetime) -> list[Finding]:
    """Everything that is wrong with a prediction, faults first."""
    found = [
        *_days(prediction, now),
        *_foregone(prediction, index, now),
        *_statement(prediction),
        *_impossible(prediction),
        *_words(prediction, known),
        *_overlap(prediction, known.others),
    ]
    return sorted(found, key=lambda f: not f.fault)


# ----- days


def _days(p: Prediction, now: dt.datetime) -> Iterator[Finding]:
    if p.kind == "prediction" and p.deadline < now.date():
        yield Finding("deadline", f"{p.deadline} has passed", "choose a day to come", fault=True)
    for x in selections(p.asked):
        ends = [last for c in top_dates(x) if (last := span_of(c)[1]) is not None]
        if ends and min(ends) > p.deadline:
            told = f"the criterion looks until {min(ends)}, the deadline is {p.deadline}"
            yield Finding("deadline", told, "the earlier one decides; make them equal")
        if beginning(x) is None and p.kind == "prediction":
            told = f"{show.selection(x)} has no first day: all that the ledger has ever heard of counts"
            yield Finding("criterion", told, f"add: announced after {p.made}")


# ----- what holds or fails whatever happens


def _foregone(p: Prediction, index: Index, now: dt.datetime) -> Iterator[Finding]:
    if (truth := _before_any_event(p)) is not None:
        always = "holds" if truth else "can never hold"
        yield Finding("criterion", f"it {always}, whatever happens", "ask for what may or may not come", True)
    elif p.kind == "prediction" and p.deadline >= now.date():
        today = answer(p.asked, Ledger(index, Moment(now, p.deadline, p.made))).truth
        if today is not None:
            told = f"it {'holds' if today else 'fails'} already by the ledger of today"
            yield Finding("criterion", told, "leave out what is known", fault=True)


def _before_any_event(p: Prediction) -> Truth:
    """The answer where nothing has happened and everything may still come."""
    opening = dt.datetime.combine(min(p.opens, p.window()[0]), dt.time(), dt.UTC)
    return answer(p.asked, Ledger((), Moment(opening, p.deadline, p.made, gap=True))).truth


def _impossible(p: Prediction) -> Iterator[Finding]:
    for x in selections(p.asked):
        start, end = beginning(x), horizon(x, p.deadline)
        if start is not None and start > end:
            told = f"{show.selection(x)} begins on {start}, after its last day {end}"
            yield Finding("criterion", told, "correct the days", fault=True)
        yield from _contradictions(x)


def _contradictions(x: s.Selection) -> Iterator[Finding]:
    """Fields that should have two values at once, and amounts between limits that have crossed."""
    fields: dict[str, set[str]] = {}
    low, high = 0.0, float("inf")
    for clause in x.conjuncts:
        match clause:
            case s.FieldIn(field=field, values=values):
                fields[field] = fields.get(field, set(values)) & set(values)
            case s.ValueCompare(field="amount", op=">=" | ">", money=s.MoneyLiteral(value=v, currency="USD")):
                low = max(low, v)
            case s.ValueCompare(field="amount", op="<=" | "<", money=s.MoneyLiteral(value=v, currency="USD")):
                high = min(high, v)
    empty = [field for field, values in fields.items() if not values]
    for name in [*empty, *(["amount"] if low > high else [])]:
        told = f"no event has such a {name}: {show.selection(x)}"
        yield Finding("criterion", told, "use or between them, or drop one", fault=True)


# ----- words


def _statement(p: Prediction) -> Iterator[Finding]:
    for match in NO_CURRENCY.finditer(p.statement):
        yield Finding("statement", f"{match[1]!r} has no currency", "write $10bn or €500m")
    for match in NO_UNIT.finditer(p.statement):
        yield Finding("statement", f"{match[1]!r} has no unit", "say of what")
    fine_print = " ".join([*p.counts, *p.does_not_count, p.note]).casefold()
    for word in sorted({m[0].casefold() for m in VAGUE.finditer(p.statement)}):
        if word not in fine_print:
            yield Finding("statement", f"{word!r} is not defined", "say in counts what it means")


def _words(p: Prediction, known: Known) -> Iterator[Finding]:
    for x in selections(p.asked):
        for clause in clauses(x):
            yield from _clause_words(clause, x, known)


def _clause_words(clause: s.Clause, x: s.Selection, known: Known) -> Iterator[Finding]:
    match clause:
        case s.PartyIn(role=role, names=names):
            yield from _role(role, x)
            for name in names:
                if known.names and not any(same_company(name, n, "", loose=True) for n in known.names):
                    yield Finding("criterion", f"the ledger has never heard of {name!r}", "check the name")
        case s.PartyKind(role=role, kinds=kinds):
            yield from _role(role, x)
            for kind in kinds:
                if known.kinds and kind.casefold() not in known.kinds:
                    listed = ", ".join(sorted(known.kinds))
                    yield Finding("criterion", f"no company is of kind {kind!r}", f"one of {listed}", True)


def _role(role: str, x: s.Selection) -> Iterator[Finding]:
    types = [t for t in x.types if role != "party" and role not in ROLES[t]]
    if types and len(types) == len(x.types):
        told = f"{' or '.join(types)} has no {role}"
        yield Finding("criterion", told, f"it has {', '.join(_roles(types))}", fault=True)


def _roles(types: Iterable[str]) -> list[str]:
    found = [r for t in types for r in ROLES[t] if r != "place"]
    return list(dict.fromkeys(found))


# ----- others


def _overlap(p: Prediction, others: Iterable[Prediction]) -> Iterator[Finding]:
    own = set(selections(p.asked))
    for other in others:
        if other.id == p.id:
            continue
        if show.show(other.asked) == show.show(p.asked) and other.deadline == p.deadline:
            yield Finding("overlap", f"{other.id} asks the same", "update that one", fault=False)
        elif own & set(selections(other.asked)):
            yield Finding("overlap", f"{other.id} rests on the same events", "score them as one")
