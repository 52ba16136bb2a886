"""Articles from files: what is taken, and what is said of a line that cannot be used."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import InputError
from tracker.records import Record, parse_record, read_records

GOOD: dict[str, Any] = {
    "id": "a1",
    "url": "https://www.wire.example/1",
    "title": "A title",
    "text": "A text",
    "published": "2026-06-01T10:00:00Z",
}


def line(**changes: Any) -> bytes:
    return json.dumps({k: v for k, v in {**GOOD, **changes}.items() if v is not ...}).encode()


def read(path: Path | str, data: bytes = b"") -> list[Record | InputError]:
    return list(read_records(str(path), io.BytesIO(data)))


def test_reads_a_line() -> None:
    record = parse_record(line(published="2026-06-01T12:00:00+02:00"))
    assert record.published == dt.datetime(2026, 6, 1, 10, tzinfo=dt.UTC)
    assert (record.id, record.host, record.language) == ("a1", "wire.example", "en")
    assert parse_record(line(published="2026-06-01")).published == dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    assert parse_record(line(id=7)).id == "7"
    assert parse_record(line(text="a\x00b")).text == "ab"


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        (b"{", "not JSON at column 2"),
        (b"[1]", "not a JSON object"),
        (b'"\xff"', "not UTF-8 at byte 2"),
        (b"[" * 100_000, "nested too deeply"),
        (line(url=...), "missing field 'url'"),
        (line(title=None), "field 'title' is not text"),
        (line(id=True), "field 'id' is not text"),
        (line(id=""), "field 'id' is empty"),
        (line(url="ftp://a.example/1"), "field 'url' is not a web address: 'ftp://a.example/1'"),
        (line(url="https:///nothing"), "field 'url' is not a web address"),
        (line(url="https://[bad"), "Invalid IPv6"),
        (line(title=" ", text=""), "title and text are both empty"),
        (line(published="yesterday"), "field 'published' is not an ISO day or time: 'yesterday'"),
        (line(published="2026-02-30"), "field 'published' is not an ISO day or time"),
        (line(published=20260601), "field 'published' is not an ISO day or time: 20260601"),
        (line(published="0001-01-01T00:00:00+14:00"), "field 'published' is not an ISO day or time"),
        (line(text="\ud800"), "field 'text' holds half a character"),
    ],
)
def test_says_what_is_wrong_with_a_line(bad: bytes, fault: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the message is compared below
        parse_record(bad)
    assert fault in str(error.value)


def test_a_bad_line_comes_out_in_its_place_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(line() + b"\n\n{\n" + line(id="a2"))
    first, bad, second = read(path)
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert isinstance(bad, InputError)
    assert str(bad).startswith(f"{path}:3: not JSON")


def test_reads_gzip_and_standard_input(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(line()))
    assert read(path) == read("-", line())


def test_a_cut_gzip_file_gives_its_good_lines_first(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    many = gzip.compress(b"\n".join(line(id=f"{n}", text=f"{n * 7919}" * 50) for n in range(2000)))
    path.write_bytes(many[: len(many) // 2])
    *good, last = read(path)
    assert len(good) > 100
    assert isinstance(last, InputError)
    assert "damaged gzip data" in str(last)
    assert last.line == len(good) + 1


def test_a_file_that_is_no_gzip_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(line())
    (only,) = read(path)
    assert "damaged gzip data" in str(only)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "none.jsonl")
    with pytest.raises(InputError, match="cannot be read"):
        read(tmp_path)


def test_a_line_without_end_is_not_read_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.records.MAX_LINE", 1000)
    good, last = read("-", line() + b"\n" + b"x" * 5000 + b"\n" + line())
    assert isinstance(good, Record)
    assert "line longer than 1,000 bytes" in str(last)


@given(st.binary(max_size=200))
def test_any_bytes_are_an_article_or_a_clear_error(data: bytes) -> None:
    for item in read("-", data):
        assert isinstance(item, Record | InputError)
