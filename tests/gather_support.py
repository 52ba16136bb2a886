"""A small web site on loopback, and short ways to crawl it."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from tracker.config import Settings
from tracker.gather import Progress, crawl
from tracker.models.tables import Article, Fetch
from tracker.sources import Source, SourceResult
from tracker.store.engine import open_store

NOW = dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC)
SHARED = Path(__file__).parents[2] / "shared" / "data"


@dataclass
class Answer:
    body: bytes | str
    content_type: str = "text/html"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wire: Callable[[BaseHTTPRequestHandler], None] | None = None
    """Answers in place of all this, byte by byte, where HTTP itself is to be broken."""

    @property
    def data(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


@dataclass
class Site:
    """`answers` may be changed between crawls, `once` is given before them, `asked` is every request, and
    `times` when it came, in seconds.
    """

    answers: dict[str, Answer]
    delay: float = 0.0
    port: int = 0
    once: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def serve_site(answers: dict[str, Answer], delay: float = 0.0, port: int = 0) -> Iterator[Site]:
    site = Site(answers, delay)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers)))
            site.times.append(time.monotonic())
            time.sleep(site.delay if self.path != "/robots.txt" else 0)
            answer = (
                site.once.pop(self.path, None)
                or site.answers.get(self.path)
                or Answer("<title>Page not found</title>", status=404)
            )
            if answer.wire is not None:
                self.close_connection = True
                with suppress(OSError):  # the crawl hung up, as it should
                    answer.wire(self)
                return
            if answer.headers.get("ETag") and self.headers.get("If-None-Match") == answer.headers["ETag"]:
                answer = Answer("", status=304)
            self.send_response(answer.status)
            for name, value in {"Content-Type": answer.content_type, **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.data)))
            self.end_headers()
            with suppress(BrokenPipeError, ConnectionResetError):  # the crawl was killed
                self.wfile.write(answer.data)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    site.port = server.server_port
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def story(number: int, extra: str = "") -> str:
    """A plain article page of some length."""
    body = (
        f"<p>Company {number} said on Tuesday that it had bought a maker of cooling pumps for its halls. "
        "The two sides signed after four months of talks and expect no objection.</p>"
        "<p>The price was not disclosed. The pump maker keeps its name and its works in the north, and "
        f"all of its {number + 20} people stay. {extra}</p>"
    )
    return (
        f"<html lang='en'><head><title>Story {number}</title></head><body><article><h1>Story number {number}"
        f"</h1>{body}</article></body></html>"
    )


def rss(site: Site, numbers: range, updated: dict[int, str] | None = None) -> str:
    """A feed of the stories with these numbers."""
    items = "".join(
        f"<item><title>Story number {n}</title><link>{site.url(f'/story/{n}')}</link>"
        f"<pubDate>Mon, 29 Jun 2026 10:{n:02}:00 GMT</pubDate>"
        + (f"<atom:updated>{updated[n]}</atom:updated>" if updated and n in updated else "")
        + "</item>"
        for n in numbers
    )
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
        f"<title>Stories</title>{items}</channel></rss>"
    )


def stories(site: Site, numbers: range) -> None:
    """Put a feed at /feed.xml and its pages on the site."""
    site.answers["/feed.xml"] = Answer(rss(site, numbers), "application/rss+xml")
    site.answers.update({f"/story/{n}": Answer(story(n)) for n in numbers})


def source(site: Site, path: str = "/feed.xml", **values: object) -> Source:
    given = {"id": "site", "name": "Site", "kind": "feed", "url": site.url(path), "local": True}
    return Source.model_validate(given | values)


def store(folder: Path) -> sa.Engine:
    return open_store(f"sqlite:///{folder / 'tracker.db'}")


def run(
    engine: sa.Engine,
    *sources: Source,
    now: dt.datetime = NOW,
    on_progress: Progress | None = None,
    contact: str = "",
    fresh: bool = False,
) -> list[SourceResult]:
    return crawl(
        engine, sources, now=now, settings=Settings(contact=contact), on_progress=on_progress, fresh=fresh
    )


def articles(engine: sa.Engine) -> list[Article]:
    with Session(engine) as session:
        return list(session.exec(select(Article).order_by(Article.key, Article.revision)))  # type: ignore[arg-type]


def recorded(engine: sa.Engine) -> list[Fetch]:
    with Session(engine) as session:
        return list(session.exec(select(Fetch).order_by(Fetch.id)))  # type: ignore[arg-type]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Crawl processes that wait a second at most."""
    start = subprocess.Popen

    def start_impatient(command: list[str], **how: Any) -> subprocess.Popen[str]:
        return start([sys.executable, "-m", "tests.impatient_crawl"], **how)

    monkeypatch.setattr("tracker.gather.subprocess.Popen", start_impatient)
