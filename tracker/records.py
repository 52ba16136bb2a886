"""Articles from files: JSON Lines (plain or gzip) of id, url, title, text and published, one article a line.

A line that cannot be used does not stop the file: it comes out as an InputError in its place, so that the
caller can report it and go on.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar
from urllib.parse import urlsplit

from tracker.errors import InputError
from tracker.extract.document import Document

T = TypeVar("T")
STDIN = "-"
FIELDS = ("id", "url", "title", "text", "published")
MAX_LINE = 20_000_000
"""Bytes of a line; the longest real article is a hundredth of it. A longer one is a file of another kind."""


@dataclass(frozen=True)
class Record:
    """One article of a file. `published` is aware, in UTC."""

    id: str
    url: str
    title: str
    text: str
    published: dt.datetime
    language: str = "en"

    @property
    def host(self) -> str:
        """The address's host without `www.`: the source of an article that came from a file."""
        return (urlsplit(self.url).hostname or "").removeprefix("www.")


def read_records(name: str, stdin: IO[bytes]) -> Iterator[Record | InputError]:
    """The articles of a file (`-`: of standard input), an InputError in place of each line that is none.

    Raises InputError where the file cannot be opened.
    """
    return _read(name, stdin, parse_record)


def read_documents(name: str, stdin: IO[bytes]) -> Iterator[Document | InputError]:
    """The same for texts that only have to be read: url and published may be missing."""
    return _read(name, stdin, parse_document)


def _read(name: str, stdin: IO[bytes], parse: Callable[[bytes], T]) -> Iterator[T | InputError]:
    number = 0
    try:
        with _opened(name, stdin) as file:
            while line := file.readline(MAX_LINE + 1):
                number += 1
                if len(line) > MAX_LINE:
                    yield InputError(
                        f"line longer than {MAX_LINE:,} bytes, the rest of the file is left",
                        file=name,
                        line=number,
                    )
                    return
                if line.strip():
                    yield _parsed_or_error(parse, line, name, number)
    except FileNotFoundError as error:
        raise InputError("no such file", file=name, hint="check the path; - reads standard input") from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        yield InputError(
            f"damaged gzip data: {error}", file=name, line=number + 1, hint="fetch the file again"
        )
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", file=name) from error


@contextmanager
def _opened(name: str, stdin: IO[bytes]) -> Iterator[IO[bytes] | gzip.GzipFile]:
    if name == STDIN:
        yield stdin
        return
    if name.endswith(".gz"):
        with gzip.open(name, "rb") as packed:
            yield packed
    else:
        with Path(name).open("rb") as plain:
            yield plain


def _parsed_or_error(parse: Callable[[bytes], T], line: bytes, name: str, number: int) -> T | InputError:
    try:
        return parse(line)
    except ValueError as error:
        return InputError(str(error), file=name, line=number)


def parse_record(line: bytes) -> Record:
    """One line's article. Raises ValueError saying what is wrong with it."""
    data = _parsed(line)
    for field in FIELDS:
        if field not in data:
            raise ValueError(f"missing field {field!r}")
    values = {field: _text(data, field) for field in FIELDS if field != "published"}
    record = Record(**values, published=_time(data["published"]), language=str(data.get("language", "en")))
    if not record.id:
        raise ValueError("field 'id' is empty")
    if urlsplit(record.url).scheme not in ("http", "https") or not record.host:
        raise ValueError(f"field 'url' is not a web address: {record.url[:80]!r}")
    if not record.title.strip() and not record.text.strip():
        raise ValueError("title and text are both empty")
    return record


def parse_document(line: bytes) -> Document:
    """One line's text for the extractor. Raises ValueError saying what is wrong with it."""
    data = _parsed(line)
    for field in ("id", "title", "text"):
        if field not in data:
            raise ValueError(f"missing field {field!r}")
    published = _time(data["published"]) if data.get("published") is not None else None
    document = Document(_text(data, "id"), _text(data, "title"), _text(data, "text"), published)
    if not document.id:
        raise ValueError("field 'id' is empty")
    return document


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        data = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start + 1}") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON at column {error.colno}: {error.msg}") from error
    except RecursionError as error:
        raise ValueError("not an article: nested too deeply") from error
    if not isinstance(data, dict):
        raise ValueError("not a JSON object")
    return data


def _text(data: dict[str, Any], field: str) -> str:
    value = data[field]
    if field == "id" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise ValueError(f"field {field!r} is not text")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"field {field!r} holds half a character (a lone surrogate)") from error
    return value.replace("\x00", "")  # PostgreSQL refuses it, and no reader misses it


def _time(value: Any) -> dt.datetime:
    try:
        parsed = dt.datetime.fromisoformat(value)
        return parsed.replace(tzinfo=dt.UTC) if parsed.tzinfo is None else parsed.astimezone(dt.UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"field 'published' is not an ISO day or time: {value!r}") from error
