"""Every promise of the page on reliability is held by a test that exists."""

from __future__ import annotations

import ast
import re

import pytest

from tests.source_tree import ROOT

PAGES = ("reliability.md",)
NAMED = re.compile(r"`(test_\w+)`")
PROMISE = re.compile(r"^\|(?! ?-)(?P<cells>.+)\|$", re.MULTILINE)


def existing() -> set[str]:
    return {
        node.name
        for path in (ROOT / "tests").glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def unheld(text: str, known: set[str]) -> list[str]:
    """The promises that name no test, or one that is not there."""
    found = []
    for line in PROMISE.finditer(text):
        *_, held = line["cells"].split("|")
        names = NAMED.findall(held)
        if held.strip() == "held by" or (held.strip().startswith("none:") and not names):
            continue
        found += [name for name in names if name not in known] or ([] if names else [line["cells"].strip()])
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_promise_names_a_test_that_exists(page: str) -> None:
    assert unheld((ROOT / "docs" / page).read_text("utf-8"), existing()) == []


def test_every_test_that_is_told_of_exists() -> None:
    pages = [path.read_text("utf-8") for path in (ROOT / "docs").glob("**/*.md")]
    assert {name for text in pages for name in NAMED.findall(text)} <= existing()


def test_an_empty_promise_is_seen() -> None:
    table = (
        "| a | b | held by |\n|---|---|---|\n| x | y | `test_gone` |\n| z | y | hope |\n| n | y | none: no |"
    )
    assert unheld(table, {"test_here"}) == ["test_gone", "z | y | hope"]
