"""Whole events out of short texts of our own (golden/extract-deals.toml), by the shipped models.

What the models are known to get wrong stands in docs/extraction.md, not here.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.extract_support import read, told

CASES = tomllib.loads((Path(__file__).parent / "golden" / "extract-deals.toml").read_text("utf-8"))["case"]


def cases(key: str) -> list[Any]:
    """The cases that say something of `type` (a deal), `events` or `news` (none of them)."""
    return [pytest.param(case, id=case["name"]) for case in CASES if key in case]


@pytest.mark.parametrize("case", cases("type"))
def test_a_deal_is_read(case: dict[str, Any]) -> None:
    expected = {k: v for k, v in case.items() if k not in ("name", "title", "text", "absent")}
    (news,) = [told(m) for m in read(case["title"], case["text"]) if m.salience == "main"]
    assert {field: news[field] for field in expected} == expected
    assert [news[field] for field in case.get("absent", [])] == [None] * len(case.get("absent", []))
    assert 0 < news["confidence"] <= 1


@pytest.mark.parametrize("case", cases("events"))
def test_what_only_looks_like_a_deal_is_none(case: dict[str, Any]) -> None:
    assert read(case["title"], case["text"]) == []


@pytest.mark.parametrize("case", cases("news"))
def test_an_old_deal_is_no_news(case: dict[str, Any]) -> None:
    assert [m for m in read(case["title"], case["text"]) if m.salience == "main"] == []


def test_every_type_has_cases() -> None:
    assert len({case["type"] for case in CASES if "type" in case}) == 7
    assert all(cases(key) for key in ("type", "events", "news"))


def test_several_deals_of_one_text_are_told_apart() -> None:
    found = read(
        "Deals of the day",
        "Northwind has acquired Lumenworks for $300 million. Separately, Heliograph raised $45 million in a "
        "Series A led by Birch Capital.",
    )
    assert [(m.type, told(m)["amount"]) for m in found] == [
        ("acquisition", [3e8, "USD"]),
        ("financing", [4.5e7, "USD"]),
    ]
