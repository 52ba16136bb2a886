"""Crawls one source in this process against a cassette: `python -m tests.cassette_crawl CASSETTE DATABASE
MODE`.

A process of its own because Twisted's reactor starts once. vcrpy does not see Scrapy's downloader (under
"none" the request would go out, silently), so a handler that exists only here fetches with requests, which
vcrpy does see. To record again: `python -m tests.cassette_crawl tests/cassettes/feed.yaml sqlite:////tmp/x.db
once` after removing the file; the site it records is the one below.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import nullcontext
from typing import Any

import requests
import vcr
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import Headers, Request, Response
from scrapy.responsetypes import responsetypes

from spiders.run import Crawl, Job
from tests.gather_support import NOW, Site, serve_site, stories
from tracker.sources import Source

PORT = 38217
SOURCE = Source(id="taped", name="Taped", kind="feed", url=f"http://127.0.0.1:{PORT}/feed.xml", local=True)
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


def prepare(site: Site) -> None:
    stories(site, range(3))
    del site.answers["/story/2"]


def main(cassette: str, database: str, mode: str) -> None:
    job = Job(sources=[SOURCE], now=NOW, database_url=database)
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
