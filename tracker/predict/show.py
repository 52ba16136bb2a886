"""Prints a criterion in its one canonical form, so that `parse(show(x)) == x`."""

from __future__ import annotations

import re
from decimal import Decimal

from tracker.predict import syntax as s

SCALES = (("tn", 10**12), ("bn", 10**9), ("m", 10**6), ("k", 10**3))
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
_RESERVED = r"(?:and|or|not|of|then|where|from|before|in|is)\b"
_WORD = r"[^\W_][\w.&'+/-]*"
_BARE = re.compile(rf"(?!{_RESERVED}){_WORD}(?: (?!{_RESERVED}){_WORD})*", re.IGNORECASE)


def plain(value: float) -> str:
    """A number without exponent, shortest form that reads back equal.

    >>> plain(3.0), plain(0.25), plain(1e-07)
    ('3', '0.25', '0.0000001')
    """
    text = format(Decimal(repr(float(value))), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(amount: s.MoneyLiteral) -> str:
    """
    >>> money(s.MoneyLiteral(10e9)), money(s.MoneyLiteral(2.5e6, "SEK"))
    ('$10bn', 'SEK 2.5m')
    """
    symbol = SYMBOLS.get(amount.currency, f"{amount.currency} ")
    exact = Decimal(repr(float(amount.value)))
    for suffix, scale in SCALES:
        if exact >= scale:
            scaled = exact / scale
            if float(scaled * scale) == amount.value:
                return f"{symbol}{_trim(scaled)}{suffix}"
    return f"{symbol}{plain(amount.value)}"


def _trim(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def name(text: str) -> str:
    """A bare name where the grammar reads it back, else quoted."""
    return text if _BARE.fullmatch(text) else quoted(text)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _among(subject: str, values: tuple[str, ...]) -> str:
    if len(values) == 1:
        return f"{subject} is {name(values[0])}"
    return f"{subject} in ({', '.join(name(v) for v in values)})"


def clause(x: s.Clause) -> str:
    match x:
        case s.Without(clause=inner):
            return f"not {_wrapped(inner)}"
        case s.Every(clauses=parts):
            return " and ".join(_wrapped(p) for p in parts)
        case s.Either(clauses=parts):
            return " or ".join(_wrapped(p) for p in parts)
        case s.FieldIn(field=field, values=values):
            return _among(field, values)
        case s.PartyIn(role=role, names=names):
            return _among(role, names)
        case s.PartyKind(role=role, kinds=kinds):
            return _among(f"{role} kind", kinds)
        case s.PlaceIn(places=places):
            return _among("place", places)
        case _:
            return _measure_clause(x)


def _measure_clause(x: s.Clause) -> str:
    match x:
        case s.StateDate(state=state, op=op, day=day, until=until):
            return f"{state} {op} {day}" + (f" and {until}" if until else "")
        case s.Reached(state=state):
            return f"reached {state}"
        case s.ValueCompare(field=field, op=op, money=amount):
            return f"{field} {op} {money(amount)}"
        case s.ValueBetween(field=field, low=low, high=high):
            return f"{field} between {money(low)} and {money(high)}"
        case s.Disclosed(field=field):
            return f"{field} disclosed"
        case s.Counter(field=field, op=op, number=number):
            return f"{field} {op} {plain(number)}"
        case s.TextHas(text=text):
            return f"text has {quoted(text)}"
    raise TypeError(f"not a clause: {x!r}")


def _wrapped(x: s.Clause) -> str:
    return f"({clause(x)})" if isinstance(x, s.Every | s.Either) else clause(x)


def selection(x: s.Selection) -> str:
    types = " or ".join(x.types) or "event"
    return f"{types} where {clause(x.where)}" if x.where is not None else types


def quantity(x: s.Quantity) -> str:
    match x:
        case s.Number(value=value):
            return plain(value)
        case s.Percent(value=value):
            return f"{plain(value)}%"
        case s.MoneyLiteral():
            return money(x)
        case s.Count(selection=chosen):
            return f"count({selection(chosen)})"
        case s.ValueOf(function=function, field=field, selection=chosen):
            return f"{function}({field} of {selection(chosen)})"
        case s.Share(part=part, whole=whole):
            return f"share({selection(part)} of {selection(whole)})"
        case s.Change(value=value, base=base):
            return f"change({quantity(value)} from {quantity(base)})"
        case s.Scaled(factor=factor, aggregate=aggregate):
            return f"{plain(factor)} * {quantity(aggregate)}"


def show(x: s.Criterion) -> str:
    """One line of the criterion language."""
    match x:
        case s.Exists(selection=chosen):
            return f"exists({selection(chosen)})"
        case s.Known(value=value):
            return f"known({quantity(value)})"
        case s.Comparison(left=left, op=op, right=right):
            return f"{quantity(left)} {op} {quantity(right)}"
        case s.Between(value=value, low=low, high=high):
            return f"{quantity(value)} between {quantity(low)} and {quantity(high)}"
        case s.FirstBefore(one=one, other=other):
            return f"first({selection(one)}) before first({selection(other)})"
        case s.Unrecorded(reason=reason):
            return f"unrecorded {quoted(reason)}"
        case _:
            return _show_compound(x)


def _show_compound(x: s.Criterion) -> str:
    match x:
        case s.Negated(criterion=inner):
            return f"not {_term(inner)}"
        case s.AllOf(criteria=parts):
            return " and ".join(_term(p) for p in parts)
        case s.AnyOf(criteria=parts):
            return " or ".join(_term(p) for p in parts)
        case s.IfThen(condition=condition, then=then):
            return f"if {show(condition)} then {show(then)}"
    raise TypeError(f"not a criterion: {x!r}")


def _term(x: s.Criterion) -> str:
    return f"({show(x)})" if isinstance(x, s.AllOf | s.AnyOf) else show(x)
