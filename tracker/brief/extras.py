"""Packages that only some forms need."""

from __future__ import annotations

import importlib
from typing import Any

from tracker.errors import BriefingError


def needed(module: str, extra: str) -> Any:
    """A module of an optional package. Raises BriefingError saying what to install."""
    try:
        return importlib.import_module(module)
    # OSError: the package is there, and a library of the system that it loads is not.
    except (ImportError, OSError) as error:
        raise BriefingError(
            f"this form of the briefing needs {module}: {error}",
            hint=f"pip install 'market-signal-tracker[{extra}]'; docs/briefing.md says what the system needs",
        ) from error
