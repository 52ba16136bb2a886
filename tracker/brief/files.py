"""Writing an issue's files, each whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tracker.errors import BriefingError
from tracker.files import write_whole


def write(out: Path, name: str, forms: Mapping[str, str | bytes]) -> list[Path]:
    """Write `<name>.<ending>` for each form; a reader never sees half a file.

    Raises BriefingError with the folder and the reason.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        return [write_whole(out / f"{name}.{ending}", told) for ending, told in forms.items()]
    except OSError as error:
        reason = error.strerror or str(error)
        raise BriefingError(
            f"cannot write to {out}: {reason}", hint="choose another folder with --out"
        ) from error
