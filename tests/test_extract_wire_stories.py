"""What the shipped models read in wire stories and merger notices of our own."""

from __future__ import annotations

from typing import Any

import pytest

from tests.extract_support import extractor, told
from tests.test_extract_spans import check
from tracker.extract.document import Document
from tracker.models.mention import Mention

STORIES: dict[str, tuple[str, dict[str, Any]]] = {
    "a company is bought": (
        "\n\nLumen Foods Corp said it\nagreed to acquire Harbor Mills Inc, a maker of breakfast\ncereals, "
        "for 25 mln dlrs in cash.\n    The transaction is subject to approval by holders of\nHarbor Mills.\n",
        {
            "target": ["Harbor Mills Inc"],
            "acquirer": ["Lumen Foods Corp"],
            "seller": [],
            "amount": [25e6, "USD"],
            "status_text": "agreed to acquire",
            "aliases": {"Harbor Mills Inc": ["Harbor Mills"]},
        },
    ),
    "a unit is sold": (
        "\n\nNorthgate Industries Inc said it\nhas completed the sale of its Tarn Valve Co unit to\n"
        "Calder Corp for undisclosed terms.\n    Northgate said it will use the proceeds to reduce debt.\n",
        {
            "target": ["Tarn Valve Co"],
            "acquirer": ["Calder Corp"],
            "seller": ["Northgate Industries Inc"],
            "amount": [None, "USD"],
            "status_text": "completed",
            "salience": "main",
        },
    ),
    "a stake is bought": (
        "\n\nJohn Ashdown, a Chicago investor,\ntold the Securities and Exchange Commission he has acquired\n"
        "81,000 shares of Bellweather Drilling Co, or 6.1 pct of the\ntotal outstanding common stock.\n",
        {
            "target": ["Bellweather Drilling Co"],
            "acquirer": ["John Ashdown"],
            "status_text": "acquired",
            "amount": None,
        },
    ),
}
NOTICE = (
    "Alder Freight Pty Ltd (**Alder**) proposes to acquire 100% of the issued share capital in Birch "
    "Logistics Pty Ltd (**Birch**) (the **Acquisition**).\n\nAlder is an Australian provider of road freight."
    "\n\nBirch is a privately owned operator of warehouses in Queensland."
)


def read(text: str, title: str = "") -> list[Mention]:
    ((_, mentions),) = extractor().extract([Document("d", title, text)])
    check(title, text, mentions)
    return mentions


@pytest.mark.parametrize("name", STORIES)
def test_a_story_fills_its_template(name: str) -> None:
    text, expected = STORIES[name]
    (mention,) = read(text)
    found = told(mention)
    assert {key: found[key] for key in expected} == expected
    assert mention.evidence.text.startswith(text.strip()[:20])


def test_a_notice_names_both_sides() -> None:
    (mention,) = read(NOTICE, "Alder Freight – Birch Logistics")
    found = told(mention)
    assert (found["acquirer"], found["target"]) == (["Alder Freight Pty Ltd"], ["Birch Logistics Pty Ltd"])
    assert mention.aliases["Birch Logistics Pty Ltd"] == ["Birch Logistics", "Birch"]


def test_words_of_a_status_are_explained() -> None:
    text, _ = STORIES["a company is bought"]
    lines = "\n".join(extractor().explain([Document("d", "", text)]))
    assert "[Lumen Foods Corp = acquirer] said it agreed to acquire [Harbor Mills Inc = target]" in lines
    assert "    status text: agreed to acquire" in lines


def test_a_story_without_a_deal_tells_none() -> None:
    assert read("Lumen Foods Corp said it will\npay a dividend of 12 cts a share in\nMay.") == []
