"""Whole spiders of every kind on taped conversations: nothing is asked of any network."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.gather_support import articles, store

ROOT = Path(__file__).parents[1]
CASSETTES = ROOT / "tests" / "cassettes"
PLAIN = {
    "source_id": "taped", "ok": True, "changed": 0, "unchanged": 0, "failed": 0, "not_articles": 0,
    "status": 200, "reason": "",
}  # fmt: skip
STORIES = ["Story number 0", "Story number 1"]
FILINGS = [
    "BIRK HOLDINGS INC offers to buy all shares of CORRIE NETWORKS PLC at $18.25 a share (Form SC TO-T)",
    "Harrow Chips, Inc. reports $90,000,000 sold in a private offering (Form D)",
    "Rigg Robotics, Inc. has filed for an initial public offering of up to $250,000,000 (Form S-1)",
    "SCAR CLOUD LTD files a Form 8-K/A (item 8.01, 9.01)",
    "TARN SYSTEMS INC files a Form 8-K (item 2.01, 5.02)",
]


def play(kind: str, cassette: Path, database: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.cassette_crawl", kind, str(cassette), f"sqlite:///{database}"]
    done = subprocess.run([*command, "none"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize(
    ("kind", "result", "titles"),
    [
        (
            "feed",
            {"items": 3, "new": 2, "failed": 1, "reason": "1 of 3 pages failed: HTTP 404", "bytes": 1447},
            STORIES,
        ),
        (
            "sitemap",
            {
                "items": 3, "new": 2, "not_articles": 1, "bytes": 1409,
                "reason": "1 of 3 pages are no articles: a soft 404: the front page in its place",
            },
            STORIES,
        ),
        (
            "listing",
            {
                "items": 3, "new": 3, "not_articles": 1, "bytes": 1380,
                "reason": "1 of 3 pages are no articles: a challenge, titled 'Just a moment...'",
            },
            [*STORIES, "Story number 2"],
        ),
        ("edgar", {"items": 6, "new": 5, "bytes": 8737}, FILINGS),
    ],
)  # fmt: skip
def test_a_spider_on_tape(tmp_path: Path, kind: str, result: dict[str, Any], titles: list[str]) -> None:
    engine = store(tmp_path)
    played = play(kind, CASSETTES / f"{kind}.yaml", tmp_path / "tracker.db")
    assert played["all_played"] is True
    assert played["result"] == PLAIN | result
    assert sorted(article.title for article in articles(engine)) == titles


def test_what_is_not_on_the_tape_is_not_fetched(tmp_path: Path) -> None:
    store(tmp_path)
    tape = yaml.safe_load((CASSETTES / "feed.yaml").read_text("utf-8"))
    tape["interactions"] = [i for i in tape["interactions"] if not i["request"]["uri"].endswith("/feed.xml")]
    shorter = tmp_path / "shorter.yaml"
    shorter.write_text(yaml.safe_dump(tape), encoding="utf-8")
    result = play("feed", shorter, tmp_path / "tracker.db")["result"]
    assert (result["ok"], result["new"]) == (False, 0)
    assert "no recorded interaction matches" in result["reason"]
