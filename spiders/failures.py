"""Failures in words: one clause per way in which a request can end badly."""

from __future__ import annotations

import datetime as dt
from typing import Any

from scrapy import exceptions as scrapy_errors
from scrapy.exceptions import IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError

PATIENT = 3  # failures of a page, from which on it is left alone between tries
FIRST_PAUSE = dt.timedelta(hours=1)
LONGEST_PAUSE = dt.timedelta(days=7)
LONG_PAUSE = dt.timedelta(days=1)  # a page that rests longer keeps no listing from being asked conditionally


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
SCRAPYS = (
    ("Forbidden by robots.txt", "robots.txt forbids it"),
    ("max redirections reached", "redirects without an end"),
)


def describe(failure: Any) -> str:
    """The reason of a Twisted failure, in one clause."""
    return in_words(failure.value)


def in_words(error: BaseException) -> str:
    """The reason that an error gives, in one clause."""
    if isinstance(error, HttpError):
        return f"HTTP {error.response.status}"
    if isinstance(error, IgnoreRequest):
        return next((words for said, words in SCRAPYS if said in str(error)), str(error) or "not requested")
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


def pause(times: int) -> dt.timedelta:
    """How long a page is left alone after so many failures: not at first, for it may have been a hiccup.

    >>> [pause(times) / FIRST_PAUSE for times in (1, 2, 3, 4, 5)], pause(400).days
    ([0.0, 0.0, 1.0, 4.0, 16.0], 7)
    """
    if times < PATIENT:
        return dt.timedelta()
    growth: int = 4 ** min(times - PATIENT, 10)  # a larger power would say no more than a week either
    return min(FIRST_PAUSE * growth, LONGEST_PAUSE)
