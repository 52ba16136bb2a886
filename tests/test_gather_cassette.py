"""A whole spider on a taped conversation: nothing is asked of any network."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import yaml

from tests.gather_support import articles, store

ROOT = Path(__file__).parents[1]
CASSETTE = ROOT / "tests" / "cassettes" / "feed.yaml"


def play(cassette: Path, database: Path) -> dict[str, object]:
    command = [sys.executable, "-m", "tests.cassette_crawl", str(cassette), f"sqlite:///{database}", "none"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_a_spider_on_tape(tmp_path: Path) -> None:
    engine = store(tmp_path)
    played = play(CASSETTE, tmp_path / "tracker.db")
    assert played["all_played"] is True
    assert played["result"] == {
        "source_id": "taped", "ok": True, "items": 3, "new": 2, "changed": 0, "unchanged": 0, "failed": 1,
        "not_articles": 0, "status": 200, "bytes": 1389,
        "reason": "1 of 3 pages failed: HTTP 404",
    }  # fmt: skip
    assert sorted(article.title for article in articles(engine)) == ["Story number 0", "Story number 1"]


def test_what_is_not_on_the_tape_is_not_fetched(tmp_path: Path) -> None:
    store(tmp_path)
    tape = yaml.safe_load(CASSETTE.read_text("utf-8"))
    tape["interactions"] = [i for i in tape["interactions"] if not i["request"]["uri"].endswith("/feed.xml")]
    shorter = tmp_path / "shorter.yaml"
    shorter.write_text(yaml.safe_dump(tape), encoding="utf-8")
    played = play(shorter, tmp_path / "tracker.db")
    result = played["result"]
    assert isinstance(result, dict)
    assert (result["ok"], result["new"]) == (False, 0)
    assert "no recorded interaction matches" in result["reason"]
