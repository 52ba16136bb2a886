"""Articles out of HTML pages: our own fixtures field by field, and real pages where they are at hand."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from rapidfuzz import fuzz

from benchmarks.pages import FOLDER, SAME_HEADLINE, paragraphs, plain, same_day, same_names, samples
from spiders.pages import NotAnArticle, Page, read_page
from spiders.times import read_time

PAGES = Path(__file__).parent / "pages"


def page(name: str, url: str = "https://ledger.example/deals/tarn-fell?fbclid=1") -> Page:
    return read_page((PAGES / name).read_bytes(), url)


def test_a_page_with_json_ld() -> None:
    found = page("wire.html")
    assert found.title == "Tarn Systems buys Fell Storage for €410m"
    assert found.published == dt.datetime(2026, 6, 24, 6, 15, tzinfo=dt.UTC)
    assert found.modified == dt.datetime(2026, 6, 24, 9, 0, tzinfo=dt.UTC)
    assert found.url == "https://ledger.example/deals/tarn-fell"
    assert found.language == "en"


def test_only_the_article_is_text() -> None:
    text = page("wire.html").text
    assert text.splitlines()[-1].startswith("Tarn paid a third of that sum")
    assert "agreed to buy Fell Storage for €410m in cash" in text
    for stray in (
        "cookies",
        "All the deals",
        "Advertisement",
        "Harrow",
        "Mere Cloud",
        "newsletter",
        "Ledger",
    ):
        assert stray not in text


def test_a_page_with_open_graph() -> None:
    found = page("opengraph.html", "https://www.racknotes.example/2026/06/mere-lisbon?utm_medium=rss")
    assert found.title == "Mere Cloud shuts its Lisbon site & moves customers"
    assert found.published == dt.datetime(2026, 6, 25, 16, 40, tzinfo=dt.UTC)
    assert found.modified is None
    assert found.url == "https://racknotes.example/2026/06/mere-lisbon"
    assert "First!" not in found.text


def test_a_canonical_address_on_another_site_is_not_believed() -> None:
    stranger = "https://stranger.example/copy"
    assert page("opengraph.html", stranger).url == stranger
    body = (PAGES / "opengraph.html").read_bytes()
    trusted = read_page(body, "http://127.0.0.1:8000/a", trust_canonical=True)
    assert trusted.url == "https://racknotes.example/2026/06/mere-lisbon"


@pytest.mark.parametrize(
    ("name", "reason"), [("challenge.html", "Just a moment"), ("teaser.html", "paywall stub")]
)
def test_what_is_no_article(name: str, reason: str) -> None:
    with pytest.raises(NotAnArticle, match=reason):
        page(name)


@pytest.mark.parametrize("body", [b"", b"   ", b"\x00\x01\x02", b"%PDF-1.7 binary"])
def test_a_body_that_is_not_html(body: bytes) -> None:
    with pytest.raises(NotAnArticle):
        read_page(body, "https://a.example/b")


@pytest.mark.parametrize("value", ["yesterday", "", None, "2026-13-01", 20260101.5])
def test_times_that_are_none(value: object) -> None:
    assert read_time(value) is None


def grams(text: str) -> Counter[tuple[str, str, str]]:
    words = re.findall(r"\w+", text.lower())
    return Counter(zip(words, words[1:], words[2:], strict=False))


def overlap(found: str, wanted: str) -> float:
    """F1 of three-word sequences."""
    one, other = grams(found), grams(wanted)
    common = sum((one & other).values())
    return 2 * common / max(1, sum(one.values()) + sum(other.values()))


Pairs = list[tuple[Page, dict[str, Any]]]


@pytest.fixture(scope="module")
def real() -> Pairs:
    """Every real page, which all have to pass for articles, beside what people read on it."""
    if not FOLDER.is_dir():
        pytest.skip("the real pages are not at hand")
    return [(read_page(s.body, s.url), s.wanted) for s in samples(FOLDER)]


def right(found: list[bool]) -> float:
    assert len(found) > 50
    return sum(found) / len(found)


def test_titles_of_real_pages(real: Pairs) -> None:
    same = [fuzz.token_set_ratio(plain(p.title), plain(w["title"])) >= SAME_HEADLINE for p, w in real]
    assert right(same) >= 0.9


def test_dates_of_real_pages(real: Pairs) -> None:
    assert right([same_day(page, str(wanted["publishing_date"])) for page, wanted in real]) >= 0.97


def test_authors_of_real_pages(real: Pairs) -> None:
    assert right([same_names(page.authors, wanted.get("authors") or []) for page, wanted in real]) >= 0.95


def test_bodies_of_real_pages(real: Pairs) -> None:
    scores = sorted(overlap(page.text, paragraphs(wanted)) for page, wanted in real)
    assert sum(scores) / len(scores) > 0.93
    assert scores[len(scores) // 10] > 0.8, "nine pages in ten"


def test_languages_of_real_pages(real: Pairs) -> None:
    assert {page.language for page, _ in real} == {"en"}


def test_sections_and_tags_of_real_pages(real: Pairs) -> None:
    assert right(["section" in page.facts for page, _ in real]) > 0.6
    assert right(["tags" in page.facts for page, _ in real]) > 0.6
    assert not [p.facts for p, _ in real if "," in " ".join(p.facts.get("tags", []))]
