"""`tracker serve`: the schedule and the pages, in one process."""

from __future__ import annotations

import ipaddress
import logging
from pathlib import Path

import click

from tracker.cli.common import open_default_store, utc_now
from tracker.cli.schedule import jobs, runner
from tracker.config import Settings

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where to listen.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8300, show_default=True, help="0: any free one."
)
@click.option(
    "--site", type=click.Path(file_okay=False, path_type=Path), default=Path("var/site"), show_default=True,
    help="The folder of the static site.",
)  # fmt: skip
@click.option("--no-schedule", is_flag=True, help="Answer only; begin no job.")
def serve(host: str, port: int, site: Path, no_schedule: bool) -> None:
    """Run the schedule and serve the site, /status, /api/v1/, /healthz, /readyz and /metrics.

    It listens on this machine only; any other address needs a token (TRACKER_TOKEN), which whoever asks sends
    as "Authorization: Bearer". Nothing can be changed over HTTP. SIGTERM ends it: running jobs are asked to
    end, and waited for.

    \b
    Example:
      tracker serve --port 8300
    """
    from tracker.serve.daemon import Address
    from tracker.serve.daemon import serve as run
    from tracker.serve.facts import World
    from tracker.sources.own import current
    from tracker.store.engine import only_reading

    token = Settings.from_env().token
    if not _local(host) and not token:
        raise click.UsageError(f"--host {host} can be reached by others: set TRACKER_TOKEN first")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    here, scheduled = runner(), jobs()
    engine, settings = open_default_store(), Settings.from_env()
    world = World(
        only_reading(engine), lambda: current(settings), scheduled, lambda: here.past(scheduled), utc_now
    )
    address = Address(host, port, () if token else LOOPBACK, token)
    run(world, None if no_schedule else here, address, site)


def _local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
