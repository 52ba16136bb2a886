"""`python -m tests.licences` writes docs/licences.md, what every package that the program needs is licensed
under; `--check` compares it, and refuses a licence that an Apache-2.0 program cannot be handed on with.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE, PINS = ROOT / "docs" / "licences.md", ROOT / "requirements" / "run.txt"
UNSAID = {"currencyconverter": "Apache-2.0"}
"""Packages whose metadata names no licence, with what the file in them says."""

FREE = re.compile(r"\b(MIT|MIT-0|0?BSD|Apache|PSF|Python Software|ISC|MPL|Mozilla|ZPL|CNRI|Zlib|CC0)")
HEAD = """# Licences of what the program needs

Written by `make licences` from the packages' own metadata, for the pins of `requirements/run.txt` that a
Linux machine installs. A test compares it, and fails where a licence is not one that a program under
Apache-2.0 may be handed on with.

| package | licence |
|---|---|
"""


def licence_of(found: Distribution) -> str:
    """What a package says of itself: an expression, a classifier or a short name; empty if nothing."""
    told = found.metadata
    short = (told.get("License") or "").strip()
    classifiers = [line.split(" :: ") for line in told.get_all("Classifier") or []]
    classes = [parts[-1] for parts in classifiers if parts[0] == "License"]
    named = [told.get("License-Expression") or "", *classes, short if len(short) < 60 else ""]
    return next(filter(None, named), UNSAID.get(found.name.lower(), ""))


def pinned() -> Iterator[tuple[str, str]]:
    """The pinned packages that are installed here, with their licences; other platforms have others."""
    for name in re.findall(r"^([a-z0-9-]+)==", PINS.read_text("utf-8"), flags=re.MULTILINE):
        try:
            yield name, licence_of(distribution(name))
        except PackageNotFoundError:
            continue


def is_free(licence: str) -> bool:
    """Whether one of the licences to choose from is free in all its parts.

    >>> is_free("MPL-1.1 OR GPL-2.0-only"), is_free("MIT AND GPL-3.0-only"), is_free("")
    (True, False, False)
    """
    choices = [choice.split(" AND ") for choice in licence.split(" OR ")]
    return any(all(FREE.search(part) for part in choice) for choice in choices)


def row(name: str, licence: str) -> str:
    return f"| {name} | {licence} |"


def troubles(page: str) -> list[str]:
    rows = set(page.splitlines())
    found = dict(pinned())
    bad = [f"{name}: {licence or 'no licence'}" for name, licence in found.items() if not is_free(licence)]
    return bad + [
        f"{name}: not in {PAGE.name}" for name, told in found.items() if row(name, told) not in rows
    ]


def main(arguments: list[str]) -> int:
    if arguments != ["--check"]:
        PAGE.write_text(HEAD + "".join(f"{row(*one)}\n" for one in sorted(set(pinned()))), "utf-8")
    bad = troubles(PAGE.read_text("utf-8"))
    for line in bad:
        print(line, file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
