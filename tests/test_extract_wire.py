"""Documents about one deal: how they are told from news, and what is found before any model decides."""

from __future__ import annotations

import pytest

from tests.extract_support import extractor
from tracker.extract.document import Document
from tracker.extract.formats import form_of
from tracker.extract.gate import chosen
from tracker.extract.reading import Reading, read_all
from tracker.extract.register import notice_candidates
from tracker.extract.text import sentences
from tracker.extract.wire import chosen_parties
from tracker.extract.wire_names import Candidate, Place, names, nouns
from tracker.extract.wire_spans import spans

STORY = (
    "\n\nHarrow Mills Inc said it\nagreed to sell its plastic container business to Tarn and\n"
    "Sons Ltd  of Leeds for 25 mln\ndlrs.\n    Terms of a second sale were not disclosed.\n"
)
NOTICE = "Alder Pty Ltd (**Alder**) proposes to acquire all shares in Birch Freight Pty Ltd (the **Target**)."


def reading(text: str, title: str = "") -> Reading:
    return next(read_all(extractor().nlp, [Document("d", title, text)]))


@pytest.mark.parametrize(
    ("title", "text", "form"),
    [
        ("", STORY, "wire"),
        ("Harrow Mills sells a business", STORY, None),
        ("", "Harrow Mills sold a business.", None),
        ("", "One.\nTwo.\nThree.", None),
        (
            "",
            "A long line of a text that no typesetter of a wire has ever broken, " * 3 + "\nand\nmore",
            None,
        ),
        ("Alder – Birch Freight", NOTICE, "register"),
        ("Alder - interest in land", "Alder Pty Ltd agreed to lease land.", "register"),
        ("Alder buys Birch - The Daily Post", "Alder said that it agreed to buy Birch.", None),
        ("Alder to acquire Birch", NOTICE, None),
    ],
)
def test_the_form_of_a_document(title: str, text: str, form: str | None) -> None:
    assert form_of(title, text) == form


def test_few_narrow_lines_are_joined() -> None:
    assert [s.text for s in sentences("", "Acme Corp said it bought\nBeta Inc.")] == [
        "Acme Corp said it bought Beta Inc."
    ]


def test_a_story_is_read_whole_or_not_at_all() -> None:
    assert len(chosen(Document("d", "", STORY), extractor().models["gate"]).sentences) == 2
    idle = Document("d", "", "Harrow Mills said it has\nset a meeting for May.")
    assert chosen(idle, extractor().models["gate"]).sentences == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Harrow and Sons Inc said it bought\nTarn Ltd.", ["Harrow and Sons Inc", "Tarn Ltd"]),
        ("Harrow Mills Inc and Tarn Ltd said\nthey merged.", ["Harrow Mills Inc", "Tarn Ltd"]),
        ("Harrow Corp of America sold its\nTarn Inc unit.", ["Harrow Corp of America", "Tarn Inc"]),
        ("It bought Harrow (Canada) Pty Ltd from\nTarn Plc.", ["Harrow (Canada) Pty Ltd", "Tarn Plc"]),
        ("Harrow  Inc sold shares to chairman\nJohn Tarn.", ["Harrow  Inc", "John Tarn"]),
        ("It bought Tarn 2 Pty Ltd and Harrow,\nInc. from a fund.", ["Tarn 2 Pty Ltd", "Harrow, Inc"]),
    ],
)
def test_names_are_found_to_the_letter(text: str, found: list[str]) -> None:
    assert [c.fullest.text for c in names(reading(text).sentences)] == found


def test_a_short_form_goes_with_its_name() -> None:
    text = "Harrow Mills Inc said Harrow Express Ltd\nagreed to buy Tarn Inc. Harrow Mills sold it."
    found = [[p.text for p in c.places] for c in names(reading(text).sentences)]
    assert found == [["Harrow Mills Inc", "Harrow Mills"], ["Harrow Express Ltd"], ["Tarn Inc"]]


def test_a_thousand_names_are_not_all_read() -> None:
    text = "\n".join(f"bought Name{n}x Inc and" for n in range(1000))
    assert sum(len(c.places) for c in names(reading(text).sentences)) <= 300


def test_nouns_may_be_parties() -> None:
    assert "plastic container business" in [c.fullest.text for c in nouns(reading(STORY).sentences)]


@pytest.mark.parametrize(
    ("slot", "found"),
    [
        ("amount", ["25 mln dlrs", "not disclosed"]),
        ("status", ["agreed to sell", "agreed", "sell"]),
        ("place", ["Leeds"]),
        ("business", ["plastic container"]),
    ],
)
def test_pieces_are_found_to_the_letter(slot: str, found: list[str]) -> None:
    sents = reading(STORY).sentences
    texts = [p.text for p in spans(slot, sents)]
    assert set(found) <= set(texts)
    for place in spans(slot, sents):
        sentence = sents[place.position].sentence
        assert sentence.text[place.start - sentence.start : place.end - sentence.start] == place.text


def test_a_notice_names_its_own_short_forms() -> None:
    found = notice_candidates(reading(NOTICE.replace("the **Target**", "**Freightways**"), "A – B").sentences)
    forms = [[p.text for p in c.places] for c in found if len(c.places) > 1]
    assert forms == [["Alder Pty Ltd", "Alder"], ["Birch Freight Pty Ltd", "Freightways"]]


def candidate(text: str) -> Candidate:
    return Candidate(True, [Place(0, 0, 0, 0, len(text), text)])


def test_a_target_is_always_named_and_a_second_party_must_be_sure() -> None:
    weighed = [
        (candidate("A"), {"target": 0.1, "acquirer": 0.05}),
        (candidate("B"), {"target": 0.08, "acquirer": 0.5}),
        (candidate("C"), {"target": 0.01, "acquirer": 0.9, "seller": 0.4}),
        (candidate("D"), {"target": 0.0, "acquirer": 0.8, "seller": 0.2}),
    ]
    told = {role: [c.fullest.text for c, _ in found] for role, found in chosen_parties(weighed).items()}
    assert told == {"target": ["A"], "acquirer": ["C", "D"]}
