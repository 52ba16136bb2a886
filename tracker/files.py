"""Files that are written whole or not at all, and TOML that is read."""

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


def toml_of(path: Path) -> dict[str, Any]:
    """What a TOML file holds. Raises OSError, and ValueError for whatever is no TOML."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
