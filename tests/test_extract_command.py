"""`tracker extract`: the same documents from a file, a packed file or a pipe; order, bad lines, streaming."""

from __future__ import annotations

import gzip
import json
import select
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.extract_support import extractor
from tracker.cli import main
from tracker.extract import pipeline

TEXT = "Northwind has acquired Lumenworks for $300 million, it said on Monday."
LINES = [
    json.dumps({"id": "b", "title": "Northwind buys Lumenworks", "text": TEXT, "published": "2026-06-26"}),
    json.dumps({"id": "a", "title": "Rain", "text": "It rained."}),
    json.dumps({"id": 3, "title": "", "text": TEXT}),
]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(pipeline, "load_extractor", lambda settings: extractor())

    def call(*arguments: str, stdin: bytes = b"") -> Result:
        return CliRunner().invoke(main, ["extract", *arguments], input=stdin)

    return call


def rows(done: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_file_a_packed_file_and_a_pipe_give_the_same(run: Any, tmp_path: Path) -> None:
    raw = "\n".join(LINES).encode()
    (tmp_path / "a.jsonl").write_bytes(raw)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(raw))
    plain, packed = run(str(tmp_path / "a.jsonl")), run(str(tmp_path / "a.jsonl.gz"))
    piped = run("-", stdin=raw)
    assert plain.exit_code == packed.exit_code == piped.exit_code == 0
    assert plain.stdout == packed.stdout == piped.stdout
    assert [row["id"] for row in rows(plain)] == ["b", "a", "3"]


def test_an_event_as_the_specification_writes_it(run: Any) -> None:
    first, second, _ = rows(run("-", stdin="\n".join(LINES).encode()))
    (event,) = first["events"]
    assert (event["type"], event["salience"], event["date"]) == ("acquisition", "main", "2026-06-22")
    full = f"Northwind buys Lumenworks\n{TEXT}"
    assert event["target"][0]["name"] == "Lumenworks"
    assert full[event["target"][0]["start"] : event["target"][0]["end"]] == event["target"][0]["text"]
    assert event["amount"].items() >= {"value": 3e8, "currency": "USD", "qualifier": "exact"}.items()
    assert full[event["evidence"]["start"] : event["evidence"]["end"]] == TEXT
    assert second == {"id": "a", "events": []}


def test_bad_lines_are_told_and_the_others_read(run: Any) -> None:
    done = run("-", stdin="\n".join([LINES[0], "{nonsense", '{"id": "x"}', LINES[1]]).encode())
    assert done.exit_code == 1
    assert [row["id"] for row in rows(done)] == ["b", "a"]
    assert [line for line in done.stderr.splitlines() if ":2" in line or "line 2" in line]
    assert "missing field 'title'" in done.stderr
    assert "2 bad line(s) skipped" in done.stderr


def test_a_file_that_is_not_there(run: Any, tmp_path: Path) -> None:
    done = run(str(tmp_path / "none.jsonl"))
    assert done.exit_code != 0
    assert "none.jsonl" in done.output + str(done.exception)


def test_it_streams() -> None:
    """The first events are out while the input is still open."""
    command = [sys.executable, "-c", "from tracker.cli import main; main()", "extract", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(("\n".join(LINES * 30) + "\n").encode())
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], 60)
        assert ready, "nothing was written before the input ended"
        assert json.loads(process.stdout.readline())["id"] == "b"
        process.stdin.close()
        assert len(process.stdout.readlines()) == 3 * 30 - 1
    assert process.returncode == 0
