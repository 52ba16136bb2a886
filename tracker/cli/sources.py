"""`tracker sources`: which sources there are, whether they can be gathered, how to add and switch them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.common import open_default_store, utc_now
from tracker.cli.crawl import preview
from tracker.cli.output import format_option, print_rows
from tracker.config import Settings

if TYPE_CHECKING:
    from tracker.gather import Candidate, Found, Preview
    from tracker.sources import Source
    from tracker.sources.own import Own
    from tracker.standing import Standing

LISTED = ("source", "kind", "tier", "language", "enabled", "state", "failures", "reason")
CHECKED = ("source", "ok", "items", "new", "undated", "newest", "reason")
OFFERS = ("source", "kind", "url", "items", "undated", "saved")
OFFERED = ("published", "title", "url")


@click.group()
def sources() -> None:
    """List, check, add and switch the sources of a crawl.

    The shipped list stays as it is: what you add or switch is kept in a file of your own (TRACKER_SOURCES,
    var/sources.toml where it is not set). A source of yours with the id of a shipped one takes its place.
    """


@sources.command("list")
@format_option
def list_(fmt: str) -> None:
    """List every source, the shipped ones and your own, with its health.

    The state is read off the record of the crawls: never, ok, empty, stale, undated, blocked, layout changed
    or failing, with the reason.

    \b
    Example:
      tracker sources list --format csv
    """
    print_rows(_rows(_current()), LISTED, fmt)


@sources.command()
@click.argument("name", metavar="ID")
@format_option
def show(name: str, fmt: str) -> None:
    """Show all that is known of one source.

    \b
    Example:
      tracker sources show techcrunch
    """
    (row,) = _rows(_chosen((name,)))
    if fmt == "table":
        told = {field: _told(value) for field, value in row.items()}
        print_rows([{"field": k, "value": v} for k, v in told.items() if v], ("field", "value"), fmt)
    else:
        print_rows([row], tuple(row), fmt)


@sources.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@format_option
def check(ids: tuple[str, ...], fmt: str) -> None:
    """Ask the sources (or those named) for their listings, and tell what a crawl would find; stores nothing.

    \b
    Example:
      tracker sources check techcrunch
    """
    previews = preview(open_default_store(), _chosen(ids))
    print_rows([_checked(preview) for preview in previews], CHECKED, fmt)
    failed = sum(not preview.result.ok for preview in previews)
    if failed:
        raise click.ClickException(f"{failed} of {len(previews)} sources failed; the table says why")


@sources.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
def enable(ids: tuple[str, ...]) -> None:
    """Switch sources on.

    \b
    Example:
      tracker sources enable techcrunch
    """
    _switch(ids, on=True)


@sources.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
def disable(ids: tuple[str, ...]) -> None:
    """Switch sources off; what they brought stays.

    \b
    Example:
      tracker sources disable techcrunch
    """
    _switch(ids, on=False)


@sources.command()
@click.argument("url")
@click.option("--id", "name", help="Its id; made from its host where it is not given.")
@click.option("--tier", type=click.IntRange(1, 3), default=2, show_default=True, help="1 best, 3 blogs.")
@click.option("--local", is_flag=True, help="It is served by this machine.")
@click.option("--yes", is_flag=True, help="Save it; without, only show what it would gather.")
@format_option
def add(url: str, name: str | None, tier: int, local: bool, yes: bool, fmt: str) -> None:
    """Find the feed of a page, fetch it once, show what it would gather, and with --yes save it.

    URL is a feed, a sitemap or a page that names one.

    \b
    Example:
      tracker sources add https://news.example/ --yes
    """
    from tracker.gather import discover

    asked = _source({"id": "new", "name": "new", "kind": "feed", "url": url, "local": local})
    found = discover(asked, now=utc_now(), settings=Settings.from_env())
    best = max(found, key=lambda one: one.items > 0)  # the page's first feed that is not empty
    source = _from_candidate(best, name, tier, local)
    if yes:
        _save(_own().adding([source]))
    if fmt == "table":
        click.echo(f"{source.id}: {best.kind} {best.url}, {best.items} entries, {best.undated} undated")
        for other in found:
            if other is not best:
                click.echo(f"also there: {other.kind} {other.url}, {other.items} entries")
        print_rows([_entry(entry) for entry in best.entries], OFFERED, fmt)
    else:
        print_rows([_offer(source.id, one, saved=yes and one is best) for one in found], OFFERS, fmt)
    told = f"saved; tracker crawl {source.id} gathers it" if yes else "not saved; --yes saves it"
    click.echo(told, err=True)


@sources.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.opml")
def import_(file: Path) -> None:
    """Add the feeds of an OPML file; those that are known are left alone.

    \b
    Example:
      tracker sources import feeds.opml
    """
    from tracker.sources.opml import read_opml

    found, bad = read_opml(file, _current())
    if found:
        _save(_own().adding(found))
    for error in bad:
        click.echo(f"skipped {error}", err=True)
    click.echo(f"{len(found)} added, {len(bad)} bad")
    if bad:
        raise SystemExit(1)


@sources.command()
@click.option("--opml", "form", flag_value="opml", default="opml", help="As OPML, feeds only (default).")
@click.option("--toml", "form", flag_value="toml", help="As a list that crawl --sources takes.")
def export(form: str) -> None:
    """Write the enabled sources to standard output.

    \b
    Example:
      tracker sources export --opml > feeds.opml
    """
    from tracker.sources.opml import write_opml
    from tracker.sources.own import as_toml

    enabled = [source for source in _current() if source.enabled]
    click.echo(as_toml(enabled) if form == "toml" else write_opml(enabled), nl=False)


def _current() -> list[Source]:
    from tracker.sources.own import current

    return current(Settings.from_env())


def _chosen(ids: tuple[str, ...]) -> list[Source]:
    from tracker.sources import choose

    return choose(_current(), ids)


def _own() -> Own:
    from tracker.sources.own import load_own, own_path

    return load_own(own_path(Settings.from_env()))


def _save(own: Own) -> None:
    from tracker.sources.own import own_path, save_own

    save_own(own_path(Settings.from_env()), own)


def _switch(ids: tuple[str, ...], on: bool) -> None:
    names = [source.id for source in _chosen(ids)]
    _save(_own().switching(names, on))
    click.echo(f"{'enabled' if on else 'disabled'}: {', '.join(names)}")


def _source(values: dict[str, Any]) -> Source:
    """A source out of what was typed; a wrong value is misuse."""
    from pydantic import ValidationError

    from tracker.sources import Source, complaint

    try:
        return Source.model_validate(values)
    except ValidationError as error:
        field = str((*error.errors()[0]["loc"], "url")[0])
        raise click.UsageError(f"{field} {values[field]!r}: {complaint(error)}") from error


def _from_candidate(found: Candidate, name: str | None, tier: int, local: bool) -> Source:
    from urllib.parse import urlsplit

    from tracker.sources.opml import new_id

    known = {source.id: source for source in _current()}
    if name in known:
        raise click.UsageError(f"the id {name!r} is taken; give another with --id")
    for source in known.values():
        if source.url == found.url:
            raise click.UsageError(f"{found.url} is there already as {source.id}")
    host = urlsplit(found.url).hostname or ""
    return _source(
        {
            "id": name or new_id(host, known),
            "name": host,
            "kind": found.kind,
            "url": found.url,
            "tier": tier,
            "language": found.language or "en",
            "min_items": 1,
            "local": local,
        }
    )


def _rows(listed: Sequence[Source]) -> list[dict[str, Any]]:
    """All that is known of sources: their fields and how they stand."""
    from tracker.standing import standings

    found = standings(open_default_store(), listed, utc_now())
    return [{"source": s.id, **s.model_dump(exclude={"id"}), **_standing(found[s.id])} for s in listed]


def _told(value: Any) -> str:
    """A field's value for people; empty where there is nothing to tell."""
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    if isinstance(value, dict):
        return "\n".join(f"{name}: {words}" for name, words in value.items() if words)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _standing(found: Standing) -> dict[str, Any]:
    from dataclasses import asdict

    values = asdict(found)
    return {**values.pop("health"), **values}


def _checked(preview: Preview) -> dict[str, Any]:
    result, entries = preview.result, preview.entries
    return {
        "source": result.source_id,
        "ok": result.ok,
        "items": result.items,
        "new": result.new,
        "undated": sum(not entry.published for entry in entries),
        "newest": max((entry.published[:16] for entry in entries), default=""),
        "reason": result.reason,
        "entries": [_entry(entry) | {"outcome": entry.outcome} for entry in entries],
    }


def _offer(name: str, found: Candidate, saved: bool) -> dict[str, Any]:
    counts = {"kind": found.kind, "url": found.url, "items": found.items, "undated": found.undated}
    entries = [_entry(entry) for entry in found.entries]
    return {"source": name, **counts, "saved": saved, "entries": entries}


def _entry(entry: Found) -> dict[str, Any]:
    return {"published": entry.published[:16], "title": entry.title, "url": entry.url}
