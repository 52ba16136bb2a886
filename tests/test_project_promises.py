"""Every promise of the pages on reliability and security is held by a test that exists."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.source_tree import ROOT, parsed

DOCS = ROOT / "docs"
PAGES = {"reliability.md": 30, "security.md": 30}
"""The pages, and how many promises there are at the least."""

NAMED = re.compile(r"`(?:(test_\w+)::)?(test_\w+)`")
HEADS = ("held by", "the test that holds it")


@cache
def by_file() -> dict[str, set[str]]:
    return {
        path.stem: {n.name for n in parsed(path).body if isinstance(n, ast.FunctionDef)}
        for path in (ROOT / "tests").glob("test_*.py")
    }


def unknown(text: str) -> list[str]:
    """The tests that a page names, with their file or without, and that are not there."""
    known = by_file()
    anywhere = set().union(*known.values())
    found = NAMED.findall(text)
    return [f"{f}::{n}" if f else n for f, n in found if n not in (known.get(f, set()) if f else anywhere)]


def promises(text: str) -> list[str]:
    """The rows of a page's tables, without their heads."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [line for line in lines if line.strip("| ").split(" | ")[-1] not in HEADS]


def unheld(text: str) -> list[str]:
    """The promises that name no test."""
    return [line for line in promises(text) if not NAMED.search(line.split(" | ")[-1])]


@pytest.mark.parametrize("page", PAGES)
def test_every_promise_names_a_test(page: str) -> None:
    text = (DOCS / page).read_text("utf-8")
    assert len(promises(text)) > PAGES[page]
    assert unheld(text) == []


def test_every_test_that_is_named_exists() -> None:
    assert [name for path in DOCS.glob("**/*.md") for name in unknown(path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    "name", ["test_security::test_nothing_at_all", "test_no_such_file::test_x", "test_gone"]
)
def test_a_test_that_is_not_there_is_seen(name: str) -> None:
    assert unknown(f"see `{name}`, `test_the_seeds_read` and `test_fuzz::test_the_seeds_read`") == [name]


def test_an_empty_promise_is_seen() -> None:
    table = "| a | b | held by |\n|---|---|---|\n| x | y | `test_gone` |\n| z | y | hope |"
    assert unheld(table) == ["| z | y | hope |"]


def test_both_pages_can_be_found() -> None:
    assert "](docs/security.md)" in (ROOT / "README.md").read_text("utf-8")
    assert "](licences.md)" in (DOCS / "security.md").read_text("utf-8")
