"""Crawling: the sources go to one crawl process, which stores what it finds; the results come back by source.

The crawl has a process of its own because Twisted's reactor starts once in a process, and because a crawl
that dies must not take the ledger's work with it.
"""

from __future__ import annotations

import datetime as dt
import json
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Literal

import sqlalchemy as sa

from tracker.config import Settings
from tracker.errors import GatherError
from tracker.sources import INTERRUPTED, Source, SourceResult
from tracker.store.crawls import save_fetch
from tracker.store.engine import transaction

GRACE = 20.0  # seconds an interrupted crawl has to store what it holds


@dataclass(frozen=True)
class Step:
    """Progress: articles stored (`result` is None) or a source finished."""

    source_id: str
    result: SourceResult | None = None


Progress = Callable[[Step], None]


@dataclass(frozen=True)
class Found:
    """An entry that a dry run met: `outcome` is what a crawl would take it for, `published` an ISO time."""

    url: str
    title: str
    published: str
    outcome: str = "new"


@dataclass(frozen=True)
class Candidate:
    """A listing that an address offers, with its first entries; `undated` of its items have no date."""

    kind: Literal["feed", "sitemap"]
    url: str
    items: int
    undated: int
    language: str
    entries: list[Found]


@dataclass(frozen=True)
class Preview:
    """What a dry run found at one source."""

    result: SourceResult
    entries: list[Found]


@dataclass
class Account:
    """What the crawl process has reported so far."""

    results: dict[str, SourceResult] = field(default_factory=dict)
    outcomes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    entries: dict[str, list[Found]] = field(default_factory=lambda: defaultdict(list))
    candidates: list[Candidate] = field(default_factory=list)
    text: str = ""
    interrupted: bool = False

    def take(self, message: dict[str, Any]) -> Step:
        if "result" in message:
            result = SourceResult(**message["result"])
            self.results[result.source_id] = result
            return Step(result.source_id, result)
        if "entry" in message:
            self.entries[message["source"]].append(Found(**message["entry"]))
        elif "text" in message:
            self.text = message["text"]
        elif "candidate" in message:
            found = message["candidate"]
            self.candidates.append(Candidate(**{**found, "entries": [Found(**e) for e in found["entries"]]}))
        else:
            self.outcomes[message["source"]].update(message["outcomes"])
        return Step(message["source"])

    def unfinished(self, source: Source, reason: str) -> SourceResult:
        """The result of a source whose crawl never ended, with the articles that it did bring."""
        seen = self.outcomes[source.id]
        return SourceResult(
            source.id,
            ok=False,
            items=seen.total(),
            new=seen["new"],
            changed=seen["changed"],
            unchanged=seen["unchanged"],
            reason=reason,
        )


def crawl(
    engine: sa.Engine,
    sources: Sequence[Source],
    *,
    now: dt.datetime,
    settings: Settings,
    on_progress: Progress | None = None,
    archive: Path | None = None,
    since: dt.datetime | None = None,
    fresh: bool = False,
) -> list[SourceResult]:
    """Crawl the sources as of `now` into the engine's database; one result a source, in the order given.

    With `archive`, the raw answers are kept as WARC files in that folder; with `since`, older entries are
    left out and sitemaps are read back to it; with `fresh`, the listings are sent anew whether they changed
    or not, and pages that rest after failures are asked for.

    A failed source is a result with a reason, never an exception. Ctrl-C ends the crawl in order: what was
    found is stored and the sources that were not finished say so. Raises GatherError where no crawl process
    can be started.
    """
    if not sources:
        return []
    job = _job(engine, sources, now, settings, archive=archive, since=since, fresh=fresh)
    account, missing = _account(job, sources, on_progress)
    with transaction(engine) as session:
        for result in missing:
            save_fetch(session, result, now, now)
    results = account.results | {result.source_id: result for result in missing}
    return [results[source.id] for source in sources]


def preview(
    engine: sa.Engine,
    sources: Sequence[Source],
    *,
    now: dt.datetime,
    settings: Settings,
    on_progress: Progress | None = None,
    since: dt.datetime | None = None,
) -> list[Preview]:
    """Read the sources' listings and nothing behind them; stores nothing. Raises as `crawl` does."""
    if not sources:
        return []
    account, missing = _account(
        _job(engine, sources, now, settings, "dry", since=since), sources, on_progress
    )
    results = account.results | {result.source_id: result for result in missing}
    return [Preview(results[source.id], account.entries[source.id]) for source in sources]


def discover(source: Source, *, now: dt.datetime, settings: Settings) -> list[Candidate]:
    """What the address of a source offers to gather, in the order of its page.

    Raises GatherError with the reason where there is nothing.
    """
    account, missing = _account(_job(None, [source], now, settings, "discover"), [source], None)
    result = account.results.get(source.id) or missing[0]
    if not account.candidates:
        raise GatherError(f"{source.url}: {result.reason}", hint="give the address of a feed or a sitemap")
    return account.candidates


def page_text(source: Source, *, now: dt.datetime, settings: Settings) -> str:
    """The title and the text of the page at the address of a source, asked for as politely as in a crawl.

    Raises GatherError with the reason where there is none.
    """
    account, missing = _account(_job(None, [source], now, settings, "page"), [source], None)
    result = account.results.get(source.id) or missing[0]
    if not account.text:
        raise GatherError(f"{source.url}: {result.reason}", hint="save the page and name the file")
    return account.text


def _account(
    job: str, sources: Sequence[Source], on_progress: Progress | None
) -> tuple[Account, list[SourceResult]]:
    """Run a job; returns its account and a result for each source that it did not finish."""
    account, death = _run(job, on_progress or (lambda step: None))
    reason = INTERRUPTED if account.interrupted else death
    missing = [account.unfinished(source, reason) for source in sources if source.id not in account.results]
    return account, missing


def _job(
    engine: sa.Engine | None,
    sources: Sequence[Source],
    now: dt.datetime,
    settings: Settings,
    mode: str = "crawl",
    archive: Path | None = None,
    since: dt.datetime | None = None,
    fresh: bool = False,
) -> str:
    """The job as JSON; without an engine it names no store."""
    return json.dumps(
        {
            "sources": [source.model_dump() for source in sources],
            "now": now.isoformat(),
            "database_url": _address(engine) if engine is not None else "",
            "contact": settings.contact,
            "proxy": settings.proxy,
            "redis_url": _redis(settings.redis_url) if mode == "crawl" else "",
            "mode": mode,
            "since": since.isoformat() if since else None,
            "fresh": fresh,
            "archive": str(archive or ""),
        }
    )


def _redis(url: str) -> str:
    """The address of the Redis to share with, once it has answered. Raises GatherError."""
    if not url:
        return ""
    try:
        from redis import Redis
        from redis.exceptions import RedisError
    except ImportError as error:
        hint = "pip install 'market-signal-tracker[redis]'"
        raise GatherError("TRACKER_REDIS_URL needs a package that is not installed", hint=hint) from error
    try:
        with Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5) as redis:
            redis.ping()
    except (RedisError, ValueError, OSError) as error:
        told = f"the Redis of TRACKER_REDIS_URL does not answer: {error}"
        raise GatherError(told, hint="start it, or unset TRACKER_REDIS_URL to crawl alone") from error
    return url


def _address(engine: sa.Engine) -> str:
    if engine.url.get_backend_name() == "sqlite" and engine.url.database in (None, "", ":memory:"):
        raise GatherError("a crawl cannot fill a database in memory", hint="use a file or a server")
    return engine.url.render_as_string(hide_password=False)


def _run(job: str, on_progress: Progress) -> tuple[Account, str]:
    """Run the crawl process to its end; returns its reports and, for the sources without one, why."""
    account = Account()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        process = _start(log)
        assert process.stdin is not None
        with process:
            try:
                process.stdin.write(job)
                process.stdin.close()
                _listen(process, account, on_progress)
            except BrokenPipeError:
                pass  # it died while reading; the log says why
            except BaseException:
                process.kill()
                raise
        return account, _death(process.returncode, log)


def _start(log: IO[str]) -> subprocess.Popen[str]:
    # A session of its own: Ctrl-C reaches the crawl once, through us, and ends it in order. -P keeps a folder
    # named `spiders` in the working directory from being run instead.
    command = [sys.executable, "-P", "-m", "spiders.run"]
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
    except OSError as error:
        raise GatherError(
            f"the crawl process cannot be started: {error}", hint="check the installation"
        ) from error


def _listen(process: subprocess.Popen[str], account: Account, on_progress: Progress) -> None:
    reports = _reports(process)
    try:
        for message in reports:
            on_progress(account.take(message))
    except KeyboardInterrupt:
        account.interrupted = True
        _stop(process)
        for message in _reports(process):
            account.take(message)


def _reports(process: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    assert process.stdout is not None
    # Not `for line in stdout`: a generator that was interrupted cannot be resumed, readline can.
    while line := process.stdout.readline():
        if line.endswith("\n"):  # the last line of a killed process may be half a line
            yield json.loads(line)


def _stop(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGINT)
    timer = threading.Timer(GRACE, process.kill)
    timer.daemon = True
    timer.start()


def _death(code: int, log: IO[str]) -> str:
    log.seek(0)
    lines = [line.strip() for line in log if line.strip()]
    cause = f"signal {-code}" if code < 0 else f"exit code {code}"
    return f"the crawl process died ({cause})" + (f": {lines[-1][:200]}" if lines and code > 0 else "")
