"""`tracker site`: the archive of issues, predictions, events and companies as a static site."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from urllib.parse import urlsplit

import click

from tracker.cli.briefing import STYLE, house_style
from tracker.cli.common import AS_OF, open_default_store, utc_now
from tracker.cli.predictions.find import day
from tracker.cli.recorded import recorded

DEFAULT_OUT = Path("var/site")


def _address(ctx: click.Context, param: click.Parameter, value: str | None) -> str:
    """An http(s) address that ends with a slash, so that paths can follow it."""
    if not value:
        return ""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise click.BadParameter(f"{value!r} is not an address like https://signals.example/", ctx, param)
    return value.rstrip("/") + "/"


@click.group()
def site() -> None:
    """Build the archive as a static site."""


@site.command()
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=DEFAULT_OUT, show_default=True,
    help="The folder to write to.",
)  # fmt: skip
@click.option(
    "--url", callback=_address, metavar="URL",
    help="Where the site will lie: for whole addresses in the feeds, and for a sitemap.xml.",
)  # fmt: skip
@click.option("--since", callback=day, metavar="DAY", help="Only the issues from that day's week on.")
@STYLE
@AS_OF
def build(out: Path, url: str, since: dt.date | None, style: Path | None, as_of: dt.datetime | None) -> None:
    """Write the issues of all ended weeks, and pages of predictions, events and companies.

    Any web server can serve the folder. What has not changed since the last build is left alone, and pages
    of what is not in the ledger any more are removed; docs/site.md says more.

    \b
    Example:
      tracker site build --out public --url https://signals.example/
    """
    from tracker.publishing import Order, publish

    engine = open_default_store()
    with recorded(engine, "site") as run:
        done = publish(engine, Order(out, url, as_of, since, house_style(style)), utc_now())
        run.update(vars(done))
    click.echo(out / "index.html")
    click.echo(
        f"{done.files:,} files, {done.written:,} written, {done.removed:,} removed; "
        f"{done.issues:,} issues, {done.changed:,} new or changed"
    )
