"""What is installed may be used: its licence asks for no more than naming it, or for its own source."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, metadata

from tests.source_tree import ROOT

PIN = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==", re.MULTILINE)
ALLOWED = re.compile(
    r"\b(MIT|BSD|0BSD|Apache|PSF|Python Software Foundation|CNRI|ISC|MPL|Mozilla|Zlib|CC0|ZPL|LGPL|Lesser)\b"
)
UNTOLD = {
    "axe-playwright-python": "MIT",
    "currencyconverter": "Apache-2.0",
    "resvg-py": "MIT",
}
"""Licences that stand in the package's files and not in its metadata."""


def licence(package: str) -> str:
    """What a package says of its licence; of alternatives one that is allowed is enough."""
    told = metadata(package)
    classes = [c for c in told.get_all("Classifier") or [] if c.startswith("License")]
    written = (told.get("License") or "").split("\n")[0]
    return told.get("License-Expression") or "; ".join(classes) or written or UNTOLD.get(package, "")


def refused(found: dict[str, str]) -> list[str]:
    return [
        f"{name}: {text or 'none told'}" for name, text in sorted(found.items()) if not ALLOWED.search(text)
    ]


def test_every_installed_package_has_a_licence_of_the_list() -> None:
    lists = [path.read_text("utf-8") for path in (ROOT / "requirements").glob("*.txt")]
    pins = {name for text in lists for name in PIN.findall(text)}
    found = {}
    for name in pins:
        try:
            found[name] = licence(name)
        except PackageNotFoundError:  # of another platform, or of a benchmark
            continue
    assert len(found) > 100
    assert refused(found) == []


def test_another_licence_is_seen() -> None:
    told = {"a": "GPL-3.0-only", "b": "", "c": "Proprietary", "d": "GPL-2.0-only OR MIT", "e": "AGPL-3.0"}
    assert refused(told) == ["a: GPL-3.0-only", "b: none told", "c: Proprietary", "e: AGPL-3.0"]
