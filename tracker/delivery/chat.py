"""Chats and the like, by Apprise: the bottom line, where the whole issue would be too long."""

from __future__ import annotations

import logging
import re

from tracker.brief.extras import needed
from tracker.delivery.outcome import Undelivered, Unsure

TIMEOUT = 60
"""Seconds that a service may take."""


_ANSWERED = re.compile(r"error=(\d{3})")
_NOT_REACHED = re.compile(r"NameResolutionError|NewConnectionError|No route to host")


def send(url: str, title: str, body: str) -> None:
    """Tell a service. Raises Undelivered or Unsure, BriefingError without the package `apprise`."""
    apprise = needed("apprise", "chat")
    service = apprise.Apprise()
    if not service.add(url):
        raise Undelivered("Apprise does not know this kind of address", passing=False)
    with apprise.LogCapture(level=logging.DEBUG) as log:
        took = service.notify(
            body=body, title=title, body_format=apprise.NotifyFormat.MARKDOWN, timeout=TIMEOUT
        )
        told = log.getvalue()
    if not took:
        raise _failure(told)


def _failure(log: str) -> Exception:
    """What the log of an attempt that failed says of it; the log itself may hold secrets."""
    answered = _ANSWERED.search(log)
    if answered:
        code = int(answered[1])
        return Undelivered(f"the service answered {code}", passing=code == 429 or code >= 500)
    if _NOT_REACHED.search(log):
        return Undelivered("the service was not reached", passing=True)
    return Unsure("the service did not say whether it took it")
