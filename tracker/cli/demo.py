"""`tracker demo`: the whole loop on the bundled newsroom, without a network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.common import open_default_store, utc_now
from tracker.cli.crawl import counted, gather, read_new
from tracker.cli.recorded import recorded
from tracker.config import shipped

if TYPE_CHECKING:
    import sqlalchemy as sa

    from tracker.sources import SourceResult


@click.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("var/briefings"),
    show_default=True,
    help="Folder for the briefing.",
)
def demo(out: Path) -> None:
    """Crawl the demo newsroom over loopback HTTP, judge the shipped predictions, write the newest briefing.

    Everything goes into the store that the settings name. A second run changes nothing.

    \b
    Example:
      tracker demo --out var/briefings
    """
    engine = open_default_store()
    with recorded(engine, "demo") as run:
        run.update(whole_loop(engine, out))


def whole_loop(engine: sa.Engine, out: Path) -> dict[str, int]:
    """All that the demo does; returns what its crawl brought."""
    from tracker.briefing import Order
    from tracker.cli import briefing, predictions

    results = crawl_newsroom(engine)
    if failed := [f"{result.source_id}: {result.reason}" for result in results if not result.ok]:
        raise click.ClickException("the demo newsroom was not crawled; " + "; ".join(failed))
    read_new(engine)
    predictions.import_file(engine, shipped("data", "predictions", "great-ai-inversion.toml"), utc_now())
    built = briefing.build(engine, Order(house=briefing.house_style()), out)
    for path in built.paths:
        click.echo(path)
    click.echo(built.line)
    return counted(results)


def crawl_newsroom(engine: sa.Engine) -> list[SourceResult]:
    """Serve the newsroom on loopback and crawl it like any other source."""
    from tracker.newsroom import Newsroom, newsroom_sources, serve

    newsroom = Newsroom.load()
    with serve(newsroom) as port:
        return gather(engine, newsroom_sources(port, newsroom))
