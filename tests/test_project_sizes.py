"""Small by habit: the sizes of functions and files, by the rule this code is written to."""

from __future__ import annotations

import statistics
from pathlib import Path

import pytest

from tests import source_tree
from tests.source_tree import ROOT, Size, code_lines, function_sizes, python_files

MEDIAN, NINETIETH, FILE = 10, 35, 300
LONGEST = 70
"""No function may hide behind the quantiles."""

PROGRAM = python_files("tracker", "spiders", "benchmarks")


def sizes() -> list[Size]:
    return sorted(size for path in PROGRAM for size in function_sizes(path))


def test_functions_are_small() -> None:
    found = sizes()
    lines = [size.lines for size in found]
    told = "longest: " + ", ".join(f"{s.where} ({s.lines})" for s in reversed(found[-10:]))
    assert statistics.median(lines) < MEDIAN, told
    assert statistics.quantiles(lines, n=10)[-1] < NINETIETH, told
    assert lines[-1] < LONGEST, told


def test_files_are_small() -> None:
    paths = [*PROGRAM, *python_files("tests", "requirements")]
    long = {str(p.relative_to(ROOT)): n for p in paths if (n := len(code_lines(p))) >= FILE}
    assert long == {}


def test_lines_are_counted_without_comments_and_docstrings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_tree, "ROOT", tmp_path)
    path = tmp_path / "a.py"
    path.write_text(
        '"""Doc\nstring."""\n\n\ndef f(x):\n    """Doc."""\n    # why\n    return (\n        x\n    )\n'
    )
    assert code_lines(path) == {5, 8, 9, 10}
    assert list(function_sizes(path)) == [Size(4, "a.py:5 f")]
