"""The same question about other days."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any, TypeVar

T = TypeVar("T")


def shifted(part: T, by: dt.timedelta) -> T:
    """A criterion, or any part of one, with every day in it moved."""
    found: Any = part
    if isinstance(part, dt.date):
        found = part + by
    elif isinstance(part, tuple):
        found = tuple(shifted(x, by) for x in part)
    elif dataclasses.is_dataclass(part) and not isinstance(part, type):
        named = {f.name: shifted(getattr(part, f.name), by) for f in dataclasses.fields(part)}
        found = dataclasses.replace(part, **named)
    return found  # type: ignore[no-any-return]
