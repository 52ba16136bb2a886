"""The command line: `tracker COMMAND`. Data goes to stdout, progress and messages to stderr.

Exit codes: 0 done, 1 the work failed (one line says what and what to do), 2 the command was misused.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import click

from tracker import __version__
from tracker.errors import TrackerError

COMMANDS = {
    "briefing": "tracker.cli.briefing:briefing",
    "companies": "tracker.cli.companies:companies",
    "config": "tracker.cli.config:config",
    "crawl": "tracker.cli.crawl:crawl",
    "db": "tracker.cli.db:db",
    "demo": "tracker.cli.demo:demo",
    "doctor": "tracker.cli.doctor:doctor",
    "events": "tracker.cli.events:events",
    "extract": "tracker.cli.extract:extract",
    "ingest": "tracker.cli.ingest:ingest",
    "predictions": "tracker.cli.predictions:predictions",
    "runs": "tracker.cli.runs:runs",
    "schedule": "tracker.cli.schedule:schedule",
    "search": "tracker.cli.search:search",
    "serve": "tracker.cli.serve:serve",
    "site": "tracker.cli.site:site",
    "sources": "tracker.cli.sources:sources",
    "watch": "tracker.cli.watch:watch",
}


class LazyGroup(click.Group):
    """Loads a command's module only when it is called, so that `tracker --help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name].split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def main(self, args: Sequence[str] | None = None, *more: Any, **named: Any) -> Any:
        told = list(sys.argv[1:] if args is None else args)
        with _logging(next((word for word in told if not word.startswith("-")), "")):
            return super().main(told, *more, **named)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except TrackerError as error:
            raise click.ClickException(str(error)) from error


def _logging(command: str) -> AbstractContextManager[None]:
    """The form of what goes to stderr, by TRACKER_LOG."""
    from tracker.config import Settings

    try:
        log = Settings.from_env().log
    except TrackerError:
        log = ""  # the command says what is wrong with the settings, where it needs them
    if log != "json":
        return nullcontext()
    from tracker.logs import json_lines

    return json_lines(command)


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(__version__, prog_name="tracker")
def main() -> None:
    """Read deals out of the news, keep a ledger of them, and judge logged predictions against it."""
