"""Guards: which hosts may be asked, that no other address is connected to, and what may be unpacked.

A name can answer a check with one address and the connection with another (DNS rebinding). Here names are
looked up in one place only: the guard checks the addresses and pins them, and Twisted gets no others.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest, ResponseDataLossError
from scrapy.http import Request, Response
from twisted.internet.address import IPv4Address, IPv6Address

from spiders.addresses import is_loopback, is_public, literal_ip
from spiders.failures import NO_HOST, NoSuchHost, Refused
from spiders.settings import MEGABYTE

INSIDE = (".localhost", ".local", ".internal", ".home.arpa")
FRESH = 600.0  # seconds for which a name is not looked up again
GZIP = b"\x1f\x8b"  # how such data begins
MAX_RATIO = 200  # times; a page or feed shrinks to a fifth or a tenth, a bomb to a thousandth


@dataclass(frozen=True)
class Lookup:
    """What a host name was found to stand for, or why it must not be asked; `at` is a monotonic time."""

    addresses: tuple[str, ...] = ()
    refusal: Refused | None = None
    at: float = field(default_factory=time.monotonic)


class Pins:
    """The addresses that each host was checked for, in one process. What was never checked has none."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, bool], Lookup] = {}
        self.addresses: dict[str, tuple[str, ...]] = {}

    async def check(self, host: str, local: bool, timeout: float) -> Refused | None:
        """Why a host must not be asked; None where it may, and then its addresses are pinned."""
        known = self.found.get((host, local))
        if known is None or time.monotonic() - known.at > FRESH:
            known = await looked_up(host, is_loopback if local else is_public, timeout)
            self.found[host, local] = known
        if known.refusal is None:
            self.addresses[ascii_host(host)] = known.addresses
        return known.refusal

    async def allow(self, host: str, timeout: float) -> None:
        """Pin a host that the operator named, wherever it lies."""
        if ascii_host(host) not in self.addresses:
            found = await looked_up(host, lambda address: True, timeout)
            self.addresses[ascii_host(host)] = found.addresses


PINS = Pins()  # as long as the process: all its crawls connect through one resolver


def ascii_host(host: str) -> str:
    """The name as it goes over the wire; Twisted asks for the readable one."""
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host.lower()


def spelt_inside(host: str) -> bool:
    """Whether a host is this machine or a private one by its spelling alone."""
    literal = literal_ip(host)
    return not is_public(literal) if literal else host == "localhost" or host.endswith(INSIDE)


async def looked_up(host: str, allowed: Callable[[str], bool], timeout: float) -> Lookup:
    loop = asyncio.get_running_loop()
    try:
        found = await asyncio.wait_for(loop.run_in_executor(None, _resolve, host), timeout)
    except TimeoutError:
        return Lookup(refusal=NoSuchHost(f"DNS: no answer within {timeout:.0f} seconds"))
    except (OSError, UnicodeError):
        return Lookup(refusal=NoSuchHost(NO_HOST))
    # One inner address among public ones is enough to refuse: which of them is connected to is chance.
    return Lookup(found) if found and all(map(allowed, found)) else Lookup(refusal=inner(host))


def inner(host: str) -> Refused:
    return Refused(f"{host} lies in this machine or a private network")


def _resolve(host: str) -> tuple[str, ...]:
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(info[4][0]) for info in found))


class AddressGuard:
    """Refuses what is not of the open internet, and lets a source of this machine reach loopback only.

    It sees every request, robots.txt and redirects included. Proxies of the environment are not used; the one
    that the operator names (TRACKER_PROXY) looks names up itself, so that only spellings can be checked here.
    """

    def __init__(self, crawler: Crawler, pins: Pins = PINS) -> None:
        self.crawler = crawler
        self.pins = pins
        self.proxy: str = crawler.settings["TRACKER_PROXY"] or ""
        self.timeout: float = crawler.settings.getfloat("DNS_TIMEOUT")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AddressGuard:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        host = parts.hostname or ""
        if parts.scheme not in ("http", "https") or not host:
            raise Refused("not an address of the web")
        source = self.crawler.spider.source
        local = source.local and host == source.host
        if not local and spelt_inside(host):
            raise inner(host)
        request.meta["proxy"] = None if local else self.proxy or None
        if request.meta["proxy"]:
            await self.pins.allow(urlsplit(self.proxy).hostname or "", self.timeout)
        elif (refusal := await self.pins.check(host, local, self.timeout)) is not None:
            raise refusal.with_traceback(None)  # it is kept: raised again, it would hold on to every request


class Pinned:
    """A resolution (IHostResolution) that is over as soon as it began."""

    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Nothing is under way."""


class PinnedResolver:
    """Gives Twisted the pinned addresses of a host (as IHostnameResolver) and never asks the DNS."""

    def __init__(self, reactor: Any, pins: Pins = PINS) -> None:
        self.reactor = reactor
        self.pins = pins

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> PinnedResolver:
        return cls(reactor)

    def install_on_reactor(self) -> None:
        self.reactor.installNameResolver(self)

    def resolveHostName(
        self,
        receiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type] | None = None,
        transportSemantics: str = "TCP",
    ) -> Pinned:
        resolution = Pinned(hostName)
        receiver.resolutionBegan(resolution)
        for address in self.pins.addresses.get(ascii_host(hostName), ()):
            version = IPv6Address if ipaddress.ip_address(address).version == 6 else IPv4Address
            receiver.addressResolved(version("TCP", address, portNumber))
        receiver.resolutionComplete()
        return resolution


class Unpacking(HttpCompressionMiddleware):  # type: ignore[misc]  # Scrapy is untyped here
    """Unpacks bodies, and refuses one that unpacks to more than its size or its ratio allows."""

    def __init__(self, *, crawler: Crawler) -> None:
        super().__init__(crawler=crawler)
        self.crawler = crawler

    def process_response(self, request: Request, response: Response) -> Request | Response:
        self.crawler.spider.tally.bytes += len(response.body)
        gzipped = b"gzip" in (response.headers.get("Content-Encoding") or b"")
        if gzipped and not response.body.startswith(GZIP):
            del response.headers["Content-Encoding"]  # a label and nothing more: it is read as it came
            gzipped = False
        try:
            unpacked = super().process_response(request, response)
        except IgnoreRequest as error:
            raise Refused("unpacks to more than allowed") from error
        size = len(unpacked.body)
        if size > MEGABYTE and size > MAX_RATIO * len(response.body):
            raise Refused(f"unpacks to more than {MAX_RATIO} times its size")
        if gzipped and not is_whole(response.body, size):
            raise ResponseDataLossError
        return unpacked


def is_whole(packed: bytes, size: int) -> bool:
    """Whether gzip data that unpacked to `size` bytes has its end; Scrapy takes what there is of it."""
    if int.from_bytes(packed[-4:], "little") == size & 0xFFFFFFFF:
        return True
    # The last bytes hold the size of the last member only, and anything may stand behind it.
    while packed.startswith(GZIP):
        member = zlib.decompressobj(wbits=31)
        try:
            member.decompress(packed)
        except zlib.error:
            return False
        if not member.eof:
            return False
        packed = member.unused_data
    return True
