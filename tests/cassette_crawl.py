"""Crawls one source in this process against a cassette: `python -m tests.cassette_crawl KIND CASSETTE
DATABASE MODE`.

A process of its own because Twisted's reactor starts once. vcrpy does not see Scrapy's downloader (under
"none" the request would go out, silently), so a handler that exists only here fetches with requests, which
vcrpy does see. To record again: `python -m tests.cassette_crawl feed tests/cassettes/feed.yaml
sqlite:////tmp/x.db once` after removing the file; the sites it records are the ones below, made up by us.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import requests
import vcr
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import Headers, Request, Response
from scrapy.responsetypes import responsetypes

from spiders.run import Crawl, Job
from tests import edgar_filings
from tests.gather_support import NOW, Answer, Site, serve_site, stories, story
from tracker.sources import Source

PORT = 38217
CONTACT = "desk@ledger.example"  # EDGAR wants one
SELECT = {"item": "ul.press li", "link": "a", "date": "time", "summary": "p"}
LISTED = """<html><body><ul class="press">
<li><time datetime="2026-06-29">Monday</time><a href="/story/0">Story number 0</a></li>
<li><time datetime="2026-06-28">Sunday</time><a href="/story/1?utm_source=room">Story number 1</a></li>
<li><time datetime="2026-06-27">Saturday</time><a href="/story/2">Story number 2</a><p>Company 2 has bought a
maker of cooling pumps, it said, and keeps all of its people and both of its works.</p></li>
</ul></body></html>"""
ONE_AT_A_TIME = asyncio.Lock()  # vcrpy loses what threads do at the same time


class TapedHandler(BaseDownloadHandler):  # type: ignore[misc]  # Scrapy is untyped here
    """Downloads with requests in a thread."""

    lazy = True

    async def download_request(self, request: Request) -> Response:
        headers = {name.decode(): values[0].decode() for name, values in request.headers.items()}
        async with ONE_AT_A_TIME:
            answer = await asyncio.to_thread(
                requests.get, request.url, headers=headers, allow_redirects=False, timeout=5
            )
        kind = responsetypes.from_args(headers=Headers({"Content-Type": answer.headers["Content-Type"]}))
        # requests has unpacked the body already.
        kept = {name: value for name, value in answer.headers.items() if name.lower() != "content-encoding"}
        return kind(request.url, status=answer.status_code, headers=kept, body=answer.content)

    async def close(self) -> None:
        """Nothing is held open."""


def feed(site: Site) -> None:
    stories(site, range(3))
    del site.answers["/story/2"]


def sitemap(site: Site) -> None:
    """An index of two parts, one of them packed; one page is old, one is a front page in place of it."""
    days = {0: "2026-06-29", 1: "2026-06-28", 2: "2026-06-27", 3: "2026-01-01"}
    rows = [
        f"<url><loc>{site.url(f'/story/{n}')}</loc><publication_date>{day}</publication_date></url>"
        for n, day in days.items()
    ]
    parts = "".join(f"<sitemap><loc>{site.url(part)}</loc></sitemap>" for part in ("/a.xml.gz", "/b.xml"))
    packed = gzip.compress(f"<urlset>{rows[0]}{rows[1]}</urlset>".encode(), mtime=0)
    site.answers = {
        "/sitemap.xml": Answer(f"<sitemapindex>{parts}</sitemapindex>", "application/xml"),
        "/a.xml.gz": Answer(packed, "application/octet-stream"),
        "/b.xml": Answer(f"<urlset>{rows[2]}{rows[3]}</urlset>", "application/xml"),
        "/story/0": Answer(story(0)),
        "/story/1": Answer(story(1)),
        "/story/2": Answer("", status=302, headers={"Location": "/"}),
        "/": Answer("<html><title>Front page</title></html>"),
    }


def listing(site: Site) -> None:
    """A press room; its third story is behind a challenge, so that its summary is taken."""
    site.answers = {
        "/press": Answer(LISTED),
        "/story/0": Answer(story(0)),
        "/story/1?utm_source=room": Answer(story(1)),
        "/story/2": Answer("<html><title>Just a moment...</title></html>"),
    }


SITES: dict[str, tuple[str, Callable[[Site], None], dict[str, Any]]] = {
    "feed": ("/feed.xml", feed, {}),
    "sitemap": ("/sitemap.xml", sitemap, {}),
    "listing": ("/press", listing, {"select": SELECT}),
    "edgar": ("/current", edgar_filings.publish, {}),
}


def main(kind: str, cassette: str, database: str, mode: str) -> None:
    path, prepare, more = SITES[kind]
    values = {"id": "taped", "name": "Taped", "kind": kind, "local": True, **more}
    listed = Source.model_validate(values | {"url": f"http://127.0.0.1:{PORT}{path}"})
    job = Job(sources=[listed], now=NOW, database_url=database, contact=CONTACT)
    reports: list[dict[str, Any]] = []
    extra = {"DOWNLOAD_HANDLERS": {"http": TapedHandler, "https": TapedHandler, "file": None}}
    server: Any = nullcontext() if mode == "none" else serve_site({}, port=PORT)
    with server as site, vcr.use_cassette(cassette, record_mode=mode) as tape:
        if site is not None:
            prepare(site)
        Crawl(job, reports.append, extra).run()
        print(json.dumps({"result": reports[-1]["result"], "all_played": tape.all_played}))


if __name__ == "__main__":
    main(*sys.argv[1:])
