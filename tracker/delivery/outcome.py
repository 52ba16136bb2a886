"""How an attempt to send can end."""

from __future__ import annotations


class Undelivered(Exception):
    """It certainly did not arrive. `passing`: it may do so in a while."""

    def __init__(self, reason: str, *, passing: bool) -> None:
        super().__init__(reason)
        self.passing = passing


class Unsure(Exception):
    """Nobody can tell whether it arrived, so that it must not be sent again unasked."""
