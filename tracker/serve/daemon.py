"""One process that runs the schedule and answers over HTTP, until it is asked to stop."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from twisted.internet import reactor
from twisted.internet.endpoints import TCP4ServerEndpoint, TCP6ServerEndpoint
from twisted.internet.task import LoopingCall
from twisted.web.server import Site

from tracker.errors import ConfigError
from tracker.serve.facts import World
from tracker.serve.jobs import Job
from tracker.serve.runner import Runner
from tracker.serve.web import Bodiless, Guard, tree

TICK = 30.0
"""Seconds between two looks at the schedule."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Address:
    """Where it listens; `hosts` are the names it may be called by (none: any), `token` what it asks for."""

    host: str
    port: int
    hosts: Sequence[str]
    token: str


def serve(world: World, runner: Runner | None, address: Address, site: Path) -> None:
    """Serve until SIGTERM or SIGINT; then running jobs are asked to end and waited for. Raises ConfigError.

    Without a runner no job is begun.
    """
    endpoint = TCP6ServerEndpoint if ":" in address.host else TCP4ServerEndpoint
    listening = endpoint(reactor, address.port, interface=address.host).listen(
        Site(Guard(tree(world, site), address.hosts, address.token), requestFactory=Bodiless)
    )
    failed: list[str] = []

    def refuse(failure: object) -> None:
        failed.append(f"cannot listen on {address.host}:{address.port}: {getattr(failure, 'value', failure)}")

    def begin(port: object) -> None:
        at = port.getHost()  # type: ignore[attr-defined]
        log.info("listening on http://%s:%s", at.host, at.port)
        if runner is not None:
            reactor.addSystemEventTrigger("before", "shutdown", runner.stop)
            LoopingCall(tick, world.jobs, runner).start(TICK)

    listening.addCallbacks(begin, refuse)
    # Whether a port can be had is known at once; only what comes in later needs the reactor.
    if failed:
        raise ConfigError(failed[0], hint="choose another --port, or stop who has it")
    reactor.run()


def tick(jobs: Sequence[Job], runner: Runner) -> None:
    """Begin what is due, each in a thread that waits for its process. No failure ends the loop."""
    try:
        for job in runner.due(jobs):
            reactor.callInThread(_run, runner, job)
    except Exception:
        log.exception("the schedule could not be read; the next look is in %g seconds", TICK)


def _run(runner: Runner, job: Job) -> None:
    try:
        past = runner.run(job)
        if past is not None:
            log.info("job %s: %s", job.name, past.outcome)
    except Exception:
        log.exception("job %s could not be run", job.name)
