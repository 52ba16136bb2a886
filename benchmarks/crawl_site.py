"""A made-up press on loopback to be crawled: `python -m benchmarks.crawl_site SOURCES PAGES` serves it and
prints its port.

Each source has a loopback address of its own, a listing (a sitemap or a feed in turn) and pages of 30 to 80
kB with what pages of newspapers carry: scripts, styles, navigation, a JSON-LD record, paragraphs with links,
related stories, a footer. A page is made anew for each request, always the same for its address.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import os
import random
from email.utils import format_datetime
from functools import cache

FIRST_HOST = 10  # 127.0.0.10 is the first source's address
NEWEST = dt.datetime(2026, 6, 29, 12, tzinfo=dt.UTC)
WORDS = """
the a of to in and for on with by at from as its after before over under about company maker group fund board
firm plant market price share stock deal order cooling pump server chip battery software harbour river north
south city hall bank court ministry union worker engineer customer supplier contract talks month week year
quarter Tuesday Friday million percent said bought sold built opened closed raised cut plans expects signed
agreed announced reported lost won kept moved hired makes sells owns runs new old large small early late first
second last public private former chief executive analyst investor
"""


def host(source: int) -> str:
    return f"127.0.0.{FIRST_HOST + source}"


def kind(source: int) -> str:
    return "feed" if source % 2 else "sitemap"


def listing_path(source: int) -> str:
    return f"/{kind(source)}.xml"


def listing_url(source: int, port: int) -> str:
    return f"http://{host(source)}:{port}{listing_path(source)}"


def path(number: int) -> str:
    return f"/news/{number % 12 + 1:02}/story-{number}"


def published(number: int) -> dt.datetime:
    return NEWEST - dt.timedelta(minutes=10 * number)


def _sentence(rng: random.Random) -> str:
    return " ".join(rng.choices(WORDS.split(), k=rng.randint(9, 24))).capitalize() + "."


@cache
def _sentences() -> list[str]:
    rng = random.Random(1)
    return [_sentence(rng) for _ in range(2000)]


@cache
def _filler() -> str:
    """What scripts and styles look like to a parser: long text without markup."""
    rng = random.Random(2)
    return "".join(
        f"var {word}={{k:{rng.random()},f(){{return 1}}}};" for word in rng.choices(WORDS.split(), k=2000)
    )


@cache
def _links() -> list[str]:
    rng = random.Random(3)
    numbers = [rng.randrange(10**6) for _ in range(2000)]
    return [f'<li class="item"><a href="{path(n)}">{_title(n)}</a></li>' for n in numbers]


@cache
def _paragraphs() -> list[str]:
    rng = random.Random(4)
    texts = (" ".join(rng.choices(_sentences(), k=rng.randint(2, 4))) for _ in range(2000))
    more = '<a href="{}">More on this</a>'
    return [f'<p class="body-text">{text} {more.format(path(n))}.</p>' for n, text in enumerate(texts)]


def _some(rng: random.Random, parts: list[str], count: int) -> str:
    return "".join(rng.choices(parts, k=count))


def _title(number: int) -> str:
    words = random.Random(number).choices(WORDS.split(), k=8)
    return f"{' '.join(words).capitalize()}, story {number}"


def _head(source: int, number: int, script: int) -> str:
    """A page's head, its script of so many characters."""
    title, time = _title(number), published(number).isoformat()
    address = f"http://{host(source)}{path(number)}"
    record = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": title, "datePublished": time,
        "mainEntityOfPage": address, "author": {"@type": "Person", "name": "Ann Example"},
    }  # fmt: skip
    return (
        f'<head><meta charset="utf-8"><title>{title} | Outlet {source}</title>'
        f'<link rel="canonical" href="{address}"><meta property="og:title" content="{title}">'
        f'<meta property="article:published_time" content="{time}">'
        f'<script type="application/ld+json">{json.dumps(record)}</script>'
        f"<style>{_filler()[:6000]}</style><script>{_filler()[:script]}</script></head>"
    )


def page(source: int, number: int) -> str:
    """An article page, 30 to 80 kB."""
    rng = random.Random(source * 10**6 + number)
    time = published(number).isoformat()
    return (
        f'<!doctype html><html lang="en">{_head(source, number, rng.randint(8000, 40000))}<body>'
        f"<header><nav><ul>{_some(rng, _links(), 40)}</ul></nav></header>"
        f'<div class="ad"><p>Advertisement</p></div><main><article><h1>{_title(number)}</h1>'
        f'<div class="byline">By <a rel="author" href="/staff">Ann Example</a>'
        f'<time datetime="{time}">{time}</time></div>'
        f'<figure><img src="/a.jpg" alt=""><figcaption>A hall.</figcaption></figure>'
        f'<div class="article-body">{_some(rng, _paragraphs(), rng.randint(10, 22))}</div></article></main>'
        f'<aside class="related"><h2>Related stories</h2><ul>{_some(rng, _links(), 15)}</ul></aside>'
        '<aside class="newsletter"><form action="/letter"><input type="email"><button>Sign up</button></form>'
        f"</aside><footer><nav><ul>{_some(rng, _links(), 30)}</ul></nav><p>All rights reserved.</p></footer>"
        f"<script>{_filler()[:4000]}</script></body></html>"
    )


def sitemap(source: int, port: int, pages: int) -> str:
    base = f"http://{host(source)}:{port}"
    rows = (
        f"<url><loc>{base}{path(n)}</loc><lastmod>{published(n).isoformat()}</lastmod></url>"
        for n in range(pages)
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(rows)}</urlset>'


def feed(source: int, port: int, pages: int) -> str:
    base = f"http://{host(source)}:{port}"
    rows = (
        f"<item><title>{_title(n)}</title><link>{base}{path(n)}</link>"
        f"<pubDate>{format_datetime(published(n))}</pubDate>"
        f"<description>{_sentences()[n % 2000]}</description></item>"
        for n in range(pages)
    )
    return f'<rss version="2.0"><channel><title>Outlet {source}</title>{"".join(rows)}</channel></rss>'


def answer(source: int, path: str, port: int, pages: int) -> tuple[int, str, bytes]:
    """Status, type and body of a path."""
    if path == listing_path(source):
        listing = feed if kind(source) == "feed" else sitemap
        return 200, "application/xml", listing(source, port, pages).encode()
    if path.startswith("/news/"):
        return 200, "text/html; charset=utf-8", page(source, int(path.rpartition("-")[2])).encode()
    if path == "/robots.txt":
        return 200, "text/plain", b"User-agent: *\nDisallow: /private/\n"
    return 404, "text/html", b"<title>Page not found</title>"


class Protocol(asyncio.Protocol):
    """As little of HTTP/1.1 as a crawl needs, so that the server takes little of the machine."""

    def __init__(self, pages: int) -> None:
        self.pages = pages
        self.asked = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        address, self.port = transport.get_extra_info("sockname")
        self.source = int(address.rpartition(".")[2]) - FIRST_HOST

    def data_received(self, data: bytes) -> None:
        self.asked += data
        while b"\r\n\r\n" in self.asked:
            head, _, self.asked = self.asked.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode("ascii")
            status, content_type, body = answer(self.source, path, self.port, self.pages)
            self.transport.write(
                f"HTTP/1.1 {status} -\r\nContent-Type: {content_type}\r\n"
                f"Content-Length: {len(body)}\r\n\r\n".encode()
                + body
            )


async def serve(sources: int, pages: int) -> None:
    loop = asyncio.get_running_loop()
    first = await loop.create_server(lambda: Protocol(pages), host(0))
    port = first.sockets[0].getsockname()[1]
    others = [host(source) for source in range(1, sources)]
    if others:
        await loop.create_server(lambda: Protocol(pages), others, port)
    print(port, flush=True)
    await loop.run_in_executor(None, os.read, 0, 1)  # until whoever started it closes stdin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", type=int)
    parser.add_argument("pages", type=int, help="pages of each source")
    args = parser.parse_args()
    asyncio.run(serve(args.sources, args.pages))


if __name__ == "__main__":
    main()
