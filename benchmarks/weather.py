"""A site in bad weather: one loopback server with many sources, and which of its pages fail, and how."""

from __future__ import annotations

import random
import re
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests import broken_answers as broken
from tests.gather_support import Answer, story
from tracker.sources import Source

CASINO = "<html><head><title>Just a moment...</title></head><body>Spin to win</body></html>"
KINDS: dict[str, tuple[Callable[[str, str], Answer], str]] = {
    "no answer": (lambda page, path: broken.silent(), "timed out"),
    "a body without end": (lambda page, path: broken.endless(page), "timed out"),
    "connection reset": (lambda page, path: broken.reset(), "connection failed"),
    "length too long": (lambda page, path: broken.sized(page, 1.5), "the answer broke off"),
    "length too short": (lambda page, path: broken.sized(page, 0.8), "the page breaks off before its end"),
    "gzip without its end": (lambda page, path: broken.packed(page, 0.6), "the answer broke off"),
    "gzip bomb": (lambda page, path: BOMB, "unpacks to more than allowed"),
    "a body of 1 GB": (lambda page, path: broken.gigabyte(stated=True), "larger than allowed"),
    "redirect loop": (lambda page, path: broken.moved(path), "redirects without an end"),
    "captcha": (lambda page, path: Answer(CASINO), "a challenge, titled"),
    "HTTP 503": (lambda page, path: Answer("", status=503), "HTTP 503"),
    "HTTP 404": (lambda page, path: Answer("", status=404), "HTTP 404"),
}
SHARE = 0.05  # of the pages, each kind
PAGE = re.compile(r"/\d+/\d+")
HEALS = 0.5  # of the pages that fail: well again when asked for the third time
BAD = {"length too short": 1}  # and this at the second: then it would be taken as it is
BOMB = broken.bomb()


@dataclass
class Weather:
    """`fault` names the kind of each failing page, `healing` those that get well."""

    sources: int
    pages: int
    fault: dict[str, str]
    healing: set[str]
    asked: Counter[str] = field(default_factory=Counter)
    port: int = 0

    def path(self, source: int, page: int) -> str:
        return f"/{source}/{page}"

    @property
    def paths(self) -> list[str]:
        each = self.pages // self.sources
        return [self.path(s, p) for s in range(self.sources) for p in range(each)]

    def is_good(self, path: str) -> bool:
        return path not in self.fault or path in self.healing

    def answer(self, path: str) -> Answer:
        self.asked[path] += 1
        if path.endswith("/feed.xml"):
            return Answer(self.feed(path.split("/")[1]), "application/rss+xml")
        if not PAGE.fullmatch(path):
            return Answer("", status=404)
        page, kind = text_of(path), self.fault.get(path)
        if kind is None or (path in self.healing and self.asked[path] > BAD.get(kind, 2)):
            return Answer(page)
        return KINDS[kind][0](page, path)

    def feed(self, source: str) -> str:
        items = "".join(
            f"<item><link>{self.url(path)}</link><pubDate>Mon, 29 Jun 2026 10:00:00 GMT</pubDate></item>"
            for path in (self.path(int(source), page) for page in range(self.pages // self.sources))
        )
        return f"<rss version='2.0'><channel><title>S</title>{items}</channel></rss>"

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def all_sources(self) -> list[Source]:
        return [
            Source(id=f"s{n}", name=f"S{n}", kind="feed", url=self.url(f"/{n}/feed.xml"), local=True)
            for n in range(self.sources)
        ]


def text_of(path: str) -> str:
    """The page of a path: a story with a number of its own."""
    source, page = path.strip("/").split("/")
    return story(int(source) * 1000 + int(page))


def forecast(sources: int, pages: int, seed: int) -> Weather:
    """Which pages fail and how, drawn from a seed."""
    draw = random.Random(seed)
    weather = Weather(sources, pages, {}, set())
    paths = weather.paths
    draw.shuffle(paths)
    each = max(1, round(len(paths) * SHARE))
    for n, kind in enumerate(KINDS):
        weather.fault.update(dict.fromkeys(paths[n * each : (n + 1) * each], kind))
    weather.healing = {path for path in sorted(weather.fault) if draw.random() < HEALS}
    return weather


class Server(ThreadingHTTPServer):
    """Does not wait for answers that never end, nor mind clients that are killed."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def served(weather: Weather) -> Iterator[Weather]:
    """The weather's site on loopback."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer = weather.answer(self.path)
            with suppress(OSError):  # the crawl was killed, or hung up as it should
                if answer.wire is not None:
                    self.close_connection = True
                    answer.wire(self)
                else:
                    plain(self, answer)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    weather.port = server.server_port
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield weather
    finally:
        server.shutdown()
        server.socket.close()


def plain(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    """Send an answer as HTTP wants it."""
    handler.send_response(answer.status)
    for name, value in {"Content-Type": answer.content_type, **answer.headers}.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(answer.data)))
    handler.end_headers()
    handler.wfile.write(answer.data)
