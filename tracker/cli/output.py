"""One way to print a listing: a table for people, JSON, JSON Lines or CSV for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
FORMATS = ("table", "json", "jsonl", "csv")


def format_option(command: F) -> F:
    """Adds `--format` to a listing command."""
    return click.option(
        "--format",
        "fmt",
        type=click.Choice(FORMATS),
        default="table",
        show_default=True,
        help="How to print.",
    )(command)


def print_rows(rows: Sequence[dict[str, Any]], columns: Sequence[str], fmt: str) -> None:
    """Print records; `columns` are the table's and the CSV's, JSON forms carry every field."""
    if fmt == "json":
        click.echo(json.dumps(list(rows), ensure_ascii=False, indent=2, default=str))
    elif fmt == "jsonl":
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False, default=str))
    elif fmt == "csv":
        click.echo(csv_text(rows, columns), nl=False)
    else:
        _table(rows, columns)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(_cell(v) for v in value)
    return str(value)


FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a cell begins with that a spreadsheet runs as a formula; wide forms are of East Asian keyboards."""


def harmless(text: str) -> str:
    """A text that no spreadsheet runs.

    >>> harmless("=1+1"), harmless("1=1")
    ("'=1+1", '1=1')
    """
    # A bare carriage return is not quoted everywhere and would begin a new line.
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "'" + plain if plain.startswith(FORMULA) else plain


def csv_text(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> str:
    """Records as CSV; texts are made harmless, numbers are as they are."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        cells = ((row.get(c), _cell(row.get(c))) for c in columns)
        writer.writerow([text if isinstance(value, int | float) else harmless(text) for value, text in cells])
    return buffer.getvalue()


def _table(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(row.get(c))) for c in columns))
    Console(soft_wrap=False).print(table)
