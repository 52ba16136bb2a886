"""Seeds changed: cut, doubled, spliced, with odd values in the places of good ones, packed or recoded."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.kind import LARGEST, Kind

Draw = Callable[[st.SearchStrategy[Any]], Any]
MOST_CHANGES = 4
MOST_COPIES = 3000
LONGEST_PIECE = 300
NOISE = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\r", b"\x1b[2J", b"\x0b",
    b"\x85", b"\xe2\x80\xae", b"\xe2\x80\xa8", b"\xf0\x9f\x8f\xb4", b"%", b"{{7*7}}", b"../", b"=1+1", b"-1",
    b"1e999", b"nan", b"9" * 5000, b"2026-02-30", b"9999-12-31T23:59:59-14:00", b"0001-01-01T00:00:00+14:00",
    b"http://[", b"https://a.example:99999/", b"https://xn--/", b"http://\xed\xa0\x80/?\xed\xa0\x80=1",
    b"javascript:alert(1)", b"https://" + b"a" * 300 + b".example/", b" " * 5000,
)  # fmt: skip


def cut(draw: Draw, kind: Kind, body: bytes) -> bytes:
    at, length = _place(draw, body), draw(st.integers(0, LONGEST_PIECE))
    return body[:at] + body[at + length :]


def put(draw: Draw, kind: Kind, body: bytes) -> bytes:
    at = _place(draw, body)
    return body[:at] + _odd(draw, kind) + body[at:]


def swap_value(draw: Draw, kind: Kind, body: bytes) -> bytes:
    """An odd value, or one of another place, for a good one: what is well formed gets past the parser."""
    slots = [match.span(1) for match in re.finditer(kind.slots, body)]
    if not slots:
        return put(draw, kind, body)
    start, end = slots[draw(st.integers(0, len(slots) - 1))]
    put_there = _other_value(draw, kind) if draw(st.booleans()) else _odd(draw, kind)
    return body[:start] + put_there + body[end:]


def repeat(draw: Draw, kind: Kind, body: bytes) -> bytes:
    """A piece many times over: deep nesting, long lists, long lines."""
    at, length = _place(draw, body), draw(st.integers(1, LONGEST_PIECE))
    piece = body[at : at + length] if draw(st.integers(0, 1)) else _odd(draw, kind)
    return body[:at] + piece * draw(st.integers(2, MOST_COPIES)) + body[at:]


def splice(draw: Draw, kind: Kind, body: bytes) -> bytes:
    other = kind.seeds[draw(st.integers(0, len(kind.seeds) - 1))]
    return body[: _place(draw, body)] + other[_place(draw, other) :]


def recode(draw: Draw, kind: Kind, body: bytes) -> bytes:
    text = body.decode("utf-8", errors="replace")
    ways = (
        text.encode("utf-16"),
        text.encode("utf-32"),
        text.encode("cp1252", "replace"),
        gzip.compress(body),
    )
    return ways[draw(st.integers(0, len(ways) - 1))]


# Values come thrice: they reach furthest.
CHANGES = (swap_value, swap_value, swap_value, cut, put, repeat, splice, recode)


def changed(kind: Kind) -> st.SearchStrategy[bytes]:
    """Seeds of a kind with some changes each, and half the time what is grown with few or none."""

    @st.composite
    def bodies(draw: Draw) -> bytes:
        if kind.grown is not None and draw(st.booleans()):
            body, changes = draw(kind.grown), draw(st.integers(0, 1))
        else:
            body = kind.seeds[draw(st.integers(0, len(kind.seeds) - 1))]
            changes = draw(st.integers(1, MOST_CHANGES))
        for _ in range(changes):
            body = CHANGES[draw(st.integers(0, len(CHANGES) - 1))](draw, kind, body)[:LARGEST]
        return body

    return bodies()


def _place(draw: Draw, body: bytes) -> int:
    return draw(st.integers(0, len(body)))


def _other_value(draw: Draw, kind: Kind) -> bytes:
    values = re.findall(kind.slots, kind.seeds[draw(st.integers(0, len(kind.seeds) - 1))]) or [b""]
    return bytes(values[draw(st.integers(0, len(values) - 1))])


def _odd(draw: Draw, kind: Kind) -> bytes:
    pieces = (*kind.odd, *NOISE)
    return pieces[draw(st.integers(0, len(pieces) - 1))]
