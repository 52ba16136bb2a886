"""What somebody has to be told of a server that runs by itself. Pure: what was found out is an argument."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tracker.serve.jobs import Job
from tracker.serve.runner import CUT_OFF, UNDER_WAY, Past

QUIET = dt.timedelta(hours=36)
"""Without any new article: no weekend is as long."""

BACKUP = dt.timedelta(hours=50)
"""Since the newest copy that was checked: two nights and a little."""

LATE = dt.timedelta(hours=12)
"""After the moment at which a job should have begun."""

WELL = frozenset({"", "done", UNDER_WAY, CUT_OFF})
"""Outcomes of a job that call for nobody: what was cut off is begun again by itself."""

FREE = 2 * 1024**3
"""Bytes of the disk that have to be left."""


@dataclass(frozen=True)
class Look:
    """What was found out at a moment; None and empty where there is nothing yet.

    seen: when an article last came in. undecided: ids of predictions that await a person. troubled: sources
    with the reason. backup: when the newest copy was made; spoilt: why it could not be put back. next: when
    each job should run after its last run.
    """

    now: dt.datetime
    seen: dt.datetime | None = None
    undecided: Sequence[str] = ()
    troubled: Mapping[str, str] = field(default_factory=dict)
    free: int = FREE
    backup: dt.datetime | None = None
    backs_up: bool = True
    spoilt: str = ""
    jobs: Sequence[tuple[Job, Past, dt.datetime | None]] = ()


def findings(look: Look) -> list[str]:
    """A sentence for each thing that is wrong, the most pressing first."""
    return [*_disk(look), *_jobs(look), *_news(look), *_backup(look), *_sources(look), *_predictions(look)]


def _disk(look: Look) -> Iterator[str]:
    # No figure that moves from hour to hour: the same finding has to read the same.
    if look.free < FREE:
        yield "the disk has less than 2 GB left; make room before crawls and backups fail"


def _jobs(look: Look) -> Iterator[str]:
    for job, past, due in look.jobs:
        # The watch itself fails whenever it finds something.
        if not job.enabled or job.command[0] == "watch":
            continue
        if past.outcome not in WELL:
            yield f"the job {job.name} {past.outcome}; tracker schedule run {job.name} tries it again"
        elif due is not None and look.now - due > LATE:
            yield f"the job {job.name} should have run at {due:%Y-%m-%d %H:%M} UTC; is the schedule running?"


def _news(look: Look) -> Iterator[str]:
    if look.seen is not None and look.now - look.seen > QUIET:
        yield f"no new article came in since {look.seen:%Y-%m-%d %H:%M} UTC; tracker sources list says why"


def _backup(look: Look) -> Iterator[str]:
    if look.backs_up and look.backup is not None and look.now - look.backup > BACKUP:
        at = f"{look.backup:%Y-%m-%d %H:%M} UTC"
        yield f"the newest checked backup is of {at}; tracker runs list --kind backup"
    if look.spoilt:
        yield f"the newest backup does not come back: {look.spoilt}"


def _sources(look: Look) -> Iterator[str]:
    if look.troubled:
        named = ", ".join(
            f"{id_} ({reason})" if reason else id_ for id_, reason in sorted(look.troubled.items())[:5]
        )
        more = f" and {len(look.troubled) - 5} more" if len(look.troubled) > 5 else ""
        yield f"{len(look.troubled)} of the sources fail: {named}{more}"


def _predictions(look: Look) -> Iterator[str]:
    if look.undecided:
        yield f"due predictions await a person: {', '.join(look.undecided[:5])}; tracker predictions remind"
