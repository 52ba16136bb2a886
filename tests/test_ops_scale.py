"""The whole demo on one machine, and on the parts of many: the same ledger and briefings, byte for byte."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.redis_server import serving_redis
from tests.store_builders import at_file
from tests.test_extract_cluster import clustering


def tracker(*command: str, **env: str) -> bytes:
    full = [sys.executable, "-m", "tracker", *command]
    done = subprocess.run(full, env={**os.environ, **env}, capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def results(folder: Path, **env: str) -> dict[str, bytes]:
    """What the demo leaves: every form of its issue, and the ledger."""
    tracker("demo", "--out", str(folder), **env)
    found = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    for form in ("jsonl", "csv"):
        found[f"ledger.{form}"] = tracker("events", "export", "--format", form, **env)
    found["verdicts"] = tracker("predictions", "check", "--as-of", "2026-06-30", "--format", "json", **env)
    return found


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_many_machines_tell_what_one_tells(store_url: str, tmp_path: Path) -> None:
    alone = results(tmp_path / "alone", TRACKER_DATABASE_URL=at_file(tmp_path / "t.db"))
    with serving_redis(tmp_path) as (redis, _), clustering() as (dask, _):
        env = {"TRACKER_DATABASE_URL": store_url, "TRACKER_REDIS_URL": redis, "TRACKER_DASK": dask}
        together = results(tmp_path / "together", **env)
    assert len(alone) > 5
    assert list(together) == list(alone)
    assert [name for name in alone if alone[name] != together[name]] == []
