"""Sentences with exact offsets, headlines in sentence case."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.extract.headline import sentence_case
from tracker.extract.text import MAX_SENTENCE, masked, sentences


def texts(text: str, title: str = "Title") -> list[str]:
    return [s.text for s in sentences(title, text)][1:]


def test_abbreviations_do_not_end_a_sentence() -> None:
    text = (
        "Acme Inc. said on Jan. 5 it would buy Beta. The U.S. firm paid $1.5bn. J. Smith agreed! Did he? Yes."
    )
    assert texts(text) == [
        "Acme Inc. said on Jan. 5 it would buy Beta.",
        "The U.S. firm paid $1.5bn.",
        "J. Smith agreed!",
        "Did he?",
        "Yes.",
    ]


def test_an_abbreviation_may_end_a_sentence() -> None:
    assert texts("It bought Acme Corp. The price is not known.") == [
        "It bought Acme Corp.",
        "The price is not known.",
    ]


def test_closing_quotes_belong_to_their_sentence() -> None:
    assert texts("“We are done.” He left.") == ["“We are done.”", "He left."]


def test_wrapped_wire_copy_is_joined_and_paragraphs_are_not() -> None:
    wire = (
        "Acme Corp said it had agreed to buy the whole of Beta Ltd for\n50 mln dlrs in cash, and "
        "that the deal would\nbe closed at year end, subject to approval by the\nholders of both sides."
    )
    assert len(texts(wire)) == 1
    assert texts("First paragraph\nSecond paragraph") == ["First paragraph", "Second paragraph"]


@pytest.mark.parametrize(
    "text",
    [
        "NEW YORK, March 5 (Reuters) - Acme bought Beta.",
        "SAN FRANCISCO -- Acme bought Beta.",
        "PARIS — Acme bought Beta.",
        "* **Acme** bought <b>Beta</b>.",
        "# Acme [bought](http://a.example/x) Beta.",
    ],
)
def test_datelines_and_markup_are_blanked(text: str) -> None:
    (sentence,) = sentences("", text)
    assert " ".join(sentence.text.split()).replace(" .", ".") == "Acme bought Beta."
    assert text[sentence.start - 1 :].startswith(sentence.text[:4])


def test_indices_count_the_text_from_one_with_or_without_a_title() -> None:
    assert [s.index for s in sentences("A title", "One. Two. Three.")] == [0, 1, 2, 3]
    assert [s.index for s in sentences("", "One. Two. Three.")] == [1, 2, 3]


HOSTILE = st.sampled_from(
    [". ", "\n", "\n\n", "Acme", "Inc.", "\x00", "\u202e", "日本", "Ω", "<b>", "](", "[", "|", "# "]
)


@given(st.text(max_size=40), st.one_of(st.text(max_size=300), st.lists(HOSTILE, max_size=60).map("".join)))
def test_every_letter_is_in_one_sentence_at_its_place(title: str, text: str) -> None:
    full, found = f"{title}\n{text}", sentences(title, text)
    blank = [True] * len(full)
    last = 0
    for sentence in found:
        assert last <= sentence.start <= sentence.end <= len(full)
        for place, letter in enumerate(sentence.text, sentence.start):
            assert letter in (full[place], " ")  # exact, or blanked
            blank[place] = False
        last = sentence.end
    kept = f"{masked(title)}\n{masked(text)}"
    assert all(kept[n].isspace() for n, missed in enumerate(blank) if missed)


def test_a_line_without_an_end_is_cut() -> None:
    found = sentences("", "x" * 1500) + sentences("", "word " * 400)
    assert all(len(s.text) <= MAX_SENTENCE for s in found)
    assert sum(len(s.text) for s in sentences("", "x" * 1500)) == 1500


def test_a_title_is_cut_too() -> None:
    assert [len(s.text) for s in sentences("x" * 2_000_000, "")] == [MAX_SENTENCE]


@pytest.mark.parametrize(
    "unit", ["x", "[", "](", "<a ", "A", ". ", "A. ", "\n", "$1m ", "年", "\x00", "#\n "]
)
def test_cost_is_linear(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        started = time.perf_counter()
        sentences("", text)
        return time.perf_counter() - started

    seconds(50_000)
    small = min(seconds(125_000) for _ in range(3))
    assert seconds(1_000_000) < 8 * max(small, 0.01) * 4  # 64 times and more where it is quadratic


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        (
            "Acme to Buy Data Tools Maker Lumen Works",
            "Acme will buy Lumen Works, it said.",
            "Acme to buy data tools maker Lumen Works",
        ),
        ("acme buys lumen works", "On Monday Acme said it bought Lumen Works.", "acme buys Lumen Works"),
        ("Acme buys Lumen", "Nothing else is known.", "Acme buys Lumen"),
        ("", "Acme bought Beta.", ""),
    ],
)
def test_headlines_in_sentence_case(title: str, text: str, expected: str) -> None:
    assert sentence_case(title, text) == expected


@given(st.text(max_size=80), st.text(max_size=200))
def test_headlines_keep_every_letter_at_its_place(title: str, text: str) -> None:
    cased = sentence_case(title, text)
    assert len(cased) == len(title)
    assert cased.casefold() == title.casefold()
