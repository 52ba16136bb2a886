"""The benchmark's own parts: what it writes where, and what it says without the annotated texts."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks import extract


def test_tables_go_between_the_markers(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{extract.BEGIN}\nold \\1\n{extract.END}\nafter\n", "utf-8")
    extract.put(page, "new \\1")
    assert page.read_text("utf-8") == f"before\n{extract.BEGIN}\n\nnew \\1\n\n{extract.END}\nafter\n"


def test_the_page_has_the_markers() -> None:
    text = extract.PAGE.read_text("utf-8")
    assert text.count(extract.BEGIN) == text.count(extract.END) == 1


def test_without_the_texts_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(extract, "SHARED", tmp_path / "none")
    monkeypatch.setattr(sys, "argv", ["extract"])
    extract.main()
    assert capsys.readouterr().out.startswith("nothing measured: the annotated texts are not at")
