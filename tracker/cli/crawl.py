"""`tracker crawl`: gather the sources, then read what came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.common import judge_again, open_default_store, progress, utc_now
from tracker.cli.output import format_option, print_rows
from tracker.cli.recorded import recorded
from tracker.config import Settings

if TYPE_CHECKING:
    import sqlalchemy as sa

    from tracker.gather import Preview, Step
    from tracker.sources import Source, SourceResult

COLUMNS = ("source", "state", "new", "changed", "unchanged", "not_articles", "failed", "reason")


@dataclass(frozen=True)
class How:
    """What a crawl keeps and how far it reaches back."""

    archive: Path | None = None
    since: dt.datetime | None = None
    fresh: bool = False


PLAIN = How()


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option(
    "--sources",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Source list to use instead of the shipped one and your own.",
)
@click.option(
    "--archive",
    type=click.Path(file_okay=False, writable=True, path_type=Path),
    help="Keep the raw answers as WARC files in this folder; tracker ingest replays them.",
)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Leave out what is older than this day, and read sitemaps back to it.",
)
@click.option("--due", is_flag=True, help="Leave out what was crawled less than its interval ago, or rests.")
@click.option(
    "--fresh",
    is_flag=True,
    help="Read the listings even where they have not changed, and retry failed pages.",
)
@click.option("--dry-run", is_flag=True, help="Read the listings only, and tell what a crawl would fetch.")
@format_option
def crawl(
    ids: tuple[str, ...],
    path: Path | None,
    archive: Path | None,
    since: dt.datetime | None,
    due: bool,
    fresh: bool,
    dry_run: bool,
    fmt: str,
) -> None:
    """Crawl the sources (or those named), then read the deals out of what is new.

    Prints one line a source. A source that fails says why and takes nothing from the others; the exit code is
    then 1. One that keeps failing rests between crawls, for six hours to a week; naming it asks it all the
    same. With --due the command can run every few minutes: each source is asked at its own interval.

    \b
    Example:
      tracker crawl techcrunch ars-technica
      tracker crawl --since 2026-06-01 --dry-run
      tracker crawl --due
    """
    from tracker.sources import choose, load_sources
    from tracker.sources.own import current

    sources = choose(load_sources(path) if path else current(Settings.from_env()), ids)
    engine = open_default_store()
    if due:
        sources = only_due(engine, sources)
        if not sources and fmt == "table":
            return
    how = How(archive, since.replace(tzinfo=dt.UTC) if since else None, fresh)
    if dry_run:
        show(engine, sources, [found.result for found in preview(engine, sources, how.since)], fmt)
        return
    with recorded(engine, "crawl") as counts:
        results = gather_rested(engine, sources, how, named=due or bool(ids))  # what is due does not rest
        counts.update(counted(results))
        if any(result.new or result.changed for result in results):
            read_new(engine)
        show(engine, sources, results, fmt)


def show(engine: sa.Engine, sources: Sequence[Source], results: Sequence[SourceResult], fmt: str) -> None:
    """Print one line a source; end with exit code 1 where one failed."""
    states = states_of(engine, sources)
    rows = [as_row(result) | {"state": states[result.source_id]} for result in results]
    print_rows(rows, COLUMNS, fmt)
    report_failures(results)


def counted(results: Sequence[SourceResult]) -> dict[str, int]:
    """What a crawl brought from all its sources together, for the run log."""
    added = {name: sum(getattr(r, name) for r in results) for name in ("new", "changed", "not_articles")}
    return {"sources": len(results), "sources_failed": sum(not r.ok for r in results), **added}


def gather_rested(
    engine: sa.Engine, sources: Sequence[Source], how: How, *, named: bool
) -> list[SourceResult]:
    """Crawl the sources, without those that rest unless they were named; one result each, in order."""
    from tracker.standing import resting, standings

    now = utc_now()
    found = {} if named else standings(engine, sources, now)
    left = {
        source.id: resting(source, health)
        for source in sources
        if source.id in found and (health := found[source.id].health).rests(now)
    }
    done = gather(engine, [source for source in sources if source.id not in left], how)
    results = left | {result.source_id: result for result in done}
    return [results[source.id] for source in sources]


def only_due(engine: sa.Engine, sources: Sequence[Source]) -> list[Source]:
    """Those of the sources that are due; says on stderr how many are not, and what comes next."""
    from tracker.standing import first_due, standings

    now = utc_now()
    found = standings(engine, sources, now)
    due = [source for source in sources if found[source.id].is_due(now)]
    later = [source for source in sources if not found[source.id].is_due(now)]
    if first := first_due(later, found):
        source, time = first
        click.echo(
            f"{len(later)} of {len(sources)} sources are not due yet; the next is {source.id} at "
            f"{time:%Y-%m-%d %H:%M} UTC",
            err=True,
        )
    return due


def states_of(engine: sa.Engine, sources: Sequence[Source]) -> dict[str, str]:
    from tracker.standing import standings

    return {name: found.health.state for name, found in standings(engine, sources, utc_now()).items()}


def report_failures(results: Sequence[SourceResult]) -> None:
    """End with exit code 1 where a source failed."""
    failed = [result for result in results if not result.ok]
    if not failed:
        return
    without_network = len(failed) == len(results) and all(r.reason.startswith("DNS") for r in failed)
    remark = "is there a network?" if without_network else "what came from the others is kept"
    raise click.ClickException(f"{len(failed)} of {len(results)} sources failed; {remark}")


def gather(engine: sa.Engine, sources: Sequence[Source], how: How = PLAIN) -> list[SourceResult]:
    """Crawl with a progress bar on stderr."""
    from tracker import gather as gathering

    with finished_bar("Crawling", len(sources)) as step:
        return gathering.crawl(
            engine,
            sources,
            now=utc_now(),
            settings=Settings.from_env(),
            on_progress=step,
            archive=how.archive,
            since=how.since,
            fresh=how.fresh,
        )


def preview(engine: sa.Engine, sources: Sequence[Source], since: dt.datetime | None = None) -> list[Preview]:
    """Read the listings with a progress bar on stderr."""
    from tracker import gather as gathering

    with finished_bar("Checking", len(sources)) as step:
        return gathering.preview(
            engine, sources, now=utc_now(), settings=Settings.from_env(), on_progress=step, since=since
        )


@contextmanager
def finished_bar(description: str, total: int) -> Iterator[Callable[[Step], None]]:
    """A progress bar on stderr; what it yields moves it on by one with each source that is finished."""
    with progress(description, total) as bar:

        def advance(step: Step) -> None:
            if step.result is not None:
                bar.advance(bar.task_ids[0])

        yield advance


def read_new(engine: sa.Engine) -> None:
    """Extract and update the ledger, with a progress bar on stderr."""
    from tracker import pipeline

    with progress("Reading", None) as bar:

        def step(done: int, total: int) -> None:
            bar.update(bar.task_ids[0], completed=done, total=total)

        pipeline.digest(engine, settings=Settings.from_env(), on_progress=step, after=judge_again)


def as_row(result: SourceResult) -> dict[str, object]:
    return {
        "source": result.source_id,
        "ok": result.ok,
        "items": result.items,
        "new": result.new,
        "changed": result.changed,
        "unchanged": result.unchanged,
        "not_articles": result.not_articles,
        "failed": result.failed,
        "reason": result.reason,
    }
