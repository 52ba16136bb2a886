"""What the status page and the API tell, read from the store and changed nowhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from tracker.errors import InputError
from tracker.judging import logged_in
from tracker.models.tables import Article, EventRow, Run, UTCDateTime
from tracker.serve.due import next_told
from tracker.serve.jobs import Job
from tracker.serve.runner import Past
from tracker.serve.watchdog import WELL
from tracker.sources import Source
from tracker.sources.health import FINE
from tracker.standing import Standing, standings_in

MOST = 200
"""Rows of one answer."""


@dataclass(frozen=True)
class World:
    """Where the facts are: the store, the sources, the jobs with their past, and the clock."""

    engine: sa.Engine
    sources: Callable[[], Sequence[Source]]
    jobs: Sequence[Job]
    past: Callable[[], Mapping[str, Past]]
    now: Callable[[], dt.datetime]


@dataclass(frozen=True)
class Part:
    """Some rows of a listing, and where the next ones begin; empty where there are none."""

    rows: list[dict[str, Any]]
    next: str = ""


def events(world: World, limit: int, after: str) -> Part:
    """The events, the latest reported first."""
    order: Any = (col(EventRow.first_reported), col(EventRow.id))
    query: Any = sa.select(*order, col(EventRow.payload))
    if after:
        at, id_ = _split(after)
        query = query.where(sa.tuple_(*order) < sa.tuple_(sa.literal(at, UTCDateTime()), sa.literal(id_)))
    query = query.order_by(*(column.desc() for column in order)).limit(limit + 1)
    with Session(world.engine) as session:
        found = session.execute(query).all()
    rows = [payload for _, _, payload in found[:limit]]
    last = found[limit - 1] if len(found) > limit else None
    return Part(rows, f"{last[0]:%Y-%m-%dT%H:%M:%S.%fZ}|{last[1]}" if last else "")


def _split(cursor: str) -> tuple[dt.datetime, str]:
    at, _, id_ = cursor.partition("|")
    try:
        return dt.datetime.fromisoformat(at).astimezone(dt.UTC), id_
    except ValueError:
        raise InputError("this is no cursor of ours", file="cursor", hint="take it from `next`") from None


def runs(world: World, limit: int, after: str) -> Part:
    """The run log, the latest first."""
    query = select(Run).order_by(col(Run.id).desc()).limit(limit + 1)
    if after:
        query = query.where(col(Run.id) < _number(after))
    with Session(world.engine) as session:
        found = [row.model_dump(mode="json", exclude={"host", "process"}) for row in session.exec(query)]
    return Part(found[:limit], str(found[limit - 1]["id"]) if len(found) > limit else "")


def _number(cursor: str) -> int:
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
        raise InputError("this is no cursor of ours", file="cursor", hint="take it from `next`")
    return int(cursor)


def predictions(world: World, limit: int, after: str) -> Part:
    """The newest versions of the predictions with the probabilities stated, by id."""
    with Session(world.engine) as session:
        found = sorted(logged_in(session), key=lambda x: x.prediction.id)
    left = [x for x in found if x.prediction.id > after]
    rows = [{**x.prediction.model_dump(mode="json"), "version": x.version} for x in left[:limit]]
    return Part(rows, rows[-1]["id"] if len(left) > limit else "")


def sources(world: World, limit: int, after: str) -> Part:
    """Each source with its health, by id."""
    listed = sorted(world.sources(), key=lambda s: s.id)
    left = [s for s in listed if s.id > after]
    with Session(world.engine) as session:
        found = standings_in(session, left[:limit], world.now())
    rows = [_source(s, found[s.id]) for s in left[:limit]]
    return Part(rows, rows[-1]["id"] if len(left) > limit else "")


def _source(source: Source, found: Standing) -> dict[str, Any]:
    return {
        "id": source.id,
        "name": source.name,
        "state": found.health.state,
        "reason": found.health.reason,
        "last": f"{found.last:%Y-%m-%dT%H:%M:%SZ}" if found.last else None,
        "due": f"{found.due:%Y-%m-%dT%H:%M:%SZ}" if found.due else None,
        "brought": found.brought,
    }


LISTINGS: Mapping[str, Callable[[World, int, str], Part]] = {
    "events": events, "predictions": predictions, "runs": runs, "sources": sources,
}  # fmt: skip


def counts(world: World) -> dict[str, int]:
    """How much there is."""
    tables: dict[str, Any] = {"articles": Article, "events": EventRow, "runs": Run}
    with Session(world.engine) as session:
        found = {n: session.execute(sa.select(sa.func.count()).select_from(t)) for n, t in tables.items()}
        return {name: int(number.scalar_one()) for name, number in found.items()}


def jobs(world: World) -> list[dict[str, Any]]:
    """The jobs, when each is run next, and how it ended last."""
    past = world.past()
    return [_job(job, past[job.name], world.now()) for job in world.jobs]


def _job(job: Job, past: Past, now: dt.datetime) -> dict[str, Any]:
    began = f"{dt.datetime.fromisoformat(past.began):%Y-%m-%d %H:%M} UTC" if past.began else ""
    return {
        "job": job.name,
        "next": next_told(job, past.since, now),
        "began": began,
        "outcome": past.outcome,
    }


def troubled(world: World) -> list[dict[str, Any]]:
    """The sources that are neither well nor new."""
    return [s for s in sources(world, 10_000, "").rows if s["state"] not in FINE]


def metrics(world: World) -> str:
    """The same for Prometheus, in its text format 0.0.4."""
    lines = [f"tracker_{name}_total {number}" for name, number in counts(world).items()]
    lines += [f'tracker_job_up{{job="{job["job"]}"}} {int(job["outcome"] in WELL)}' for job in jobs(world)]
    lines.append(f"tracker_sources_troubled {len(troubled(world))}")
    return "\n".join(lines) + "\n"
