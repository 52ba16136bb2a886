"""Goes through a criterion: its selections, and its single questions."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.predict import syntax as s


def leaves(criterion: s.Criterion) -> Iterator[s.Criterion]:
    """The questions that `and`, `or`, `not` and `if` join, in reading order."""
    match criterion:
        case s.AllOf(criteria=parts) | s.AnyOf(criteria=parts):
            for part in parts:
                yield from leaves(part)
        case s.Negated(criterion=inner):
            yield from leaves(inner)
        case s.IfThen(condition=condition, then=then):
            yield from leaves(condition)
            yield from leaves(then)
        case _:
            yield criterion


def asked_for(criterion: s.Criterion, positive: bool = True) -> Iterator[tuple[s.Selection, bool]]:
    """The selections of every `exists`, and whether a match of it is asked for or excluded."""
    match criterion:
        case s.Exists(selection=selection):
            yield selection, positive
        case s.Negated(criterion=inner):
            yield from asked_for(inner, not positive)
        case s.AllOf(criteria=parts) | s.AnyOf(criteria=parts):
            for part in parts:
                yield from asked_for(part, positive)
        case s.IfThen(then=then):
            yield from asked_for(then, positive)


def selections(criterion: s.Criterion) -> Iterator[s.Selection]:
    """Every selection of events in reading order."""
    for leaf in leaves(criterion):
        match leaf:
            case s.Exists(selection=selection):
                yield selection
            case s.FirstBefore(one=one, other=other):
                yield from (one, other)
            case s.Known(value=value):
                yield from of_quantity(value)
            case s.Comparison(left=left, right=right):
                yield from of_quantity(left)
                yield from of_quantity(right)
            case s.Between(value=value, low=low, high=high):
                for quantity in (value, low, high):
                    yield from of_quantity(quantity)


def of_quantity(quantity: s.Quantity) -> Iterator[s.Selection]:
    match quantity:
        case s.Count(selection=selection) | s.ValueOf(selection=selection):
            yield selection
        case s.Share(part=part, whole=whole):
            yield from (part, whole)
        case s.Change(value=value, base=base):
            yield from of_quantity(value)
            yield from of_quantity(base)
        case s.Scaled(aggregate=aggregate):
            yield from of_quantity(aggregate)


def clauses(selection: s.Selection) -> Iterator[s.Clause]:
    """The single clauses of a selection that `and`, `or` and `not` join."""
    waiting = list(reversed(selection.conjuncts))
    while waiting:
        clause = waiting.pop()
        match clause:
            case s.Every(clauses=parts) | s.Either(clauses=parts):
                waiting += reversed(parts)
            case s.Without(clause=inner):
                waiting.append(inner)
            case _:
                yield clause


def literals(criterion: s.Criterion) -> Iterator[s.MoneyLiteral]:
    """The amounts that a criterion compares single events with; what a sum must reach is none."""
    for selection in selections(criterion):
        for clause in clauses(selection):
            if isinstance(clause, s.ValueCompare):
                yield clause.money
            elif isinstance(clause, s.ValueBetween):
                yield from (clause.low, clause.high)
    for leaf in leaves(criterion):
        if isinstance(leaf, s.Comparison) and not any(map(is_sum, (leaf.left, leaf.right))):
            yield from (q for q in (leaf.left, leaf.right) if isinstance(q, s.MoneyLiteral))


def is_sum(quantity: s.Quantity) -> bool:
    return isinstance(quantity, s.ValueOf) and quantity.function == "sum"
