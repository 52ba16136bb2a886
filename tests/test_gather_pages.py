"""Articles out of HTML pages: our own fixtures field by field, and real pages where they are at hand."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from spiders.pages import NotAnArticle, Page, read_page, read_time
from tests.gather_support import SHARED

PAGES = Path(__file__).parent / "pages"
REAL = sorted((SHARED / "pages").glob("*.html.gz"))


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


def wanted_body(version: dict[str, dict[str, list[dict[str, list[str]]]]]) -> str:
    body = version["body"]
    sections = [line for section in body["sections"] for line in section["headline"] + section["paragraphs"]]
    return " ".join([*map(str, body["summary"]), *sections])


def versions(path: Path) -> list[dict[str, object]]:
    """The annotated states of a page; the file of the outlet lies beside it."""
    outlet = re.sub(r"_\d{4}_\d\d_\d\d\.html\.gz$", ".json", str(path))
    return [
        v for v in json.loads(Path(outlet).read_text("utf-8")).values() if isinstance(v, dict) and "body" in v
    ]


@pytest.mark.skipif(not REAL, reason="the real pages are not at hand")
def test_real_pages() -> None:
    scores, days = [], []
    for path in REAL:
        found = read_page(gzip.decompress(path.read_bytes()), "https://outlet.example/page")
        score, best = max(
            ((overlap(found.text, wanted_body(v)), v) for v in versions(path)),  # type: ignore[arg-type]
            key=lambda pair: pair[0],
        )
        scores.append(score)
        days.append(str(found.published)[:10] == str(best["publishing_date"])[:10])
    assert sum(scores) / len(scores) > 0.93
    assert sorted(scores)[len(scores) // 10] > 0.8, "nine pages in ten"
    assert sum(days) >= 0.97 * len(days)
