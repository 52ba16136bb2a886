"""The jobs of a server as data: what is run, when, and for how long at most."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apscheduler.triggers.cron import CronTrigger

from tracker.config import read_toml, shipped
from tracker.errors import ConfigError

FIELDS = ("command", "when", "minutes", "enabled")


@dataclass(frozen=True)
class Job:
    """`when` is a crontab line in `zone`, `command` what follows `tracker`, `minutes` what a run may take."""

    name: str
    command: tuple[str, ...]
    when: str
    minutes: int
    enabled: bool
    zone: ZoneInfo

    @property
    def trigger(self) -> CronTrigger:
        """The crontab line by the hands of a clock, which are written as if they were UTC."""
        return CronTrigger.from_crontab(self.when, timezone=dt.UTC)


def read_jobs(own: str = "") -> list[Job]:
    """The shipped jobs, and over them those of a file of one's own. Raises ConfigError naming both."""
    path = shipped("data", "schedule.toml")
    schedule = _read(path)
    if own:
        path = Path(own)
        schedule = _merged(schedule, _read(path))
    zone = _zone(str(path), schedule.get("timezone", "UTC"))
    return [_job(str(path), name, fields, zone) for name, fields in schedule["jobs"].items()]


def _read(path: Path) -> dict[str, Any]:
    found = read_toml(path, "schedule", "TRACKER_SCHEDULE")
    unknown = found.keys() - {"timezone", "jobs"}
    jobs = found.setdefault("jobs", {})
    if unknown or not isinstance(jobs, dict) or not all(isinstance(j, dict) for j in jobs.values()):
        raise ConfigError(
            f"{path}: only timezone and tables [jobs.NAME] are known", hint="see docs/operations.md"
        )
    return found


def _merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    jobs = {name: {**base["jobs"].get(name, {}), **fields} for name, fields in own["jobs"].items()}
    return {**base, **own, "jobs": {**base["jobs"], **jobs}}


def _zone(where: str, name: Any) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise ConfigError(f"{where}: there is no time zone {name!r}", hint="such as Europe/Berlin") from None


def _job(where: str, name: str, fields: Mapping[str, Any], zone: ZoneInfo) -> Job:
    for field in fields:
        if field not in FIELDS:
            raise ConfigError(f"{where}: job {name}: {field} is no field", hint=f"known: {', '.join(FIELDS)}")
    try:
        job = Job(
            name=name,
            command=tuple(shlex.split(_typed(fields["command"], str))),
            when=_typed(fields["when"], str),
            minutes=_typed(fields.get("minutes", 60), int),
            enabled=_typed(fields.get("enabled", True), bool),
            zone=zone,
        )
        _check(job)
    except KeyError as error:
        raise ConfigError(f"{where}: job {name} has no {error.args[0]}", hint="give it one") from None
    except (ValueError, TypeError) as error:
        raise ConfigError(f"{where}: job {name}: {error}", hint="see data/schedule.toml") from error
    return job


def _typed(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value


def _check(job: Job) -> None:
    """Raises ValueError for what no run could come of."""
    fields = job.when.split()
    if len(fields) != 5:
        raise ValueError(f"{job.when!r} has not the five fields of a crontab line")
    if any(char.isdigit() for char in fields[4]):
        raise ValueError("days of the week are named (mon-fri), as numbers are counted in two ways")
    if job.minutes < 1 or not job.command:
        raise ValueError("a job needs a command, and a minute at least")
    _ = job.trigger
