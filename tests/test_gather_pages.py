"""Articles out of HTML pages: our own fixtures field by field, and real pages where they are at hand."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from rapidfuzz import fuzz

from benchmarks.pages import FOLDER, SAME_HEADLINE, paragraphs, plain, same_day, same_names, samples
from spiders.base import Entry, from_page
from spiders.languages import language
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


def test_what_is_kept_beside_the_text() -> None:
    entry = Entry("https://a.example/x", details={"tags": ["of the feed"]})
    found = from_page(page("wire.html"), entry)
    assert found.details["authors"] == ["Ada Holm", "Bo Lind"]
    assert found.details["section"] == "Deals"
    assert found.details["tags"] == ["of the feed"]
    assert found.details["precision"] == {"published": "instant", "modified": "instant"}
    assert page("wire.html").facts["tags"] == ["storage", "mergers"]


def day(hour: int = 0) -> dt.datetime:
    return dt.datetime(2026, 6, 24, hour, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("listed", "published", "precision"),
    [
        (None, dt.datetime(2026, 6, 24, 6, 15, tzinfo=dt.UTC), "instant"),
        (day(5), day(5), "instant"),
        (day(), dt.datetime(2026, 6, 24, 6, 15, tzinfo=dt.UTC), "instant"),
        (day() - dt.timedelta(days=1), day() - dt.timedelta(days=1), "day"),
    ],
)
def test_the_more_precise_time_of_publication(
    listed: dt.datetime | None, published: dt.datetime, precision: str
) -> None:
    found = from_page(page("wire.html"), Entry("https://a.example/x", published=listed))
    assert (found.published, found.details["precision"]["published"]) == (published, precision)


PROSE = "<p>" + "Acme said on Tuesday that it would buy Bolt, a maker of pumps for its halls. " * 5 + "</p>"


def built(head: str = "", title: str = "Acme buys Bolt", prose: str = PROSE) -> Page:
    markup = f"<html><head>{head}</head><body><article><h1>{title}</h1>{prose}</article></body></html>"
    return read_page(markup.encode(), "https://a.example/deal")


def record(**values: object) -> str:
    return f"<script type='application/ld+json'>{json.dumps({'@type': 'NewsArticle'} | values)}</script>"


def meta(**values: str) -> str:
    return "".join(f"<meta name='{k.replace('_', ':', 1)}' content=\"{v}\">" for k, v in values.items())


@pytest.mark.parametrize(
    ("head", "names"),
    [
        (record(author="Ada Holm and Bo Lind"), ["Ada Holm", "Bo Lind"]),
        (record(author=[{"name": "Ada Holm"}, {"byline": "Bo Lind"}]), ["Ada Holm", "Bo Lind"]),
        (record(author={"name": "Holm, Ada, PhD"}), ["Holm, Ada, PhD"]),
        (
            "<script type='application/ld+json'>"
            '{"@graph": [{"@type": "Article", "author": {"@id": "#a"}}, {"@id": "#a", "name": "Ada"}]}'
            "</script>",
            ["Ada"],
        ),
        (meta(author="By Ada Holm &amp; Bo Lind"), ["Ada Holm", "Bo Lind"]),
        (meta(author="Ledger", og_site_name="Ledger"), []),
        (meta(article_author="https://social.example/ada", author="ada-holm"), []),
        ("<meta name='dc.creator' content='Holm, Ada'><meta name='dc.creator' content='Lind, Bo'>",
         ["Ada Holm", "Bo Lind"]),
        (record(author=[None, 3, {"name": ["x"]}]), []),
        ("", []),
    ],
)  # fmt: skip
def test_the_names_of_a_byline(head: str, names: list[str]) -> None:
    assert built(head).authors == names


def test_links_to_authors_are_the_last_place_for_names() -> None:
    found = built(prose="<a rel='author' href='/ada'>By Ada Holm</a>" + PROSE)
    assert found.authors == ["Ada Holm"]


@pytest.mark.parametrize(
    ("head", "printed", "title"),
    [
        (meta(og_title="Acme buys Bolt for €2bn"), "Acme goes shopping", "Acme buys Bolt for €2bn"),
        (meta(og_title="Acme buys Bolt | The Ledger | by Ada"), "Acme buys Bolt", "Acme buys Bolt"),
        (meta(og_title="Acme buys Bolt - Ledger", og_site_name="Ledger"), "Big!", "Acme buys Bolt"),
        (
            meta(og_title="Acme buys – and how - Bolt", og_site_name="Ledger"),
            "B",
            "Acme buys – and how - Bolt",
        ),
        (meta(og_title="Acme buys Bolt for …"), "Acme buys Bolt for €2bn", "Acme buys Bolt for €2bn"),
        (meta(og_title="Ledger", og_site_name="Ledger"), "Acme buys Bolt", "Acme buys Bolt"),
        (record(headline="Acme buys &amp; Bolt"), "", "Acme buys & Bolt"),
    ],
)
def test_which_headline(head: str, printed: str, title: str) -> None:
    assert built(head, printed).title == title


def test_a_day_is_told_from_a_moment() -> None:
    found = built(meta(date="2026-06-24") + record(dateModified="2026-06-25T00:00:00Z"))
    assert found.facts["precision"] == {"published": "day", "modified": "instant"}


def test_a_date_in_the_address_where_none_is_declared() -> None:
    body = f"<html><body><h1>Acme buys Bolt</h1>{PROSE}</body></html>".encode()
    found = read_page(body, "https://a.example/2026/06/24/deal")
    assert (found.published, found.facts["precision"]) == (day(), {"published": "day"})
    assert read_page(body, "https://a.example/deal").published is None


def test_the_declared_text_where_the_page_shows_less() -> None:
    whole = "\n".join(f"In hall {n} the pumps of Bolt cool {n + 3} racks for Acme." for n in range(40))
    assert built(record(articleBody=whole)).text == whole
    shown = "".join(
        f"<p>The buyer told of plan {n} for the {n + 9} works of the north.</p>" for n in range(16)
    )
    paid = built(record(articleBody=whole, isAccessibleForFree=False), prose=shown)
    assert "In hall 7" not in paid.text


@pytest.mark.parametrize(
    ("prose", "code"),
    [
        ("Die Firma teilte am Dienstag mit, dass sie den Hersteller von Pumpen kaufen wird. ", "de"),
        ("La société a annoncé mardi qu'elle rachèterait le fabricant de pompes du nord. ", "fr"),
        ("同社は火曜日、ポンプメーカーを買収すると発表した。価格は明らかにされていない。", "ja"),
    ],
)
def test_a_language_that_the_page_declares_wrongly(prose: str, code: str) -> None:
    body = f"<html lang='en'><body><h1>Acme</h1><p>{prose * 6}</p></body></html>"
    assert read_page(body.encode(), "https://a.example/deal").language == code


def test_a_language_that_cannot_be_told_is_the_declared_one() -> None:
    assert language("nl", "Acme") == "nl"
    assert language("", "12 34 \x00\x01 56") == ""
