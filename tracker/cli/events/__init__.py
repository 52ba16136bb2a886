"""`tracker events`: the ledger, listed and one event in full."""

from __future__ import annotations

import click

from tracker.cli.events.listing import list_events
from tracker.cli.events.show import show_event


@click.group()
def events() -> None:
    """The ledger of deals and closures."""


for command in (list_events, show_event):
    events.add_command(command)
