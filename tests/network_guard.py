"""Refuses every connection but loopback, at the level of the interpreter: plain sockets, asyncio, Twisted.

An audit hook sees what C code does too, and cannot be undone by a test that replaces `socket`. A refusal that
the tested code swallows still fails the test, because it is written down here. Child processes (the crawl, a
browser) are not seen: their tests give them addresses on loopback, and names under `.invalid`.
"""

from __future__ import annotations

import ipaddress
import sys

ATTEMPTS: list[str] = []
"""What was refused since it was last emptied."""

ADDRESSED = ("socket.connect", "socket.sendto", "socket.sendmsg")
LOOKED_UP = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
RESERVED = ".invalid"  # never resolves (RFC 6761): asking for it is how a dead name is tested


class NetworkRefused(RuntimeError):
    """A test tried to leave the machine. No OSError, so that nobody takes it for a network that is down."""


def install() -> None:
    """Switch the guard on for good: the interpreter knows no way to take an audit hook back."""
    sys.addaudithook(_audit)


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if event in ADDRESSED:
        host = _host(arguments[1])
    elif event in LOOKED_UP and not str(arguments[0]).endswith(RESERVED):
        host = arguments[0]
    else:
        return
    if not is_local(host):
        ATTEMPTS.append(f"{event} {host!r}")
        raise NetworkRefused(f"{event}: tests may talk to loopback only, not to {host!r}")


def _host(address: object) -> object:
    # Unix sockets have a path for an address; a connected socket sends without one.
    return address[0] if isinstance(address, tuple) and address else None


def is_local(host: object) -> bool:
    """Whether a host as `socket` takes it is this machine: loopback, none at all, or no name.

    >>> [is_local(h) for h in ("127.0.0.1", "::1", "localhost", None, "10.0.0.1", "news.example")]
    [True, True, True, True, False, False]
    """
    text = host.decode("idna") if isinstance(host, bytes) else host
    if not isinstance(text, str) or text in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False
