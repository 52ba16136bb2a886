"""How the sources stand, from the record of their crawls: their health, and when each is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlmodel import Session

from tracker.sources import Source, SourceResult
from tracker.sources.health import HISTORY, Health, health
from tracker.sources.schedule import next_crawl
from tracker.store.crawls import opt_outs, pauses, visits
from tracker.store.engine import transaction

COUNTED = ("items", "new", "changed", "unchanged", "not_articles", "failed", "status", "bytes")


@dataclass(frozen=True)
class Standing:
    """`last` is when the last crawl was started, `brought` what it counted, `due` when the next one should
    be; None where one is due at once. `opt_outs` are what its site said about mining by machines, and where,
    when it was read.
    """

    health: Health
    last: dt.datetime | None = None
    due: dt.datetime | None = None
    brought: dict[str, int] = field(default_factory=dict)
    opt_outs: dict[str, str] = field(default_factory=dict)
    opt_outs_read: dt.datetime | None = None

    def is_due(self, now: dt.datetime) -> bool:
        return self.due is None or self.due <= now


def standings(engine: sa.Engine, sources: Sequence[Source], now: dt.datetime) -> dict[str, Standing]:
    """How each source stands, by id."""
    with transaction(engine) as session:
        return standings_in(session, sources, now)


def standings_in(session: Session, sources: Sequence[Source], now: dt.datetime) -> dict[str, Standing]:
    """`standings` by a session that only reads."""
    known, paused, said = visits(session, now - HISTORY), pauses(session), opt_outs(session)
    found = {}
    for source in sources:
        seen = known.get(source.id, [])
        state = health(source, seen, now)
        due = next_crawl(source, seen, state, paused.get(source.id))
        last, rights = seen[-1] if seen else None, said.get(source.id)
        found[source.id] = Standing(
            state,
            last=last.started if last else None,
            due=due,
            brought={name: getattr(last, name) for name in COUNTED} if last else {},
            opt_outs=rights.found if rights else {},
            opt_outs_read=rights.read_at if rights else None,
        )
    return found


def resting(source: Source, found: Health) -> SourceResult:
    """The line of a source that is left out for now."""
    until = f"rests until {found.rests_until:%Y-%m-%d %H:%M} UTC" if found.rests_until else "rests"
    return SourceResult(source.id, ok=False, reason=f"{until}; {found.reason}")


def first_due(sources: Iterable[Source], found: dict[str, Standing]) -> tuple[Source, dt.datetime] | None:
    """Of sources that are not due at once the one that is due first, and when."""
    waiting = [(source, due) for source in sources if (due := found[source.id].due) is not None]
    return min(waiting, key=lambda pair: pair[1], default=None)
