"""What a person decides: `tracker events merge`, `split`, `edit`, `reject`, `confirm`, `undo`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tracker.cli.common import BY, PERHAPS_WHY, WHY, open_default_store, utc_now
from tracker.cli.events.find import find, stored

if TYPE_CHECKING:
    from tracker.corrections import Author, Done


def author(by: str, why: str) -> Author:
    from tracker.corrections import Author

    return Author(by, utc_now(), why)


@click.command()
@click.argument("event_id", metavar="A")
@click.argument("other_id", metavar="B")
@BY
@WHY
def merge(event_id: str, other_id: str, by: str, why: str) -> None:
    """Two events are one deal: A and B become one.

    \b
    Example: tracker events merge acquisition-confl acquisition-kafka --why "Kafka's maker is Confluent"
    """
    from tracker import corrections

    engine, events = open_default_store(), stored()
    one, other = find(events, event_id), find(events, other_id)
    tell("merged", corrections.merge(engine, one, other, author(by, why)))


@click.command()
@click.argument("event_id", metavar="EVENT")
@click.argument("mention_ids", metavar="MENTION...", nargs=-1, required=True, type=int)
@BY
@WHY
def split(event_id: str, mention_ids: tuple[int, ...], by: str, why: str) -> None:
    """Some tellings of an event are of another: the MENTIONs become an event of their own.

    `tracker events show` gives the number of each mention. What is told later goes where it fits better.

    \b
    Example: tracker events split financing-anthropic 311 318 --why "the loan is not the round"
    """
    from tracker import corrections

    event = find(stored(), event_id)
    tell("split", corrections.split(open_default_store(), event, mention_ids, author(by, why)))


@click.command()
@click.argument("event_id", metavar="EVENT")
@click.argument("field")
@click.argument("value")
@BY
@WHY
def edit(event_id: str, field: str, value: str, by: str, why: str) -> None:
    """Set a field of an event; what the sources say is kept as told otherwise.

    FIELD is status, category, salience, amount, valuation, a role (target, company, investors ...), place,
    kind, round, scope, from or to; or announced, completed ... with the day on which the event became that.
    Names and places are parted by semicolons, and "none" empties a field.

    \b
    Examples:
      tracker events edit acquisition-confl amount "$11.4bn" --why "with the debt that goes over"
      tracker events edit acquisition-confl completed 2026-03-17 --why "the filing of that day"
      tracker events edit financing-nscale lead "Aker; Nokia" --why "both led"
    """
    from tracker import corrections

    event = find(stored(), event_id)
    tell("edited", corrections.edit(open_default_store(), event, field, value, author(by, why)))


@click.command()
@click.argument("event_id", metavar="EVENT")
@BY
@WHY
def reject(event_id: str, by: str, why: str) -> None:
    """What is told is no event: it leaves the ledger, with whatever is told of it later.

    \b
    Example: tracker events reject shutdown-calendar --why "satire"
    """
    from tracker import corrections

    tell("rejected", corrections.reject(open_default_store(), find(stored(), event_id), author(by, why)))


@click.command()
@click.argument("event_id", metavar="EVENT")
@BY
@PERHAPS_WHY
def confirm(event_id: str, by: str, why: str) -> None:
    """The event is as it is told: its confidence becomes the highest, and it needs no review.

    \b
    Example: tracker events confirm acquisition-confl
    """
    from tracker import corrections

    tell("confirmed", corrections.confirm(open_default_store(), find(stored(), event_id), author(by, why)))


@click.command()
@click.argument("number", metavar="JUDGEMENT", type=int)
@BY
@PERHAPS_WHY
def undo(number: int, by: str, why: str) -> None:
    """Take back a judgement on an event or a company, by its number; an undo can be undone, too.

    \b
    Example: tracker events undo 12 --why "they are two rounds after all"
    """
    from tracker import corrections

    tell(f"undid judgement {number}", corrections.undo(open_default_store(), number, author(by, why)))


def tell(verb: str, done: Done) -> None:
    """What was done, how to take it back, and which events it changed."""
    number = done.judgement.id
    click.echo(f"{verb} (judgement {number}; tracker events undo {number} takes it back)")
    changes = done.changes
    for word, ids in (("new", changes.new), ("changed", changes.changed), ("gone", changes.gone)):
        for id_ in ids:
            click.echo(f"  {word:8}{id_}")
