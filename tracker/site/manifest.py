"""What a site was built from: a digest for each page and issue, so that only what changed is built again."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError

from tracker.site.archive import IssueNote

SCHEMA = "tracker-site/1"
FILE = ".manifest.json"


@dataclass
class Kept:
    """An issue as it was built: the digest of what it rests on, and what the other pages say of it."""

    inputs: str
    note: IssueNote


@dataclass
class Manifest:
    """pages: the digest of the inputs by path, "" where the file may be half of another build."""

    pages: dict[str, str] = field(default_factory=dict)
    issues: dict[str, Kept] = field(default_factory=dict)


_NOTES: TypeAdapter[dict[str, Kept]] = TypeAdapter(dict[str, Kept])
_PAGES: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, str])


def write_manifest(manifest: Manifest) -> str:
    issues = _NOTES.dump_python(manifest.issues, mode="json")
    found = {"schema": SCHEMA, "pages": manifest.pages, "issues": issues}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n"


def read_manifest(text: str) -> Manifest:
    """An empty one where the text is of another version or no manifest: then everything is built."""
    try:
        found: dict[str, Any] = json.loads(text)
        if found["schema"] != SCHEMA:
            return Manifest()
        return Manifest(_PAGES.validate_python(found["pages"]), _NOTES.validate_python(found["issues"]))
    except (ValueError, KeyError, TypeError, ValidationError):
        return Manifest()
