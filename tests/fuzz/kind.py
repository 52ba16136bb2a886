"""What is fuzzed, and the bounds of time and memory that hold for all of it."""

from __future__ import annotations

import resource
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from hypothesis import strategies as st

CORPUS = Path(__file__).parents[1] / "corpus"
LARGEST = 200_000  # bytes of a changed body
CPU_SECONDS = 5.0  # for one body: of the processor, so that a busy machine breaks no promise
RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes; the kernels count the peak differently
GROWTH = 300_000_000 // RSS_UNIT  # of the peak, by one body


@dataclass(frozen=True)
class Kind:
    """`slots` finds the places of values in a body, its first group; `odd` is what may be put there, and
    anywhere. `grown` makes bodies from nothing, for kinds that few changes leave readable.
    """

    name: str
    seeds: tuple[bytes, ...]
    read: Callable[[bytes], None]
    slots: bytes
    odd: tuple[bytes, ...]
    grown: st.SearchStrategy[bytes] | None = None

    @property
    def kept(self) -> list[Path]:
        """The bodies that once broke a promise."""
        return sorted((CORPUS / self.name).glob("*.bin"))


def seeds(name: str) -> tuple[bytes, ...]:
    """Bodies of a kind that read well."""
    return tuple(p.read_bytes() for p in sorted((CORPUS / name).iterdir()) if p.suffix != ".bin")


class OutOfTime(BaseException):
    """No Exception, so that no reader takes it for a body's fault."""


def check(kind: Kind, body: bytes) -> None:
    """Read a body within the bounds. Raises what breaks a promise, AssertionError for the bounds."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        with _cpu_limit(CPU_SECONDS):
            kind.read(body)
    except OutOfTime:
        raise AssertionError(f"{len(body)} bytes took more than {CPU_SECONDS:g} s to read") from None
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown <= GROWTH, f"{len(body)} bytes took too much memory to read"


@contextmanager
def _cpu_limit(seconds: float) -> Iterator[None]:
    def end(number: int, frame: FrameType | None) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
