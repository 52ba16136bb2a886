"""An issue as PDF. The drawings must be in it, and nothing may be asked for."""

from __future__ import annotations

import re

import pytest

from tests.test_brief_issue import WEEKS, normal
from tests.test_brief_text import hostile_issue
from tracker.brief.house import House
from tracker.brief.pictures import drawings, png, standing_alone
from tracker.brief.render import page, render
from tracker.brief.templates import environment_of
from tracker.errors import BriefingError

PDF = House(forms=("pdf",))


@pytest.fixture
def weasyprint() -> None:
    try:
        import weasyprint  # noqa: F401
    except OSError as error:
        pytest.skip(f"no Pango library ({error}); on Debian: apt-get install libpangoft2-1.0-0")


@pytest.mark.usefixtures("weasyprint")
@pytest.mark.parametrize("name", WEEKS)
def test_the_same_issue_gives_the_same_bytes(name: str) -> None:
    first, second = (render(WEEKS[name](), PDF)["pdf"] for _ in range(2))
    assert isinstance(first, bytes)
    assert first.startswith(b"%PDF")
    assert first == second
    assert len(first) < 300_000


@pytest.mark.usefixtures("weasyprint")
def test_a_hostile_issue_asks_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("tracker.brief.pdf._refuse", lambda url, *_, **__: asked.append(url))
    assert bytes(render(hostile_issue(), PDF)["pdf"]).startswith(b"%PDF")
    assert [url for url in asked if not url.startswith("data:")] == []


def test_a_missing_package_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    with pytest.raises(BriefingError, match=r"weasyprint.*market-signal-tracker\[pdf\]"):
        render(normal(), PDF)


def test_a_drawing_carries_its_colours() -> None:
    environment = environment_of(None)
    html = page(normal(), PDF, environment)
    found = list(drawings(html, environment))
    assert [d.section for d in found] == ["predictions", "predictions", "balance", "balance"]
    assert found[2].title == "Deals a week by category over 13 weeks"
    for drawing in found:
        assert "var(" not in drawing.svg
        assert re.search(r"\.step \{ stroke: #0f6f73", drawing.svg)
    plain, coloured = (png(text) for text in (found[0].svg.replace("<style>", "<style>/*"), found[0].svg))
    assert plain != coloured


def test_every_drawing_of_a_page_is_made_to_stand_alone() -> None:
    environment = environment_of(None)
    html = page(normal(), PDF, environment)
    own = html.count("<style>")  # the page's, beside those of its drawings
    assert html.count("<svg") == standing_alone(html, environment).count("<style>") - own > 3
