"""`tracker events list`: which events, and an event as one line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.common import AS_OF, UTCTime, open_default_store
from tracker.cli.events.find import ledger_of
from tracker.cli.output import format_option, print_rows
from tracker.errors import BriefingError
from tracker.models.mention import CATEGORIES, EVENT_TYPES, STATUSES

if TYPE_CHECKING:
    from tracker.models.ledger import Event, PartyRef
    from tracker.store.events import Wanted

TABLE = ("id", "date", "status", "parties", "amount")
CSV = (
    "id", "type", "status", "date", "category", "parties", "amount", "amount_usd_low", "amount_usd_high",
    "origins", "filings", "salience", "confidence", "first_reported", "last_reported",
)  # fmt: skip
LIST_EXAMPLES = """\b
Examples:
  tracker events list --type acquisition --week 2026-W26
  tracker events list --company Nvidia --since 2026-04-01 --format csv
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

    def wanted(self) -> Wanted:
        """What the store can tell of it without looking into the events."""
        from tracker.store.events import Wanted

        salience = () if self.salience == "all" else (self.salience,)
        return Wanted(self.types, self.statuses, self.categories, salience, self.since, self.until)

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


@click.command("list", epilog=LIST_EXAMPLES)
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
    options["company"] = _listed_name(company, as_of) if company else None
    chosen = Filter(**options)
    print_rows(
        [row(e) for e in ledger_of(as_of, chosen.wanted()) if chosen.passes(e)],
        CSV if fmt == "csv" else TABLE,
        fmt,
    )


def _listed_name(name: str, as_of: dt.datetime | None) -> str:
    """The id of the listed company that a name or alias stands for, else the name."""
    from sqlmodel import Session

    from tracker.pipeline import companies

    with Session(open_default_store()) as session:
        link = companies(session, as_of).link(name)
    return link.id if link.company else name


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
