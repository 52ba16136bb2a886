"""`tracker predictions remind`: what wants a look."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.common import AS_OF, open_default_store, utc_now
from tracker.cli.output import format_option, print_rows

if TYPE_CHECKING:
    from tracker.judging import JudgedPrediction

COLUMNS = ("id", "about", "deadline", "status", "title")


@click.command()
@click.option("--soon", default=14, show_default=True, metavar="DAYS", help="How near a deadline is soon.")
@click.option("--stale", default=30, show_default=True, metavar="DAYS", help="After how long one is stale.")
@AS_OF
@format_option
def remind(soon: int, stale: int, as_of: dt.datetime | None, fmt: str) -> None:
    """List predictions that await a person's judgement, are due soon, or have long had no new forecast.

    \b
    Example: tracker predictions remind --soon 7
    """
    from tracker.judging import verdicts

    now = as_of or utc_now()
    judged = verdicts(open_default_store(), now, as_of)
    rows = [_row(j, about) for j in judged if (about := _about(j, now, soon, stale))]
    print_rows(sorted(rows, key=lambda r: (r["about"] != JUDGE, r["deadline"])), COLUMNS, fmt)


JUDGE = "awaits a judgement"


def _about(j: JudgedPrediction, now: dt.datetime, soon: int, stale: int) -> str:
    """Why a prediction wants a look; nothing where it does not."""
    if j.verdict.awaits_person:
        return JUDGE
    if j.verdict.status != "open":
        return ""
    left = (j.prediction.deadline - now.date()).days
    if left <= soon:
        return f"due in {left} days"
    told = j.forecast_at.date() if j.forecast_at else j.prediction.made
    return f"no news since {told}" if (now.date() - told).days > stale else ""


def _row(j: JudgedPrediction, about: str) -> dict[str, Any]:
    return {
        "id": j.prediction.id,
        "about": about,
        "deadline": str(j.prediction.deadline),
        "status": j.verdict.status,
        "title": j.prediction.title,
    }
