"""Failures in words: one clause per way in which a request can end badly."""

from __future__ import annotations

from typing import Any

from scrapy import exceptions as scrapy_errors
from scrapy.exceptions import IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError


class Refused(IgnoreRequest):  # type: ignore[misc]  # Scrapy is untyped here
    """A request that this side will not make or not repeat; the message is for people."""


class NoSuchHost(Refused):
    """The name of a host does not resolve."""


class TryLater(Refused):
    """A host asked for a pause."""


NO_HOST = "DNS: no such host"
WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (scrapy_errors.CannotResolveHostError, NO_HOST),
    (scrapy_errors.DownloadConnectionRefusedError, "connection refused"),
    (scrapy_errors.DownloadTimeoutError, "timed out"),
    (scrapy_errors.DownloadCancelledError, "larger than allowed"),
    (scrapy_errors.ResponseDataLossError, "the answer broke off"),
    (scrapy_errors.DownloadFailedError, "connection failed"),
    (scrapy_errors.UnsupportedURLSchemeError, "not an address of the web"),
)


def describe(failure: Any) -> str:
    """The reason of a Twisted failure, in one clause."""
    error = failure.value
    if isinstance(error, HttpError):
        return f"HTTP {error.response.status}"
    if isinstance(error, IgnoreRequest):
        return "robots.txt forbids it" if "robots.txt" in str(error) else str(error) or "not requested"
    for kind, words in WORDS:
        if isinstance(error, kind):
            return words
    return f"{type(error).__name__}: {error}".splitlines()[0][:200].rstrip(": ")


def is_lasting(failure: Any) -> bool:
    """Whether asking again soon is pointless: robots.txt, a login, a page that is gone."""
    error = failure.value
    if isinstance(error, HttpError):
        return is_gone(error.response.status)
    return isinstance(error, IgnoreRequest) and not isinstance(error, NoSuchHost | TryLater)


def is_gone(status: int) -> bool:
    """Whether an HTTP status says that asking again soon is pointless."""
    return 400 <= status < 500 and status not in (408, 425, 429)
