"""`tracker predictions check`: the verdicts, with what they rest on."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.common import AS_OF, open_default_store, utc_now
from tracker.cli.output import FORMATS, print_rows
from tracker.cli.predictions.find import known, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.judging import JudgedPrediction
    from tracker.store.rulings import Drawn

CHECK_COLUMNS = ("id", "status", "deadline", "probability", "for", "against", "near", "reasons")


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@AS_OF
@click.option("--all", "everything", is_flag=True, help="Report every near miss, not the nearest five.")
@click.option("--format", "fmt", type=click.Choice(("report", *FORMATS)), default="report", show_default=True)
def check(ids: tuple[str, ...], as_of: dt.datetime | None, everything: bool, fmt: str) -> None:
    """Judge predictions against the ledger, with evidence for and against and near misses.

    Without --as-of, conclusions are stored; one that becomes another later leaves an erratum.

    \b
    Example: tracker predictions check --as-of 2026-06-30 --format json
    """
    from tracker.cli.verdicts import verdict_text
    from tracker.conclusions import conclude, errata
    from tracker.judging import logged, verdicts

    engine, at = open_default_store(), as_of or utc_now()
    known(ids, {x.prediction.id: x for x in logged(engine, at)})
    judged = verdicts(engine, at, as_of, ids=ids, sensitive=True)
    if as_of is None:
        conclude(engine, judged, at)
    changed = errata(engine, at)
    if fmt != "report":
        print_rows([_checked(j, changed.get(j.prediction.id, ())) for j in judged], CHECK_COLUMNS, fmt)
        return
    if not judged:
        click.echo("no prediction is logged yet; log or import one first", err=True)
    for j in judged:
        click.echo(verdict_text(j, None if everything else 5, changed.get(j.prediction.id, ())))


def _checked(j: JudgedPrediction, errata: Sequence[Drawn]) -> dict[str, Any]:
    verdict = j.verdict
    counts = {
        "for": len(verdict.evidence_for),
        "against": len(verdict.evidence_against),
        "near": len(verdict.near_misses),
        "probability": percent(j.probabilities),
        "errata": [{"at": d.at, "status": d.status, "erratum": d.erratum} for d in errata],
    }
    return {"id": j.prediction.id, "title": j.prediction.title, **verdict.model_dump(mode="json"), **counts}
