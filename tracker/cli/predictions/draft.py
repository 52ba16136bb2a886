"""`tracker predictions draft`: what an article or memo expects, as predictions to be edited."""

from __future__ import annotations

import datetime as dt
import sys
import urllib.error
import urllib.request
from pathlib import Path

import click

from tracker.cli.common import BY, open_default_store, utc_now
from tracker.cli.predictions.find import day
from tracker.errors import GatherError, InputError

LARGEST = 5_000_000  # bytes of a page that are read
PATIENCE = 30  # seconds


@click.command()
@click.argument("place", metavar="FILE|URL")
@click.option("--made", metavar="DAY", callback=day, help="The day of the text; today if not given.")
@BY
def draft(place: str, made: dt.date | None, by: str) -> None:
    """Find what a text says of the future, and print it as predictions to be edited.

    FILE is text, Markdown or HTML (- is standard input). Every sentence that looks ahead becomes a prediction
    with statement, deadline and criterion, and a note on what was assumed; those that no criterion can be
    made of are kept as comments with the reason. Rules read the sentences: look at each before importing it.

    \b
    Example: tracker predictions draft memo.md --made 2026-03-26 > memo.toml
    """
    from sqlmodel import Session

    from tracker import pipeline
    from tracker.drafting import drafts, toml

    text = _text(place)
    with Session(open_default_store()) as session:
        companies = [c.name for c in pipeline.companies(session).companies.values()]
    at = made or utc_now().date()
    found = drafts(text, at, companies)
    click.echo(toml(found, by, at, place), nl=False)
    kept = sum(d.criterion is not None for d in found)
    click.echo(f"{len(found)} sentences look ahead, {kept} with a criterion", err=True)


def _text(place: str) -> str:
    if place.startswith(("http://", "https://")):
        return _plain(_fetched(place), place)
    if place == "-":
        return _plain(sys.stdin.buffer.read(), "")
    try:
        return _plain(Path(place).read_bytes(), "")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=place, hint="check the path") from error


def _fetched(url: str) -> bytes:
    request = urllib.request.Request(url, headers={"User-Agent": "market-signal-tracker"})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            body: bytes = answer.read(LARGEST)
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise GatherError(
            f"{url} could not be read: {error}", hint="save the page and name the file"
        ) from error
    return body


def _plain(body: bytes, url: str) -> str:
    """The text of a page or of a plain text."""
    if b"<html" not in body[:2000].lower() and b"<!doctype" not in body[:200].lower():
        return body.decode("utf-8", errors="replace")
    from spiders.pages import read_page

    page = read_page(body, url or "file:///")
    return f"{page.title}\n\n{page.text}"
