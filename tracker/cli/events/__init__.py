"""`tracker events`: the ledger, listed, one event in full, and what a person decides about it."""

from __future__ import annotations

import click

from tracker.cli.events.export import export
from tracker.cli.events.history import history
from tracker.cli.events.judge import confirm, edit, merge, reject, split, undo
from tracker.cli.events.listing import list_events
from tracker.cli.events.review import review
from tracker.cli.events.show import show_event


@click.group()
def events() -> None:
    """The ledger of deals and closures."""


for command in (list_events, show_event, export, merge, split, edit, reject, confirm, undo, review, history):
    events.add_command(command)
