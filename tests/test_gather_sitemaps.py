"""Sitemaps: entries, news fields, indexes, packed files, and a crawl through an index."""

from __future__ import annotations

import datetime as dt
import gzip
from pathlib import Path

import pytest

from spiders.sitemaps import SitemapSpider, read_sitemap
from tests.gather_support import NOW, Answer, Site, articles, run, serve_site, source, store, stories, story

BASE = "https://site.example/sitemap.xml"
NEWS = """<?xml version="1.0"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc> https://site.example/a </loc><lastmod>2026-06-24</lastmod><news:news>
<news:publication><news:name>Site</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2026-06-23T10:00:00+02:00</news:publication_date>
<news:title>Tarn
  buys Fell</news:title>
</news:news></url>
<url><priority>1.0</priority></url>
</urlset>"""


def test_a_news_sitemap() -> None:
    (entry,) = read_sitemap(NEWS.encode(), BASE).entries
    assert (entry.url, entry.title, entry.language) == ("https://site.example/a", "Tarn buys Fell", "en")
    assert entry.published == dt.datetime(2026, 6, 23, 8, tzinfo=dt.UTC)
    assert entry.updated == dt.datetime(2026, 6, 24, tzinfo=dt.UTC)


def test_a_packed_sitemap() -> None:
    assert read_sitemap(gzip.compress(NEWS.encode()), BASE) == read_sitemap(NEWS.encode(), BASE)


def test_an_index_gives_its_parts_newest_first() -> None:
    index = """<sitemapindex><sitemap><loc>/old.xml</loc><lastmod>2025-01-01</lastmod></sitemap>
    <sitemap><loc>/new.xml</loc><lastmod>2026-06-01</lastmod></sitemap></sitemapindex>"""
    assert read_sitemap(index.encode(), BASE).parts == [
        "https://site.example/new.xml",
        "https://site.example/old.xml",
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-06-24", dt.datetime(2026, 6, 24, tzinfo=dt.UTC)),
        ("2026-06-24T08:00Z", dt.datetime(2026, 6, 24, 8, tzinfo=dt.UTC)),
        ("2026-06-24T08:00:00.25+00:00", dt.datetime(2026, 6, 24, 8, 0, 0, 250000, tzinfo=dt.UTC)),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_of_news(written: str, read: dt.datetime | None) -> None:
    body = NEWS.replace("2026-06-23T10:00:00+02:00", written)
    assert [entry.published for entry in read_sitemap(body.encode(), BASE).entries] == [read]


@pytest.mark.parametrize(
    ("day", "is_read"), [("2026-06-30", True), ("2026-05-17", True), ("2026-05-15", False), ("", False)]
)
def test_the_window_of_a_sitemap(day: str, is_read: bool) -> None:
    listed = source(Site({}), "/map.xml", kind="sitemap")
    spider = SitemapSpider(listed, NOW, lambda message: None)
    body = f"<urlset><url><loc>/a</loc><lastmod>{day}</lastmod></url></urlset>"
    (entry,) = read_sitemap(body.encode(), BASE).entries
    assert spider.is_recent(entry) is is_read


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>404</body></html>",
        b"\x1f\x8bnot packed",
        b"plain",
        gzip.compress(b" " * 60_000_000),
    ],
)
def test_what_is_no_sitemap(body: bytes) -> None:
    with pytest.raises(ValueError, match="sitemap"):
        read_sitemap(body, BASE)


def test_a_crawl_through_an_index(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        pages = "".join(
            f"<url><loc>{site.url(path)}</loc><lastmod>{day}</lastmod></url>"
            for path, day in [("/news/1", "2026-06-29"), ("/news/2", "2026-01-01"), ("/about", "2026-06-29")]
        )
        undated = f"<url><loc>{site.url('/news/3')}</loc></url>"
        index = f"<sitemapindex><sitemap><loc>{site.url('/part.xml')}</loc></sitemap></sitemapindex>"
        site.answers.update(
            {
                "/index.xml": Answer(index, "application/xml"),
                "/part.xml": Answer(f"<urlset>{pages}{undated}</urlset>", "application/xml"),
                "/news/1": Answer(story(1)),
            }
        )
        (result,) = run(engine, source(site, "/index.xml", kind="sitemap", match="/news/."))
    assert (result.ok, result.items, result.new, result.failed) == (True, 1, 1, 0)
    assert [article.url for article in articles(engine)] == [site.url("/news/1")]


def test_the_parts_of_an_index_share_what_a_crawl_may_take(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        for part, numbers in {"new": (3, 2), "old": (1, 0)}.items():
            rows = "".join(
                f"<url><loc>{site.url(f'/story/{n}')}</loc><publication_date>2026-06-2{n}</publication_date></url>"
                for n in numbers
            )
            site.answers[f"/{part}.xml"] = Answer(f"<urlset>{rows}</urlset>", "application/xml")
        site.answers.update({f"/story/{n}": Answer(story(n)) for n in range(4)})
        parts = "".join(
            f"<sitemap><loc>{site.url(f'/{part}.xml')}</loc></sitemap>" for part in ("new", "old")
        )
        site.answers["/index.xml"] = Answer(f"<sitemapindex>{parts}</sitemapindex>", "application/xml")
        crawled = source(site, "/index.xml", kind="sitemap", max_pages=3)
        first, second = (run(engine, crawled)[0] for _ in range(2))
    assert (first.new, first.reason) == (3, "1 left for the next crawl")
    assert (second.new, second.reason) == (1, "")


def test_addresses_that_cannot_be_asked_bar_no_way_to_the_others(tmp_path: Path) -> None:
    engine = store(tmp_path)
    long = "https://a.example/" + "x" * 2083
    bad = ("http://[a.example/1", "https://a.example:99999/2", "https:///3", "mailto:desk@a.example", long)
    with serve_site({}) as site:
        stories(site, range(2))
        rows = "".join(
            f"<url><loc>{url}</loc><publication_date>2026-06-29</publication_date></url>"
            for url in (*bad, site.url("/story/0"))
        )
        rooms = "".join(f"<li><a href='{url}'>Title</a></li>" for url in (*bad, site.url("/story/1")))
        site.answers["/map.xml"] = Answer(f"<urlset>{rows}</urlset>", "text/xml")
        site.answers["/index.xml"] = Answer(
            "<sitemapindex><sitemap><loc>http://[a/</loc></sitemap>"
            f"<sitemap><loc>{site.url('/map.xml')}</loc></sitemap></sitemapindex>",
            "text/xml",
        )
        site.answers["/room"] = Answer(f"<ul>{rooms}</ul>")
        results = run(
            engine,
            source(site, "/index.xml", kind="sitemap"),
            source(site, "/room", id="room", kind="listing", select={"item": "li", "link": "a"}),
        )
    reason = "1 of 2 pages failed: no address to ask: over 2083 characters"
    assert [(r.items, r.new, r.failed, r.reason.partition("; ")[0]) for r in results] == [
        (2, 1, 1, reason)
    ] * 2
