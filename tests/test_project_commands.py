"""The program as a person calls it: exit codes, and one line that says what is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def tracker(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")} | settings
    command = [str(Path(sys.executable).parent / "tracker"), *arguments]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)


FAILED = [
    (("ingest", "none.jsonl"), {}, "none.jsonl: no such file"),
    (("ingest", "bad.jsonl"), {}, "bad.jsonl:1: not JSON"),
    (("events", "show", "nosuch"), {}, "no event 'nosuch'"),
    (("predictions", "show", "nosuch"), {}, "no prediction is called nosuch"),
    (("predictions", "import", "none.toml"), {}, "none.toml: no such file"),
    (("briefing", "build"), {}, "the store holds no article"),
    (("crawl", "nosuch"), {}, "no source nosuch"),
    (("events", "list"), {"TRACKER_DATABASE_URL": "nonsense"}, "cannot open the store nonsense"),
]
MISUSED = [
    (("nosuch",), "No such command 'nosuch'"),
    (("ingest",), "Missing argument"),
    (("briefing", "build", "--week", "2026-W99"), "'2026-W99' is not an ISO week"),
    (("briefing", "build", "--as-of", "yesterday"), "'yesterday' is not an ISO day or time"),
    (("events", "list", "--format", "xml"), "'xml' is not one of"),
]


@pytest.mark.parametrize(
    ("arguments", "settings", "message"), FAILED, ids=[" ".join(case[0]) for case in FAILED]
)
def test_failed_work_is_one_line_and_exit_code_1(
    tmp_path: Path, arguments: tuple[str, ...], settings: dict[str, str], message: str
) -> None:
    (tmp_path / "bad.jsonl").write_text("not json\n")
    done = tracker(tmp_path, *arguments, **settings)
    assert done.returncode == 1, done.stderr
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(("arguments", "message"), MISUSED, ids=[" ".join(case[0]) for case in MISUSED])
def test_misuse_is_exit_code_2(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    done = tracker(tmp_path, *arguments)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_extract_tells_each_bad_line_and_goes_on(tmp_path: Path) -> None:
    good = {
        "id": "7",
        "url": "https://a.example/7",
        "title": "Calm",
        "text": "Rain.",
        "published": "2026-06-01",
    }
    (tmp_path / "mixed.jsonl").write_text(f"not json\n{json.dumps(good)}\n")
    done = tracker(tmp_path, "extract", "mixed.jsonl")
    assert done.returncode == 1
    assert "mixed.jsonl:1: not JSON" in done.stderr
    assert "Traceback" not in done.stderr
    assert json.loads(done.stdout) == {"id": "7", "events": []}
    assert not (tmp_path / "var").exists()


def test_a_password_is_not_told(tmp_path: Path) -> None:
    done = tracker(tmp_path, "events", "list", TRACKER_DATABASE_URL="sqlite://me:secret@host/none/at/all.db")
    assert done.returncode == 1
    assert "secret" not in done.stdout + done.stderr


def test_doctor_tells_what_is_missing(tmp_path: Path) -> None:
    done = tracker(tmp_path, "doctor", TRACKER_SPACY_MODEL="nosuch")
    assert done.returncode == 1
    assert "fail  model" in done.stdout
    assert "pip install" in done.stdout


def test_a_missing_chromium_is_told(tmp_path: Path) -> None:
    test = "tests/test_brief_page.py"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-rs",
        "-p",
        "no:cacheprovider",
        "-k",
        "quiet and normal",
        test,
    ]
    env = {**os.environ, "PATH": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "no Chromium found" in done.stdout
    assert "apt-get install chromium" in done.stdout
