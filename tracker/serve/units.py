"""The same jobs for those who want no daemon of ours: systemd units and a crontab."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.serve.jobs import Job

SERVICE = """[Unit]
Description=Market signals: {name}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart={program} schedule run {name}
User={user}
WorkingDirectory={folder}
EnvironmentFile=-/etc/tracker.env
TimeoutStartSec={minutes}min
Nice=10

# It reads hostile pages: it may write to its own folder, talk to the network, and nothing else.
NoNewPrivileges=yes
ProtectSystem=strict
ReadWritePaths={folder}
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
CapabilityBoundingSet=
UMask=0027
"""
TIMER = """[Unit]
Description=Market signals: when {name} is run

[Timer]
OnCalendar={calendar}
Persistent=yes
RandomizedDelaySec=30

[Install]
WantedBy=timers.target
"""
DAYS = {"mon": "Mon", "tue": "Tue", "wed": "Wed", "thu": "Thu", "fri": "Fri", "sat": "Sat", "sun": "Sun"}


@dataclass(frozen=True)
class Host:
    """The program, the folder it works in, and the user that runs it."""

    program: str
    folder: str
    user: str


def units(jobs: Sequence[Job], host: Host) -> Iterator[tuple[str, str]]:
    """The files of the jobs that are switched on, by name."""
    for job in jobs:
        if job.enabled:
            values = {"name": job.name, "minutes": job.minutes, "calendar": calendar(job), **vars(host)}
            yield f"tracker-{job.name}.service", SERVICE.format(**values)
            yield f"tracker-{job.name}.timer", TIMER.format(**values)


def calendar(job: Job) -> str:
    """A crontab line as systemd writes it (systemd.time, "Calendar events")."""
    minute, hour, day, month, weekday = job.when.split()
    days = "" if weekday == "*" else f"{_weekdays(weekday)} "
    clock = f"{_part(hour, 0)}:{_part(minute, 0)}:00"
    return f"{days}*-{_part(month, 1)}-{_part(day, 1)} {clock} {job.zone.key}"


def _weekdays(field: str) -> str:
    for name, written in DAYS.items():
        field = field.replace(name, written)
    return field.replace("-", "..")


def _part(field: str, first: int) -> str:
    """
    >>> _part("*/15", 0), _part("8-18", 0), _part("5", 0), _part("*", 1), _part("1,15", 1)
    ('00/15', '08..18', '05', '*', '01,15')
    """
    if field == "*":
        return field
    start, _, step = field.partition("/")
    numbers = f"{first:02}" if start == "*" else start
    told = ",".join("..".join(f"{int(n):02}" for n in one.split("-")) for one in numbers.split(","))
    return f"{told}/{step}" if step else told


def crontab(jobs: Sequence[Job], host: Host) -> str:
    """Lines for the crontab of the user; each run takes the job's lock, so that none overlaps."""
    lines = [f"CRON_TZ={jobs[0].zone.key}"] if jobs else []
    command = f"cd {host.folder} && {host.program} schedule run"
    lines += [f"{job.when} {command} {job.name}" for job in jobs if job.enabled]
    return "\n".join(lines) + "\n"
