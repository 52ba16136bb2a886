"""What the sentences of events are made of: names by role, amounts, verbs in the tense of a status."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.brief.money import amount_text
from tracker.brief.text import clean, join, possessive
from tracker.models.ledger import Event
from tracker.models.mention import Status

NAME_LIMIT = 80


@dataclass(frozen=True)
class Verb:
    """A verb's forms: 'buy', 'bought' (past), 'bought' (participle), 'buying'."""

    base: str
    past: str
    participle: str
    gerund: str


def names(event: Event, role: str) -> list[str]:
    """The names of a role, made harmless, each once."""
    return readable(event.names(role))


def readable(found: list[str]) -> list[str]:
    cleaned = [n for n in (clean(name, NAME_LIMIT) for name in found) if any(c.isalnum() for c in n)]
    return list({name.casefold(): name for name in reversed(cleaned)}.values())[::-1]


def besides(event: Event, role: str, taken: list[str]) -> list[str]:
    """The names of a role without those that stand in another one: nobody deals with itself."""
    known = {name.casefold() for name in taken}
    return [name for name in names(event, role) if name.casefold() not in known]


def places(event: Event) -> list[str]:
    return readable(event.place)


def is_are(subjects: list[str]) -> str:
    return "is" if len(subjects) == 1 else "are"


def tail(word: str, text: str | None) -> str:
    return f" {word} {text}" if text else ""


def price(event: Event) -> str | None:
    return amount_text(event.amount, event.amount_usd)


def valued(event: Event) -> str:
    text = amount_text(event.valuation, event.valuation_usd)
    return f", at a valuation of {text}" if text else ""


def active(who: list[str], status: Status, verb: Verb, rumour: str) -> str:
    """Subject and verb; the object follows."""
    subject = join(who)
    if status == "rumoured":
        return f"{subject} {is_are(who)} reportedly {rumour}"
    if status == "announced":
        return f"{subject} agreed to {verb.base}"
    if status == "completed":
        return f"{subject} {verb.past}"
    return f"{possessive(subject)} plan to {verb.base}"


def end(status: Status) -> str:
    return " fell through" if status == "terminated" else ""
