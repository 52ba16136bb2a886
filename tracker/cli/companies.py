"""`tracker companies`: who is who, and what a person decides about it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.common import AS_OF, BY, PERHAPS_WHY, WHY, open_default_store, utc_now
from tracker.cli.events.judge import author, tell
from tracker.cli.output import format_option, print_rows
from tracker.models.company import COMPANY_KINDS

if TYPE_CHECKING:
    from tracker.companies import Known

TABLE = ("id", "name", "kind", "ticker", "tellings", "note")
CSV = (
    "id",
    "name",
    "kind",
    "category",
    "region",
    "ticker",
    "cik",
    "parent",
    "since",
    "tellings",
    "events",
    "note",
)
MOST_LEFT = 5


@click.group()
def companies() -> None:
    """The companies: listed ones, and provisional ones that only the news names."""


@companies.command("list")
@click.option("--provisional", is_flag=True, help="Only names that nobody has listed.")
@click.option("--shared", is_flag=True, help="Only companies with a name that another one bears.")
@click.option("--kind", type=click.Choice(COMPANY_KINDS), metavar="KIND", help="Only of this kind.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many.")
@AS_OF
@format_option
def list_(
    provisional: bool, shared: bool, kind: str | None, limit: int | None, as_of: dt.datetime | None, fmt: str
) -> None:
    """List companies, the most mentioned first: by how many sources tell of events they take part in.

    \b
    Examples:
      tracker companies list --provisional --limit 20
      tracker companies list --kind "model lab" --format csv
    """
    from tracker.companies import known

    chosen = [
        k
        for k in known(open_default_store(), as_of)
        if (not provisional or k.provisional)
        and (not shared or k.shared)
        and (kind is None or k.company.kind == kind)
    ]
    print_rows([_row(k) for k in chosen[:limit]], CSV if fmt == "csv" else TABLE, fmt)


def _row(k: Known) -> dict[str, Any]:
    notes = ["provisional"] if k.provisional else []
    notes += [f"shares the name {name}" for name in k.shared]
    told = {"tellings": k.tellings, "events": len(k.events), "note": "; ".join(notes)}
    return {**k.company.model_dump(mode="json"), **told}


@companies.command()
@click.argument("asked", metavar="COMPANY")
@AS_OF
@format_option
def show(asked: str, as_of: dt.datetime | None, fmt: str) -> None:
    """Show a company: its names now and before, its owner, and the events it takes part in.

    COMPANY is an id, a name or a ticker.

    \b
    Example: tracker companies show GitHub
    """
    from tracker.companies import find, known

    everyone = known(open_default_store(), as_of)
    k = find(everyone, asked)
    if fmt == "table":
        names = {o.company.id: o.company.name for o in everyone}
        click.echo("\n".join(_described(k, names)))
        return
    row = {**_row(k), "event_ids": [e.id for e in k.events]}
    if fmt == "json":
        click.echo(json.dumps(row, ensure_ascii=False, indent=2))
    else:
        print_rows([row], CSV, fmt)


def _described(k: Known, names: dict[str, str]) -> Iterator[str]:
    c = k.company
    yield f"{c.name}  ({c.id}{', provisional' if k.provisional else ''})"
    parts = (c.kind, c.category, c.region, c.ticker, f"CIK {c.cik}" if c.cik else "")
    yield "  " + (", ".join(p for p in parts if p) or "nothing else is known")
    if c.aliases:
        yield f"  also: {', '.join(c.aliases)}"
    for former in c.former:
        yield f"  formerly: {former.name}" + (f", until {former.until}" if former.until else "")
    if c.parent:
        yield f"  owned by: {names.get(c.parent, c.parent)}" + (f", since {c.since}" if c.since else "")
    for event in k.events:
        if event.type == "acquisition" and c.id in [p.company_id for p in event.parties.get("target", [])]:
            buyers = ", ".join(event.names("acquirer")) or "somebody unnamed"
            yield f"  bought by: {buyers}, {event.status} {event.states[-1].date}"
    for name in k.shared:
        yield f"  shares the name {name!r}: it links to neither company"
    yield f"  events: {len(k.events)}, told by {k.tellings} sources"
    for event in k.events:
        roles = [role for role, ps in event.parties.items() if c.id in [p.company_id for p in ps]]
        yield f"    {event.states[-1].date}  {event.status:10} {event.id}  ({', '.join(roles)})"


@companies.command()
@click.argument("one", metavar="A")
@click.argument("into", metavar="B")
@BY
@WHY
def merge(one: str, into: str, by: str, why: str) -> None:
    """Company A is company B: A's names become names of B.

    \b
    Example: tracker companies merge prov:fin-labs intercom --why "its new name"
    """
    from tracker import companies as work

    engine = open_default_store()
    everyone = work.known(engine)
    done = work.merge(engine, work.find(everyone, one), work.find(everyone, into), author(by, why))
    tell("merged", done)


@companies.command()
@click.argument("asked", metavar="COMPANY")
@click.argument("name")
@BY
@PERHAPS_WHY
def alias(asked: str, name: str, by: str, why: str) -> None:
    """A company is called NAME, too.

    A name that two companies bear then links to neither, and both are flagged.

    \b
    Example: tracker companies alias anysphere "Cursor Labs"
    """
    from tracker import companies as work

    engine = open_default_store()
    tell("noted", work.alias(engine, work.find(work.known(engine), asked), name, author(by, why)))


@companies.command()
@click.argument("asked", metavar="COMPANY")
@click.argument("field")
@click.argument("value")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="Since when it is so.")
@BY
@WHY
def edit(asked: str, field: str, value: str, since: dt.datetime | None, by: str, why: str) -> None:
    """Set a field of a company: name, kind, category, region, ticker, cik or parent.

    A new name keeps the old one as a former name, until the day of --since. Editing a provisional company
    makes it a listed one.

    \b
    Examples:
      tracker companies edit intercom name Fin --since 2026-05-12 --why "renamed"
      tracker companies edit confluent parent ibm --since 2026-03-17 --why "closed"
    """
    from tracker import companies as work

    engine = open_default_store()
    everyone = work.known(engine)
    if field == "parent" and value != "none":
        value = work.find(everyone, value).company.id
    company = work.find(everyone, asked)
    day = since.date() if since else None
    tell("edited", work.edit(engine, company, field, value, author(by, why), day))


@companies.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def import_(file: Path) -> None:
    """Take in the SEC's list of tickers (company_tickers.json, plain or gzipped).

    Known companies get their ticker and CIK; the others become listed companies without a kind. A company
    known under another ticker is left out and told.

    \b
    Example: tracker companies import company_tickers.json
    """
    from tracker.companies import import_sec

    done = import_sec(open_default_store(), file, utc_now())
    for line in done.left[:MOST_LEFT]:
        click.echo(f"left out: {line}", err=True)
    if done.left[MOST_LEFT:]:
        click.echo(f"left out: {len(done.left) - MOST_LEFT} more", err=True)
    told = f"{done.new:,} new of {done.total:,}, {done.companies:,} companies not known before"
    click.echo(f"{file}: {told}, {len(done.left)} left out")
