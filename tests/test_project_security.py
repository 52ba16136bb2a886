"""The tests that docs/security.md rests on exist."""

from __future__ import annotations

import ast
import re

import pytest

from tests.source_tree import ROOT, parsed

PAGE = ROOT / "docs" / "security.md"
NAMED = re.compile(r"`(test_\w+)::(test_\w+)`")


def unknown(text: str) -> list[str]:
    """The tests that a page names and that are not there."""
    return [f"{file}::{name}" for file, name in NAMED.findall(text) if name not in names_in(file)]


def names_in(file: str) -> set[str]:
    path = ROOT / "tests" / f"{file}.py"
    if not path.is_file():
        return set()
    return {node.name for node in parsed(path).body if isinstance(node, ast.FunctionDef)}


def rows(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| threat ")]


def test_every_test_that_is_named_exists() -> None:
    assert unknown(PAGE.read_text("utf-8")) == []


def test_every_threat_names_a_test() -> None:
    threats = rows(PAGE.read_text("utf-8"))
    assert len(threats) > 30
    assert [line for line in threats if not NAMED.search(line.split(" | ")[-1])] == []


@pytest.mark.parametrize("name", ["test_security::test_nothing_at_all", "test_no_such_file::test_x"])
def test_a_test_that_is_not_there_is_seen(name: str) -> None:
    assert unknown(f"see `{name}` and `test_fuzz::test_the_seeds_read`") == [name]


def test_both_pages_can_be_found() -> None:
    assert "](docs/security.md)" in (ROOT / "README.md").read_text("utf-8")
    assert "](licences.md)" in PAGE.read_text("utf-8")
