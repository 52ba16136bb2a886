"""Writing an issue's files, each whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tracker.errors import BriefingError


def write(out: Path, name: str, texts: Mapping[str, str]) -> list[Path]:
    """Write `<name>.<ending>` for each text; a reader never sees half a file.

    Raises BriefingError with the folder and the reason.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        return [_replace(out / f"{name}.{ending}", text) for ending, text in texts.items()]
    except OSError as error:
        reason = error.strerror or str(error)
        raise BriefingError(
            f"cannot write to {out}: {reason}", hint="choose another folder with --out"
        ) from error


def _replace(path: Path, text: str) -> Path:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        # mkstemp makes files that only their owner can read; a briefing is for readers.
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    return path
