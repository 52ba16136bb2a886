"""An event for people: each field with why it shows its value, and what is told otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tracker.brief.reasons import BECAUSE, because
from tracker.models.mention import ROLES, STATUSES

if TYPE_CHECKING:
    from tracker.models.ledger import Event, Interval, PartyRef, Reason, Ruling
    from tracker.models.mention import Money

HEADLINE = ("status", "kind", "salience")
"""Fields that the first line tells, and that are told once more where a person has set them."""


def describe(event: Event) -> list[str]:
    """An event line by line; text from outside cannot steer the terminal."""
    lines = [event.id, f"  {_headline(event)}", *_fields(event), "  states:"]
    lines += [f"    {s.date}  {s.status}  (first in article {s.article_id})" for s in event.states]
    lines += [f"    {c.value}  {c.field} as told" for c in event.contradictions if c.field in STATUSES]
    if event.judgements:
        lines.append("  judged:")
        lines += [f"    {_ruling(r)}" for r in event.judgements]
    lines.append(f"  sources: {event.origins} independent, {event.filings} filings")
    lines += _sources(event)
    return [_printable(line) for line in lines]


def _sources(event: Event) -> Iterator[str]:
    for source in event.sources:
        told = f"{source.source_id}  {source.status}, {source.salience}"
        numbers = f"(mention {source.mention_id}, article {source.article_id})"
        yield f"    {source.published:%Y-%m-%d}  {told}  {numbers}"
        yield f"      {source.title}"
        yield f"      “{' '.join(source.evidence.split())}”"
        yield f"      {source.url}"


def _headline(event: Event) -> str:
    background = None if event.salience == "main" else "background"
    parts = (event.type, event.kind, event.status, background)
    return ", ".join(p for p in parts if p) + f"; confidence {event.confidence:.2f}"


def _fields(event: Event) -> Iterator[str]:
    for field, value in _values(event).items():
        others = [c for c in event.contradictions if c.field == field]
        if others or (value and field not in HEADLINE):
            yield f"  {field}: {value or 'none'}"
            if why := _why(event, field):
                yield f"      because: {why}"
        for other in others:
            yield f"      told otherwise: {other.value}{_tellers(event, other.article_ids)}"


def _values(event: Event) -> dict[str, str]:
    roles = [role for role in ROLES[event.type] if role != "place"]
    found = {role: ", ".join(map(_party, event.parties.get(role, []))) for role in roles}
    found["amount"] = _money(event.amount, event.amount_usd)
    found["valuation"] = _money(event.valuation, event.valuation_usd)
    found |= {"round": event.round or "", "scope": event.scope or "", "category": event.category}
    found |= {"from": event.from_ or "", "to": event.to or "", "place": ", ".join(event.place)}
    return found | {"status": event.status, "kind": event.kind or "", "salience": event.salience}


def _money(money: Money | None, usd: Interval | None) -> str:
    from tracker.resolve.amounts import money_text

    return f"{money_text(money)} ({_usd(usd)})" if money else ""


def _usd(known: Interval | None) -> str:
    if known is None:
        return "no exchange rate known"
    upper = "or more" if known.high is None else f"to {known.high:,.0f}"
    span = f"{known.low:,.0f}" if known.low == known.high else f"{known.low:,.0f} {upper}"
    rate = f" at {known.rate:.4f} of {known.rate_date}" if known.rate else ""
    return f"USD {span}{rate}"


def _party(party: PartyRef) -> str:
    return f"{party.name} ({party.kind})" if party.kind else party.name


def _why(event: Event, field: str) -> str:
    edit = next((r for r in reversed(event.judgements) if r.kind == "edit" and r.field == field), None)
    if edit is not None:
        return f"{edit.by} set it, judgement {edit.id}" + (f": {edit.why}" if edit.why else "")
    reason = event.why.get(field)
    return _because(event, reason) if reason and reason.basis in BECAUSE else ""


def _because(event: Event, reason: Reason) -> str:
    told = because(reason)
    return told if reason.basis == "company list" else f"{told}{_tellers(event, reason.article_ids)}"


def _tellers(event: Event, ids: Sequence[int]) -> str:
    """Who told it, and in which articles."""
    told = {s.article_id: s.source_id for s in event.sources}
    names = ", ".join(f"{told[i]} in article {i}" for i in ids if i in told)
    return f" - {names}" if names else ""


def _ruling(ruling: Ruling) -> str:
    what = f"{ruling.kind} {ruling.field}".strip()
    why = f": {ruling.why}" if ruling.why else ""
    return f"{ruling.at:%Y-%m-%d}  {what}, judgement {ruling.id} by {ruling.by}{why}"


def _printable(line: str) -> str:
    """Text from outside must not steer the terminal: control characters are left out."""
    return "".join(c for c in line if c.isprintable())
