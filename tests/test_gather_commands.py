"""`tracker crawl` and `tracker demo` as a person meets them."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

import tracker.briefing
import tracker.pipeline
from tests.gather_support import articles, serve_site, source, stories
from tracker.briefing import Order
from tracker.cli import main
from tracker.sources import Source
from tracker.store.engine import open_store


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    monkeypatch.setenv("TRACKER_DATABASE_URL", url)
    monkeypatch.delenv("TRACKER_CONTACT", raising=False)
    return url


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stands in for the extraction, which has tests of its own: notes that it was asked for."""
    calls: list[str] = []

    def digest(engine: object, *, settings: object, on_progress: object = None, after: object = None) -> None:
        calls.append(type(on_progress).__name__)

    monkeypatch.setattr(tracker.pipeline, "digest", digest)
    return calls


def write_sources(path: Path, *sources: Source) -> Path:
    lines = []
    for one in sources:
        values = {
            name: value
            for name, value in one.model_dump().items()
            if value != Source.model_fields[name].default
        }
        lines += ["[[source]]", *(f"{name} = {json.dumps(value)}" for name, value in values.items())]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_crawl(tmp_path: Path, database: str, read: list[str]) -> None:
    with serve_site({}) as site:
        stories(site, range(2))
        listed = write_sources(tmp_path / "s.toml", source(site))
        first = call("crawl", "--sources", str(listed), "--format", "jsonl")
        second = call("crawl", "--sources", str(listed), "--format", "csv")
    assert first.exit_code == 0, first.output
    assert json.loads(first.stdout) == {
        "source": "site", "ok": True, "items": 2, "new": 2, "changed": 0, "unchanged": 0,
        "not_articles": 0, "failed": 0, "reason": "", "state": "ok",
    }  # fmt: skip
    assert second.stdout.splitlines() == [
        "source,state,new,changed,unchanged,not_articles,failed,reason",
        "site,ok,0,0,2,0,0,",
    ]
    assert read == ["function"], "read once: the second crawl brought nothing"


def test_crawl_with_a_failing_source(tmp_path: Path, database: str, read: list[str]) -> None:
    with serve_site({}) as site:
        stories(site, range(2))
        listed = write_sources(tmp_path / "s.toml", source(site), source(site, "/gone.xml", id="gone"))
        result = call("crawl", "--sources", str(listed))
    assert result.exit_code == 1
    assert result.stderr.strip() == "Error: 1 of 2 sources failed; what came from the others is kept"
    assert "gone" in result.stdout
    assert "HTTP 404" in result.stdout
    assert len(articles(open_store(database))) == 2
    assert read


def test_crawl_without_a_network(tmp_path: Path, database: str, read: list[str]) -> None:
    away = [
        Source(id=name, name=name, kind="rss", url=f"https://{name}.invalid/feed") for name in ("one", "two")
    ]
    result = call("crawl", "--sources", str(write_sources(tmp_path / "s.toml", *away)), "--format", "csv")
    assert result.exit_code == 1
    assert result.stderr.strip() == "Error: 2 of 2 sources failed; is there a network?"
    assert result.stdout.splitlines()[1:] == [
        "one,failing,0,0,0,0,0,DNS: no such host",
        "two,failing,0,0,0,0,0,DNS: no such host",
    ]
    assert read == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["nosuch"], "no source nosuch"), (["--sources", "none.toml"], "no such file: none.toml")],
)
def test_crawl_misused(database: str, arguments: list[str], message: str) -> None:
    result = call("crawl", *arguments)
    assert result.exit_code == 1
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_demo(tmp_path: Path, database: str, read: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, object] = {}

    def build(engine: object, order: object, out: Path, now: object) -> SimpleNamespace:
        asked.update(order=order, out=out)
        return SimpleNamespace(paths=[tmp_path / "w.html", tmp_path / "w.md"], line="2026-W21: 3 deals")

    monkeypatch.setattr(tracker.briefing, "build", build)
    first, second = (call("demo", "--out", str(tmp_path / "out")) for _ in range(2))
    assert first.exit_code == second.exit_code == 0, first.output + second.output
    assert first.stdout.splitlines() == [
        str(tmp_path / "w.html"),
        str(tmp_path / "w.md"),
        "2026-W21: 3 deals",
    ]
    assert second.stdout == first.stdout
    assert asked == {"order": Order(), "out": tmp_path / "out"}
    assert len(articles(open_store(database))) >= 150
