"""`tracker extract`: events out of documents, without a store."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.config import Settings
from tracker.errors import InputError

if TYPE_CHECKING:
    from tracker.extract.document import Document
    from tracker.extract.pipeline import Extractor


def _lines(extractor: Extractor, documents: Iterator[Document], jobs: int) -> Iterator[str]:
    from tracker.extract.parallel import extract_with

    found = extract_with(extractor, documents, jobs) if jobs > 1 else extractor.extract(documents)
    for name, mentions in found:
        yield json.dumps({"id": name, "events": [m.as_json() for m in mentions]}, ensure_ascii=False)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--explain", is_flag=True, help="Print for a person what was told and why, and what was not.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that read.")
@click.pass_context
def extract(ctx: click.Context, file: Path, explain: bool, jobs: int) -> None:
    """Read deals out of FILE and print one JSON document a line.

    FILE is JSON Lines (or .jsonl.gz, or - for standard input) of id, url, title, text and published, as
    for `tracker ingest`; url and published may be missing. Each output line is {"id": ..., "events":
    [...]} in the order of the input, written as soon as it is known; nothing is stored.

    \b
    Example:
      tracker extract articles.jsonl > events.jsonl
      tracker extract --explain article.jsonl
    """
    from tracker.extract.pipeline import load_extractor
    from tracker.records import read_documents

    bad = 0

    def documents() -> Iterator[Document]:
        nonlocal bad
        for record in read_documents(str(file), sys.stdin.buffer):
            if isinstance(record, InputError):
                bad += 1
                click.echo(f"Error: {record}", err=True)
            else:
                yield record

    extractor = load_extractor(Settings.from_env())
    for line in extractor.explain(documents()) if explain else _lines(extractor, documents(), jobs):
        click.echo(line)
    if bad:
        click.echo(f"{bad:,} bad line(s) skipped; all others were read.", err=True)
        ctx.exit(1)
