"""Running jobs: each in a process of its own, one run of a job at a time, whatever else crashes."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tracker.errors import ConfigError
from tracker.files import write_whole
from tracker.serve.due import due
from tracker.serve.jobs import Job

STATE = "jobs.json"
TAIL = 400
"""Characters of what a job said last that are kept."""

GRACE = 20.0
"""Seconds that a job gets to end when it is asked to."""


@dataclass
class Past:
    """What is known of a job: when it was heard of, last begun and ended, and how."""

    heard: str
    began: str = ""
    ended: str = ""
    outcome: str = ""
    said: str = ""

    @property
    def since(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.began or self.heard)


@dataclass
class Runner:
    """Runs jobs whose locks and past lie in a folder. Two runners of one folder never run one job twice."""

    folder: Path
    now: Callable[[], dt.datetime]
    command: Sequence[str] = (sys.executable, "-m", "tracker")
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def past(self, jobs: Sequence[Job]) -> dict[str, Past]:
        """What is known of each job; new ones are heard of now. Raises ConfigError where the disk refuses."""
        with self._state() as known:
            for job in jobs:
                known.setdefault(job.name, Past(self.now().isoformat()))
            return dict(known)

    def due(self, jobs: Sequence[Job]) -> list[Job]:
        """The jobs that are to be run now and that this runner does not run already."""
        last = {name: past.since for name, past in self.past(jobs).items()}
        return [j for j in due(jobs, last, self.now()) if j.name not in self.running]

    def run(self, job: Job) -> Past | None:
        """Run a job to its end; None where another process runs it already."""
        with self._lock(job.name) as lock:
            if lock is None:
                return None
            self._note(job.name, began=self.now().isoformat(), ended="", outcome="under way", said="")
            outcome, said = self._run(job, lock)
            return self._note(job.name, ended=self.now().isoformat(), outcome=outcome, said=said[-TAIL:])

    def stop(self) -> None:
        """Ask what is running to end."""
        for process in list(self.running.values()):
            with contextlib.suppress(ProcessLookupError):
                process.terminate()

    def _run(self, job: Job, lock: int) -> tuple[str, str]:
        # The job holds the lock as well: should this process die, nobody begins the job while it still runs.
        process = subprocess.Popen(
            [*self.command, *job.command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, pass_fds=[lock],
        )  # fmt: skip
        self.running[job.name] = process
        try:
            said, _ = process.communicate(timeout=60 * job.minutes)
            outcome = "done" if process.returncode == 0 else _ended(process.returncode)
        except subprocess.TimeoutExpired:
            said, outcome = _put_an_end(process), f"stopped after {job.minutes} minutes"
        finally:
            del self.running[job.name]
        return outcome, said.decode("utf-8", "replace").strip()

    @contextlib.contextmanager
    def _lock(self, name: str) -> Iterator[int | None]:
        with self._opened(f"{name}.lock") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield None
            else:
                yield handle

    @contextlib.contextmanager
    def _state(self) -> Iterator[dict[str, Past]]:
        """The past of all jobs, written back when it has changed; one at a time."""
        with self._opened("state.lock") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            before = self._read()
            known = {name: Past(**asdict(past)) for name, past in before.items()}
            yield known
            if known != before:
                text = json.dumps({name: asdict(past) for name, past in known.items()}, indent=1)
                write_whole(self.folder / STATE, text + "\n")

    def _read(self) -> dict[str, Past]:
        try:
            found = json.loads((self.folder / STATE).read_text("utf-8"))
            return {name: Past(**past) for name, past in found.items()}
        except FileNotFoundError:
            return {}
        except (ValueError, TypeError, AttributeError):
            # Half a file cannot be, but somebody may have edited it: the jobs are heard of anew.
            return {}

    @contextlib.contextmanager
    def _opened(self, name: str) -> Iterator[int]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.folder / name, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            hint = "is the disk full or read-only?"
            raise ConfigError(f"cannot write to {self.folder}: {error.strerror}", hint=hint) from error
        try:
            yield handle
        finally:
            os.close(handle)

    def _note(self, name: str, **what: str) -> Past:
        with self._state() as known:
            past = known.setdefault(name, Past(self.now().isoformat()))
            for key, value in what.items():
                setattr(past, key, value)
            return past


def _ended(code: int) -> str:
    return f"failed with exit code {code}" if code > 0 else f"ended by signal {-code}"


def _put_an_end(process: subprocess.Popen[bytes]) -> bytes:
    process.terminate()
    try:
        return process.communicate(timeout=GRACE)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()[0]
