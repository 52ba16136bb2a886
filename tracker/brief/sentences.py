"""One English sentence per event, its tense from the status, passive where a party is unknown.

No sentence says more than the event does: what is not known is left out, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tracker.brief.grammar import Verb, active, besides, end, is_are, names, places, price, tail, valued
from tracker.brief.model import Sentence
from tracker.brief.money import amount_text
from tracker.brief.pledges import commitment
from tracker.brief.text import capital, join
from tracker.models.ledger import Event
from tracker.models.mention import Status

ROUNDS = {
    "pre_seed": "a pre-seed round", "seed": "a seed round", "growth": "a growth round", "debt": "debt",
    "convertible": "convertible debt", "grant": "grants", "strategic": "a strategic investment",
    "tender": "a tender offer", "bridge": "a bridge round",
}  # fmt: skip
PLANS = {
    "seat": "per-seat", "usage": "usage-based", "credits": "credit-based", "outcome": "outcome-based",
    "flat": "flat-rate", "hybrid": "hybrid", "free": "free", "paid": "paid",
}  # fmt: skip


TELLING_ROLES: dict[str, tuple[str, ...]] = {
    "acquisition": ("target", "acquirer"), "financing": ("company",), "shutdown": ("subject", "company"),
    "commitment": ("company",), "pricing": ("subject", "company"), "valuation": ("company",),
    "ipo": ("company",),
}  # fmt: skip
"""Without any of these an event says nothing of anybody."""
_PARTLY = re.compile(
    r"\b(factor(y|ies)|plants?|stores?|offices?|sites?|branch(es)?|studios?|units?|divisions?)\b"
)


BUY = Verb("buy", "bought", "bought", "buying")
STAKE = Verb("buy a stake in", "bought a stake in", "", "buying a stake in")
HIRE = Verb("hire the team of", "hired the team of", "", "hiring the team of")
LICENSE = Verb(
    "license the technology of and hire from", "licensed the technology of and hired from", "",
    "licensing the technology of and hiring from",
)  # fmt: skip
ACQUISITION_VERBS = {"stake": STAKE, "acquihire": HIRE, "licence_hire": LICENSE}


def tellable(event: Event) -> bool:
    """Whether a reader learns anything: somebody is named, and a valuation mark has a value."""
    if event.type == "valuation" and not (price(event) or valued(event)):
        return False
    return any(names(event, role) for role in TELLING_ROLES[event.type])


def telling(event: Event, *, short: bool = False) -> Sentence:
    """The event in one sentence that carries its id; `short` leaves out all backers but the first.

    Method: a template per type and status; amounts by `money.amount_text`.
    """
    outside = [n for role in event.parties for n in names(event, role)] + places(event)
    text = _financing(event, most=1) if short and event.type == "financing" else _TELLERS[event.type](event)
    return Sentence(text=_finish(text, outside), event_ids=[event.id], names=outside)


def _finish(text: str, outside: list[str]) -> str:
    # A name keeps its own spelling (xAI, eBay) and its own full stop (Acme Inc.).
    # Whole words only: a company named "a" does not begin "an unnamed vendor".
    named = any(re.match(rf"{re.escape(name)}(?!\w)", text) for name in outside)
    start = text if named else capital(text)
    return start if start.endswith(".") else f"{start}."


def _acquisition(event: Event) -> str:
    if event.kind == "merger":
        return _merger(event)
    buyers = names(event, "acquirer")
    targets = besides(event, "target", buyers)
    sellers = besides(event, "seller", [*buyers, *targets])
    terms = tail("from", join(sellers)) + tail("for", price(event))
    verb = ACQUISITION_VERBS.get(event.kind or "", BUY)
    if not buyers:
        return _sold(event.status, targets, verb, terms)
    thing = join(targets) or "an unnamed company"
    head = active(buyers, event.status, verb, f"in talks to {verb.base}")
    return f"{head} {thing}{terms}{end(event.status)}"


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
    terms = f" in a deal worth {price(event)}" if price(event) else ""
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


def _backers(event: Event, most: int) -> str:
    company = names(event, "company")
    leads = besides(event, "lead", company)
    others = besides(event, "investors", [*company, *leads])
    if leads:
        if most == 1:
            return f" led by {join(leads, most=1)}"
        return f" led by {join(leads, most=2)}" + (f", with {join(others, most=2)}" if others else "")
    return tail("from", join(others, most=most))


RAISE = Verb("raise", "raised", "raised", "raising")


def _raised(event: Event) -> str:
    """What was raised: '$50m in a Series B round', '$830m of debt', 'a seed round'."""
    amount, round_ = price(event), round_text(event.round)
    if event.kind == "fund":
        return f"a fund of {amount}" if amount else "a fund"
    if amount is None:
        return round_ or "money"
    if round_ is None:
        return amount
    return f"{amount} {'of' if event.round in ('debt', 'convertible', 'grant') else 'in'} {round_}"


def _financing(event: Event, most: int = 3) -> str:
    who = names(event, "company") or ["an unnamed company"]
    head = active(who, event.status, RAISE, "seeking to raise")
    if event.status == "announced":
        head = f"{join(who)} {is_are(who)} to raise"
    return f"{head} {_raised(event)}{_backers(event, most)}{valued(event)}{end(event.status)}"


def _shutdown(event: Event) -> str:
    owner, subject = names(event, "company"), names(event, "subject")
    products = besides(event, "subject", owner)
    if owner and not products and _in_part(event):
        return _part_closed(event, owner)
    if event.scope == "company" or not owner or not products:
        return _closed(event, products or owner or ["an unnamed company"])
    subject = products
    thing = join(subject) or "an unnamed product"
    verb = Verb("shut down", "shut down", "shut down", "shutting down")
    if event.scope == "unit":
        verb = Verb("close", "closed", "closed", "closing")
    if event.status == "announced":
        return f"{join(owner)} will {verb.base} {thing}"
    return f"{active(owner, event.status, verb, f'considering {verb.gerund}')} {thing}{end(event.status)}"


def _in_part(event: Event) -> bool:
    """Whether only a part of the company closes: the scope says so, or the headline speaks of a site."""
    return event.scope == "unit" or any(_PARTLY.search(s.title.lower()) for s in event.sources)


def _part_closed(event: Event, owner: list[str]) -> str:
    part = f"part of {'its' if len(owner) == 1 else 'their'} business"
    if event.status == "announced":
        return f"{join(owner)} will close {part}"
    close = Verb("close", "closed", "closed", "closing")
    return f"{active(owner, event.status, close, 'considering closing')} {part}{end(event.status)}"


def _closed(event: Event, subject: list[str]) -> str:
    thing, one = join(subject), len(subject) == 1
    itself = event.scope == "company"
    if event.status == "announced":
        return f"{thing} will {'shut' if itself else 'be shut'} down"
    if event.status == "completed":
        return f"{thing} shut down" if itself else f"{thing} {'was' if one else 'were'} shut down"
    if event.status == "rumoured":
        return f"{thing} {is_are(subject)} reportedly to {'shut' if itself else 'be shut'} down"
    return f"the planned shutdown of {thing} was called off"


def _pricing(event: Event) -> str:
    who = names(event, "company")
    subject = [n for n in names(event, "subject") if n not in who]
    old, new = PLANS.get(event.from_ or ""), PLANS.get(event.to or "")
    thing = join(subject)
    verb = Verb("move", "moved", "moved", "moving")
    change = f"{thing or 'its prices'}{tail('from', old)}{tail('to', new)}" + (
        " pricing" if old or new else ""
    )
    if not (old or new):
        verb = Verb("change", "changed", "changed", "changing")
        change = f"how {'it charges' if len(who) < 2 else 'they charge'}" + tail("for", thing)
    if event.status == "announced":
        return f"{join(who) or 'an unnamed vendor'} will {verb.base} {change}"
    head = active(who or ["an unnamed vendor"], event.status, verb, f"planning to {verb.base}")
    return f"{head} {change}{end(event.status)}"


def _valuation(event: Event) -> str:
    who = names(event, "company") or ["an unnamed company"]
    worth = tail("at", price(event) or amount_text(event.valuation, event.valuation_usd))
    if event.status == "terminated":
        return f"a transaction that valued {join(who)}{worth} fell through"
    be, past = is_are(who), "was" if len(who) == 1 else "were"
    verb_phrase = {
        "rumoured": "would reportedly be valued",
        "announced": f"{be} to be valued",
        "completed": f"{past} valued",
    }[event.status]
    return f"{join(who)} {verb_phrase}{worth or ' anew'}"


def _ipo(event: Event) -> str:
    who = names(event, "company") or ["an unnamed company"]
    amount = price(event)
    sum_ = f" and raise {amount}" if amount else ""
    if event.status == "completed":
        return f"{join(who)} went public" + (f", raising {amount}" if amount else "") + valued(event)
    verb = Verb("go public", "", "", "")
    if event.status == "announced":
        return f"{join(who)} announced plans to go public{sum_}{valued(event)}"
    head = active(who, event.status, verb, "planning to go public")
    return f"{head}{sum_}{valued(event)}{end(event.status)}"


_TELLERS: dict[str, Callable[[Event], str]] = {
    "acquisition": _acquisition,
    "financing": _financing,
    "shutdown": _shutdown,
    "commitment": commitment,
    "pricing": _pricing,
    "valuation": _valuation,
    "ipo": _ipo,
}
