"""From a real SQLite store to a site's files: what is made, what is left alone, what is removed."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import feedparser
import pytest
from click.testing import CliRunner
from lxml import html

from tests import test_brief_build
from tests.test_brief_build import NOW, at, put
from tracker.cli import main
from tracker.errors import SiteError
from tracker.pipeline import refresh
from tracker.publishing import Order, publish
from tracker.store.articles import NewArticle, add_article
from tracker.store.engine import open_store, transaction
from tracker.store.mentions import add_mentions

address, engine = test_brief_build.address, test_brief_build.engine
URL = "https://signals.example/archive/"
LATER = NOW + dt.timedelta(days=30)


@pytest.fixture
def out(tmp_path):
    return tmp_path / "site"


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def links(folder: Path) -> list[tuple[str, str]]:
    """Every link of every page with the page it stands on."""
    return [
        (str(page.relative_to(folder)), link)
        for page in sorted(folder.rglob("*.html"))
        for _, _, link, _ in html.fromstring(page.read_bytes()).iterlinks()
    ]


def lost(folder: Path) -> list[tuple[str, str]]:
    """The links to files or places that are not there."""
    missing = []
    for page, link in links(folder):
        parts = urlsplit(link)
        if parts.scheme:
            continue
        target = urlsplit(urljoin(f"http://x/{page}", link))
        there = folder / target.path.lstrip("/")
        place = f'id="{target.fragment}"' if target.fragment else ""
        if not there.is_file() or place not in there.read_text("utf-8"):
            missing.append((page, link))
    return missing


def test_the_pages_of_a_store(engine, out):
    done = publish(engine, Order(out, URL), NOW)
    found = files(out)
    assert done.files == done.written == len(found) - 1
    assert (done.removed, done.issues, done.changed) == (0, 2, 2)
    assert {
        "index.html",
        "scoreboard.html",
        "search.html",
        "style.css",
        "atom.xml",
        "sitemap.xml",
    } <= found.keys()
    assert {f"issues/2026-W26.{e}" for e in ("html", "md", "txt", "json")} <= found.keys()
    assert {"predictions/bought.html", "events/index.html", "companies/index.html"} <= found.keys()
    event = next(text.decode() for path, text in found.items() if path.startswith("events/acq"))
    assert event.count("$11bn") > 2
    for word in ("Rumoured", "16 June 2026", "Completed", "late.example", "2026-W26"):
        assert word in event
    assert lost(out) == []


def test_nothing_is_written_twice_and_two_builds_are_equal(engine, out):
    publish(engine, Order(out / "a", URL), NOW)
    first = files(out / "a")
    times = {p: p.stat().st_mtime_ns for p in (out / "a").rglob("*")}
    again = publish(engine, Order(out / "a", URL), NOW + dt.timedelta(hours=5))
    assert (again.written, again.removed, again.changed) == (0, 0, 0)
    assert times == {p: p.stat().st_mtime_ns for p in (out / "a").rglob("*")}
    publish(engine, Order(out / "b", URL), NOW)
    assert files(out / "b") == first


def test_a_new_week_touches_what_it_changed_and_equals_a_build_from_nothing(engine, out):
    publish(engine, Order(out / "a"), NOW)
    first = files(out / "a")
    with transaction(engine) as session:
        put(session, "other", "2026-07-08", "terminated")
    refresh(engine, "fake/1")
    done = publish(engine, Order(out / "a"), LATER)
    assert (done.issues, done.changed) == (3, 1)
    grown = files(out / "a")
    publish(engine, Order(out / "b"), LATER)
    assert files(out / "b") == grown
    for kept in ("issues/2026-W25.html", "issues/2026-W26.json", "style.css"):
        assert grown[kept] == first[kept]
    assert "fell through" in grown["issues/2026-W28.md"].decode()


def test_pages_of_what_is_gone_are_removed_and_files_of_others_stay(engine, out):
    publish(engine, Order(out), NOW)
    (out / "CNAME").write_text("signals.example")
    (out / "events" / "notes.html").write_text("mine")
    gone = next(p for p in files(out) if p.startswith("companies/meridian"))
    with transaction(engine) as session:
        late = NewArticle(
            key="wire", source_id="wire.example", url="https://wire.example/1", title="Nothing",
            text="Nothing.", published=at("2026-06-23"), seen_at=at("2026-06-24"),
        )  # fmt: skip
        for key in ("wire", "rumours", "late"):
            _, id_ = add_article(session, NewArticle(**{**vars(late), "key": key}))
            add_mentions(session, id_, "fake/1", [])
    refresh(engine, "fake/1")
    done = publish(engine, Order(out), NOW)
    left = files(out)
    assert done.removed >= 3
    assert gone not in left
    assert {"CNAME", "events/notes.html"} <= left.keys()
    assert lost(out) == []


def test_a_build_that_was_cut_off_is_made_good(engine, out, monkeypatch):
    publish(engine, Order(out), NOW)
    whole = files(out)
    with transaction(engine) as session:
        put(session, "other", "2026-07-08", "terminated")
    refresh(engine, "fake/1")

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("tracker.site.pages.companies.pages", stop)
        with pytest.raises(KeyboardInterrupt):
            publish(engine, Order(out), LATER)
    assert files(out).keys() > whole.keys()
    publish(engine, Order(out), NOW)
    assert {k: v for k, v in files(out).items() if k in whole} == whole


def test_a_manifest_from_elsewhere_removes_nothing_outside(engine, tmp_path):
    publish(engine, Order(tmp_path / "site"), NOW)
    (tmp_path / "mine.html").write_text("mine")
    path = tmp_path / "site" / ".manifest.json"
    told = json.loads(path.read_text())
    told["pages"]["../mine.html"] = "x"
    path.write_text(json.dumps(told))
    publish(engine, Order(tmp_path / "site"), NOW)
    assert (tmp_path / "mine.html").read_text() == "mine"
    path.write_text("not JSON")
    assert publish(engine, Order(tmp_path / "site"), NOW).written == 0


def test_as_of_shows_what_was_known(engine, out):
    publish(engine, Order(out, as_of=at("2026-06-26")), NOW)
    event = next(text for path, text in files(out).items() if path.startswith("events/acq"))
    assert b"late.example" not in event
    assert "issues/2026-W26.html" not in files(out)


def test_feeds_can_be_read(engine, out):
    publish(engine, Order(out, URL), NOW)
    feed = feedparser.parse((out / "atom.xml").read_bytes())
    assert not feed.bozo
    assert [e.link for e in feed.entries] == [f"{URL}issues/2026-W26.html", f"{URL}issues/2026-W25.html"]
    assert feed.entries[0].title == "Week 26 of 2026: 22–28 June 2026"
    told = json.loads((out / "feed.json").read_text())
    assert (told["version"], len(told["items"])) == ("https://jsonfeed.org/version/1.1", 2)
    assert told["items"][0]["url"] == f"{URL}issues/2026-W26.html"
    listed = re.findall(r"<loc>(.*?)</loc>", (out / "sitemap.xml").read_text())
    pages = {f"{URL}{p}" for p in files(out) if p.endswith(".html")}
    assert set(listed) == pages
    publish(engine, Order(out), NOW)
    assert not (out / "sitemap.xml").exists()


@pytest.mark.parametrize(
    ("order", "message"),
    [({"since": dt.date(2026, 8, 1)}, "since 2026-08-01"), ({"as_of": at("2026-01-01")}, "no article")],
)
def test_what_cannot_be_built_says_why(engine, out, order, message):
    with pytest.raises(SiteError, match=message):
        publish(engine, Order(out, **order), NOW)


def test_an_empty_store_and_a_folder_that_is_a_file(engine, tmp_path):
    with pytest.raises(SiteError, match="tracker demo"):
        publish(open_store(f"sqlite:///{tmp_path / 'empty.db'}"), Order(tmp_path / "site"), NOW)
    (tmp_path / "file").write_text("x")
    with pytest.raises(SiteError, match="cannot write to"):
        publish(engine, Order(tmp_path / "file"), NOW)


def test_the_command(engine, address, tmp_path):
    arguments = ["site", "build", "--out", str(tmp_path / "s"), "--url", URL, "--since", "2026-06-22"]
    result = CliRunner().invoke(main, arguments, env={"TRACKER_DATABASE_URL": address})
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[0] == str(tmp_path / "s" / "index.html")
    assert "2 issues, 2 new or changed" in result.stdout
    wrong = CliRunner().invoke(
        main, ["site", "build", "--url", "ftp://x"], env={"TRACKER_DATABASE_URL": address}
    )
    assert (wrong.exit_code, "not an address" in wrong.stderr) == (2, True)
