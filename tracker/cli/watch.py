"""`tracker watch`: what is wrong with a server that runs by itself."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.common import open_default_store, utc_now
from tracker.cli.schedule import FOLDER, jobs, runner
from tracker.config import Settings
from tracker.errors import ConfigError

if TYPE_CHECKING:
    import sqlalchemy as sa

    from tracker.serve.watchdog import Look

SHOUTED = "alarm.json"
REHEARSED = "rehearsal.json"
AGAIN = dt.timedelta(hours=24)
"""After this long the same findings are told, and a copy of the store is tried, again."""


@click.command()
@click.option("--shout", is_flag=True, help="Tell those of TRACKER_ALARM, of the same findings once a day.")
def watch(shout: bool) -> None:
    """Look for what somebody has to know: a full disk, failed or missed jobs, no news, backups that are old
    or do not come back, failing sources, due predictions without a verdict.

    The exit code is 1 where there is any.

    \b
    Example:
      tracker watch --shout
    """
    from tracker.serve.watchdog import findings

    found = findings(look(open_default_store(), utc_now()))
    for finding in found:
        click.echo(finding)
    if shout and _is_new(found):
        tell(found)
    if found:
        raise SystemExit(1)


def look(engine: sa.Engine, now: dt.datetime) -> Look:
    """Find out how things stand."""
    from sqlmodel import Session

    from tracker.judging import verdicts
    from tracker.serve.due import next_after
    from tracker.serve.watchdog import Look
    from tracker.sources.health import FINE
    from tracker.sources.own import current
    from tracker.standing import standings
    from tracker.store.runs import DONE, runs
    from tracker.store.seen import newest_seen

    scheduled, settings = jobs(), Settings.from_env()
    past = runner().past(scheduled)
    judged = verdicts(engine, now)
    standing = standings(engine, current(settings), now)
    with Session(engine) as session:
        backups = runs(session, kind="backup", outcome=DONE, limit=1)
        seen = newest_seen(session)
    return Look(
        now=now,
        seen=seen,
        undecided=[j.prediction.id for j in judged if j.verdict.awaits_person],
        troubled={i: s.health.reason for i, s in standing.items() if s.health.state not in FINE},
        free=shutil.disk_usage(Path.cwd()).free,
        backup=backups[0].ended if backups else None,
        spoilt=_rehearsal(Path(str(backups[0].counts.get("file", ""))), now) if backups else "",
        backs_up=any(job.name == "backup" and job.enabled for job in scheduled),
        jobs=[(job, past[job.name], next_after(job, past[job.name].since, now)) for job in scheduled],
    )


def _rehearsal(copy: Path, now: dt.datetime) -> str:
    """Why the newest copy would not come back, tried once a day; empty if it would."""
    from tracker.store.backup import rehearse

    known = _noted(REHEARSED, now, file=str(copy))
    if known is not None and "spoilt" in known:
        return str(known["spoilt"])
    spoilt = rehearse(copy, now)
    _note(REHEARSED, now, file=str(copy), spoilt=spoilt)
    return spoilt


def _is_new(found: list[str]) -> bool:
    """Whether these findings were not told yet, or a day ago; writes down that they are told now."""
    if not found:
        (FOLDER / SHOUTED).unlink(missing_ok=True)  # what comes back is told again
        return False
    now = utc_now()
    if _noted(SHOUTED, now, findings=found) is not None:
        return False
    _note(SHOUTED, now, findings=found)
    return True


def _noted(name: str, now: dt.datetime, **same: object) -> dict[str, Any] | None:
    """What was noted of the same less than a day ago; None for nothing, and where the note is spoilt."""
    try:
        known: dict[str, Any] = json.loads((FOLDER / name).read_text("utf-8"))
        new = now - dt.datetime.fromisoformat(known["at"]) < AGAIN
        return known if new and all(known[key] == value for key, value in same.items()) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _note(name: str, now: dt.datetime, **what: object) -> None:
    from tracker.files import write_whole

    FOLDER.mkdir(parents=True, exist_ok=True)
    write_whole(FOLDER / name, json.dumps({"at": now.isoformat(), **what}))


def tell(found: list[str]) -> None:
    """Send the findings to every address of TRACKER_ALARM. Raises ConfigError where there is none."""
    from tracker.delivery.outcome import Undelivered, Unsure
    from tracker.delivery.round import note, readers_of

    settings = Settings.from_env()
    if not settings.alarm:
        raise ConfigError("nobody is to be told", hint="set TRACKER_ALARM to addresses of mail or Apprise")
    title = f"{len(found)} thing{'s' if len(found) > 1 else ''} to look at"
    for reader in readers_of(settings.alarm):
        try:
            note(reader, title, found, settings.sender, settings.smtp, utc_now())
        except (Undelivered, Unsure) as error:
            click.echo(f"{reader.shown}: {error}", err=True)
