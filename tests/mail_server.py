"""A real SMTP server on loopback that does as it is told, and a web service like a chat's."""

from __future__ import annotations

import contextlib
import email
import email.policy
import http.server
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


class Box:
    """What came, and how the server answers: `answers` are used up one a mail, then all is well.

    An answer is a line of SMTP, or "hang up" for a line cut before it is said whether the mail was taken.
    """

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.mails: list[EmailMessage] = []
        self.readers: list[str] = []
        self.encrypted: list[bool] = []
        self.users: list[str] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.answers.pop(0) if self.answers else "250 taken"
        if answer == "hang up":
            assert server.transport is not None
            server.transport.close()
            return "250 never heard"
        if answer.startswith("2"):
            found = email.message_from_bytes(bytes(envelope.content or b""), policy=email.policy.default)
            assert isinstance(found, EmailMessage)
            self.mails.append(found)
            self.readers += envelope.rcpt_tos
            self.encrypted.append(session.ssl is not None or server.transport.get_extra_info("ssl_object"))
        return answer

    def authenticate(self, _: Any, __: Any, ___: Any, mechanism: str, data: Any) -> AuthResult:
        self.users.append(data.login.decode())
        return AuthResult(success=data.password == b"right", handled=False)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextlib.contextmanager
def serving(box: Box, *, context: ssl.SSLContext | None = None, wrapped: bool = False) -> Iterator[int]:
    """The server's port. With a context it offers STARTTLS, or speaks TLS from the start."""
    options: dict[str, Any] = {"authenticator": box.authenticate, "auth_require_tls": False}
    options["server_hostname"] = "mail.example.org"  # else it asks the name servers for its own
    if context and not wrapped:
        options |= {"tls_context": context, "require_starttls": True}
    controller = Controller(
        box, hostname="127.0.0.1", port=free_port(), ssl_context=context if wrapped else None, **options
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextlib.contextmanager
def chatting(*codes: int) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """A web service that answers with these codes, then with 200; its port and what it was told."""
    told: list[dict[str, Any]] = []
    left = list(codes)

    class Service(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(left.pop(0) if left else 200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port, told
    finally:
        server.shutdown()
        server.server_close()
