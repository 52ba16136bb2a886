"""Names that are everyday words, written small, or never said in the headline."""

from __future__ import annotations

import pytest

from tests.extract_support import extractor
from tracker.extract.document import Document
from tracker.extract.headline import sentence_case
from tracker.extract.names import written_names
from tracker.extract.reading import Reading, read_all


def reading(title: str, text: str) -> Reading:
    return next(read_all(extractor().nlp, [Document("d", title, text)]))


def names(title: str, text: str) -> set[str]:
    return {c.name for c in reading(title, text).clusters}


@pytest.mark.parametrize(
    ("title", "text", "name"),
    [
        ("Kettle emerges from stealth", "Kettle is a Paris-based startup. It has raised money.", "Kettle"),
        ("News", "By joining Northwind, Mirror plans to grow. Mirror has raised $5 million.", "Mirror"),
        ("qiro raises $5 million", "The round was led by Northwind Capital, it said.", "qiro"),
        ("News", "Northwind acquired zyo for $5 million.", "zyo"),
        ("News", "Northwind acquired qumatic GmbH for $5 million.", "qumatic GmbH"),
        ("News", "Kettle, Inc., a lamp maker, raised $5 million.", "Kettle, Inc."),
        ("News", "The lab was founded by Jony Ive and raised $5 million.", "Jony Ive"),
        ("News", "Northwind acquired par9o for $5 million.", "par9o"),
    ],
)
def test_a_name_that_capitals_do_not_show(title: str, text: str, name: str) -> None:
    assert name in names(title, text)


@pytest.mark.parametrize(
    ("text", "not_a_name"),
    [
        ("Co-founded by Ann Reed, the firm raised $5 million.", "Co"),
        ("Ex-Northwind engineers raised $5 million.", "Ex-Northwind"),
        ("The firm raised $2B from Northwind.", "2B"),
        ("The firm raised NT$12 billion from Northwind.", "NT$12"),
        ("Today Northwind raised $5 million.", "Today Northwind"),
        ("Northwind bought a citadel for $5 million.", "citadel"),
    ],
)
def test_capitals_that_show_no_name(text: str, not_a_name: str) -> None:
    assert not_a_name not in names("News", text)


def test_words_alone_become_names_by_their_grammar() -> None:
    assert "Kettle" in written_names("Kettle is a startup.")
    assert "Kettle" in written_names("It went to Kettle, people said.")
    assert "Today" not in written_names("Today, a startup closed.")
    assert "Money" not in written_names("Money moves fast.")


def test_the_second_word_of_a_name_is_no_name() -> None:
    text = "Analog Lamps (ALA) is to acquire Empower Kettles for $2 billion. Buyers like Lamps."
    assert "Lamps" in written_names(text)
    text = text.removesuffix(" Buyers like Lamps.")
    assert "Lamps" not in written_names(text)
    assert sentence_case("Analog Lamps to Buy Empower Kettles", text).startswith("Analog Lamps to buy")


def test_a_headline_keeps_what_the_text_writes_as_a_name() -> None:
    text = "Matrix One announced a purchase."
    assert sentence_case("Matrix One Acquires Northwind Lamps", text).startswith("Matrix One acquires")
    assert sentence_case("Ann Reed Nears Big Round For Lab", "Ann Reed is near.").startswith("Ann Reed nears")


def test_a_nameless_startup_of_the_headline_is_the_one_the_text_describes() -> None:
    found = reading("Ex-Northwind engineer's startup raises $5 million", "Kettle is a startup. It said so.")
    (placed,) = (p for p in found.sentences[0].names if p.name.reference)
    assert found.clusters[placed.cluster].name == "Kettle"
    assert "startup" in found.described[placed.cluster]


def test_a_headline_about_another_company_is_left_alone() -> None:
    found = reading("Startup founders meet", "Northwind raised $5 million.")
    assert not [p for p in found.sentences[0].names if p.name.reference]


def test_an_amount_is_no_part_of_a_name() -> None:
    assert names("$22B Kettleworks deal", "Northwind closed its $22B Kettleworks deal.") & {"Kettleworks"}
    assert not any("22B" in name for name in names("$22B Kettleworks deal", "Northwind bought Kettleworks."))


@pytest.mark.parametrize(
    ("title", "stands"),
    [
        ("Former Northwind researchers raise $5 million for lamps", True),
        ("Founders of Northwind raise $5 million for lamps", True),
        ("Former Northwind lamps fetch $5 million", False),
    ],
)
def test_people_who_found_a_company_stand_for_it(title: str, stands: bool) -> None:
    found = reading(title, "Kettle, a Paris-based startup, has raised $5 million. Kettle makes lamps.")
    (kettle,) = [c.id for c in found.clusters if c.name == "Kettle"]
    headline = next(s for s in found.sentences if s.zone == "title")
    assert any(p.cluster == kettle for p in headline.names) is stands
