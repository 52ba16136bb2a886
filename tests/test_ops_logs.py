"""Logs as lines of JSON, from real processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.store_builders import at_file, small_store

FIELDS = {"time", "level", "logger", "command", "process", "message"}


def said(folder: Path, *command: str, **env: str) -> tuple[int, str, list[dict[str, Any]]]:
    settings = {"TRACKER_DATABASE_URL": at_file(folder / "t.db"), "TRACKER_LOG": "json", **env}
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, env={**os.environ, "PYTHONPATH": os.getcwd(), **settings},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    return done.returncode, done.stdout, [json.loads(line) for line in done.stderr.splitlines()]


def test_an_error_of_a_command_is_one_line(tmp_path: Path) -> None:
    code, _, [line] = said(tmp_path, "-m", "tracker", "db", "restore", "nowhere.db")
    assert code == 1
    assert set(line) == FIELDS
    assert (line["level"], line["command"], line["message"].startswith("Error: ")) == ("error", "db", True)
    assert line["time"].endswith("Z")


def test_what_is_for_stdout_stays_as_it_is(tmp_path: Path) -> None:
    small_store(at_file(tmp_path / "t.db")).dispose()
    plain = said(tmp_path, "-m", "tracker", "events", "list", "--format", "jsonl", TRACKER_LOG="")
    assert said(tmp_path, "-m", "tracker", "events", "list", "--format", "jsonl") == plain
    assert len(plain[1].splitlines()) == 2


def test_secrets_are_masked_and_what_is_uncaught_carries_its_trace(tmp_path: Path) -> None:
    script = (
        "import logging\nfrom tracker.logs import json_lines\n"
        "with json_lines('x'):\n"
        "    logging.getLogger('a.b').warning('asked with %s of %s', 's3cret', 'smtp://ann:pw@host')\n"
        "    raise ValueError('no s3cret')\n"
    )
    code, _, lines = said(tmp_path, "-c", script, TRACKER_TOKEN="s3cret", TRACKER_SMTP="smtp://ann:pw@host")
    assert code == 1
    assert lines[0]["message"] == "asked with *** of smtp://***@host"
    assert (lines[1]["level"], lines[1]["message"]) == ("critical", "ValueError: no ***")
    assert "Traceback" in lines[1]["error"]
    assert "s3cret" not in lines[1]["error"]
