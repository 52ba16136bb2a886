"""`tracker predictions draft`: what an article or memo expects, as predictions to be edited."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import click

from tracker.cli.common import BY, open_default_store, utc_now
from tracker.cli.predictions.find import day
from tracker.config import Settings
from tracker.errors import InputError
from tracker.sources import Source


@click.command()
@click.argument("place", metavar="FILE|URL")
@click.option("--made", metavar="DAY", callback=day, help="The day of the text; today if not given.")
@click.option("--local", is_flag=True, help="The page is served by this machine.")
@BY
def draft(place: str, made: dt.date | None, local: bool, by: str) -> None:
    """Find what a text says of the future, and print it as predictions to be edited.

    FILE is text, Markdown or HTML (- is standard input). Every sentence that looks ahead becomes a prediction
    with statement, deadline and criterion, and a note on what was assumed; those that no criterion can be
    made of are kept as comments with the reason. Rules read the sentences: look at each before importing it.
    A URL is asked for as in a crawl: robots.txt is obeyed, and addresses inside your network are refused.

    \b
    Example: tracker predictions draft memo.md --made 2026-03-26 > memo.toml
    """
    from sqlmodel import Session

    from tracker import pipeline
    from tracker.drafting import drafts, toml

    text = _text(place, local)
    with Session(open_default_store()) as session:
        companies = [c.name for c in pipeline.companies(session).companies.values()]
    at = made or utc_now().date()
    found = drafts(text, at, companies)
    click.echo(toml(found, by, at, place), nl=False)
    kept = sum(d.criterion is not None for d in found)
    click.echo(f"{len(found)} sentences look ahead, {kept} with a criterion", err=True)


def _text(place: str, local: bool) -> str:
    if place.startswith(("http://", "https://")):
        from tracker.gather import page_text

        asked = Source(id="page", name="page", kind="feed", url=place, local=local)
        return page_text(asked, now=utc_now(), settings=Settings.from_env())
    from spiders.discover import plain
    from spiders.pages import NotAnArticle

    try:
        return plain(sys.stdin.buffer.read() if place == "-" else Path(place).read_bytes())
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=place, hint="check the path") from error
    except NotAnArticle as error:
        raise InputError(str(error), file=place, hint="save the text alone") from error
