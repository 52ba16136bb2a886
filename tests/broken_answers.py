"""Answers that break HTTP, or are no use: what servers do in bad weather, and hostile ones on purpose."""

from __future__ import annotations

import gzip
import socket
import struct
import time
from http.server import BaseHTTPRequestHandler

from tests.gather_support import Answer

MEGABYTE = 1024 * 1024
LONG = 60.0  # seconds; any crawl has hung up by then


def _head(handler: BaseHTTPRequestHandler, **headers: str) -> None:
    handler.send_response(200)
    for name, value in {"Content-Type": "text/html", **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()


def _chunk(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    handler.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))


def silent() -> Answer:
    """Takes the request and says nothing."""

    def wire(handler: BaseHTTPRequestHandler) -> None:
        handler.connection.settimeout(LONG)
        handler.connection.recv(1)  # until the other side hangs up

    return Answer("", wire=wire)


def endless(body: str) -> Answer:
    """Goes on for ever, a little at a time."""

    def wire(handler: BaseHTTPRequestHandler) -> None:
        _head(handler, Transfer_Encoding="chunked")
        _chunk(handler, body.encode())
        until = time.monotonic() + LONG
        while time.monotonic() < until:
            _chunk(handler, b"<p>And more.</p>")
            time.sleep(0.05)

    return Answer("", wire=wire)


def reset() -> Answer:
    """Resets the connection."""

    def wire(handler: BaseHTTPRequestHandler) -> None:
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()

    return Answer("", wire=wire)


def sized(body: str, share: float) -> Answer:
    """States a length of so much of the body's own: above 1 it breaks off, below 1 the rest is lost."""

    def wire(handler: BaseHTTPRequestHandler) -> None:
        data = body.encode()
        _head(handler, Content_Length=str(int(len(data) * share)))
        handler.wfile.write(data)

    return Answer("", wire=wire)


def gigabyte(*, stated: bool) -> Answer:
    """A body of 1 GB, with its length in front or without."""

    def wire(handler: BaseHTTPRequestHandler) -> None:
        _head(handler, **({"Content_Length": str(1024 * MEGABYTE)} if stated else {"Connection": "close"}))
        for _ in range(1024):
            handler.wfile.write(b" " * MEGABYTE)

    return Answer("", wire=wire)


def packed(body: str, share: float = 1.0) -> Answer:
    """The gzip of a body, or the first part of it."""
    data = gzip.compress(body.encode(), mtime=0)
    return Answer(data[: int(len(data) * share)], headers={"Content-Encoding": "gzip"})


def bomb() -> Answer:
    """50 MB of nothing in 50 kB."""
    return packed("<html>" + " " * (50 * MEGABYTE))


def moved(to: str) -> Answer:
    return Answer("", status=302, headers={"Location": to})
