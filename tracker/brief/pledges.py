"""Promises of money and capacity for infrastructure, and what they are for."""

from __future__ import annotations

import re

from tracker.brief.grammar import Verb, active, besides, end, is_are, names, places, price, tail
from tracker.brief.text import join, possessive
from tracker.models.ledger import Event
from tracker.models.mention import Status

THINGS: tuple[tuple[str, str], ...] = (
    (r"data[ -]?cent(er|re)s?|server farms?|campus", "data centres"),
    (r"chips?|semiconductors?|fabs?|foundry|foundries|wafers?|memory", "chips"),
    (r"power plants?|reactors?|nuclear|natural gas|solar|electricity|energy", "energy"),
    (r"compute|computing|gpus?|tpus?|gigafactory|supercomputers?|cloud", "computing capacity"),
)
"""What infrastructure money is for, by the words of the reports; the first two that are found are told."""


def commitment(event: Event) -> str:
    who, amount = names(event, "company"), price(event)
    place = tail("in", join(places(event) or names(event, "place")))
    thing = f"{_purpose(event)}{place}{tail('with', join(besides(event, 'partners', who), most=3))}"
    if amount is None:
        return _planned(event.status, who or ["an unnamed company"], thing)
    pledge = f"{amount} for {thing}"
    if not who:
        return _pledged(event.status, pledge)
    if event.status == "announced":
        return f"{join(who)} pledged {pledge}"
    verb = Verb("commit", "committed", "committed", "committing")
    return f"{active(who, event.status, verb, 'considering committing')} {pledge}{end(event.status)}"


def _purpose(event: Event) -> str:
    """What the money is for, by the words of its reports.

    >>> [re.fullmatch(THINGS[0][0], x) is not None for x in ("data centers", "datacenter", "date")]
    [True, True, False]
    """
    told = " ".join(f"{s.title} {s.evidence}" for s in event.sources).lower()
    found = [thing for pattern, thing in THINGS if re.search(rf"\b({pattern})\b", told)]
    return " and ".join(found[:2]) or "infrastructure"


def _planned(status: Status, planners: list[str], thing: str) -> str:
    """Without an amount there is no pledge to tell, but a plan."""
    who = join(planners)
    return {
        "rumoured": f"{who} {is_are(planners)} reportedly planning {thing}",
        "announced": f"{who} announced plans for {thing}",
        "completed": f"{who} put money into {thing}",
        "terminated": f"{possessive(who)} plan for {thing} fell through",
    }[status]


def _pledged(status: Status, pledge: str) -> str:
    return {
        "rumoured": f"a plan to commit {pledge} is reportedly being considered",
        "announced": f"{pledge} was pledged",
        "completed": f"{pledge} was committed",
        "terminated": f"a plan to commit {pledge} fell through",
    }[status]
