"""Work shared out over processes: forks of this one, which see what it sees and hand back what they make."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from tracker.errors import TrackerError

Made = TypeVar("Made")


def cores() -> int:
    """How many processes can run at once; outside Linux one: a fork may take over a closed lock."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def shared_out(works: Sequence[Callable[[], Made]], prepare: Callable[[], object]) -> list[Made]:
    """What the works make, in their order: the last is done here, each other one in a fork meanwhile.

    `prepare` comes first in a fork: there, what cannot be shared, such as a connection, is left to its owner.
    Raises what a work raises.
    """
    forks = [_fork(work, prepare) for work in works[:-1]]
    try:
        last = [work() for work in works[-1:]]
        return [*(_result(*fork) for fork in forks), *last]
    finally:
        for process, _ in forks:
            process.terminate()
            process.join()


def _fork(work: Callable[[], object], prepare: Callable[[], object]) -> tuple[BaseProcess, Connection]:
    reader, writer = get_context("fork").Pipe(duplex=False)
    process = get_context("fork").Process(target=_run, args=(work, prepare, writer), daemon=True)
    process.start()
    writer.close()
    return process, reader


def _run(work: Callable[[], object], prepare: Callable[[], object], writer: Connection) -> None:
    try:
        prepare()
        told: tuple[bool, object] = True, work()
    except Exception as error:
        told = False, error
    writer.send(told)


def _result(process: BaseProcess, reader: Connection) -> Any:
    try:
        worked, made = reader.recv()
    except EOFError:
        process.join()
        raise TrackerError(
            f"a process of this command was ended from outside (exit code {process.exitcode})",
            hint="is there enough memory? try again",
        ) from None
    if not worked:
        raise made
    return made
