"""Work beside this process, in forks of it: they see what it sees, and hand back what they make."""

from __future__ import annotations

import gc
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import TypeVar

from tracker.errors import TrackerError

Made = TypeVar("Made")
SAFE = sys.platform == "linux"
"""Elsewhere a fork may take over a lock that nobody opens again."""


def cores() -> int:
    """How many processes can run at once."""
    return len(os.sched_getaffinity(0)) if SAFE else 1


def beside(works: Iterable[Callable[[], Made]], most: int, prepare: Callable[[], object]) -> Iterator[Made]:
    """What the works make, in their order, `most` of them at once in forks; with 0 they are done here.

    A work is asked for only when there is room for it. `prepare` comes first in each fork: there, what
    cannot be shared, such as a connection, is left to its owner. Raises what a work raises.
    """
    if most < 1 or not SAFE:
        yield from (work() for work in works)
        return
    waiting: deque[tuple[BaseProcess, Connection]] = deque()
    try:
        for work in works:
            waiting.append(_fork(work, prepare))
            while len(waiting) > most or (waiting and waiting[0][1].poll()):
                yield _result(*waiting.popleft())
        while waiting:
            yield _result(*waiting.popleft())
    finally:
        for process, _ in waiting:
            process.terminate()


def _fork(work: Callable[[], Made], prepare: Callable[[], object]) -> tuple[BaseProcess, Connection]:
    reader, writer = get_context("fork").Pipe(duplex=False)
    process = get_context("fork").Process(target=_run, args=(work, prepare, writer), daemon=True)
    process.start()
    writer.close()
    return process, reader


def _run(work: Callable[[], object], prepare: Callable[[], object], writer: Connection) -> None:
    try:
        prepare()
        told: tuple[bool, object] = True, work()
    except BaseException as error:
        told = False, error
    writer.send(told)


def _result(process: BaseProcess, reader: Connection) -> Made:  # type: ignore[type-var]
    try:
        worked, made = reader.recv()
    except EOFError:
        process.join()
        raise TrackerError(
            f"a process of this command was ended from outside (exit code {process.exitcode})",
            hint="is there enough memory? try again",
        ) from None
    process.join()
    if not worked:
        raise made
    return made  # type: ignore[no-any-return]


@contextmanager
def unswept() -> Iterator[None]:
    """Within the block the collector of cycles rests.

    A ledger is a million small objects without cycles, which it would walk through again and again: a fifth
    of the time of a site.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
