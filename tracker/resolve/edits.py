"""Fields of an event that a person has set: what may be set, and the event with it.

The value that the mentions give is kept beside it as told otherwise.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any, get_args

from tracker.errors import LedgerError
from tracker.models.judgement import Judgement
from tracker.models.ledger import Contradiction, Event, PartyRef, Ruling, State
from tracker.models.mention import (
    CATEGORIES,
    KINDS,
    MODELS,
    ROLES,
    ROUNDS,
    SCOPES,
    STATUSES,
    Money,
    Salience,
    Status,
)
from tracker.resolve.amounts import money_text
from tracker.resolve.companies import Directory
from tracker.resolve.events import event_day
from tracker.resolve.rates import Rates, in_usd

CONFIRMED = 0.99
"""The confidence in an event that a person has confirmed: the most that any event has."""

MONEY = ("amount", "valuation")
NEEDED = ("status", "category", "salience")


def choices(type_: str) -> dict[str, tuple[str, ...] | None]:
    """The fields that can be set on an event of a type, with the words they take; None for free ones."""
    fields: dict[str, tuple[str, ...] | None] = {
        "status": STATUSES, "category": CATEGORIES, "salience": get_args(Salience), "amount": None,
    }  # fmt: skip
    fields |= dict.fromkeys((*STATUSES, *ROLES[type_]), None)
    if type_ in KINDS:
        fields["kind"] = KINDS[type_]
    if type_ in ("acquisition", "financing", "ipo"):
        fields["valuation"] = None
    extra: dict[str, dict[str, tuple[str, ...]]] = {
        "financing": {"round": ROUNDS},
        "shutdown": {"scope": SCOPES},
        "pricing": {"from": MODELS, "to": MODELS},
    }
    return fields | extra.get(type_, {})


def read_value(type_: str, field: str, text: str, read_money: Callable[[str], Money | None]) -> Any:
    """What is stored for a value as a person types it; None for "none".

    Names and places are parted by semicolons. Raises LedgerError saying what the field takes.
    """
    allowed = choices(type_)
    if field not in allowed:
        raise LedgerError(f"{type_} has no field {field!r} to edit", hint=f"one of {', '.join(allowed)}")
    if text == "none" and field not in NEEDED:
        return None
    words = allowed[field]
    if words is not None:
        if text in words:
            return text
        raise LedgerError(f"{field} cannot be {text!r}", hint=f"one of {', '.join(words)}")
    if field in STATUSES:
        return _day(field, text)
    if field in MONEY:
        return _money(field, text, read_money)
    return [name.strip() for name in text.split(";") if name.strip()]


def _day(field: str, text: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        raise LedgerError(
            f"{field} cannot be {text!r}", hint="give the day it was reached, such as 2026-03-17, or none"
        ) from None


def _money(field: str, text: str, read_money: Callable[[str], Money | None]) -> dict[str, Any]:
    money = read_money(text)
    if money is None:
        raise LedgerError(f"{field} cannot be {text!r}", hint="write it like $1.5bn, EUR 300m or about $2bn")
    return money.model_dump(mode="json", exclude={"text", "start", "end"})


def ruled(event: Event, judgements: Sequence[Judgement], companies: Directory, rates: Rates) -> Event:
    """The event with what was judged of it, oldest first."""
    if not judgements:
        return event
    for judgement in judgements:
        if judgement.kind == "edit":
            event = _edited(event, judgement, companies)
    day = event_day(event.states)
    return event.model_copy(
        update={
            "confidence": CONFIRMED if _confirmed(judgements) else event.confidence,
            "amount_usd": in_usd(event.amount, day, rates),
            "valuation_usd": in_usd(event.valuation, day, rates),
            "judgements": [_ruling(j) for j in judgements if j.kind != "reject"],
        }
    )


def _confirmed(judgements: Iterable[Judgement]) -> bool:
    decided = [j.kind for j in judgements if j.kind in ("confirm", "reject")]
    return bool(decided) and decided[-1] == "confirm"


def _ruling(judgement: Judgement) -> Ruling:
    return Ruling.model_validate(judgement.model_dump(include=set(Ruling.model_fields)))


def _edited(event: Event, judgement: Judgement, companies: Directory) -> Event:
    field, value = judgement.field, judgement.value
    update, before, after = _change(event, field, value, companies)
    others = [c for c in event.contradictions if (c.field, c.value) != (field, after)]
    why = {name: reason for name, reason in event.why.items() if name != field}
    if before and before != after:
        articles = event.why[field].article_ids if field in event.why else []
        others.insert(0, Contradiction(field=field, value=before, article_ids=articles))
    return event.model_copy(update={**update, "contradictions": others, "why": why})


def _change(event: Event, field: str, value: Any, companies: Directory) -> tuple[dict[str, Any], str, str]:
    """What an edit sets, and the value as text before and after it."""
    if field in STATUSES or field == "status":
        states = _states(event, field, value)
        days = {s.status: s.date.isoformat() for s in event.states}
        before = event.status if field == "status" else next((d for s, d in days.items() if s == field), "")
        return {"states": states, "status": states[-1].status}, before, _text(value)
    if field in ROLES[event.type] and field != "place":
        refs = [_party(name, companies) for name in value or ()]
        parties = {role: ps for role, ps in {**event.parties, field: refs}.items() if ps}
        return {"parties": parties}, ", ".join(event.names(field)), ", ".join(p.name for p in refs)
    name = {"from": "from_"}.get(field, field)
    new = Money(**value) if field in MONEY and value else value
    if field == "place":
        new = value or []
    return {name: new}, _text(getattr(event, name)), _text(new)


def _text(value: Any) -> str:
    if isinstance(value, Money):
        return money_text(value)
    return ", ".join(value) if isinstance(value, list) else str(value or "")


def _party(name: str, companies: Directory) -> PartyRef:
    link = companies.link(name)
    return PartyRef(name=link.name, company_id=link.id, kind=(link.company and link.company.kind) or None)


def _states(event: Event, field: str, value: str | None) -> list[State]:
    """The states where one was dated, struck out, or made the last. One state is always left."""
    days = {s.status: s for s in event.states}
    newest = max(event.sources, key=lambda s: (s.published, s.article_id))
    if field != "status":
        status: Status = next(s for s in STATUSES if s == field)
        if value is None:
            days.pop(status, None)
        else:
            article = days[status].article_id if status in days else newest.article_id
            days[status] = State(status=status, date=dt.date.fromisoformat(value), article_id=article)
    else:
        status = next(s for s in STATUSES if s == value)
        later = STATUSES[STATUSES.index(status) + 1 :]
        days = {s: state for s, state in days.items() if s not in later}
        day = newest.published.date()
        days.setdefault(status, State(status=status, date=day, article_id=newest.article_id))
    return _in_ladder(days.values()) or event.states


def _in_ladder(states: Iterable[State]) -> list[State]:
    return sorted(states, key=lambda s: STATUSES.index(s.status))
