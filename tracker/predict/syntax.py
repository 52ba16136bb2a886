"""The criterion language as data. `parse` reads it, `show` prints it, `measure` and `clauses` evaluate it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, TypeAlias

Op = Literal[">=", "<=", ">", "<", "="]
DateOp = Literal["after", "by", "before", "since", "on", "between"]
Function = Literal["sum", "max", "min", "median", "last"]
ValueField = Literal["amount", "valuation"]
Unit = Literal["number", "money", "percent"]

# ----- what is asked of one event


@dataclass(frozen=True)
class StateDate:
    """The day a status was reached. `reported` is the day of the first report, `happened` the first firm
    status.
    """

    state: str
    op: DateOp
    day: dt.date
    until: dt.date | None = None


@dataclass(frozen=True)
class Reached:
    state: str


@dataclass(frozen=True)
class FieldIn:
    """type, category, status, round, scope, salience, kind, or a pricing's from and to."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class PartyIn:
    role: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class PartyKind:
    role: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class PlaceIn:
    places: tuple[str, ...]


@dataclass(frozen=True)
class MoneyLiteral:
    """An amount of money in full units."""

    value: float
    currency: str = "USD"


@dataclass(frozen=True)
class ValueCompare:
    field: ValueField
    op: Op
    money: MoneyLiteral


@dataclass(frozen=True)
class ValueBetween:
    field: ValueField
    low: MoneyLiteral
    high: MoneyLiteral


@dataclass(frozen=True)
class Disclosed:
    field: ValueField


@dataclass(frozen=True)
class Counter:
    """Independent origins, filings, or the ledger's confidence (0 to 1)."""

    field: str
    op: Op
    number: float


@dataclass(frozen=True)
class TextHas:
    """A title or an evidence sentence of the event holds these words, in any case."""

    text: str


@dataclass(frozen=True)
class Without:
    clause: Clause


@dataclass(frozen=True)
class Every:
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class Either:
    clauses: tuple[Clause, ...]


Clause: TypeAlias = (
    StateDate | Reached | FieldIn | PartyIn | PartyKind | PlaceIn | ValueCompare | ValueBetween | Disclosed
    | Counter | TextHas | Without | Every | Either
)  # fmt: skip


@dataclass(frozen=True)
class Selection:
    """Events of some types (none named = all) that satisfy a clause."""

    types: tuple[str, ...]
    where: Clause | None = None

    @property
    def conjuncts(self) -> tuple[Clause, ...]:
        """The clauses an event must satisfy one by one; a near miss fails exactly one of them."""
        if self.where is None:
            return ()
        return self.where.clauses if isinstance(self.where, Every) else (self.where,)


# ----- what is computed of many events


@dataclass(frozen=True)
class Number:
    value: float


@dataclass(frozen=True)
class Percent:
    value: float


@dataclass(frozen=True)
class Count:
    selection: Selection


@dataclass(frozen=True)
class ValueOf:
    function: Function
    field: ValueField
    selection: Selection


@dataclass(frozen=True)
class Share:
    """Of the events of `whole`, the part (by number) that also belongs to `part`."""

    part: Selection
    whole: Selection


@dataclass(frozen=True)
class Change:
    """The relative change of `value` against `base`."""

    value: Quantity
    base: Quantity


@dataclass(frozen=True)
class Scaled:
    factor: float
    aggregate: Aggregate


Aggregate: TypeAlias = Count | ValueOf | Share | Change | Scaled
Quantity: TypeAlias = Number | Percent | MoneyLiteral | Aggregate


def unit_of(quantity: Quantity) -> Unit:
    match quantity:
        case Number() | Count():
            return "number"
        case MoneyLiteral() | ValueOf():
            return "money"
        case Percent() | Share() | Change():
            return "percent"
        case Scaled(aggregate=aggregate):
            return unit_of(aggregate)


# ----- the question


@dataclass(frozen=True)
class Exists:
    selection: Selection


@dataclass(frozen=True)
class Known:
    """Holds once the value of a quantity is certain: the question of a numeric prediction."""

    value: Aggregate


@dataclass(frozen=True)
class Comparison:
    left: Quantity
    op: Op
    right: Quantity


@dataclass(frozen=True)
class Between:
    value: Quantity
    low: Quantity
    high: Quantity


@dataclass(frozen=True)
class FirstBefore:
    """The first event of `one` comes on an earlier day than the first of `other`."""

    one: Selection
    other: Selection


@dataclass(frozen=True)
class Unrecorded:
    """A part of the statement that the ledger cannot tell, with the reason; always unknown."""

    reason: str


@dataclass(frozen=True)
class Negated:
    criterion: Criterion


@dataclass(frozen=True)
class AllOf:
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class AnyOf:
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class IfThen:
    """Void where the condition is false. Stands at the top only."""

    condition: Criterion
    then: Criterion


Criterion: TypeAlias = (
    Exists | Known | Comparison | Between | FirstBefore | Unrecorded | Negated | AllOf | AnyOf | IfThen
)  # fmt: skip
