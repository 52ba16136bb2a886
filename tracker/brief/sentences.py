"""One English sentence per event, its tense from the status, passive where a party is unknown.

No sentence says more than the event does: what is not known is left out, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tracker.brief.model import Sentence
from tracker.brief.money import amount_text
from tracker.brief.text import capital, clean, join, possessive
from tracker.models.ledger import Event
from tracker.models.mention import Status

NAME_LIMIT = 80
ROUNDS = {
    "pre_seed": "a pre-seed round", "seed": "a seed round", "growth": "a growth round", "debt": "debt",
    "convertible": "convertible debt", "grant": "grants", "strategic": "a strategic investment",
    "tender": "a tender offer", "bridge": "a bridge round",
}  # fmt: skip
PLANS = {
    "seat": "per-seat", "usage": "usage-based", "credits": "credit-based", "outcome": "outcome-based",
    "flat": "flat-rate", "hybrid": "hybrid", "free": "free", "paid": "paid",
}  # fmt: skip


@dataclass(frozen=True)
class Verb:
    """A verb's forms: 'buy', 'bought' (past), 'bought' (participle), 'buying'."""

    base: str
    past: str
    participle: str
    gerund: str


BUY = Verb("buy", "bought", "bought", "buying")
STAKE = Verb("buy a stake in", "bought a stake in", "", "buying a stake in")
HIRE = Verb("hire the team of", "hired the team of", "", "hiring the team of")
LICENSE = Verb(
    "license the technology of and hire from", "licensed the technology of and hired from", "",
    "licensing the technology of and hiring from",
)  # fmt: skip
ACQUISITION_VERBS = {"stake": STAKE, "acquihire": HIRE, "licence_hire": LICENSE}


def names(event: Event, role: str) -> list[str]:
    """The names of a role, made harmless."""
    return _readable(event.names(role))


def _readable(found: list[str]) -> list[str]:
    return [n for n in (clean(name, NAME_LIMIT) for name in found) if any(c.isalnum() for c in n)]


def telling(event: Event) -> Sentence:
    """The event in one sentence that carries its id.

    Method: a template per type and status; amounts by `money.amount_text`.
    """
    outside = [n for role in event.parties for n in names(event, role)] + _places(event)
    return Sentence(text=_finish(_TELLERS[event.type](event), outside), event_ids=[event.id], names=outside)


def _finish(text: str, outside: list[str]) -> str:
    # A name keeps its own spelling (xAI, eBay) and its own full stop (Acme Inc.).
    start = text if text.startswith(tuple(outside)) else capital(text)
    return start if start.endswith(".") else f"{start}."


def _places(event: Event) -> list[str]:
    return _readable(event.place)


def _be(subjects: list[str]) -> str:
    return "is" if len(subjects) == 1 else "are"


def _tail(word: str, text: str | None) -> str:
    return f" {word} {text}" if text else ""


def _amount(event: Event) -> str | None:
    return amount_text(event.amount, event.amount_usd)


def _valued(event: Event) -> str:
    text = amount_text(event.valuation, event.valuation_usd)
    return f", at a valuation of {text}" if text else ""


def _active(who: list[str], status: Status, verb: Verb, rumour: str) -> str:
    """Subject and verb; the object follows."""
    subject = join(who)
    if status == "rumoured":
        return f"{subject} {_be(who)} reportedly {rumour}"
    if status == "announced":
        return f"{subject} agreed to {verb.base}"
    if status == "completed":
        return f"{subject} {verb.past}"
    return f"{possessive(subject)} plan to {verb.base}"


def _end(status: Status) -> str:
    return " fell through" if status == "terminated" else ""


def _acquisition(event: Event) -> str:
    if event.kind == "merger":
        return _merger(event)
    buyers, targets = names(event, "acquirer"), names(event, "target")
    sellers = [s for s in names(event, "seller") if s not in targets]
    terms = _tail("from", join(sellers)) + _tail("for", _amount(event))
    verb = ACQUISITION_VERBS.get(event.kind or "", BUY)
    if not buyers:
        return _sold(event.status, targets, verb, terms)
    thing = join(targets) or "an unnamed company"
    head = _active(buyers, event.status, verb, f"in talks to {verb.base}")
    return f"{head} {thing}{terms}{_end(event.status)}"


def _sold(status: Status, targets: list[str], verb: Verb, terms: str) -> str:
    """The passive: the buyer is unknown."""
    if verb is not BUY:
        return _deal_over(status, verb, join(targets) or "an unnamed company", terms)
    subject = join(targets) or "an unnamed company"
    one = len(targets) < 2
    if status == "terminated":
        return f"a plan to buy {subject}{terms} fell through"
    verb_phrase = {
        "rumoured": f"{'is' if one else 'are'} reportedly in talks to be bought",
        "announced": f"{'is' if one else 'are'} to be bought",
        "completed": f"{'was' if one else 'were'} bought",
    }[status]
    return f"{subject} {verb_phrase}{terms}"


def _deal_over(status: Status, verb: Verb, thing: str, terms: str) -> str:
    if status == "completed":
        return f"an unnamed buyer {verb.past} {thing}{terms}"
    if status == "announced":
        return f"an unnamed buyer agreed to {verb.base} {thing}{terms}"
    if status == "rumoured":
        return f"an unnamed buyer is reportedly in talks to {verb.base} {thing}{terms}"
    return f"a plan to {verb.base} {thing}{terms} fell through"


def _merger(event: Event) -> str:
    sides = list(dict.fromkeys([*names(event, "acquirer"), *names(event, "target")]))
    terms = f" in a deal worth {_amount(event)}" if _amount(event) else ""
    subject = join(sides) or "two unnamed companies"
    if event.status == "terminated":
        return f"the planned merger of {subject}{terms} fell through"
    many = len(sides) != 1
    verb_phrase = {
        "rumoured": f"{'are' if many else 'is'} reportedly in talks to merge",
        "announced": "agreed to merge",
        "completed": "merged",
    }[event.status]
    return f"{subject} {verb_phrase}{terms}"


def round_text(value: str | None) -> str | None:
    """A round in prose; None where it is not known.

    >>> round_text("series_b"), round_text("pre_seed"), round_text("unknown")
    ('a Series B round', 'a pre-seed round', None)
    """
    if value is None or value == "unknown":
        return None
    if value.startswith("series_"):
        return f"a Series {value.removeprefix('series_').upper()} round"
    return ROUNDS.get(value)


def _backers(event: Event) -> str:
    leads = names(event, "lead")
    others = [n for n in names(event, "investors") if n not in leads]
    if leads:
        return f" led by {join(leads)}" + (f" with {join(others, most=3)}" if others else "")
    return _tail("from", join(others, most=3))


RAISE = Verb("raise", "raised", "raised", "raising")


def _raised(event: Event) -> str:
    """What was raised: '$50m in a Series B round', '$830m of debt', 'a seed round'."""
    amount, round_ = _amount(event), round_text(event.round)
    if event.kind == "fund":
        return f"a fund of {amount}" if amount else "a fund"
    if amount is None:
        return round_ or "money"
    if round_ is None:
        return amount
    return f"{amount} {'of' if event.round in ('debt', 'convertible', 'grant') else 'in'} {round_}"


def _financing(event: Event) -> str:
    who = names(event, "company") or ["an unnamed company"]
    head = _active(who, event.status, RAISE, "seeking to raise")
    return f"{head} {_raised(event)}{_backers(event)}{_valued(event)}{_end(event.status)}"


def _shutdown(event: Event) -> str:
    owner, subject = names(event, "company"), names(event, "subject")
    if event.scope == "company" or not owner or owner == subject:
        return _closed(event, subject or owner or ["an unnamed company"])
    thing = join(subject) or "an unnamed product"
    verb = Verb("shut down", "shut down", "shut down", "shutting down")
    if event.scope == "unit":
        verb = Verb("close", "closed", "closed", "closing")
    if event.status == "announced":
        return f"{join(owner)} will {verb.base} {thing}"
    return f"{_active(owner, event.status, verb, f'considering {verb.gerund}')} {thing}{_end(event.status)}"


def _closed(event: Event, subject: list[str]) -> str:
    thing, one = join(subject), len(subject) == 1
    itself = event.scope == "company"
    if event.status == "announced":
        return f"{thing} will {'shut' if itself else 'be shut'} down"
    if event.status == "completed":
        return f"{thing} shut down" if itself else f"{thing} {'was' if one else 'were'} shut down"
    if event.status == "rumoured":
        return f"{thing} {_be(subject)} reportedly to {'shut' if itself else 'be shut'} down"
    return f"the planned shutdown of {thing} was called off"


def _commitment(event: Event) -> str:
    who = names(event, "company")
    amount = _amount(event)
    place = (
        f" in {join(_places(event) or names(event, 'place'))}"
        if _places(event) or names(event, "place")
        else ""
    )
    partners = _tail("with", join(names(event, "partners"), most=3))
    thing = f"{amount or 'money'} to infrastructure{place}{partners}"
    if not who:
        return _pledged(event.status, thing)
    if event.status == "announced":
        return f"{join(who)} pledged {thing}"
    verb = Verb("commit", "committed", "committed", "committing")
    return f"{_active(who, event.status, verb, 'considering committing')} {thing}{_end(event.status)}"


def _pledged(status: Status, thing: str) -> str:
    return {
        "rumoured": f"a plan to commit {thing} is reportedly being considered",
        "announced": f"{thing} was pledged",
        "completed": f"{thing} was committed",
        "terminated": f"a plan to commit {thing} fell through",
    }[status]


def _pricing(event: Event) -> str:
    who = names(event, "company")
    subject = [n for n in names(event, "subject") if n not in who]
    old, new = PLANS.get(event.from_ or ""), PLANS.get(event.to or "")
    thing = join(subject)
    verb = Verb("move", "moved", "moved", "moving")
    change = f"{thing or 'its prices'}{_tail('from', old)}{_tail('to', new)}" + (
        " pricing" if old or new else ""
    )
    if not (old or new):
        verb = Verb("change", "changed", "changed", "changing")
        change = f"how {'it charges' if len(who) < 2 else 'they charge'}" + _tail("for", thing)
    if event.status == "announced":
        return f"{join(who) or 'an unnamed vendor'} will {verb.base} {change}"
    head = _active(who or ["an unnamed vendor"], event.status, verb, f"planning to {verb.base}")
    return f"{head} {change}{_end(event.status)}"


def _valuation(event: Event) -> str:
    who = names(event, "company") or ["an unnamed company"]
    worth = _tail("at", _amount(event) or amount_text(event.valuation, event.valuation_usd))
    if event.status == "terminated":
        return f"a transaction that valued {join(who)}{worth} fell through"
    be, past = _be(who), "was" if len(who) == 1 else "were"
    verb_phrase = {
        "rumoured": f"{be} reportedly to be valued",
        "announced": f"{be} to be valued",
        "completed": f"{past} valued",
    }[event.status]
    return f"{join(who)} {verb_phrase}{worth or ' anew'}"


def _ipo(event: Event) -> str:
    who = names(event, "company") or ["an unnamed company"]
    amount = _amount(event)
    sum_ = f" to raise {amount}" if amount else ""
    if event.status == "completed":
        return f"{join(who)} went public" + (f", raising {amount}" if amount else "") + _valued(event)
    verb = Verb("go public", "", "", "")
    if event.status == "announced":
        return f"{join(who)} announced plans to go public{sum_}{_valued(event)}"
    head = _active(who, event.status, verb, "planning to go public")
    return f"{head}{sum_}{_valued(event)}{_end(event.status)}"


_TELLERS: dict[str, Callable[[Event], str]] = {
    "acquisition": _acquisition,
    "financing": _financing,
    "shutdown": _shutdown,
    "commitment": _commitment,
    "pricing": _pricing,
    "valuation": _valuation,
    "ipo": _ipo,
}
