"""A little of `make fuzz` with every run, and all that it ever found."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests import fuzz
from tests.fuzz import CRASHES, KINDS, Kind, check, crash, keep, mangled

FOUND = sorted(CRASHES.glob("*/*.bin"))


@pytest.mark.parametrize("name", KINDS)
def test_seeds_are_read(name: str) -> None:
    for seed in KINDS[name].seeds:
        KINDS[name].read(seed)


@pytest.mark.parametrize("name", KINDS)
def test_what_is_mangled_is_read_or_refused(name: str) -> None:
    @settings(max_examples=40, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(mangled(KINDS[name]))
    def some(data: bytes) -> None:
        check(KINDS[name], data)

    some()


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_once_broke_breaks_no_more(path: Path) -> None:
    check(KINDS[path.parent.name], path.read_bytes())


def test_what_breaks_is_found_made_small_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fragile(data: bytes) -> object:
        if data.startswith(b"bad"):
            raise ValueError("refused")
        return b"\x00" in data and 1 / 0

    kind = Kind((b"abcdefgh", b"bad"), fragile, (ValueError,))
    monkeypatch.setitem(fuzz.KINDS, "fragile", kind)
    monkeypatch.setattr(fuzz, "CRASHES", tmp_path)
    found = crash("fragile", 30)
    assert found is not None
    assert isinstance(found[1], ZeroDivisionError)
    assert b"\x00" in found[0]
    path = keep("fragile", found[0])
    assert (path.parent, path.read_bytes()) == (tmp_path / "fragile", found[0])


def test_what_takes_too_long_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "PATIENCE", 1)

    def endless(_: bytes) -> object:
        while True:
            pass

    with pytest.raises(TimeoutError, match="more than 1 second"):
        check(Kind((b"",), endless), b"")
