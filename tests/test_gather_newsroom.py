"""The demo newsroom: what it serves, and that the crawl gets back exactly what was written."""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from spiders.feeds import read_feed
from spiders.pages import read_page
from spiders.sitemaps import read_sitemap
from tests.gather_support import articles, run, store
from tracker.errors import ConfigError, InputError
from tracker.newsroom import Newsroom, Renderer, newsroom_sources, serve
from tracker.store.articles import article_key

BASE = "http://127.0.0.1:1"
NEWSROOM = Newsroom.load()


def body(paragraphs: list[str]) -> str:
    return "\n".join(re.sub(r"\s+", " ", paragraph).strip() for paragraph in paragraphs)


def test_there_is_enough_of_it() -> None:
    assert len(NEWSROOM.pages) >= 150
    assert len(NEWSROOM.pages) == sum(len(items) for items in NEWSROOM.items.values()), (
        "no two under one address"
    )
    assert {outlet.channel for outlet in NEWSROOM.outlets.values()} == {"rss", "atom", "sitemap"}


@pytest.mark.parametrize("name", NEWSROOM.outlets)
def test_a_listing_holds_every_item(name: str) -> None:
    outlet, items = NEWSROOM.outlets[name], NEWSROOM.items[name]
    answer = Renderer(NEWSROOM).answer(outlet.listing, BASE)
    assert answer is not None
    listed = answer[1].encode()
    entries = read_sitemap(listed, BASE).entries if outlet.channel == "sitemap" else read_feed(listed, BASE)
    assert [(e.title, e.published) for e in entries] == [(i.title, i.published) for i in items]
    assert not any(entry.complete for entry in entries), "a feed of teasers, as most are"


@pytest.mark.parametrize("name", NEWSROOM.outlets)
def test_a_page_gives_back_what_was_written(name: str) -> None:
    renderer = Renderer(NEWSROOM)
    item = NEWSROOM.items[name][0]
    answer = renderer.answer(f"/{name}/{item.path}", BASE)
    assert answer is not None
    page = read_page(answer[1].encode(), f"{BASE}/{name}/{item.path}", trust_canonical=True)
    assert (page.title, page.text) == (item.title, body(item.paragraphs))
    assert page.url == f"https://{NEWSROOM.outlets[name].domain}/{item.path}"
    assert page.published == item.published


def test_pages_are_dressed_like_real_ones() -> None:
    renderer = Renderer(NEWSROOM)
    for name, items in NEWSROOM.items.items():
        answer = renderer.answer(f"/{name}/{items[0].path}", BASE)
        assert answer is not None
        assert all(
            other.title in answer[1].replace("&#39;", "'").replace("&amp;", "&")
            for other in NEWSROOM.related(items[0])
        )
        assert "newsletter" in answer[1] or "Subscribe" in answer[1]
        assert "application/ld+json" in answer[1] or "article:published_time" in answer[1]


def test_the_whole_crawl_is_exact_quick_and_idempotent(tmp_path: Path) -> None:
    engine = store(tmp_path)
    began = time.monotonic()
    with serve(NEWSROOM) as port:
        results = run(engine, *newsroom_sources(port, NEWSROOM))
    took = time.monotonic() - began
    with serve(NEWSROOM) as port:
        again = run(engine, *newsroom_sources(port, NEWSROOM))
    stored = {article.key: article for article in articles(engine)}
    assert all(result.ok and not result.failed for result in results + again)
    assert sum(result.new for result in results) == len(NEWSROOM.pages) == len(stored)
    assert [(r.new, r.changed, r.unchanged) for r in again] == [(0, 0, r.new) for r in results]
    for outlet, item in NEWSROOM.pages.values():
        article = stored[article_key(f"https://{outlet.domain}/{item.path}")]
        assert (article.title, article.text) == (item.title, body(item.paragraphs))
        assert (article.published, article.seen_at) == (item.published, item.modified or item.published)
        assert (article.tier, article.source_id, article.revision) == (outlet.tier, outlet.id, 1)
    assert took < 30, "seconds, on a busy machine; a few on an idle one"


def test_what_is_not_there_is_404() -> None:
    with serve(NEWSROOM) as port:
        for path in ("/nowhere/feed.xml", "/ledgerwire/none", "/"):
            with pytest.raises(urllib.error.HTTPError) as error:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}")
            assert error.value.code == 404
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/ledgerwire/") as front:
            assert NEWSROOM.items["ledgerwire"][0].title.split()[0] in front.read().decode()


def test_markup_in_an_item_stays_text() -> None:
    name, items = next(iter(NEWSROOM.items.items()))
    nasty = items[0].model_copy(update={"title": "A </script><script>alert(1)</script> & co"})
    newsroom = Newsroom(NEWSROOM.outlets, {**NEWSROOM.items, name: [nasty]})
    answer = Renderer(newsroom).answer(f"/{name}/{nasty.path}", BASE)
    assert answer is not None
    assert "<script>alert" not in answer[1]
    assert read_page(answer[1].encode(), BASE, trust_canonical=True).title == nasty.title


def write(folder: Path, line: str) -> Path:
    folder.joinpath("outlets.toml").write_text(
        '[[outlet]]\nid="x"\nname="X"\ndomain="x.example"\nchannel="rss"\ntier=2\nbeat="b"\n',
        encoding="utf-8",
    )
    folder.joinpath("items-1.jsonl").write_text(line + "\n", encoding="utf-8")
    return folder


def test_a_wrong_item_is_named_by_file_and_line(tmp_path: Path) -> None:
    item = {
        "id": "x-1",
        "outlet": "y",
        "published": "2026-01-01T00:00:00Z",
        "title": "T",
        "paragraphs": ["P"],
    }
    with pytest.raises(InputError, match=r"items-1\.jsonl:1: unknown outlet 'y'"):
        Newsroom.load(write(tmp_path, json.dumps(item)))
    with pytest.raises(InputError, match=r"items-1\.jsonl:1: .*JSON"):
        Newsroom.load(write(tmp_path, "{"))
    with pytest.raises(InputError, match=r"items-1\.jsonl:1: title"):
        Newsroom.load(write(tmp_path, json.dumps({**item, "title": None})))
    with pytest.raises(ConfigError, match="not a list of outlets"):
        Newsroom.load(tmp_path / "nowhere")
