"""The benchmark's own parts: what it writes where, and what it says without the annotated texts."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks import extract, pages
from benchmarks.labelling import notice_role, story_role
from tracker.extract.wire_names import Candidate, Place


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


def forms(*texts: str) -> Candidate:
    return Candidate(True, [Place(0, 0, 0, 0, len(text), text) for text in texts])


@pytest.mark.parametrize(
    ("candidate", "role"),
    [
        (forms("Harrow\n Mills Inc", "Harrow"), "target"),
        (forms("Harrow"), "none"),
        (forms("TARN LTD"), "acquirer"),
    ],
)
def test_a_story_wants_the_exact_string(candidate: Candidate, role: str) -> None:
    assert story_role(candidate, {"target": [["Harrow Mills Inc"]], "acquirer": [["Tarn Ltd"]]}) == role


@pytest.mark.parametrize(
    ("candidate", "role"),
    [
        (forms("Alder"), "acquirer"),
        (forms("Alder Holdings (Australia) Pty Limited"), "acquirer"),
        (forms("Australia"), "none"),
        (forms("Birch Freight"), "target"),
    ],
)
def test_a_notice_wants_the_words_of_a_name(candidate: Candidate, role: str) -> None:
    slots = {"acquirer": [["ALDER HOLDINGS (AUSTRALIA) PTY LTD"]], "target": [["Birch Freight Pty Ltd"]]}
    assert notice_role(candidate, slots) == role
