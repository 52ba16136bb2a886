"""The benchmark's own parts: the made-up press, one small measurement, and the page it is written to."""

from __future__ import annotations

import sys

import pytest

from benchmarks import crawl
from benchmarks.crawl_site import answer, host, listing_path, page, path, published
from spiders.feeds import read_feed
from spiders.pages import read_page
from spiders.sitemaps import read_sitemap


def test_a_made_up_page_is_an_article_of_some_size() -> None:
    for number in range(12):
        body = page(3, number).encode()
        found = read_page(body, f"http://{host(3)}{path(number)}")
        assert 30_000 <= len(body) <= 80_000
        assert body == page(3, number).encode()
        assert (found.title.endswith(f"story {number}"), len(found.text) > 2000) == (True, True)
        assert (found.url, found.published) == (f"http://{host(3)}{path(number)}", published(number))


def test_each_listing_holds_all_pages() -> None:
    expected = [f"http://{{}}:80{path(number)}" for number in range(9)]
    sitemap, feed = (answer(source, listing_path(source), 80, 9)[2] for source in (0, 1))
    assert [e.url for e in read_sitemap(sitemap, "").entries] == [url.format(host(0)) for url in expected]
    assert [e.url for e in read_feed(feed, "")] == [url.format(host(1)) for url in expected]
    assert answer(0, "/elsewhere", 80, 9)[0] == 404


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's account of processes")
def test_both_crawls_read_every_page() -> None:
    (their,), (our,) = crawl.alternate(2, 4, 1)
    assert (their.pages, our.pages) == (8, 8)
    assert len(our.readers) >= 1
    assert 0 < our.begun < our.seconds
    assert our.going > our.rate
    rows = "\n".join(crawl.speed_table([their], [our]) + crawl.memory_table(our))
    assert f"{our.rate / their.rate:.2f} (run by run {our.rate / their.rate:.2f})" in rows
    assert f"| its peak, MB | under 300 | {our.process.peak:.0f} |" in rows


def test_the_page_has_the_markers() -> None:
    text = crawl.PAGE.read_text("utf-8")
    begin, end = f"<!-- begin {crawl.MARKS} -->", f"<!-- end {crawl.MARKS} -->"
    assert text.count(begin) == text.count(end) == 1
