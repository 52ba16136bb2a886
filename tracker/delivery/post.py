"""Mail over SMTP. Always encrypted, but to a server on this machine."""

from __future__ import annotations

import ipaddress
import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from tracker.delivery.outcome import Undelivered, Unsure
from tracker.errors import ConfigError

TIMEOUT = 30.0
"""Seconds that a server may take for one answer."""

PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True)
class Server:
    """A mail server. `wrapped`: TLS from the first byte on, else STARTTLS."""

    host: str
    port: int
    wrapped: bool
    user: str = ""
    password: str = ""

    @property
    def local(self) -> bool:
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def server_of(url: str) -> Server:
    """`smtp://user:password@host:587` (STARTTLS) or `smtps://host` (TLS). Raises ConfigError.

    >>> server_of("smtps://ann:p%40ss@mail.example.org")
    Server(host='mail.example.org', port=465, wrapped=True, user='ann', password='p@ss')
    """
    try:
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError
        port = parts.port or PORTS[parts.scheme]
    except ValueError:
        # Not quoted: it may hold a password.
        raise ConfigError(
            "TRACKER_SMTP is no address of a mail server",
            hint="write it like smtps://user:password@mail.example.org or smtp://mail.example.org:587",
        ) from None
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(parts.hostname, port, parts.scheme == "smtps", user, password)


def send(server: Server, mail: EmailMessage) -> None:
    """Hand a mail to the server. Raises Undelivered or Unsure."""
    smtp = _reach(server)
    try:
        _hand_over(smtp, mail)
    finally:
        # The mail is with the server or is not, whatever the farewell brings.
        with suppress(smtplib.SMTPException, OSError):
            smtp.quit()


def _hand_over(smtp: smtplib.SMTP, mail: EmailMessage) -> None:
    try:
        smtp.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        raise Undelivered(f"{_told(text)} ({code})", passing=400 <= code < 500) from error
    except smtplib.SMTPResponseException as error:
        told = f"{_told(error.smtp_error)} ({error.smtp_code})"
        raise Undelivered(told, passing=400 <= error.smtp_code < 500) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Undelivered(str(error), passing=False) from error
    except (smtplib.SMTPException, OSError) as error:
        # The line broke while the mail was on its way: the server may have it.
        raise Unsure(str(error)) from error


def _reach(server: Server) -> smtplib.SMTP:
    """A connection that is encrypted and signed in."""
    context = ssl.create_default_context()
    try:
        if server.wrapped:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, _own_name(), timeout=TIMEOUT, context=context
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, _own_name(), timeout=TIMEOUT)
            smtp.ehlo()
            if smtp.has_extn("starttls"):
                smtp.starttls(context=context)
            elif not server.local:
                raise Undelivered(f"{server.host} offers no encryption (STARTTLS)", passing=False)
        if server.user:
            smtp.login(server.user, server.password)
    except ssl.SSLError as error:
        raise Undelivered(f"no safe connection to {server.host}: {error}", passing=False) from error
    except smtplib.SMTPAuthenticationError as error:
        raise Undelivered(f"{server.host} refused the user or the password", passing=False) from error
    except (smtplib.SMTPException, OSError) as error:
        raise Undelivered(f"{server.host}:{server.port} was not reached: {error}", passing=True) from error
    return smtp


def _own_name() -> str:
    """How this machine greets. Left to itself smtplib asks the name servers, and waits for them."""
    name = socket.gethostname()
    return name if "." in name else "[127.0.0.1]"


def _told(text: bytes | str) -> str:
    shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(shown.split())[:200]
