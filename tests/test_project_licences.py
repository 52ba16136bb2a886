"""Every package that the program needs may be handed on with it."""

from __future__ import annotations

import doctest
import sys

import pytest

from tests import licences


def test_the_examples() -> None:
    assert doctest.testmod(licences).failed == 0


@pytest.mark.skipif(sys.platform != "linux", reason="the list is of what Linux installs")
def test_every_licence_is_listed_and_fits() -> None:
    assert len(list(licences.pinned())) > 100
    assert licences.troubles(licences.PAGE.read_text("utf-8")) == []


def test_what_is_missing_or_does_not_fit_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [("good", "MIT"), ("bad", "GPL-3.0-only"), ("silent", "")]
    monkeypatch.setattr(licences, "pinned", lambda: iter(found))
    page = licences.row("good", "MIT")
    assert licences.troubles(page) == [
        "bad: GPL-3.0-only", "silent: no licence", "bad: not in licences.md", "silent: not in licences.md",
    ]  # fmt: skip
