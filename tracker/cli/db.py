"""`tracker db`: looking after the store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.common import open_default_store, utc_now
from tracker.cli.output import format_option, print_rows
from tracker.cli.recorded import recorded
from tracker.config import Settings

if TYPE_CHECKING:
    import sqlalchemy as sa

    from tracker.upkeep import Difference

DIFFERENCES = ("change", "event", "field", "stored", "derived")
CELL = 60
"""Characters of a value in the table of differences; the other forms carry all of it."""


@click.group()
def db() -> None:
    """Look after the store: upgrade, back up, restore, check and rebuild it."""


@db.command()
def upgrade() -> None:
    """Bring the store to the tables of this program, whole or not at all.

    Every command that opens a store does this too; here it can be done at a time of your choosing.

    \b
    Example:
      tracker db upgrade
    """
    from tracker.store.engine import upgrade_store
    from tracker.store.schema import revisions

    _, done = upgrade_store(Settings.from_env().database_url)
    how = f"upgraded by {', '.join(done)}" if done else "as they should be"
    click.echo(f"the tables are {how}; their revision is {revisions()[-1]}")


@db.command()
@click.argument("target", required=False, metavar="[FILE]")
@click.option("--keep", type=click.IntRange(1), metavar="N", help="Keep the newest N copies of the folder.")
def backup(target: str | None, keep: int | None) -> None:
    """Copy the store to FILE while it is in use, check the copy, then give it its name.

    FILE is gzipped where its name ends in .gz. A folder, written with a slash at its end, gets a copy with
    the time in its name, and so does the store's own folder without FILE; with --keep older copies of that
    kind are removed once the new one is checked. Works on SQLite; for PostgreSQL use its own pg_dump.

    \b
    Example:
      tracker db backup var/backups/tracker.db.gz
      tracker db backup var/backups/ --keep 14
    """
    from tracker.store.backup import back_up, forget_all_but

    store = _file("tracker db backup")
    if not store.exists():
        from tracker.errors import StoreError

        raise StoreError(f"there is no store at {store}", hint="check TRACKER_DATABASE_URL")
    folder = store.parent if not target else Path(target) if _is_folder(target) else None
    copy = folder / f"{store.stem}-{utc_now():%Y%m%dT%H%M%SZ}.db.gz" if folder else Path(str(target))
    if keep and not folder:
        raise click.UsageError("--keep needs a folder, written with a slash at its end")
    engine = open_default_store()
    with recorded(engine, "backup", must=False) as run:
        counts = back_up(store, copy)
        run.update(file=str(copy), articles=counts.get("article", 0), events=counts.get("event", 0))
        if keep and folder:
            run.update(removed=forget_all_but(keep, folder, store.stem))
    engine.dispose()
    click.echo(f"{copy}: {counts.get('article', 0):,} articles, {counts.get('event', 0):,} events, checked")


def _is_folder(target: str) -> bool:
    return target.endswith("/") or Path(target).is_dir()


@db.command()
@click.argument("source", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Take the place of a store that exists; the old file is kept.")
def restore(source: Path, yes: bool) -> None:
    """Put a copy made by tracker db backup in the place of the store.

    The copy is checked first. A store that exists is only replaced with --yes, is kept beside the new one
    under another name, and must not be in use.

    \b
    Example:
      tracker db restore --yes var/backups/tracker.db.gz
    """
    from tracker.store.backup import restore as put_back

    store = _file("tracker db restore")
    kept = put_back(source, store, utc_now(), replace=yes)
    _settle()
    click.echo(f"{store} is as in {source}" + (f"; the old store is {kept}" if kept else ""))


@db.command()
@click.option(
    "--to", "target", required=True, metavar="URL", help="The database to copy into; it must be empty."
)
def copy(target: str) -> None:
    """Copy the whole store into another database, of the same kind or not, and check the copy.

    Whole or not at all: a copy that was cut off is begun again by the same command. Stop whoever writes to
    the store first, for what they write meanwhile is not in the copy; then name the new database in
    TRACKER_DATABASE_URL.

    \b
    Example:
      tracker db copy --to postgresql://tracker@localhost/tracker
    """
    from tracker.store.copying import copy_store
    from tracker.store.engine import open_store

    there = open_store(target)
    rows = copy_store(open_default_store(), there, lambda name, n: click.echo(f"{n:>9,} {name}", err=True))
    click.echo(f"{rows:,} rows copied; checking them")
    if _check(there):
        raise SystemExit(1)


@db.command()
def check() -> None:
    """Check that all of the store holds together; the exit code is 1 if anything does not.

    The file itself, the references between tables, that every value of a mention stands in its article
    where it says, the index of the search, and that deriving the ledger again gives what is stored.

    \b
    Example:
      tracker db check
    """
    engine = open_default_store()
    with recorded(engine, "check", must=False) as run:
        run["findings"] = _check(engine)
        if run["findings"]:
            raise SystemExit(1)


def _check(engine: sa.Engine) -> int:
    """Print what every check finds; returns how much that is."""
    from tracker.upkeep import check_store

    bad = 0
    for name, found in check_store(engine):
        click.echo(f"{'fail' if found else 'ok'}  {name}")
        for line in found:
            click.echo(f"      {line}")
        bad += len(found)
    return bad


@db.command()
@click.option("--yes", is_flag=True, help="Apply the difference without asking.")
@click.option("--dry-run", is_flag=True, help="Tell the difference and leave the ledger as it is.")
@format_option
def rebuild(yes: bool, dry_run: bool, fmt: str) -> None:
    """Derive all events again, tell what that changes event by event, and apply it when told to.

    Articles that the extractor has not read in its present version are read first; what it reads is kept,
    also with --dry-run, and nothing is read twice.

    \b
    Example:
      tracker db rebuild --dry-run
    """
    if yes and dry_run:
        raise click.UsageError("--yes does not go together with --dry-run")
    from tracker.upkeep import differences

    engine = open_default_store()
    _read_unread(engine)
    found = differences(engine)
    print_rows(_rows(found, CELL if fmt == "table" else None), DIFFERENCES, fmt)
    click.echo(_told(found), err=True)
    if dry_run or not found:
        return
    if not yes:
        click.confirm("Apply this?", abort=True, err=True)
    _derive_again(engine)


def _derive_again(engine: sa.Engine) -> None:
    from tracker.upkeep import rebuild

    with recorded(engine, "rebuild") as run:
        done = rebuild(engine, utc_now())
        run.update(new=len(done.new), changed=len(done.changed), gone=len(done.gone))
    click.echo(f"{len(done.new)} new, {len(done.changed)} changed, {len(done.gone)} gone", err=True)


def _settle() -> None:
    from tracker.store.engine import transaction
    from tracker.store.runs import settle_restored

    engine = open_default_store()
    with transaction(engine) as session:
        settle_restored(session, utc_now())
    engine.dispose()


def _file(work: str) -> Path:
    from sqlalchemy import make_url

    from tracker.store.backup import store_file

    return store_file(make_url(Settings.from_env().database_url), work)


def _read_unread(engine: sa.Engine) -> None:
    from tracker.cli.common import progress
    from tracker.extract.pipeline import load_extractor
    from tracker.pipeline import read_articles

    extractor = load_extractor(Settings.from_env())
    with progress("Reading articles", None) as bar:
        task = bar.task_ids[0]
        read_articles(engine, extractor, lambda done, total: bar.update(task, completed=done, total=total))


def _rows(found: Sequence[Difference], width: int | None) -> list[dict[str, Any]]:
    """One row a changed field, one a new or lost event."""
    rows: list[dict[str, Any]] = []
    for one in found:
        for field, stored, derived in one.fields or ((None, None, None),):
            values = {"stored": _short(stored, width), "derived": _short(derived, width)}
            rows.append({"change": one.kind, "event": one.event.id, "field": field, **values})
    return rows


def _short(value: Any, width: int | None) -> Any:
    text = str(value)
    return value if width is None or value is None else text[:width] + ("…" if len(text) > width else "")


def _told(found: Sequence[Difference]) -> str:
    kinds = [one.kind for one in found]
    counts = ", ".join(f"{kinds.count(kind)} {kind}" for kind in ("new", "changed", "gone"))
    return f"a rebuild changes the ledger: {counts}" if found else "a rebuild changes nothing"
