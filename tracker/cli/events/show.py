"""`tracker events show`: one event in full."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tracker.cli.common import AS_OF
from tracker.cli.events.find import find, ledger_of
from tracker.cli.events.listing import CSV, row
from tracker.cli.output import format_option, print_rows

if TYPE_CHECKING:
    from tracker.models.ledger import Event, Interval, PartyRef, Ruling

SHOW_EXAMPLES = """\b
Example:
  tracker events show acquisition-confluent
"""


@click.command("show", epilog=SHOW_EXAMPLES)
@click.argument("event_id", metavar="ID")
@AS_OF
@format_option
def show_event(event_id: str, as_of: dt.datetime | None, fmt: str) -> None:
    """Show an event: its states, parties, amounts, contradictions, and the sentences it rests on.

    The beginning of an ID is enough where no other event begins the same.
    """
    event = find(ledger_of(as_of), event_id)
    if fmt == "table":
        click.echo("\n".join(describe(event)))
    elif fmt == "json":
        click.echo(json.dumps(event.model_dump(mode="json"), ensure_ascii=False, indent=2))
    else:
        print_rows([row(event) if fmt == "csv" else event.model_dump(mode="json")], CSV, fmt)


def _amount(event: Event) -> str:
    from tracker.resolve.amounts import money_text

    return money_text(event.amount) if event.amount else ""


def _usd(known: Interval | None) -> str:
    if known is None:
        return "no exchange rate known"
    upper = "or more" if known.high is None else f"to {known.high:,.0f}"
    span = f"{known.low:,.0f}" if known.low == known.high else f"{known.low:,.0f} {upper}"
    rate = f" at {known.rate:.4f} of {known.rate_date}" if known.rate else ""
    return f"USD {span}{rate}"


def describe(event: Event) -> list[str]:
    """An event for people, line by line."""
    lines = [event.id, f"  {_headline(event)}"]
    lines += [f"  {role}: {', '.join(map(_party, ps))}" for role, ps in event.parties.items()]
    lines += [f"  {label}: {value}" for label, value in _details(event) if value]
    lines.append("  states:")
    lines += [f"    {s.date}  {s.status}  (first in article {s.article_id})" for s in event.states]
    if event.contradictions:
        lines.append("  told otherwise:")
        lines += [f"    {c.field}: {c.value}{_articles(c.article_ids)}" for c in event.contradictions]
    if event.judgements:
        lines.append("  judged:")
        lines += [f"    {_ruling(r)}" for r in event.judgements]
    lines.append(f"  sources: {event.origins} independent, {event.filings} filings")
    for source in event.sources:
        lines.append(
            f"    {source.published:%Y-%m-%d}  {source.source_id}  {source.status}, {source.salience}"
            f"  (mention {source.mention_id}, article {source.article_id})"
        )
        lines += [
            f"      {source.title}",
            f"      “{' '.join(source.evidence.split())}”",
            f"      {source.url}",
        ]
    return [_printable(line) for line in lines]


def _headline(event: Event) -> str:
    parts = (
        event.type,
        event.kind,
        event.status,
        event.category,
        None if event.salience == "main" else "background",
    )
    return ", ".join(p for p in parts if p) + f"; confidence {event.confidence:.2f}"


def _details(event: Event) -> list[tuple[str, str]]:
    money = f"{_amount(event)} ({_usd(event.amount_usd)})" if event.amount else ""
    found: list[tuple[str, str]] = [("amount", money)]
    if event.valuation:
        from tracker.resolve.amounts import money_text

        found.append(("valuation", f"{money_text(event.valuation)} ({_usd(event.valuation_usd)})"))
    pricing = f"{event.from_ or '?'} to {event.to or '?'}" if event.from_ or event.to else ""
    return [*found, ("round", event.round or ""), ("place", ", ".join(event.place)), ("pricing", pricing)]


def _party(party: PartyRef) -> str:
    return f"{party.name} ({party.kind})" if party.kind else party.name


def _articles(ids: Sequence[int]) -> str:
    return f"  (articles {', '.join(map(str, ids))})" if ids else ""


def _ruling(ruling: Ruling) -> str:
    what = f"{ruling.kind} {ruling.field}".strip()
    why = f": {ruling.why}" if ruling.why else ""
    return f"{ruling.at:%Y-%m-%d}  {what}, judgement {ruling.id} by {ruling.by}{why}"


def _printable(line: str) -> str:
    """Text from outside must not steer the terminal: control characters are left out."""
    return "".join(c for c in line if c.isprintable())
