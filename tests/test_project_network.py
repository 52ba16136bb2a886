"""The guard holds against every way out that the program could take."""

from __future__ import annotations

import asyncio
import doctest
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import network_guard
from tests.network_guard import NetworkRefused

ROOT = Path(__file__).parents[1]
OUTSIDE = "192.0.2.1"  # reserved for documentation: nobody answers, even where the guard fails


@pytest.fixture(autouse=True)
def _expected() -> Iterator[None]:
    yield
    network_guard.ATTEMPTS.clear()


def by_socket() -> None:
    with socket.socket() as sock:
        sock.settimeout(0.2)
        sock.connect((OUTSIDE, 80))


def by_return_code() -> None:
    with socket.socket() as sock:
        sock.settimeout(0.2)
        sock.connect_ex((OUTSIDE, 80))


def by_datagram() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(b"x", (OUTSIDE, 9))


def by_name() -> None:
    socket.getaddrinfo("news.example", 80)


def by_asyncio() -> None:
    asyncio.run(asyncio.wait_for(asyncio.open_connection(OUTSIDE, 80), 0.2))


WAYS = [by_socket, by_return_code, by_datagram, by_name, by_asyncio]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_nothing_leaves_the_machine(way: Callable[[], None]) -> None:
    with pytest.raises(NetworkRefused, match="loopback only"):
        way()
    assert network_guard.ATTEMPTS
    network_guard.ATTEMPTS.clear()


def test_loopback_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(("localhost", server.getsockname()[1]), timeout=2) as near:
            near.sendall(b"x")
        far, _ = server.accept()
        far.close()
    assert network_guard.ATTEMPTS == []


def test_unix_sockets_are_free(tmp_path: Path) -> None:
    near, far = socket.socketpair()
    near.sendall(b"x")
    assert far.recv(1) == b"x"
    near.close()
    far.close()
    assert network_guard.ATTEMPTS == []


TWISTED = f"""
from twisted.internet import reactor
from twisted.internet.protocol import ClientFactory
from tests import network_guard
network_guard.install()
reactor.callWhenRunning(reactor.connectTCP, '{OUTSIDE}', 80, ClientFactory(), timeout=0.2)
reactor.callLater(0.3, reactor.stop)
reactor.run()
print(network_guard.ATTEMPTS)
"""


def test_twisted_does_not_leave_the_machine() -> None:
    done = subprocess.run([sys.executable, "-c", TWISTED], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == f"[\"socket.connect '{OUTSIDE}'\"]", done.stderr


def test_a_swallowed_refusal_still_fails_the_test(tmp_path: Path) -> None:
    lines = (
        "import contextlib, socket",
        "def test_quiet():",
        "    with contextlib.suppress(Exception):",
        f"        socket.create_connection(('{OUTSIDE}', 80), timeout=0.2)",
    )
    (tmp_path / "test_quiet.py").write_text("\n".join(lines))
    (tmp_path / "conftest.py").write_text("from tests.conftest import *")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)]
    done = subprocess.run(
        [*command, "-c", "/dev/null", str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "NetworkRefused" in done.stdout


def test_examples() -> None:
    assert doctest.testmod(network_guard).failed == 0
