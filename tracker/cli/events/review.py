"""`tracker events review`: questions about the ledger, each answered with one keystroke."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.common import AS_OF, BY, open_default_store, utc_now
from tracker.cli.events.describe import describe
from tracker.cli.events.judge import author, tell
from tracker.cli.output import format_option, print_rows

if TYPE_CHECKING:
    import sqlalchemy as sa

    from tracker.corrections import Done
    from tracker.resolve.doubts import Doubt

COLUMNS = ("question", "about", "options", "matters")
QUIT = "q"


@click.command()
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, metavar="N", help="Most.")
@click.option(
    "--ask/--list", default=None, help="Ask each question, or list them; asks on a terminal by default."
)
@click.option("--why", default="seen in review", show_default=True, help="The reason noted with each answer.")
@BY
@AS_OF
@format_option
def review(limit: int, ask: bool | None, why: str, by: str, as_of: dt.datetime | None, fmt: str) -> None:
    """Go through what a person should look at, what matters most to open predictions first.

    Asked are pairs of events that may be one deal, values told differently, events read with little
    confidence, and companies that nobody has listed. Each answer is a judgement and can be undone.

    \b
    Examples:
      tracker events review
      tracker events review --list --limit 10 --format jsonl
    """
    from tracker.review import queue

    engine = open_default_store()
    if ask is None:
        ask = sys.stdin.isatty() and fmt == "table" and as_of is None
    if ask and as_of is not None:
        raise click.UsageError("--ask does not go together with --as-of: a judgement is made now")
    found = queue(engine, as_of or utc_now(), as_of)
    if not ask:
        print_rows([_row(d) for d in found[:limit]], COLUMNS, fmt)
        return
    done = _go_through(engine, found[:limit], by, why)
    click.echo(f"{done} answered, {len(found) - done} left")


def _row(doubt: Doubt) -> dict[str, Any]:
    ids = [e.id for e in doubt.events]
    about = f"{doubt.name} ({len(ids)} events)" if doubt.company else " / ".join(ids)
    return {
        "question": doubt.question,
        "about": f"{about}: {doubt.field}" if doubt.field else about,
        "events": ids,
        "company": doubt.company or None,
        "field": doubt.field or None,
        "options": list(doubt.options),
        "weight": doubt.weight,
        "matters": list(doubt.stakes),
    }


def _go_through(engine: sa.Engine, found: list[Doubt], by: str, why: str) -> int:
    """Ask until all is answered or somebody has enough; what an answer has changed is not asked again."""
    answered, touched = 0, set[str]()
    for number, doubt in enumerate(found, 1):
        if touched.intersection(e.id for e in doubt.events):
            continue
        click.echo(f"\n[{number}/{len(found)}] {_question(doubt)}")
        answers = _answers(engine, doubt)
        key = _key(doubt, answers)
        if key == QUIT:
            break
        if key in answers:
            done = answers[key][1](author(by, why))
            tell(answers[key][0], done)
            answered += 1
            touched.update(done.changes.changed, done.changes.gone, done.changes.new)
    return answered


def _question(doubt: Doubt) -> str:
    matters = f"  [{', '.join(doubt.stakes[:2])}]" if doubt.stakes else ""
    if doubt.company:
        lines = [f"  {e.id}  “{' '.join(e.sources[0].evidence.split())}”" for e in doubt.events[:2]]
        return "\n".join([f"Who is {doubt.name}?{matters}", *lines])
    title = {
        "one deal?": "Are these one deal?",
        "which value?": f"Which {doubt.field}?",
        "true?": "Is this an event?",
    }[doubt.question]
    lines = [line for e in doubt.events for line in describe(e)[:24]]
    return "\n".join([f"{title}{matters}", *lines])


Answer = tuple[str, Callable[[Any], "Done"]]


def _answers(engine: sa.Engine, doubt: Doubt) -> dict[str, Answer]:
    """What each key does, in words and in deed."""
    from tracker import corrections

    if doubt.company:
        return _who(engine, doubt)
    event = doubt.events[0]
    reject: Answer = ("reject", lambda a: corrections.reject(engine, event, a))
    confirm: Answer = ("confirm", lambda a: corrections.confirm(engine, event, a))
    if doubt.question == "one deal?":
        other = doubt.events[1]
        return {
            "m": ("merge", lambda a: corrections.merge(engine, event, other, a)),
            "k": ("keep apart", lambda a: corrections.keep_apart(engine, event, other, a)),
        }
    if doubt.question == "true?":
        return {"c": confirm, "r": reject}
    found = {str(n): _choice(engine, doubt, value) for n, value in enumerate(doubt.options[:9], 1)}
    return {"c": ("as shown", confirm[1]), **found, "r": reject}


def _choice(engine: sa.Engine, doubt: Doubt, value: str) -> Answer:
    from tracker import corrections

    return value, lambda a: corrections.edit(engine, doubt.events[0], doubt.field, value, a)


def _who(engine: sa.Engine, doubt: Doubt) -> dict[str, Answer]:
    from tracker import companies

    known = {k.company.id: k for k in companies.known(engine)}
    unlisted = known[doubt.company]

    def same(id_: str) -> Answer:
        name = known[id_].company.name
        return f"it is {name}", lambda a: companies.merge(engine, unlisted, known[id_], a)

    found = {str(n): same(id_) for n, id_ in enumerate(doubt.options, 1)}
    new: Answer = (
        "a company of its own",
        lambda a: companies.edit(engine, unlisted, "name", unlisted.company.name, a),
    )
    return {**found, "n": new}


def _key(doubt: Doubt, answers: dict[str, Answer]) -> str:
    """The key that is pressed; anything that is no answer leaves the question for another time."""
    keys = [f"[{key}] {words}" for key, (words, _) in answers.items()]
    click.echo("  ".join([*keys, "[s] skip", f"[{QUIT}] quit"]) + " ", nl=False)
    try:
        key = click.getchar()
    except OSError as error:
        raise click.UsageError("no terminal to ask on; --list prints the questions") from error
    click.echo(key if key.isprintable() else "")
    return key
