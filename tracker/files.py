"""Files that are written whole or not at all, and what is written in TOML."""

from __future__ import annotations

import os
import tempfile
import tomllib
from pathlib import Path
from typing import Any


def write_whole(path: Path, told: str | bytes) -> Path:
    """Write a text in UTF-8, or bytes, so that nobody ever sees half of it. Raises OSError.

    Its folder must exist.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(told.encode() if isinstance(told, str) else told)
        # mkstemp makes files that only their owner can read; these are for readers.
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    return path


def toml(text: str) -> dict[str, Any]:
    """What a text in TOML says. Raises ValueError, also where it is nested deeper than anybody writes."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
