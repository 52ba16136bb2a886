"""Reads one line of the criterion language. `criterion.lark` is the grammar, `docs/criterion.md` explains
it.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from importlib import resources
from typing import Any, cast

from tracker.errors import CriterionError
from tracker.models.mention import CATEGORIES, EVENT_TYPES, KINDS, MODELS, ROUNDS, SCOPES, STATUSES
from tracker.predict import syntax as s

DEEPEST = 100
"""Levels of a criterion's tree. People nest three or four; a thousand are more than Python can follow."""

NUMBERS, LONGEST_NUMBER = ("NUMBER", "PERCENT", "MONEY"), 40

SCALES = {
    "": 1, "k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "million": 10**6, "bn": 10**9,
    "billion": 10**9, "tn": 10**12, "trillion": 10**12,
}  # fmt: skip
SYMBOLS = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}
VALUES: dict[str, tuple[str, ...]] = {
    "type": EVENT_TYPES,
    "category": CATEGORIES,
    "status": STATUSES,
    "scope": SCOPES,
    "salience": ("main", "background"),
    "from": MODELS,
    "to": MODELS,
    "kind": (*KINDS["acquisition"], *KINDS["financing"]),
    "round": (*ROUNDS, "unknown"),
}  # fmt: skip
"""The closed word lists of the event specification; a misspelt word is an error, not a criterion that never
holds.
"""

EXPECTED = {
    "OP": "a comparison (>= <= > < =)", "TYPE": "an event type (" + ", ".join((*EVENT_TYPES, "event")) + ")",
    "STATE": "a status with a date (announced, completed, rumoured, terminated, reported, happened)",
    "DATEOP": "after, by, before, since or on", "DATE": "a day such as 2026-06-30",
    "MONEY": "an amount such as $10bn or €500m", "NUMBER": "a number", "PERCENT": "a percentage such as 40%",
    "FIELD": "a field (type, category, kind, status, round, scope, salience, from, to)",
    "ROLE": "a role (acquirer, target, company, party ...)", "KIND": "kind", "PLACE": "place",
    "VALUE": "amount or valuation", "COUNTER": "origins, filings or confidence",
    "NAME": "a name", "STRING": 'a text in "quotes"', "FUNCTION": "sum, max, min, median or last",
    "LPAR": "(", "RPAR": ")", "COMMA": ",", "STAR": "*", "$END": "the end",
}  # fmt: skip


@functools.cache
def _parser() -> Any:
    from lark import Lark

    grammar = resources.files("tracker.predict").joinpath("criterion.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="contextual", propagate_positions=True)


def parse(text: str) -> s.Criterion:
    """The criterion that a line states.

    Raises CriterionError with the column (from 1) and what was expected there.
    """
    from lark.exceptions import UnexpectedInput

    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        raise _syntax_error(text, error) from error
    _refuse_endless(tree, text)
    return _Builder(text).criterion(tree.children[0])


def _refuse_endless(tree: Any, text: str) -> None:
    """Raises CriterionError for nesting and for numbers beyond what people and machines can follow."""
    waiting = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        wrong = "nested" if depth > DEEPEST else ""
        if not hasattr(node, "children"):
            wrong = "a number" if node.type in NUMBERS and len(node) > LONGEST_NUMBER else ""
        if wrong:
            column = int(getattr(getattr(node, "meta", node), "start_pos", 0) or 0) + 1
            raise CriterionError(f"{wrong} beyond all bounds at column {column}", column=column, text=text)
        waiting += [(child, depth + 1) for child in getattr(node, "children", ())]


def _syntax_error(text: str, error: Any) -> CriterionError:
    ended = getattr(getattr(error, "token", None), "type", "") == "$END"
    column = len(text.rstrip()) + 1 if ended else max(int(getattr(error, "pos_in_stream", 0) or 0), 0) + 1
    wanted = (
        getattr(error, "accepts", None) or getattr(error, "expected", None) or getattr(error, "allowed", None)
    )
    found = "the criterion ends too early" if ended else f"cannot read {_word_at(text, column)!r}"
    return CriterionError(
        f"{found} at column {column}; expected {_listed(wanted or ())}", column=column, text=text
    )


def _word_at(text: str, column: int) -> str:
    rest = text[column - 1 :]
    match = re.match(r"\w+|[<>=]+|\S", rest)
    return match.group() if match else rest[:10]


def _listed(terminals: Iterable[str]) -> str:
    words = sorted({EXPECTED.get(t, f"'{t.lower()}'") for t in terminals})
    return ", or ".join(words) if words else "a criterion such as exists(acquisition where amount >= $1bn)"


def read_money(text: str) -> s.MoneyLiteral:
    """
    >>> read_money("$10bn"), read_money("EUR 500m")
    (MoneyLiteral(value=10000000000.0, currency='USD'), MoneyLiteral(value=500000000.0, currency='EUR'))
    """
    match = re.fullmatch(r"(US\$|\$|€|£|¥|[A-Z]{3}) ?(\d{1,40}(?:\.\d+)?) ?([a-z]*)", text)
    if match is None or match[3] not in SCALES:
        raise CriterionError(f"{text!r} is not an amount of money", hint="write it like $10bn or €500m")
    value = float(Decimal(match[2]) * SCALES[match[3]])
    return s.MoneyLiteral(value, SYMBOLS.get(match[1], match[1]))


class _Builder:
    """Turns lark's tree into syntax; keeps the text for the place of an error."""

    def __init__(self, text: str) -> None:
        self.text = text

    def fail(self, message: str, at: Any) -> CriterionError:
        meta = getattr(at, "meta", at)
        column = int(getattr(meta, "start_pos", 0) or 0) + 1
        return CriterionError(f"{message} at column {column}", column=column, text=self.text)

    # ----- criteria

    def criterion(self, node: Any) -> s.Criterion:
        kids = node.children
        match node.data:
            case "if_then":
                return s.IfThen(self.criterion(kids[0]), self.criterion(kids[1]))
            case "any_of":
                return s.AnyOf(tuple(self.criterion(k) for k in kids))
            case "all_of":
                return s.AllOf(tuple(self.criterion(k) for k in kids))
            case "negated":
                return s.Negated(self.criterion(kids[0]))
            case "exists":
                return s.Exists(self.selection(kids[0]))
            case "known":
                return s.Known(self.aggregate(kids[0]))
            case "first_before":
                return s.FirstBefore(self.selection(kids[0]), self.selection(kids[1]))
            case "unrecorded":
                return s.Unrecorded(_unquoted(kids[0]))
            case "comparison":
                left, right = self.same_unit(kids[0], kids[2])
                return s.Comparison(left, _op(kids[1]), right)
        value, low = self.same_unit(kids[0], kids[1])
        return s.Between(value, low, self.same_unit(kids[0], kids[2])[1])

    def same_unit(self, one: Any, other: Any) -> tuple[s.Quantity, s.Quantity]:
        left, right = self.quantity(one), self.quantity(other)
        if s.unit_of(left) != s.unit_of(right):
            raise self.fail(f"cannot compare {_unit(left)} with {_unit(right)}", other)
        return left, right

    # ----- quantities

    def quantity(self, node: Any) -> s.Quantity:
        kids = node.children
        match node.data:
            case "number":
                return s.Number(float(kids[0]))
            case "percent":
                return s.Percent(float(str(kids[0]).rstrip("% ")))
            case "money":
                return read_money(str(kids[0]))
        return self.aggregate(node)

    def aggregate(self, node: Any) -> s.Aggregate:
        kids = node.children
        match node.data:
            case "count":
                return s.Count(self.selection(kids[0]))
            case "value_of":
                function, field = str(kids[0]).lower(), str(kids[1]).lower()
                return s.ValueOf(
                    cast(s.Function, function), cast(s.ValueField, field), self.selection(kids[2])
                )
            case "share":
                return s.Share(self.selection(kids[0]), self.selection(kids[1]))
            case "change":
                return s.Change(*self.same_unit(kids[0], kids[1]))
        return s.Scaled(float(kids[0]), self.aggregate(kids[1]))

    # ----- selections and clauses

    def selection(self, node: Any) -> s.Selection:
        types = tuple(str(t).lower().rstrip("s") for t in node.children[0].children)
        where = self.clause(node.children[1]) if len(node.children) > 1 else None
        return s.Selection(() if "event" in types else types, where)

    def clause(self, node: Any) -> s.Clause:
        kids = node.children
        match node.data:
            case "without":
                return s.Without(self.clause(kids[0]))
            case "every":
                return s.Every(tuple(self.clause(k) for k in kids))
            case "either":
                return s.Either(tuple(self.clause(k) for k in kids))
        return CLAUSES[node.data](self, node)

    def day(self, token: Any) -> dt.date:
        try:
            day = dt.date.fromisoformat(str(token))
        except ValueError as error:
            raise self.fail(f"{token} is no day of the calendar", token) from error
        if not 1900 <= day.year <= 2200:
            raise self.fail(f"the year of {token} lies outside 1900 to 2200", token)
        return day

    def span(self, state: Any, one: Any, two: Any) -> s.Clause:
        first, last = self.day(one), self.day(two)
        if last < first:
            raise self.fail(f"the span ends ({last}) before it begins ({first})", one)
        return s.StateDate(str(state).lower(), "between", first, last)

    def among(
        self, node: Any, make: Callable[[tuple[str, ...]], s.Clause], allowed: tuple[str, ...] = ()
    ) -> s.Clause:
        values = tuple(_name(t) for t in node.children)
        if allowed:
            values = tuple(v.lower() for v in values)
            for token, value in zip(node.children, values, strict=True):
                if value not in allowed:
                    raise self.fail(f"{value!r} is not one of {', '.join(allowed)}", token)
        clause = make(values)
        return s.Without(clause) if node.data in ("is_not", "not_in") else clause

    def field_in(self, node: Any) -> s.Clause:
        field = str(node.children[0]).lower()
        return self.among(node.children[1], lambda v: s.FieldIn(field, v), VALUES[field])


def _state_date(b: _Builder, node: Any) -> s.Clause:
    state, op, day = node.children
    return s.StateDate(str(state).lower(), cast(s.DateOp, str(op).lower()), b.day(day))


def _party_in(b: _Builder, node: Any) -> s.Clause:
    role = str(node.children[0]).lower()
    return b.among(node.children[1], lambda v: s.PartyIn(role, v))


def _party_kind(b: _Builder, node: Any) -> s.Clause:
    role = str(node.children[0]).lower()
    return b.among(node.children[2], lambda v: s.PartyKind(role, v))


def _value_cmp(b: _Builder, node: Any) -> s.Clause:
    field, op, amount = node.children
    return s.ValueCompare(cast(s.ValueField, str(field).lower()), _op(op), read_money(str(amount)))


def _value_between(b: _Builder, node: Any) -> s.Clause:
    field, low, high = node.children
    return s.ValueBetween(cast(s.ValueField, str(field).lower()), read_money(str(low)), read_money(str(high)))


def _disclosed(b: _Builder, node: Any) -> s.Clause:
    return s.Disclosed(cast(s.ValueField, str(node.children[0]).lower()))


def _counter(b: _Builder, node: Any) -> s.Clause:
    field, op, number = node.children
    return s.Counter(str(field).lower(), _op(op), float(number))


CLAUSES: dict[str, Callable[[_Builder, Any], s.Clause]] = {
    "state_date": _state_date,
    "state_between": lambda b, n: b.span(*n.children),
    "reached": lambda b, n: s.Reached(str(n.children[0]).lower()),
    "field_in": lambda b, n: b.field_in(n),
    "party_in": _party_in,
    "party_kind": _party_kind,
    "place_in": lambda b, n: b.among(n.children[1], s.PlaceIn),
    "value_cmp": _value_cmp,
    "value_between": _value_between,
    "disclosed": _disclosed,
    "counter": _counter,
    "text_has": lambda b, n: s.TextHas(_unquoted(n.children[0])),
}


def _op(token: Any) -> s.Op:
    return cast(s.Op, {"≥": ">=", "≤": "<="}.get(str(token), str(token)))


def _name(token: Any) -> str:
    return _unquoted(token) if token.type == "STRING" else " ".join(str(token).split())


def _unquoted(token: Any) -> str:
    return re.sub(r"\\(.)", r"\1", str(token)[1:-1])


def _unit(quantity: s.Quantity) -> str:
    return {"number": "a number", "money": "an amount of money", "percent": "a percentage"}[
        s.unit_of(quantity)
    ]


def caret(error: CriterionError) -> str:
    """The criterion with a mark under the place of the error, or nothing where the place is unknown."""
    if error.text is None or error.column is None:
        return ""
    start = max(0, error.column - 60)
    return f"{error.text[start : start + 100]}\n{' ' * (error.column - 1 - start)}^"
