"""`tracker search`: words in articles, and in the sentences that events rest on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.common import AS_OF, UTCTime, open_default_store
from tracker.cli.events.listing import Since, row
from tracker.cli.output import format_option, print_rows

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlmodel import Session

    from tracker.models.ledger import Event
    from tracker.store.search import Hit, Search

KINDS = ("articles", "events")
TABLE = ("type", "id", "date", "title", "snippet")
CSV = ("type", "id", "date", "source", "title", "snippet", "url", "rank")
EXAMPLES = """\b
Examples:
  tracker search '"data center"' --since 2026-05-01
  tracker search --type events --format json 'Nvidia -gaming or AMD'
"""


@click.command(epilog=EXAMPLES)
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--type", "kinds", multiple=True, type=click.Choice(KINDS), help="Only these; both if not given."
)
@click.option("--since", type=Since(), metavar="DAY", help="Published on this day or later.")
@click.option("--until", type=UTCTime(), metavar="DAY", help="Published on this day or before.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="Hits of each type.")
@AS_OF
@format_option
def search(words: tuple[str, ...], kinds: tuple[str, ...], limit: int, fmt: str, **when: Any) -> None:
    """Find WORDS in articles, and in the sentences that events rest on; the best hits first.

    Every word must occur, in any of its forms; "words in quotes" as they stand; -word must not occur; or
    between words gives a choice. A word that begins with - needs -- before it. An event is found by what was
    published within the days asked for.
    """
    from sqlmodel import Session

    from tracker.store.search import Search, bring_up_to_date, search_articles

    engine = open_default_store()
    bring_up_to_date(engine)
    wanted = Search(" ".join(words), when["since"], when["until"], when["as_of"])
    rows: list[dict[str, Any]] = []
    with Session(engine) as session:
        if "events" in (kinds or KINDS):
            found = _events(engine, session, wanted)
            rows += [_row("event", event.id, hit, _told(event)) for event, hit in islice(found, limit)]
        if "articles" in (kinds or KINDS):
            hits = search_articles(session, wanted, limit)
            rows += [_row("article", str(hit.id), hit, hit.title) for hit in hits]
    print_rows(rows, CSV if fmt == "csv" else TABLE, fmt)


def _events(engine: sa.Engine, session: Session, wanted: Search) -> Iterator[tuple[Event, Hit]]:
    """The events that rest on a sentence with the words, each with its best one."""
    from tracker.store.events import newest_extractor
    from tracker.store.search import search_evidence, stored_event

    extractor = newest_extractor(session)
    if extractor is None:
        return
    then = _by_mention(engine, wanted.seen_by) if wanted.seen_by else None
    told: set[str] = set()
    for hit in search_evidence(session, wanted, extractor):
        event_id = hit.event_id if then is None else then[hit.id].id if hit.id in then else None
        if event_id and event_id not in told:
            told.add(event_id)
            yield (stored_event(session, event_id) if then is None else then[hit.id]), hit


def _by_mention(engine: sa.Engine, as_of: dt.datetime) -> dict[int, Event]:
    """The ledger of a time, by the mentions that its events rest on."""
    from tracker.pipeline import ledger

    return {source.mention_id: event for event in ledger(engine, seen_by=as_of) for source in event.sources}


def _told(event: Event) -> str:
    line = row(event)
    return f"{line['type']}, {line['status']}: {line['parties']}"


def _row(kind: str, id_: str, hit: Hit, title: str) -> dict[str, Any]:
    return {
        "type": kind,
        "id": id_,
        "date": f"{hit.published:%Y-%m-%d}",
        "source": hit.source_id,
        "title": title,
        "snippet": " ".join(hit.snippet.split()),
        "url": hit.url,
        "rank": round(hit.rank, 4),
    }
