"""Changed inputs of every kind: what once broke a promise, and some more (`make fuzz` tries many)."""

from __future__ import annotations

import resource
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.fuzz import __main__ as command
from tests.fuzz import kind as bounds
from tests.fuzz.changes import changed
from tests.fuzz.kind import CORPUS, Kind, check
from tests.fuzz.kinds import KINDS

KEPT = [(name, path) for name, kind in KINDS.items() for path in kind.kept]
by_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


@pytest.mark.parametrize(("name", "path"), KEPT, ids=lambda part: getattr(part, "stem", part))
def test_what_broke_a_promise_once_is_read_now(name: str, path: Path) -> None:
    check(KINDS[name], path.read_bytes())


def test_every_kept_body_has_its_kind() -> None:
    assert set(CORPUS.rglob("*.bin")) == {path for _, path in KEPT}


@by_kind
def test_the_seeds_read(kind: Kind) -> None:
    for seed in kind.seeds:
        check(kind, seed)


@by_kind
def test_changed_bodies_break_no_promise(kind: Kind) -> None:
    @settings(
        max_examples=100, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(body=changed(kind))
    def read_some(body: bytes) -> None:
        check(kind, body)

    read_some()


def forgetful(body: bytes) -> None:
    assert b"%" not in body, "a promise"


SICK = Kind("sick", (b"<p>fine</p>",), forgetful, rb">([^<]+)<", (b"%",))


def test_a_broken_promise_is_found_and_kept_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "CORPUS", tmp_path / "tests" / "corpus")
    with pytest.raises(AssertionError, match="a promise"):
        command.fuzz(SICK, 20)
    (kept,) = (tmp_path / "tests" / "corpus" / "sick").iterdir()
    assert b"%" in kept.read_bytes()
    assert len(kept.read_bytes()) < 40


def test_a_kind_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["feeds"]) == 2
    assert "there is no kind 'feeds'; known: feed, sitemap" in capsys.readouterr().err


def test_a_reader_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(body: bytes) -> None:
        while True:
            with suppress(Exception):
                sum(range(1000))

    monkeypatch.setattr(bounds, "CPU_SECONDS", 0.1)
    with pytest.raises(AssertionError, match=r"more than 0\.1 s"):
        check(Kind("slow", (), busy, b"", ()), b"x")
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_a_reader_that_takes_too_much_memory_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * bounds.RSS_UNIT

    def greedy(body: bytes) -> None:
        assert b"x" * (peak + 50_000_000)

    monkeypatch.setattr(bounds, "GROWTH", 20_000_000 // bounds.RSS_UNIT)
    with pytest.raises(AssertionError, match="too much memory"):
        check(Kind("greedy", (), greedy, b"", ()), b"x")
