"""`tracker events`: the ledger, listed and one event in full."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.common import UTCTime, open_default_store
from tracker.cli.output import format_option, print_rows
from tracker.errors import BriefingError, StoreError
from tracker.models.mention import CATEGORIES, EVENT_TYPES, STATUSES

if TYPE_CHECKING:
    from tracker.models.ledger import Event, Interval, PartyRef

TABLE = ("id", "date", "status", "parties", "amount")
CSV = (
    "id", "type", "status", "date", "category", "parties", "amount", "amount_usd_low", "amount_usd_high",
    "origins", "filings", "salience", "confidence", "first_reported", "last_reported",
)  # fmt: skip
AS_OF = click.option(
    "--as-of",
    type=UTCTime(),
    metavar="TIME",
    help="The ledger as it was known at a time: of articles seen by then only. A day means its end.",
)

LIST_EXAMPLES = """\b
Examples:
  tracker events list --type acquisition --week 2026-W26
  tracker events list --company Nvidia --since 2026-04-01 --format csv
"""
SHOW_EXAMPLES = """\b
Example:
  tracker events show acquisition-confluent
"""


class Since(UTCTime):
    """A day or a time; a day means its beginning."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        moment = super().convert(value, param, ctx)
        return moment - dt.timedelta(days=1) if len(str(value)) == 10 else moment


def week_bounds(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> tuple[dt.datetime, dt.datetime] | None:
    """An ISO week as its first moment and the first one after it."""
    from tracker.brief.week import Week

    if value is None:
        return None
    try:
        week = Week.parse(value)
    except BriefingError as error:
        raise click.BadParameter(str(error), ctx, param) from error
    return week.start, week.end


@dataclass(frozen=True)
class Filter:
    """Which events to list; None or empty lets everything pass. The window is of first reports of a state."""

    types: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    salience: str = "main"
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    company: str | None = None

    def passes(self, event: Event) -> bool:
        return (
            (not self.types or event.type in self.types)
            and (not self.statuses or event.status in self.statuses)
            and (not self.categories or event.category in self.categories)
            and self.salience in ("all", event.salience)
            and self._reported(event)
            and (self.company is None or involves(event, self.company))
        )

    def _reported(self, event: Event) -> bool:
        if self.since is None and self.until is None:
            return True
        published = {s.article_id: s.published for s in event.sources}
        times = [event.first_reported, *(published[s.article_id] for s in event.states)]
        return any(
            (self.since is None or t >= self.since) and (self.until is None or t < self.until) for t in times
        )


def involves(event: Event, name: str) -> bool:
    """Whether a company takes part, by its name as the ledger has it, its id, or a spelling of either."""
    from tracker.resolve.names import normalise

    wanted = normalise(name)
    return any(
        wanted in (normalise(p.name), normalise(p.company_id.removeprefix("prov:")))
        for p in _all_parties(event)
    )


def _all_parties(event: Event) -> Iterator[PartyRef]:
    for parties in event.parties.values():
        yield from parties


@click.group()
def events() -> None:
    """The ledger of deals and closures."""


@events.command("list", epilog=LIST_EXAMPLES)
@click.option(
    "--type", "types", multiple=True, type=click.Choice(EVENT_TYPES), help="Of this type; repeatable."
)
@click.option(
    "--status", "statuses", multiple=True, type=click.Choice(STATUSES), help="Of this status; repeatable."
)
@click.option("--category", "categories", multiple=True, type=click.Choice(CATEGORIES), help="Repeatable.")
@click.option(
    "--week", callback=week_bounds, metavar="WEEK", help="Reported in this ISO week, such as 2026-W26."
)
@click.option("--since", type=Since(), metavar="DAY", help="Reported on this day or later.")
@click.option("--until", type=UTCTime(), metavar="DAY", help="Reported on this day or before.")
@click.option("--company", metavar="NAME", help="With this party, by name or id.")
@click.option(
    "--salience",
    type=click.Choice(["main", "background", "all"]),
    default="main",
    show_default=True,
    help="Told as news, told in passing only, or both.",
)
@AS_OF
@format_option
def list_events(
    week: tuple[dt.datetime, dt.datetime] | None, as_of: dt.datetime | None, fmt: str, **options: Any
) -> None:
    """List events, oldest report first.

    An event is in a week or window if it reached one of its states by a report of that time.
    """
    if week is not None:
        if options["since"] or options["until"]:
            raise click.UsageError("--week does not go together with --since or --until")
        options |= {"since": week[0], "until": week[1]}
    company = options["company"]
    options["company"] = _listed_name(company) if company else None
    chosen = Filter(**options)
    print_rows([row(e) for e in _ledger(as_of) if chosen.passes(e)], CSV if fmt == "csv" else TABLE, fmt)


def _listed_name(name: str) -> str:
    """The id of the listed company that a name or alias stands for, else the name."""
    from tracker.pipeline import company_directory

    link = company_directory().link(name)
    return link.id if link.company else name


@events.command("show", epilog=SHOW_EXAMPLES)
@click.argument("event_id", metavar="ID")
@AS_OF
@format_option
def show_event(event_id: str, as_of: dt.datetime | None, fmt: str) -> None:
    """Show an event: its states, parties, amounts, contradictions, and the sentences it rests on.

    The beginning of an ID is enough where no other event begins the same.
    """
    event = find(_ledger(as_of), event_id)
    if fmt == "table":
        click.echo("\n".join(describe(event)))
    elif fmt == "json":
        click.echo(json.dumps(event.model_dump(mode="json"), ensure_ascii=False, indent=2))
    else:
        print_rows([row(event) if fmt == "csv" else event.model_dump(mode="json")], CSV, fmt)


def find(ledger: Iterable[Event], event_id: str) -> Event:
    """The event of an id or of its beginning. Raises StoreError where there is none or more than one."""
    found = [e for e in ledger if e.id.startswith(event_id)]
    exact = [e for e in found if e.id == event_id]
    if exact or len(found) == 1:
        return (exact or found)[0]
    if not found:
        raise StoreError(f"no event {event_id!r}", hint="tracker events list --salience all shows the ids")
    some = ", ".join(e.id for e in found[:3])
    raise StoreError(f"{len(found)} events begin with {event_id!r}: {some} ...", hint="give more of the id")


def _ledger(as_of: dt.datetime | None) -> list[Event]:
    from tracker.pipeline import ledger

    return ledger(open_default_store(), seen_by=as_of)


def row(event: Event) -> dict[str, Any]:
    """An event as one line of a listing."""
    from tracker.brief.money import amount_text

    usd = event.amount_usd
    return {
        "id": event.id,
        "type": event.type,
        "status": event.status,
        "date": event.states[-1].date.isoformat(),
        "parties": "; ".join(
            f"{role}: {', '.join(p.name for p in ps)}" for role, ps in event.parties.items()
        ),
        "amount": amount_text(event.amount, event.amount_usd),
        "category": event.category,
        "origins": event.origins,
        "filings": event.filings,
        "salience": event.salience,
        "first_reported": event.first_reported.isoformat(),
        "last_reported": event.last_reported.isoformat(),
        "amount_usd_low": usd.low if usd else None,
        "amount_usd_high": usd.high if usd else None,
        "companies": [p.company_id for p in _all_parties(event)],
        "confidence": event.confidence,
    }


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
        lines += [
            f"    {c.field}: {c.value}  (articles {_numbers(c.article_ids)})" for c in event.contradictions
        ]
    lines.append(f"  sources: {event.origins} independent, {event.filings} filings")
    for source in event.sources:
        lines.append(
            f"    {source.published:%Y-%m-%d}  {source.source_id}  {source.status}, {source.salience}"
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


def _numbers(values: Iterable[int]) -> str:
    return ", ".join(map(str, values))


def _printable(line: str) -> str:
    """Text from outside must not steer the terminal: control characters are left out."""
    return "".join(c for c in line if c.isprintable())
