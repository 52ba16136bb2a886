"""The benchmark's own parts: what it writes where, and what it says without the annotated texts."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks import extract, pages


def test_tables_go_between_the_markers(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    begin, end = "<!-- begin x -->", "<!-- end x -->"
    page.write_text(f"before\n{begin}\nold \\1\n{end}\nafter\n", "utf-8")
    extract.put(page, "new \\1", "x")
    assert page.read_text("utf-8") == f"before\n{begin}\n\nnew \\1\n\n{end}\nafter\n"


@pytest.mark.parametrize("marks", [extract.MARKS, pages.MARKS])
def test_the_page_has_the_markers(marks: str) -> None:
    text = extract.PAGE.read_text("utf-8")
    assert text.count(f"<!-- begin {marks} -->") == text.count(f"<!-- end {marks} -->") == 1


def test_without_the_texts_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(extract, "SHARED", tmp_path / "none")
    monkeypatch.setattr(sys, "argv", ["extract"])
    extract.main()
    assert capsys.readouterr().out.startswith("nothing measured: the annotated texts are not at")
    monkeypatch.setattr(pages, "FOLDER", tmp_path / "none")
    pages.main()
    assert capsys.readouterr().out.startswith("nothing measured: the pages are not at")
