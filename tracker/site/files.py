"""The files of a site: what is equal already is left alone, what is no page any more is removed."""

from __future__ import annotations

import re
from pathlib import Path

from tracker.errors import SiteError
from tracker.files import write_whole
from tracker.site.manifest import FILE, Manifest, read_manifest, write_manifest

_OURS = re.compile(r"(?:[a-z]+/){0,2}[\w-]+\.(?:html|css|js|json|xml|md|txt)", re.ASCII)
"""Paths that a site can have; a manifest that names others is none of ours."""


class Folder:
    """A folder that holds a site, or will. All its methods raise SiteError where the disk refuses."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.written: set[str] = set()
        self.removed: list[str] = []
        self._there: set[str] = set()
        self._begun = False
        try:
            self.manifest = read_manifest(self._read(FILE))
            self._there = {str(p.relative_to(out)) for p in out.rglob("*.*")} if out.exists() else set()
        except OSError as error:
            raise _refused(out, error) from error

    def is_current(self, path: str, inputs: str) -> bool:
        """Whether the file is there and was made from these inputs."""
        return path in self._there and self.manifest.pages.get(path) == inputs

    def put(self, path: str, text: str) -> None:
        """Write a file, unless it says the same already."""
        target = self.out / path
        try:
            if path in self._there and self._read(path) == text:
                return
            self.begin()
            target.parent.mkdir(parents=True, exist_ok=True)
            write_whole(target, text)
        except OSError as error:
            raise _refused(self.out, error) from error
        self.written.add(path)

    def close(self, manifest: Manifest) -> None:
        """Remove the pages that are none any more, and write down what the site was built from."""
        gone = self._there & self.manifest.pages.keys() - manifest.pages.keys()
        try:
            for path in sorted(gone):
                if _OURS.fullmatch(path):
                    (self.out / path).unlink()
                    self.removed.append(path)
            text = write_manifest(manifest)
            if self._read(FILE) != text:
                self.out.mkdir(parents=True, exist_ok=True)
                write_whole(self.out / FILE, text)
        except OSError as error:
            raise _refused(self.out, error) from error

    def begin(self) -> None:
        """Before the first change: a build that is cut off must not leave pages that pass for current."""
        if not self._begun:
            self._begun = True
            self.out.mkdir(parents=True, exist_ok=True)
            doubtful = Manifest(dict.fromkeys(self.manifest.pages, ""), {})
            write_whole(self.out / FILE, write_manifest(doubtful))

    def _read(self, path: str) -> str:
        try:
            return (self.out / path).read_bytes().decode("utf-8", errors="replace")
        except FileNotFoundError:
            return ""


def _refused(out: Path, error: OSError) -> SiteError:
    reason = error.strerror or str(error)
    return SiteError(f"cannot write to {out}: {reason}", hint="choose another folder with --out")
