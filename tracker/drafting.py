"""Predictions out of a text: its forward-looking sentences, each with the criterion that rules make of it.

Rules over sentences, no model: a sentence is taken where it speaks of what is to come, or stands in a section
about it ("What we're watching"). From its words come a deadline, a kind of event, companies, a number and an
amount. What is assumed is noted, and what gives no criterion is kept with the reason.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tracker.extract.money import find_money
from tracker.extract.text import sentences
from tracker.predict import show
from tracker.predict import syntax as s
from tracker.predict.horizons import Horizon, horizon_of
from tracker.predict.words import NUMBERS, day, slug

AHEAD = re.compile(
    r"\b(?:will|won't|expects?|expected|forecasts?|predicts?|likely|anticipates?|projects?|plans? to|aims? to"
    r"|on track to|set to|poised to|we think|we see|by the end of|over the next|within the next)\b",
    re.IGNORECASE,
)
WATCHED = re.compile(
    r"^\W*(?:what (?:we(?:'|’)re watching|we are watching|to watch|comes next)|predictions?|outlook"
    r"|watch ?list|looking ahead|forecasts?)\b",
    re.IGNORECASE,
)
HEADING = re.compile(r"^(?:#+\s*)?[^.!?]{3,80}:?$")
TYPES: dict[str, str] = {
    "ipo": r"\b(?:IPOs?|go(?:es)? public|list(?:s|ed|ing)s?|public offerings?|float(?:s|ed)?)\b",
    "acquisition": r"\b(?:acqui\w+|takeovers?|buys?|buyouts?|mergers?|merges?)\b",
    "shutdown": r"\b(?:shuts?(?:ting)? down|shutdowns?|clos(?:es|ures?)|winds? down|discontinu\w+)\b",
    "pricing": r"\b(?:pricing|per[- ]seat|usage[- ]based|consumption[- ]based)\b",
    "commitment": r"\b(?:commit\w*|invests?|investments?|pledg\w+|builds?|data cent(?:re|er)s?|capex)\b",
    "financing": r"\b(?:rais(?:e|es|ing)|funding|financings?|rounds?|loans?|debt)\b",
    "valuation": r"\b(?:valu(?:ation|ed)s?|worth)\b",
}  # fmt: skip
CATEGORIES = {"infrastructure": r"\binfrastructure\b|\bchips?\b|\bdata cent", "model": r"\bmodel\b",
              "application": r"\bapplications?\b"}  # fmt: skip
PLACES = {"EU": r"\bEuropean Union\b|\bEU\b", "Europe": r"\bEurope(?:an)?\b", "Nordics": r"\bNordics?\b"}
NOT = re.compile(
    r"\b(?:will not|won't|no(?!\s+(?:later|more|less|fewer)\s+than\b)|not|never|fails? to|without)\b",
    re.IGNORECASE,
)
MOST = re.compile(r"\b(?:less than|below|under|at most|fewer than|no more than)\s*$", re.IGNORECASE)
BOUNDS = (
    ("<=", re.compile(r"\b(?:at most|(?:no|not) more than|up to)\s+$", re.IGNORECASE)),
    ("<", re.compile(r"\b(?:less than|fewer than|below|under)\s+$", re.IGNORECASE)),
    (">", re.compile(r"\b(?:more than|over|above)\s+$", re.IGNORECASE)),
)
TOTAL = re.compile(r"\b(?:total|combined|in all|altogether|additional|aggregate|together|worth of)\b", re.I)
NUMBER = re.compile(
    rf"(?<![\d$€£.])\b(\d{{1,3}}|{'|'.join(NUMBERS[1:])})\s+(?:more\s+|new\s+|or more\s+|further\s+)?"
    r"(?:[\w-]+\s+){0,3}?(?:acquisitions|deals|takeovers|mergers|listings|IPOs|rounds|closures|shutdowns|"
    r"financings|commitments|companies|labs)\b",
    re.IGNORECASE,
)
CONDITION = re.compile(r"^if\s+(.+?),\s+(?:then\s+)?(.+)$", re.IGNORECASE)


@dataclass(frozen=True)
class Draft:
    """A sentence that looks ahead. `criterion` is None where none could be made of it, `notes` say why not,
    or what was read and what was assumed.
    """

    statement: str
    deadline: dt.date
    criterion: str | None
    condition: str | None = None
    condition_deadline: dt.date | None = None
    notes: tuple[str, ...] = ()


@dataclass
class _Read:
    """What the rules have read out of one sentence so far."""

    text: str
    made: dt.date
    horizon: Horizon | None
    names: Sequence[str]
    notes: list[str] = field(default_factory=list)

    @property
    def deadline(self) -> dt.date:
        """The stated deadline, else a year on."""
        return self.horizon.day if self.horizon else self.made + dt.timedelta(days=365)


def drafts(text: str, made: dt.date, companies: Sequence[str]) -> list[Draft]:
    """The forward-looking sentences of a text as predictions made on a day; `companies` are known names."""
    return [_draft(sentence, made, companies) for sentence in forward(text)]


def forward(text: str) -> Iterator[str]:
    """The sentences that speak of what is to come, or stand in a section about it."""
    watched = False
    for block in (line.strip() for line in text.splitlines()):
        if not block:
            continue
        if HEADING.match(block) and not block.startswith(("-", "*", "•")):
            watched = bool(WATCHED.match(block))
            continue
        body = re.sub(r"^(?:[-*•]|\d+[.)])\s+", "", block)
        for sentence in sentences("", body):
            told = " ".join(body[max(0, sentence.start - 1) : sentence.end - 1].split())
            if told and (AHEAD.search(told) or (watched and horizon_of(told, dt.date(2000, 1, 1)))):
                yield told


def _draft(sentence: str, made: dt.date, companies: Sequence[str]) -> Draft:
    conditional = CONDITION.match(sentence)
    text = conditional[2] if conditional else sentence
    horizon = horizon_of(text, made) or horizon_of(sentence, made)
    read = _Read(text, made, horizon, companies)
    if horizon:
        read.notes.append(f"Deadline read from {horizon.text!r}.")
    else:
        read.notes.append(f"No deadline is stated; a year is assumed: {day(read.deadline)}.")
    criterion = _criterion(read)
    if not conditional:
        return Draft(sentence, read.deadline, criterion, notes=tuple(read.notes))
    first = _Read(conditional[1], made, horizon_of(conditional[1], made) or horizon, companies)
    condition = _criterion(first)
    notes = (*read.notes, *(f"Condition: {note}" for note in first.notes))
    # Without its condition it would be another prediction.
    return Draft(sentence, read.deadline, criterion if condition else None, condition, first.deadline, notes)


def _criterion(read: _Read) -> str | None:
    """The criterion of a clause; None, with a note, where it names no kind of event."""
    type_ = next((t for t, pattern in TYPES.items() if re.search(pattern, read.text, re.IGNORECASE)), None)
    if type_ is None:
        read.notes.append("It names no kind of event that the ledger keeps.")
        return None
    clauses = [*_window(type_, read), *_who(type_, read), *_where(read)]
    amount, limit = _amount(type_, read)
    number = NUMBER.search(read.text)
    events = f"{type_} where {' and '.join(clauses)}"
    if amount and type_ in ("commitment", "financing") and not number and TOTAL.search(read.text):
        return _denied(read, f"sum(amount of {events}) {amount} {limit}")
    if amount:
        events += f" and {'valuation' if type_ in ('valuation', 'ipo') else 'amount'} {amount} {limit}"
    if number:
        return _denied(read, f"count({events}) {_bound(read.text[: number.start()])} {_whole(number[1])}")
    if not (amount or _who(type_, read) or _where(read)):
        read.notes.append("It names no company, place, number or amount: any such event would do.")
        return None
    return _denied(read, f"exists({events})")


def _denied(read: _Read, criterion: str) -> str:
    return f"not {criterion}" if NOT.search(read.text) else criterion


def _bound(before: str) -> str:
    """How a number is compared, by the words in front of it."""
    return next((op for op, pattern in BOUNDS if pattern.search(before)), ">=")


def _whole(text: str) -> int:
    return int(text) if text.isdigit() else NUMBERS.index(text.casefold())


def _window(type_: str, read: _Read) -> list[str]:
    state = "completed" if type_ == "ipo" else "announced"
    return [f"{state} after {read.made}", f"{state} by {read.deadline}"]


def _who(type_: str, read: _Read) -> list[str]:
    found = [n for n in read.names if re.search(rf"(?<!\w){re.escape(n)}(?!\w)", read.text)]
    # "Google Cloud" is no second company beside "Google".
    found = [n for n in found if not any(n != other and n in other for other in found)]
    if not found:
        return []
    role = "party" if type_ == "acquisition" else "company"
    named = ", ".join(json.dumps(n, ensure_ascii=False) for n in found[:4])
    return [f"{role} in ({named})"]


def _where(read: _Read) -> list[str]:
    found = [f"category is {c}" for c, pattern in CATEGORIES.items() if re.search(pattern, read.text)]
    places = [f"place is {p}" for p, pattern in PLACES.items() if re.search(pattern, read.text)]
    return [*found[:1], *places[:1]]


def _amount(type_: str, read: _Read) -> tuple[str, str]:
    """The comparison and the amount that a clause states; empty where it states none."""
    spans = [x for x in find_money(read.text) if x.money.value]
    if not spans:
        return "", ""
    money = spans[0].money
    op = "<" if MOST.search(read.text[: money.start or 0]) else ">="
    literal = s.MoneyLiteral(float(money.value or 0), money.currency)
    if len(spans) > 1:
        read.notes.append(f"Of {len(spans)} amounts the first is taken: {money.text}.")
    return op, show.money(literal)


# ----- TOML


def toml(found: Sequence[Draft], author: str, made: dt.date, document: str) -> str:
    """The drafts as a file that `tracker predictions import` takes once probabilities are added."""
    head = [
        f"# Drafted from {document}. Edit every entry, add probabilities, and look at it with",
        "# tracker predictions lint FILE before importing it.",
        "", "[defaults]", f"author = {_quoted(author)}", f"made = {made}", "",
        "[defaults.source]", f"document = {_quoted(document)}", f"date = {made}",
    ]  # fmt: skip
    kept = [d for d in found if d.criterion]
    lost = [d for d in found if not d.criterion]
    parts = [entry for n, d in enumerate(kept, 1) for entry in ("", *_entry(d, n))]
    rest = [line for d in lost for line in ("", f"# No criterion: {d.statement}", f"#   {' '.join(d.notes)}")]
    return "\n".join([*head, *parts, *rest, ""])


def _entry(d: Draft, number: int) -> list[str]:
    title = d.statement if len(d.statement) <= 80 else d.statement[:79].rsplit(" ", 1)[0] + " ..."
    words = slug(d.statement, 40)
    lines = [
        "[[prediction]]", f"id = {_quoted(f'draft-{number}-{words}')}", f"title = {_quoted(title)}",
        f"statement = {_quoted(d.statement)}", f"deadline = {d.deadline}",
        f"criterion = {_quoted(d.criterion or '')}",
    ]  # fmt: skip
    if d.condition:
        lines += [f"condition = {_quoted(d.condition)}", f"condition_deadline = {d.condition_deadline}"]
    return [*lines, f"note = {_quoted(' '.join(d.notes))}"]


def _quoted(text: str) -> str:
    # JSON's escapes are TOML's, but for the delete character.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "")
