"""When jobs are due. Pure: what was run when, and the time, are arguments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from tracker.serve.jobs import Job

SLACK = dt.timedelta(hours=3)
"""More than clocks are ever set forward or back at once."""


def next_run(job: Job, after: dt.datetime) -> dt.datetime | None:
    """The first time after another at which a job is due (UTC); None if never.

    The hands of the clock are gone through as if no hour were left out or came twice, and only then turned
    into times: APScheduler's own way with zones goes back in time within the hour that comes twice.
    """
    wall = after.astimezone(job.zone).replace(tzinfo=dt.UTC)
    found: dt.datetime | None = None
    at = job.trigger.get_next_fire_time(None, wall - SLACK)
    while at is not None and (found is None or at <= wall + SLACK):
        times = [t for t in _times(job, at) if t > after]
        found = min([*times, found] if found else times, default=None)
        at = job.trigger.get_next_fire_time(at, at + dt.timedelta(seconds=1))
    return found


def next_after(job: Job, last: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    """When a job is run next after a last time; None where it is switched off. A last time that is still to
    come is that of a clock that was set back.
    """
    return next_run(job, min(last, now)) if job.enabled else None


def next_told(job: Job, last: dt.datetime, now: dt.datetime) -> str:
    """`next_after` for people."""
    at = next_after(job, last, now)
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "switched off"


def _times(job: Job, wall: dt.datetime) -> list[dt.datetime]:
    """When the hands of the clock stand so: twice when summer time ends, which only hourly jobs are run in.

    Of an hour that is left out the time is what it would have been.
    """
    folds = (0, 1) if job.when.split()[1] == "*" else (0,)
    return [wall.replace(tzinfo=job.zone, fold=fold).astimezone(dt.UTC) for fold in folds]


def due(jobs: Sequence[Job], last: Mapping[str, dt.datetime], now: dt.datetime) -> list[Job]:
    """The jobs that are to be run now. `last` is when each was last begun or, if never, first heard of.

    What was missed is caught up once, however often.
    """
    return [job for job in jobs if job.enabled and job.name in last and comes(job, last[job.name], now)]


def comes(job: Job, last: dt.datetime, now: dt.datetime) -> bool:
    """Whether a time of a job lies after `last` and not after `now`.

    A clock that was set back begins nothing again. But a beginning that lies more than a whole period ahead
    is that of a clock that went wrong, and must not keep the job back for years.
    """
    if last <= now:
        at = next_run(job, last)
        return at is not None and at <= now
    following = next_run(job, now)
    period_on = next_run(job, following) if following else None
    return period_on is not None and period_on <= last
