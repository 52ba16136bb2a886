"""`tracker config`: the settings in force and where each came from."""

from __future__ import annotations

import click

from tracker.cli.output import format_option, print_rows
from tracker.config import resolve


@click.group()
def config() -> None:
    """Show the settings in force."""


@config.command()
@format_option
def show(fmt: str) -> None:
    """Every setting, its value and where that came from; users and passwords in URLs are masked.

    A variable of the environment goes before the settings file (TRACKER_CONFIG, var/tracker.toml where it
    is not set), the file before the default.

    \b
    Example:
      tracker config show --format json
    """
    rows = [{"setting": found.name, "value": found.shown(), "from": found.origin} for found in resolve()]
    print_rows(rows, ("setting", "value", "from"), fmt)
