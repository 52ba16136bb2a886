"""The pages of a server: the site, a status page, a JSON API, and what monitors ask. None can write."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from markupsafe import Markup
from twisted.internet.threads import deferToThread
from twisted.python.failure import Failure
from twisted.web.http import Request
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET
from twisted.web.server import Request as HttpRequest
from twisted.web.static import File

from tracker.brief.templates import environment_of, style
from tracker.config import shipped
from tracker.errors import InputError
from tracker.serve import facts
from tracker.serve.facts import World
from tracker.serve.watchdog import WELL

log = logging.getLogger(__name__)

FRESH = 2.0
"""Seconds for which an answer is given again: a thousand readers then cost the store no more than one."""

CALM = 15.0
"""The same for what is read from three months of crawls."""

REMEMBERED = 200
LIMIT = 50
HEADERS = {
    b"X-Content-Type-Options": b"nosniff",
    b"Referrer-Policy": b"no-referrer",
    b"X-Frame-Options": b"DENY",
    b"Cache-Control": b"no-cache",
}
STATUS_POLICY = (
    b"default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True)
class Answer:
    """What is sent: a status, a kind of content, the content."""

    code: int
    kind: str
    body: bytes


class Page(Resource):  # type: ignore[misc]
    """An address whose answer is made in a thread, once for all who ask for it at the same time.

    fresh: for how many seconds an answer is given again.
    """

    isLeaf = True

    def __init__(self, make: Callable[[Mapping[str, str]], Answer], fresh: float = FRESH) -> None:
        super().__init__()
        self._make, self._fresh = make, fresh
        self._known: dict[str, tuple[float, Answer]] = {}
        self._waiting: dict[str, list[Request]] = {}

    def render_GET(self, request: Request) -> Any:
        address = request.uri.decode("ascii", "replace")
        made_at, answer = self._known.get(address, (0.0, None))
        if answer and time.monotonic() - made_at < self._fresh:
            return _send(request, answer)
        making = address in self._waiting
        waiting = self._waiting.setdefault(address, [])
        waiting.append(request)
        request.notifyFinish().addErrback(lambda _: waiting.remove(request))
        if not making:
            asked = {_text(name): _text(values[-1]) for name, values in request.args.items()}
            made = deferToThread(self._safely, asked)
            made.addErrback(_refused)
            made.addCallback(partial(self._give, address))
        return NOT_DONE_YET

    def _give(self, address: str, answer: Answer) -> None:
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        self._known[address] = (time.monotonic(), answer)
        for request in tuple(self._waiting.pop(address)):
            request.write(_send(request, answer))
            request.finish()

    def _safely(self, asked: Mapping[str, str]) -> Answer:
        try:
            return self._make(asked)
        except InputError as error:
            return told(400, {"error": str(error)})


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _refused(failure: Failure) -> Answer:
    # The reason may hold addresses and passwords: it goes to the log, not to whoever asks.
    log.error("an answer could not be made\n%s", failure.getTraceback())
    return told(503, {"error": "the store could not be read; the server's log says why"})


def _send(request: Request, answer: Answer) -> bytes:
    request.setResponseCode(answer.code)
    request.setHeader(b"Content-Type", answer.kind.encode())
    if answer.kind.startswith("text/html"):
        request.setHeader(b"Content-Security-Policy", STATUS_POLICY)
    mark = b'"%s"' % hashlib.sha256(answer.body).hexdigest()[:32].encode()
    if answer.code == 200 and request.setETag(mark):
        return b""
    request.setHeader(b"Content-Length", str(len(answer.body)).encode())
    return b"" if request.method == b"HEAD" else answer.body


def told(code: int, value: Any) -> Answer:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return Answer(code, "application/json; charset=utf-8", text.encode())


class Bodiless(HttpRequest):  # type: ignore[misc]
    """A request of which no body is read: the connection ends with the answer that none is wanted."""

    def gotLength(self, length: int | None) -> None:
        super().gotLength(0)
        if length != 0:
            self.channel.transport.write(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n")
            self.channel.loseConnection()

    def handleContentChunk(self, data: bytes) -> None:
        """Nobody reads it."""


class Refusal(Resource):  # type: ignore[misc]
    """The same answer to whatever is asked."""

    isLeaf = True

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self._answer = answer

    def render(self, request: Request) -> bytes:
        return _send(request, self._answer)


class Guard(Resource):  # type: ignore[misc]
    """Stands before every page: no writing, no strange host name, no one without the token.

    hosts: the names by which it may be called; empty: any, which only a token makes safe.
    """

    def __init__(self, root: Resource, hosts: Sequence[str], token: str) -> None:
        super().__init__()
        self._root, self._hosts, self._token = root, frozenset(hosts), token

    def getChild(self, path: bytes, request: Request) -> Resource:
        for name, value in HEADERS.items():
            request.setHeader(name, value)
        refusal = self._refusal(request, path)
        return Refusal(refusal) if refusal else self._root.getChildWithDefault(path, request)

    def _refusal(self, request: Request, path: bytes) -> Answer | None:
        if request.method not in (b"GET", b"HEAD"):
            return told(405, {"error": "nothing is written over HTTP"})
        # A page elsewhere may point its own name at this machine and read what it answers.
        if self._hosts and request.getRequestHostname().decode("ascii", "replace") not in self._hosts:
            return told(421, {"error": "this server is not called so"})
        if self._token and path != b"healthz" and not self._knows(request):
            request.setHeader(b"WWW-Authenticate", b"Bearer")
            return told(401, {"error": "a token is needed: Authorization: Bearer ..."})
        return None

    def _knows(self, request: Request) -> bool:
        given = request.getHeader(b"authorization") or b""
        return hmac.compare_digest(given, b"Bearer " + self._token.encode())


class Folder(File):  # type: ignore[misc]
    """Static files; what is in a folder without an index is nobody's business."""

    childNotFound = forbidden = Refusal(told(404, {"error": "there is no such page"}))

    def directoryListing(self) -> Resource:
        return self.childNotFound


def tree(world: World, site: Path) -> Resource:
    """All pages below one root: the static site, and beside it what the server knows."""
    root = Folder(str(site), defaultType="text/html; charset=utf-8")
    root.indexNames = ["index.html"]
    api, version = Resource(), Resource()
    api.putChild(b"v1", version)
    for name, listing in facts.LISTINGS.items():
        fresh = CALM if listing is facts.sources else FRESH
        version.putChild(name.encode(), Page(partial(_listed, world, listing), fresh))
    root.putChild(b"api", api)
    plain: Mapping[bytes, Callable[[World], Answer]] = {
        b"status": _status, b"healthz": _alive, b"readyz": _ready, b"metrics": _metrics,
    }  # fmt: skip
    for path, make in plain.items():
        fresh = CALM if make in (_status, _metrics) else FRESH
        root.putChild(path, Page(lambda _, make=make: make(world), fresh))  # type: ignore[misc]
    return root


def _listed(
    world: World, listing: Callable[[World, int, str], facts.Part], asked: Mapping[str, str]
) -> Answer:
    limit = asked.get("limit", str(LIMIT))
    if not limit.isascii() or not limit.isdigit() or not 1 <= int(limit[:9]) <= facts.MOST:
        raise InputError(f"limit is a number from 1 to {facts.MOST}", file="limit")
    part = listing(world, int(limit), asked.get("cursor", ""))
    return told(200, {"items": part.rows, "next": part.next or None})


def _alive(_: World) -> Answer:
    return Answer(200, "text/plain; charset=utf-8", b"ok\n")


def _metrics(world: World) -> Answer:
    return Answer(200, "text/plain; version=0.0.4", facts.metrics(world).encode())


def _ready(world: World) -> Answer:
    """Whether the store answers and the past of the jobs can be written."""
    facts.counts(world)
    world.past()
    return Answer(200, "text/plain; charset=utf-8", b"ready\n")


def _status(world: World) -> Answer:
    troubled, jobs = facts.troubled(world), facts.jobs(world)
    failed = [j for j in jobs if j["outcome"] not in WELL]
    environment = environment_of(shipped("templates", "serve"))
    page = environment.get_template("status.html").render(
        css=Markup(style(environment)),
        at=f"{world.now():%Y-%m-%d %H:%M} UTC",
        verdict="All is well" if not troubled and not failed else "Something needs a look",
        counts=facts.counts(world), jobs=jobs, troubled=troubled, runs=facts.runs(world, 12, "").rows,
    )  # fmt: skip
    return Answer(200, "text/html; charset=utf-8", page.encode())
