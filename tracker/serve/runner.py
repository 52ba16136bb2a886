"""Running jobs: each in a process of its own, one run of a job at a time, whatever else crashes."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
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

UNDER_WAY, CUT_OFF = "under way", "cut off"

GRACE = 20.0
"""Seconds that a job gets to end when it is asked to."""


@dataclass
class Past:
    """What is known of a job: when it was heard of, last begun and ended, and how.

    before: `since` as it was when the last run began; it holds until that has ended, so that a run that is
    cut off (power, a restart of the server) counts as missed.
    """

    heard: str
    began: str = ""
    ended: str = ""
    outcome: str = ""
    said: str = ""
    before: str = ""

    @property
    def since(self) -> dt.datetime:
        """The moment after which the times of the job count."""
        began = self.began if self.ended else self.before
        return dt.datetime.fromisoformat(began or self.heard)


@dataclass(frozen=True)
class Run:
    """A run that has ended: its process was number `process` on this machine."""

    job: Job
    process: int
    began: dt.datetime
    outcome: str
    said: str


@dataclass
class Runner:
    """Runs jobs whose locks and past lie in a folder. Two runners of one folder never run one job twice.

    report: is told of every run that has ended.
    """

    folder: Path
    now: Callable[[], dt.datetime]
    command: Sequence[str] = (sys.executable, "-m", "tracker")
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    report: Callable[[Run], None] = lambda _: None
    stopping: bool = False

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
            began = self._begin(job.name)
            process = self._started(job, lock)
            try:
                outcome = self._outcome(job, process)
            finally:
                _put_an_end(process)  # also to what it leaves behind
                del self.running[job.name]
            ended = "" if outcome == CUT_OFF else self.now().isoformat()
            said = _last(self.folder / f"{job.name}.log")
            past = self._note(job.name, ended=ended, outcome=outcome, said=said)
        self.report(Run(job, process.pid, began, outcome, said))
        return past

    def is_running(self, name: str) -> bool:
        """Whether a job is under way, whoever began it."""
        with self._lock(name) as lock:
            return lock is None

    def stop(self) -> None:
        """Ask what is running to end, which then counts as missed; nothing more is begun.

        What does not end is killed.
        """
        self.stopping = True
        for process in list(self.running.values()):
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        last = threading.Timer(GRACE, self._kill)
        last.daemon = True
        last.start()

    def _kill(self) -> None:
        for process in list(self.running.values()):
            process.kill()

    def _begin(self, name: str) -> dt.datetime:
        began = self.now()
        with self._state() as known:
            past = known.setdefault(name, Past(began.isoformat()))
            known[name] = Past(past.heard, began.isoformat(), "", UNDER_WAY, "", past.since.isoformat())
        return began

    def _started(self, job: Job, lock: int) -> subprocess.Popen[bytes]:
        # What it says goes to a file: a pipe would be kept open by what a job leaves behind.
        with (self.folder / f"{job.name}.log").open("wb") as log:
            # The job holds the lock as well: should this process die, nobody begins it while it still runs.
            process = subprocess.Popen(
                [*self.command, *job.command], stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, pass_fds=[lock], start_new_session=True,
            )  # fmt: skip
        self.running[job.name] = process
        if self.stopping:
            process.terminate()
        return process

    def _outcome(self, job: Job, process: subprocess.Popen[bytes]) -> str:
        """Wait for the end of a run, at most as long as it may take."""
        try:
            code = process.wait(timeout=60 * job.minutes)
        except subprocess.TimeoutExpired:
            return f"stopped after {job.minutes} minutes"
        return "done" if code == 0 else CUT_OFF if self.stopping else _ended(code)

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


def _put_an_end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, as Ctrl-C would, and see to it; what it began ends with it."""
    process.terminate()
    try:
        process.wait(timeout=GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _last(log: Path) -> str:
    """The end of what a job said."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 4 * TAIL))  # a character has up to four bytes
        return file.read().decode("utf-8", "replace").strip()[-TAIL:]
