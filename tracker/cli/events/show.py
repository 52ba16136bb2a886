"""`tracker events show`: one event in full."""

from __future__ import annotations

import datetime as dt
import json

import click

from tracker.cli.common import AS_OF
from tracker.cli.events.describe import describe
from tracker.cli.events.find import find, ledger_of
from tracker.cli.events.listing import CSV, row
from tracker.cli.output import format_option, print_rows

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
