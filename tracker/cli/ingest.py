"""`tracker ingest`: articles from files into the store, then into the ledger."""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

import click

from tracker.cli.common import judge_again, open_default_store, progress, utc_now
from tracker.cli.recorded import recorded
from tracker.errors import InputError

if TYPE_CHECKING:
    import sqlalchemy as sa

    from tracker.pipeline import Digest
    from tracker.records import Record
    from tracker.store.articles import NewArticle

BATCH = 500
"""Articles stored in one transaction."""

EXAMPLES = """\b
Examples:
  tracker ingest articles.jsonl.gz
  tracker ingest --seen published archive/techcrunch-20260629060000.warc.gz
  zcat more.jsonl.gz | tracker ingest --seen published -
"""


@click.command(epilog=EXAMPLES)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--seen",
    type=click.Choice(["now", "published"]),
    default="now",
    show_default=True,
    help="When the articles count as seen: now, or when they were published (to replay a past stretch).",
)
@click.option("--no-extract", is_flag=True, help="Store the articles only; the next run reads them.")
def ingest(files: tuple[str, ...], seen: str, no_extract: bool) -> None:
    """Store articles from files and bring the ledger up to date.

    FILE holds one JSON object a line with id, url, title, text and published (ISO day or time, UTC where it
    names no zone); it may be gzipped; - reads standard input. A FILE that ends in .warc or .warc.gz is an
    archive of raw answers, as tracker crawl --archive and Common Crawl write them. Articles that are known
    already are left alone, changed ones become a new revision, and a run that was interrupted goes on where
    it stopped. A line that cannot be used is reported and skipped; the exit code is then 1.
    """
    engine = open_default_store()
    with recorded(engine, "ingest") as run:
        counts, bad = ingest_files(engine, files, seen, utc_now())
        run.update(counts, bad=bad)
        report(engine, counts, bad, read=not no_extract)


def report(engine: sa.Engine, counts: Counter[str], bad: int, *, read: bool) -> None:
    """Tell what was stored, read it where wanted; end with exit code 1 where a line was bad."""
    done = f"{_articles(counts.total())}: " + ", ".join(
        f"{counts[name]:,} {name}" for name in ("new", "changed", "unchanged")
    )
    click.echo(f"{done}, {bad:,} bad")
    if read:
        click.echo(digest_line(run_digest(engine)))
    if bad:
        raise SystemExit(1)


def ingest_files(
    engine: sa.Engine, files: Iterable[str], seen: str, now: dt.datetime
) -> tuple[Counter[str], int]:
    """Store the articles of files; returns how many were new, changed or unchanged, and the bad lines."""
    from tracker.store.batch import add_articles
    from tracker.store.engine import transaction

    bad: list[InputError] = []
    articles = (article for name in files for article in _articles_of(name, seen, now, bad))
    counts: Counter[str] = Counter()
    with progress("Storing articles", None) as bar:
        while batch := list(islice(articles, BATCH)):
            with transaction(engine) as session:
                counts.update(add_articles(session, batch))
            bar.advance(bar.task_ids[0], len(batch))
    return counts, len(bad)


def _articles_of(name: str, seen: str, now: dt.datetime, bad: list[InputError]) -> Iterator[NewArticle]:
    if name.endswith((".warc", ".warc.gz")):
        yield from _archived(name, seen, now, bad)
    else:
        yield from (_new_article(record, seen, now) for record in _good_records(name, bad))


def _archived(name: str, seen: str, now: dt.datetime, bad: list[InputError]) -> Iterator[NewArticle]:
    """The articles of a WARC file; how many of its pages were none is told on stderr."""
    from spiders.warc import Skipped, read_warc

    skipped: Counter[str] = Counter()
    try:
        with open(name, "rb") as stream:
            for item in read_warc(stream, name, "published" if seen == "published" else "now", now):
                if isinstance(item, InputError):
                    _report(item, bad)
                elif isinstance(item, Skipped):
                    skipped[item.reason] += 1
                else:
                    yield item
    except FileNotFoundError:
        _report(InputError("no such file", file=name, hint="check the path"), bad)
    except OSError as error:
        _report(InputError(f"cannot be read: {error.strerror}", file=name), bad)
    if skipped:
        reason, _ = skipped.most_common(1)[0]
        click.echo(f"{name}: {skipped.total():,} pages are no articles, most often: {reason}", err=True)


def _good_records(name: str, bad: list[InputError]) -> Iterator[Record]:
    """The articles of a file; what cannot be used is told on stderr at once and noted in `bad`."""
    from tracker.records import read_records

    try:
        for item in read_records(name, sys.stdin.buffer):
            if isinstance(item, InputError):
                _report(item, bad)
            else:
                yield item
    except InputError as error:
        _report(error, bad)


def _report(error: InputError, bad: list[InputError]) -> None:
    bad.append(error)
    click.echo(str(error), err=True)


def _new_article(record: Record, seen: str, now: dt.datetime) -> NewArticle:
    from tracker.store.articles import NewArticle, article_key

    return NewArticle(
        # An id is unique within its source only.
        key=article_key(f"{record.host}\n{record.id}"),
        source_id=record.host,
        url=record.url,
        title=record.title,
        text=record.text,
        published=record.published,
        seen_at=record.published if seen == "published" else now,
        language=record.language,
        details={"id": record.id},
    )


def run_digest(engine: sa.Engine) -> Digest:
    """Read what is unread and bring the ledger up to date, with a progress bar."""
    from tracker.config import Settings
    from tracker.pipeline import digest

    with progress("Reading articles", None) as bar:
        return digest(
            engine,
            settings=Settings.from_env(),
            on_progress=lambda done, total: bar.update(bar.task_ids[0], completed=done, total=total),
            after=judge_again,
        )


def digest_line(done: Digest) -> str:
    """What a digest did, in one line."""
    gone = f", {done.events_gone:,} gone" if done.events_gone else ""
    foreign = done.articles_foreign
    left_out = f"; {_articles(foreign)} left out, not in English" if foreign else ""
    return (
        f"{_articles(done.articles_read)} read, {done.mentions:,} mentions; "
        f"events: {done.events_new:,} new, {done.events_changed:,} changed{gone}{left_out}"
    )


def _articles(number: int) -> str:
    return f"{number:,} article" + ("" if number == 1 else "s")
