"""`tracker predictions lint`: what is wrong with a prediction, and what its own past says of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.common import open_default_store, utc_now
from tracker.cli.output import FORMATS, print_rows
from tracker.cli.predictions.find import known

if TYPE_CHECKING:
    import sqlalchemy as sa

    from tracker.acceptance import Examined
    from tracker.predict.prediction import Prediction

LINT_COLUMNS = ("id", "faults", "doubts", "windows", "hits", "base_rate", "events", "told_by_one")


@click.command()
@click.argument("named", nargs=-1, metavar="[ID|FILE]...")
@click.option("--format", "fmt", type=click.Choice(("report", *FORMATS)), default="report", show_default=True)
@click.pass_context
def lint(ctx: click.Context, named: tuple[str, ...], fmt: str) -> None:
    """Look for what is wrong with predictions, logged or in a TOML file, and back-test them.

    Faults are a deadline that has passed, words that the ledger does not know, and criteria that hold or fail
    whatever happens; the exit code is 1 where there are any. The back-test asks the same question of earlier
    windows of the same length, as far as the ledger reaches back.

    \b
    Examples:
      tracker predictions lint my-predictions.toml
      tracker predictions lint three-deals --format json
    """
    from tracker.acceptance import examine

    engine = open_default_store()
    found = examine(engine, _named(engine, named), utc_now())
    if fmt == "report":
        for x in found:
            click.echo("\n".join([click.style(x.prediction.id, bold=True), *report(x)]))
    else:
        print_rows([_row(x) for x in found], LINT_COLUMNS, fmt)
    if any(x.faults for x in found):
        ctx.exit(1)


def _named(engine: sa.Engine, named: tuple[str, ...]) -> list[Prediction]:
    """The predictions of files and ids; all that are logged where none is named."""
    from tracker.judging import logged
    from tracker.predict.load import load_predictions

    stored = {x.prediction.id: x.prediction for x in logged(engine)}
    found: list[Prediction] = []
    for name in named or stored:
        if name.endswith(".toml"):
            found += load_predictions(Path(name))
        else:
            known([name], stored)
            found.append(stored[name])
    return found


def report(x: Examined) -> list[str]:
    """The findings, faults first, and what the back-test says."""
    from tracker.cli.verdicts import labelled
    from tracker.predict.backtest import told

    lines = [labelled("fault" if f.fault else "doubt", str(f)) for f in x.findings]
    return [*lines, labelled("back-test", told(x.tested))]


def _row(x: Examined) -> dict[str, Any]:
    return {
        "id": x.prediction.id,
        "faults": [str(f) for f in x.faults],
        "doubts": [str(f) for f in x.findings if not f.fault],
        "windows": x.tested.decided,
        "hits": x.tested.hits,
        "base_rate": x.tested.base_rate,
        "events": [e.id for e in x.tested.events],
        "told_by_one": x.tested.alone.total(),
    }
