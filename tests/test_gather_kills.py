"""The small form of `make bench-kills`: a site in bad weather, and a crawl that is killed on the way."""

from __future__ import annotations

from pathlib import Path

from benchmarks.kills import rehearse
from benchmarks.weather import KINDS, forecast


def test_killed_again_and_again_every_good_article_is_had_once(tmp_path: Path) -> None:
    weather = forecast(sources=6, pages=60, seed=3)
    outcome = rehearse(tmp_path, weather, kills=3, seed=3)
    assert outcome.faultless, outcome
    assert (outcome.kills, outcome.interrupted >= 3, set(outcome.kinds)) == (3, True, set(KINDS))
