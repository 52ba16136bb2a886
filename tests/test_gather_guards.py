"""Addresses that are refused, the address that is connected to, and limits on what comes back."""

from __future__ import annotations

import asyncio
import gzip
import ipaddress
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Request
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.interfaces import IReactorPluggableNameResolver
from twisted.internet.protocol import Factory
from twisted.internet.testing import MemoryReactorClock
from zope.interface import implementer

import spiders.guards
from spiders.addresses import is_public
from spiders.failures import NoSuchHost, Refused
from spiders.guards import AddressGuard, PinnedResolver, Pins
from tests.gather_support import NOW, Answer, articles, rss, run, serve_site, source, store, stories
from tracker.config import Settings
from tracker.gather import crawl
from tracker.sources import Source

PUBLIC, OTHER = "93.184.215.14", "93.184.215.15"
FEED = Source(id="a", name="A", kind="rss", url="https://a.example/feed")


class CrawlSettings(dict[str, Any]):
    """The parts of Scrapy's settings that the guard touches."""

    def getfloat(self, name: str) -> float:
        assert name == "DNS_TIMEOUT"
        return 0.2


def guard(pins: Pins, proxy: str = "", of: Source = FEED) -> AddressGuard:
    settings = CrawlSettings(TRACKER_PROXY=proxy)
    return AddressGuard(SimpleNamespace(spider=SimpleNamespace(source=of), settings=settings), pins)


def ask(pins: Pins, url: str, **values: Any) -> Request:
    request = Request(url)
    asyncio.run(guard(pins, **values).process_request(request))
    return request


@pytest.fixture
def dns(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[tuple[str, ...]]]:
    """What each name resolves to, one answer a lookup; the last one stays."""
    answers: dict[str, list[tuple[str, ...]]] = {}

    def resolve(host: str) -> tuple[str, ...]:
        if host not in answers:
            raise OSError("no such host")
        return answers[host].pop(0) if len(answers[host]) > 1 else answers[host][0]

    monkeypatch.setattr(spiders.guards, "_resolve", resolve)
    return answers


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.5.5", "169.254.169.254", "0.0.0.0", "[::1]",
        "[fe80::1]", "[fd00::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:a00:1::1]",
        "[::10.0.0.1]", "[fec0::1]",
        "100.64.0.1", "224.0.0.1", "localhost", "db.localhost", "printer.local",
        "metadata.google.internal",
    ],
)  # fmt: skip
def test_inner_addresses_are_refused(host: str) -> None:
    with pytest.raises(Refused, match="private network"):
        ask(Pins(), f"http://{host}/")


@pytest.mark.parametrize("url", ["ftp://a.example/", "http:///x", "gopher://127.0.0.1/"])
def test_what_is_not_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(Refused, match="not an address of the web"):
        ask(Pins(), url)


@pytest.mark.parametrize("inner", ["10.0.0.1", "127.0.0.1", "::1", "64:ff9b::a9fe:a9fe"])
def test_one_inner_address_among_public_ones_is_enough(dns: dict[str, Any], inner: str) -> None:
    dns["rebind.example"] = [(PUBLIC, inner)]
    pins = Pins()
    with pytest.raises(Refused, match="private network"):
        ask(pins, "https://rebind.example/")
    assert connected(pins, "rebind.example") == []


def test_a_name_that_does_not_resolve(dns: dict[str, Any]) -> None:
    with pytest.raises(NoSuchHost, match="no such host"):
        ask(Pins(), "https://news.example/")


def test_a_name_server_that_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(loop: Any, pool: Any, *call: Any) -> None:
        await asyncio.sleep(5)

    monkeypatch.setattr(asyncio.BaseEventLoop, "run_in_executor", never)
    with pytest.raises(NoSuchHost, match="no answer within"):
        asyncio.run(guard(Pins()).process_request(Request("https://news.example/")))


@implementer(IReactorPluggableNameResolver)
class Reactor(MemoryReactorClock):  # type: ignore[misc]  # Twisted's own fake
    """Twisted's fake reactor, which notes connections in place of making them."""

    def installNameResolver(self, resolver: Any) -> None:
        self.nameResolver = resolver


def connected(pins: Pins, host: str) -> list[str]:
    """The addresses that a connection to a host is tried at first."""
    reactor = Reactor()
    PinnedResolver(reactor, pins).install_on_reactor()
    HostnameEndpoint(reactor, host.encode(), 443).connect(Factory()).addErrback(lambda failure: None)
    return [client[0] for client in reactor.tcpClients]


def test_the_address_connected_to_is_the_one_that_was_checked(dns: dict[str, Any]) -> None:
    dns["rebind.example"] = [(PUBLIC,), ("127.0.0.1",)]
    pins = Pins()
    ask(pins, "https://rebind.example/feed")
    assert connected(pins, "rebind.example") == [PUBLIC]
    assert connected(pins, "never-checked.example") == []


def test_a_name_is_looked_up_again_after_a_while(
    dns: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    dns["news.example"] = [(PUBLIC,), (OTHER,), ("10.0.0.1",)]
    pins = Pins()
    ask(pins, "https://news.example/1")
    ask(pins, "https://news.example/2")
    assert connected(pins, "news.example") == [PUBLIC]
    monkeypatch.setattr(spiders.guards, "FRESH", -1.0)
    ask(pins, "https://news.example/3")
    assert connected(pins, "news.example") == [OTHER]
    with pytest.raises(Refused, match="private network"):
        ask(pins, "https://news.example/4")


def test_names_in_other_scripts_and_ipv6(dns: dict[str, Any]) -> None:
    dns["xn--mller-kva.example"] = [("2606:2800:21f:cb07::1",)]
    pins = Pins()
    ask(pins, "https://xn--mller-kva.example/")
    assert connected(pins, "xn--mller-kva.example") == ["2606:2800:21f:cb07::1"]


def test_a_local_source_reaches_loopback_only(dns: dict[str, Any]) -> None:
    local = FEED.model_copy(update={"url": "http://localhost/feed", "local": True})
    dns["localhost"] = [("127.0.0.1",), ("10.0.0.1",)]
    ask(Pins(), "http://localhost/feed", of=local)
    with pytest.raises(Refused, match="private network"):
        ask(Pins(), "http://localhost/feed", of=local)
    with pytest.raises(Refused, match="private network"):
        ask(Pins(), "http://127.0.0.1/other", of=local)
    with pytest.raises(ValueError, match="a local source lies at"):
        Source(id="a", name="A", kind="rss", url="http://10.0.0.1/feed", local=True)


def test_through_a_named_proxy_names_are_the_proxys(dns: dict[str, Any]) -> None:
    dns["proxy.internal"] = [("10.0.0.9",)]
    pins = Pins()
    request = ask(pins, "https://news.example/", proxy="http://proxy.internal:3128")
    assert request.meta["proxy"] == "http://proxy.internal:3128"
    assert connected(pins, "proxy.internal") == ["10.0.0.9"]
    for url in ("https://10.0.0.1/", "https://proxy.internal/"):
        with pytest.raises(Refused, match="private network"):
            ask(pins, url, proxy="http://proxy.internal:3128")


@given(st.ip_addresses())
def test_an_address_is_public_only_where_it_is_global(address: Any) -> None:
    carried = getattr(address, "ipv4_mapped", None)
    assert not is_public(str(address)) or address.is_global or carried


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_as_public_in_every_disguise(address: ipaddress.IPv4Address) -> None:
    number, plain = int(address), is_public(str(address))
    for disguise in ((0xFFFF << 32) | number, (0x64FF9B << 96) | number, (0x2002 << 112) | (number << 80)):
        assert is_public(str(ipaddress.IPv6Address(disguise))) == plain


def test_loopback_is_refused_however_it_is_spelt_or_reached(tmp_path: Path) -> None:
    spelt = ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::ffff:7f00:1]"]
    with serve_site({}) as site:
        away = [
            Source(id=f"s{n}", name="S", kind="feed", url=f"http://{host}:{site.port}/feed.xml")
            for n, host in enumerate(spelt)
        ]
        found = run(store(tmp_path), *away)
        assert site.asked == []
    assert {r.reason.partition(" ")[2] for r in found} == {"lies in this machine or a private network"}


def test_redirects_and_entries_do_not_lead_inside(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        stories(site, range(2))
        body = rss(site, range(2)).replace(site.url("/story/0"), f"http://localhost:{site.port}/story/0")
        site.answers["/feed.xml"] = Answer(body, "application/rss+xml")
        moved = {"Location": f"http://127.0.0.2:{site.port}/story/1"}
        site.answers["/story/1"] = Answer("", status=302, headers=moved)
        (result,) = run(engine, source(site))
    assert (result.ok, result.failed) == (False, 2)
    assert "lies in this machine or a private network" in result.reason
    assert articles(engine) == []


def test_a_proxy_is_used_only_where_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        for path in ("/feed.xml", "/robots.txt"):
            answer = Answer(rss(site, range(0)), "application/rss+xml")
            site.answers[f"http://news.invalid{path}"] = answer
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, site.url(""))
        away = Source(id="away", name="A", kind="feed", url="http://news.invalid/feed.xml", min_items=0)
        (direct,) = run(engine, away)
        assert site.asked == []
        (proxied,) = crawl(engine, [away], now=NOW, settings=Settings(proxy=site.url("")))
    assert direct.reason == "DNS: no such host"
    assert proxied.ok, proxied.reason
    assert "http://news.invalid/feed.xml" in site.paths


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    packed = {"Content-Encoding": "gzip"}
    with serve_site({}) as site:
        for path, megabytes in (("/ratio.xml", 2), ("/size.xml", 12)):
            body = gzip.compress(b" " * (megabytes << 20))
            site.answers[path] = Answer(body, "application/rss+xml", headers=packed)
        text = rss(site, range(700)).encode()
        site.answers["/fine.xml"] = Answer(gzip.compress(text), "application/rss+xml", headers=packed)
        named = [source(site, f"/{name}.xml", id=name, max_pages=1) for name in ("ratio", "size", "fine")]
        ratio, size, fine = run(store(tmp_path), *named)
    assert ratio.reason == "unpacks to more than 200 times its size"
    assert size.reason == "unpacks to more than allowed"
    assert fine.items == 700


class Endless(dict[str, Answer]):
    """Sitemap indexes that each name a deeper one."""

    def get(self, path: str, default: object = None) -> Answer | None:  # type: ignore[override]
        if not path.startswith("/map"):
            return None
        deeper = f"http://127.0.0.1:{self.port}{path}x"
        body = f"<sitemapindex><sitemap><loc>{deeper}</loc></sitemap></sitemapindex>"
        return Answer(body, "application/xml")

    port = 0


def test_an_index_of_indexes_ends(tmp_path: Path) -> None:
    answers = Endless()
    with serve_site(answers) as site:
        answers.port = site.port
        (result,) = run(store(tmp_path), source(site, "/map", kind="sitemap"))
    assert [path for path in site.paths if path.startswith("/map")] == ["/map" + n * "x" for n in range(6)]
    assert result.reason == "0 entries where at least 1 are expected"


@contextmanager
def drip() -> Iterator[int]:
    """A server whose bodies never end: a few bytes now and then, so that no idle time is ever reached."""

    def serve() -> None:
        try:
            while True:
                talk, _ = server.accept()
                Thread(target=trickle, args=(talk,), daemon=True).start()
        except OSError:
            return

    def trickle(talk: socket.socket) -> None:
        with talk:
            gone = b"GET /robots.txt" in talk.recv(4096)
            if gone:
                talk.sendall(b"HTTP/1.1 404 Gone\r\nContent-Length: 0\r\n\r\n")
                return
            talk.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n")
            while not stopped:
                talk.sendall(b" ")
                talk.settimeout(0.1)
                try:
                    if not talk.recv(1):
                        return
                except TimeoutError:
                    continue
                except OSError:
                    return

    stopped: list[bool] = []
    server = socket.create_server(("127.0.0.1", 0))
    Thread(target=serve, daemon=True).start()
    try:
        yield server.getsockname()[1]
    finally:
        stopped.append(True)
        server.close()


HURRIED = """
import json, sys
from spiders.run import Crawl, Job
extra = {"DOWNLOAD_TIMEOUT": 1, "RETRY_TIMES": 0}
Crawl(Job.model_validate_json(sys.argv[1]), lambda m: print(json.dumps(m), flush=True), extra).run()
"""


def test_a_body_that_never_ends_is_given_up(tmp_path: Path) -> None:
    with drip() as port:
        slow = Source(id="slow", name="S", kind="feed", url=f"http://127.0.0.1:{port}/feed.xml", local=True)
        engine = store(tmp_path)
        job = {"sources": [slow.model_dump()], "now": NOW.isoformat(), "database_url": str(engine.url)}
        command = [sys.executable, "-c", HURRIED, json.dumps(job)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    result = json.loads(done.stdout.splitlines()[-1])["result"]
    assert result["reason"] == "timed out", done.stderr
