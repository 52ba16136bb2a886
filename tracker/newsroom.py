"""The demo newsroom: made-up outlets served over real HTTP on loopback, to be crawled like any other source.

An outlet lies under its id (`/ledgerwire/feed.xml`); its pages call themselves by the outlet's own address
(`https://ledgerwire.example/...`), so that an article is the same one whatever port it was fetched from.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import format_datetime
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Literal

import jinja2
from pydantic import BaseModel, ValidationError

from tracker.config import shipped
from tracker.errors import ConfigError, InputError
from tracker.files import toml_of
from tracker.sources import Source

TEASER = 150  # characters of the first paragraph that a feed shows, as most feeds do
RELATED = 4
CHANNELS = {"rss": "feed.xml", "atom": "atom.xml", "sitemap": "sitemap-news.xml"}


class Outlet(BaseModel):
    """A made-up outlet; `channel` is how it is gathered."""

    id: str
    name: str
    domain: str
    channel: Literal["rss", "atom", "sitemap"]
    tier: int
    beat: str

    @property
    def listing(self) -> str:
        return f"/{self.id}/{CHANNELS[self.channel]}"


class Item(BaseModel):
    """One news item; the fields that only annotate it (facts, traps, events) are not served."""

    id: str
    outlet: str
    published: dt.datetime
    modified: dt.datetime | None = None
    section: str = ""
    title: str
    paragraphs: list[str]
    tags: list[str] = []

    @property
    def path(self) -> str:
        slug = self.id.removeprefix(f"{self.outlet}-").split("-", 1)[-1]
        return f"{self.published:%Y/%m/%d}/{slug}"

    @property
    def teaser(self) -> str:
        first = self.paragraphs[0]
        return first if len(first) <= TEASER else first[:TEASER].rsplit(" ", 1)[0] + " \u2026"


@dataclass(frozen=True)
class Newsroom:
    """The outlets and their items, newest first."""

    outlets: dict[str, Outlet]
    items: dict[str, list[Item]]

    @classmethod
    def load(cls, folder: Path | None = None) -> Newsroom:
        """Read a newsroom folder. Raises ConfigError or InputError naming file and line."""
        folder = folder or shipped("data", "newsroom")
        outlets = _outlets(folder / "outlets.toml")
        items: dict[str, list[Item]] = {name: [] for name in outlets}
        for path in sorted(folder.glob("items-*.jsonl")):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                item = _item(line, path, number, outlets)
                items[item.outlet].append(item)
        for name in items:
            items[name].sort(key=lambda item: (item.published, item.id), reverse=True)
        return cls(outlets, items)

    @cached_property
    def pages(self) -> dict[str, tuple[Outlet, Item]]:
        """Every article page by its path on the server."""
        return {
            f"/{name}/{item.path}": (self.outlets[name], item)
            for name, items in self.items.items()
            for item in items
        }

    def related(self, item: Item) -> list[Item]:
        """The outlet's items nearest in time, as a page would offer them."""
        others = [other for other in self.items[item.outlet] if other.id != item.id]
        others.sort(key=lambda other: (abs(other.published - item.published), other.id))
        return others[:RELATED]


def _outlets(path: Path) -> dict[str, Outlet]:
    try:
        listed = toml_of(path)["outlet"]
        return {entry["id"]: Outlet.model_validate(entry) for entry in listed}
    except (OSError, KeyError, ValueError) as error:
        raise ConfigError(f"{path}: not a list of outlets: {error}", hint="reinstall the package") from error


def _item(line: str, path: Path, number: int, outlets: dict[str, Outlet]) -> Item:
    try:
        item = Item.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{field}: {first['msg']}", file=str(path), line=number) from error
    if item.outlet not in outlets:
        raise InputError(f"unknown outlet {item.outlet!r}", file=str(path), line=number)
    return item


def newsroom_sources(port: int, newsroom: Newsroom) -> list[Source]:
    """The outlets as sources at a port of this machine. Articles count as seen when they were published."""
    return [
        Source(
            id=outlet.id,
            name=outlet.name,
            kind=outlet.channel,
            url=f"http://127.0.0.1:{port}{outlet.listing}",
            tier=outlet.tier,
            region="demo",
            min_items=1,
            max_pages=2000,
            local=True,
            seen="published",
        )
        for outlet in newsroom.outlets.values()
        if newsroom.items[outlet.id]
    ]


class Renderer:
    """Answers paths: content type and body, or None for a path that is not there."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self.templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(shipped("templates", "newsroom")),
            autoescape=jinja2.select_autoescape(["html", "xml"]),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates.filters.update(rfc822=_rfc822, iso=_iso, ld_json=_ld_json)

    def answer(self, path: str, base: str) -> tuple[str, str] | None:
        """`base` is the server's address, such as http://127.0.0.1:8000."""
        if path == "/robots.txt":
            return "text/plain", "User-agent: *\nDisallow: /private/\n"
        if path in self.newsroom.pages:
            outlet, item = self.newsroom.pages[path]
            template = "blog.html" if outlet.tier == 3 else "article.html"
            return "text/html", self._render(
                template, outlet, base, item=item, related=self.newsroom.related(item)
            )
        return self._outlet_page(path, base)

    def _outlet_page(self, path: str, base: str) -> tuple[str, str] | None:
        name, _, rest = path.lstrip("/").partition("/")
        outlet = self.newsroom.outlets.get(name)
        kinds = {file: kind for kind, file in CHANNELS.items()}
        if outlet is None or (rest and rest not in kinds):
            return None
        kind = f"{kinds[rest]}.xml" if rest else "front.html"
        content = "application/xml" if rest else "text/html"
        return content, self._render(kind, outlet, base, items=self.newsroom.items[name])

    def _render(self, template: str, outlet: Outlet, base: str, **values: Any) -> str:
        canonical = f"https://{outlet.domain}"
        return self.templates.get_template(template).render(
            outlet=outlet, base=f"{base}/{outlet.id}", canonical=canonical, **values
        )


def _rfc822(time: dt.datetime) -> str:
    return format_datetime(time)


def _iso(time: dt.datetime) -> str:
    return time.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _ld_json(value: Any) -> str:
    """JSON for a script element: the markup characters are escaped the way JSON allows."""
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@contextmanager
def serve(newsroom: Newsroom) -> Iterator[int]:
    """Serve a newsroom on a free loopback port, which is returned, until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(Renderer(newsroom)))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def _handler(renderer: Renderer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Small answers in several writes: with Nagle's algorithm each would wait for the client's delayed
        # ACK.
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            assert isinstance(self.server, ThreadingHTTPServer)
            base = f"http://127.0.0.1:{self.server.server_port}"
            answer = renderer.answer(self.path.split("?")[0], base)
            content_type, body = answer or (
                "text/html",
                "<title>Page not found</title><h1>Page not found</h1>",
            )
            data = body.encode("utf-8")
            self.send_response(200 if answer else 404)
            self.send_header("Content-Type", f"{content_type}; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet: the crawl reports what it fetched."""

    return Handler
