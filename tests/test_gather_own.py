"""The operator's own list, OPML, and `tracker sources` as a person meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from spiders.discover import feed_links
from tests.gather_support import Answer, articles, rss, serve_site, stories
from tracker.cli import main
from tracker.config import shipped
from tracker.errors import ConfigError, InputError
from tracker.sources import Source, load_sources
from tracker.sources.opml import read_opml, write_opml
from tracker.sources.own import Own, load_own, save_own
from tracker.store.engine import open_store

MINE = Source(id="mine", name='Über "us"', kind="feed", url="https://mine.example/f?a=1&b=2", match=r"\d{4}/")


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "var" / "sources.toml"
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{tmp_path / 'tracker.db'}")
    monkeypatch.setenv("TRACKER_SOURCES", str(path))
    return path


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["sources", *arguments])


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "own.toml"
    own = Own((MINE,), frozenset({"b", "a"}), frozenset({"c"}))
    save_own(path, own)
    assert load_own(path) == own
    assert [file.name for file in path.parent.iterdir()] == ["own.toml"]


def test_the_own_file_lies_over_the_shipped_list() -> None:
    shipped_one = Source(id="one", name="1", kind="rss", url="https://one.example/")
    off = Source(id="off", name="0", kind="rss", url="https://off.example/", enabled=False)
    moved = shipped_one.model_copy(update={"url": "https://moved.example/"})
    own = Own((moved, MINE)).switching(["one"], on=False).switching(["off"], on=True)
    merged = own.over([shipped_one, off])
    assert [(s.id, s.url, s.enabled) for s in merged] == [
        ("one", "https://moved.example/", False),
        ("off", "https://off.example/", True),
        ("mine", MINE.url, True),
    ]
    assert all(s.enabled for s in own.switching(["one"], on=True).over([shipped_one, off]))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("colour = 1", "colour: unknown field"),
        ("disabled = 'a'", "disabled: not a list of ids"),
        ("source = []", "no [[source]] entry"),
        ("[[source]]\nid = 'a'", "source a: name: Field required"),
    ],
)
def test_a_wrong_own_file_names_its_field(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as error:
        load_own(path)
    assert str(error.value).startswith(f"{path}: {message}")


def test_an_own_file_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be written"):
        save_own(tmp_path / "file" / "own.toml", Own())


def test_an_own_file_is_written_whole_or_left_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "own.toml"
    save_own(path, Own((MINE,)))
    before = path.read_text()

    def full(one: object, other: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(ConfigError, match="no space left"):
        save_own(path, Own())
    assert (path.read_text(), [p.name for p in tmp_path.iterdir()]) == (before, ["own.toml"])


def test_opml_goes_round(tmp_path: Path) -> None:
    path = tmp_path / "feeds.opml"
    sitemap = Source(id="map", name="Map", kind="sitemap", url="https://map.example/s.xml")
    path.write_text(write_opml([MINE, sitemap]), encoding="utf-8")
    found, bad = read_opml(path, [])
    assert [(s.name, s.url) for s in found] == [(MINE.name, MINE.url)]
    assert bad == []
    assert read_opml(path, [MINE]) == ([], [])


def test_opml_keeps_the_good_of_a_bad_file(tmp_path: Path) -> None:
    path = tmp_path / "feeds.opml"
    path.write_text(
        "<opml version='2.0'><body><outline text='Group'>\n<outline text='A' xmlUrl='https://a.example/f'/>\n"
        "<outline text='A' xmlUrl='https://b.example/f'/><outline text='C' xmlUrl='feed:c'/>\n"
        "</outline></body></opml>"
    )
    found, bad = read_opml(path, [])
    assert [s.id for s in found] == ["a", "a-2"]
    assert [(error.line, "feed:c" in str(error)) for error in bad] == [(3, True)]


@pytest.mark.parametrize(("text", "message"), [("no", "not OPML"), ("<rss/>", "not OPML but 'rss'")])
def test_what_is_no_opml(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "feeds.opml"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_opml(path, [])


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<link rel='alternate' type='application/rss+xml' href='/r'>", ["https://a.example/r"]),
        ("<link rel='ALTERNATE home' type='application/feed+json; x' href='j'>", ["https://a.example/b/j"]),
        ("<link rel='alternate' type='text/html' href='/de'>", []),
        ("<a href='/news/feed/'>RSS</a><a href='/feeding-time'>no</a>", ["https://a.example/news/feed/"]),
        ("<link rel='alternate' type='application/rss+xml' href='javascript:x'>", []),
        ("", []),
    ],
)
def test_the_feeds_a_page_names(page: str, found: list[str]) -> None:
    assert feed_links(page.encode(), "https://a.example/b/c") == found


def test_add_finds_the_feed_shows_it_and_saves_on_yes(own: Path) -> None:
    with serve_site({}) as site:
        stories(site, range(3))
        empty = "<rss version='2.0'><channel><title>None</title></channel></rss>"
        links = "".join(
            f"<link rel='alternate' type='application/rss+xml' href='{path}'>"
            for path in ("/gone.xml", "/empty.xml", "/feed.xml")
        )
        site.answers["/"] = Answer(f"<html><head>{links}</head><body>News</body></html>")
        site.answers["/empty.xml"] = Answer(empty, "application/rss+xml")
        shown = call("add", site.url("/"), "--local", "--id", "stories")
        assert not own.exists()
        saved = call("add", site.url("/"), "--local", "--id", "stories", "--yes")
        again = call("add", site.url("/feed.xml"), "--local")
        checked = call("check", "stories", "--format", "json")
    assert shown.exit_code == saved.exit_code == 0, shown.output + saved.output
    assert shown.stdout.startswith(f"stories: feed {site.url('/feed.xml')}, 3 entries, 0 undated")
    assert f"also there: feed {site.url('/empty.xml')}, 0 entries" in shown.stdout
    assert "Story number 2" in shown.stdout
    assert "saved; tracker crawl stories gathers it" in saved.stderr
    assert load_own(own).sources[0].url == site.url("/feed.xml")
    assert again.exit_code == 2
    assert "is there already as stories" in again.stderr
    (row,) = json.loads(checked.stdout)
    assert (row["ok"], row["items"], row["new"], row["newest"]) == (True, 3, 3, "2026-06-29T10:02")
    assert [entry["outcome"] for entry in row["entries"]] == ["new"] * 3
    assert not [path for path in site.paths if path.startswith("/story")]


def test_add_takes_a_sitemap_and_guesses_where_a_page_names_nothing(own: Path) -> None:
    urlset = "<urlset><url><loc>https://a.example/1</loc></url></urlset>"
    with serve_site({"/map.xml": Answer(urlset, "application/xml"), "/": Answer("<p>News</p>")}) as site:
        sitemap = call("add", site.url("/map.xml"), "--local")
        nothing = call("add", site.url("/"), "--local")
        site.answers["/feed.xml"] = Answer(rss(site, range(2)), "application/rss+xml")
        guessed = call("add", site.url("/"), "--local")
        offered = call("add", site.url("/feed.xml"), "--local", "--format", "json")
    assert sitemap.stdout.startswith(f"127-0-0-1: sitemap {site.url('/map.xml')}, 1 entries, 1 undated")
    assert nothing.exit_code == 1
    assert "no feed and no sitemap found" in nothing.stderr
    assert "/feed.xml, 2 entries" in guessed.stdout
    (row,) = json.loads(offered.stdout)
    assert (row["kind"], row["items"], row["saved"], len(row["entries"])) == ("feed", 2, False, 2)


def test_add_refuses_what_it_must(own: Path) -> None:
    with serve_site({}) as site:
        refused = call("add", site.url("/"))
        assert site.asked == []
    assert refused.exit_code == 1
    assert "lies in this machine or a private network" in refused.stderr
    assert call("add", "ftp://a.example/").exit_code == 2
    with serve_site({}) as site:
        stories(site, range(1))
        taken = call("add", site.url("/feed.xml"), "--local", "--id", "techcrunch")
    assert (taken.exit_code, "is taken" in taken.stderr) == (2, True)


def test_switching_a_shipped_source(own: Path) -> None:
    first = load_sources(shipped("data", "sources.toml"))[0].id

    def enabled() -> bool:
        (row,) = json.loads(call("show", first, "--format", "json").stdout)
        return bool(row["enabled"])

    assert enabled()
    assert call("disable", first).stdout == f"disabled: {first}\n"
    assert not enabled()
    assert first not in call("export", "--toml").stdout
    assert call("enable", first).exit_code == 0
    assert enabled()
    assert call("disable", "nosuch").exit_code == 1


def test_import_and_export(own: Path, tmp_path: Path) -> None:
    opml = tmp_path / "in.opml"
    opml.write_text(write_opml([MINE]), encoding="utf-8")
    assert call("import", str(opml)).stdout == "1 added, 0 bad\n"
    assert "uber-us,feed" in call("list", "--format", "csv").stdout
    assert call("import", str(opml)).stdout == "0 added, 0 bad\n"
    assert MINE.url in call("list", "--format", "json").stdout
    assert 'xmlUrl="https://mine.example/f?a=1&amp;b=2"' in call("export", "--opml").stdout
    exported = tmp_path / "out.toml"
    exported.write_text(call("export", "--toml").stdout, encoding="utf-8")
    assert MINE.url in {source.url for source in load_sources(exported)}


def test_check_tells_what_failed(own: Path, tmp_path: Path) -> None:
    with serve_site({"/feed.xml": Answer("<html></html>")}) as site:
        save_own(own, Own((Source(id="bad", name="b", kind="rss", url=site.url("/feed.xml"), local=True),)))
        result = call("check", "bad", "--format", "csv")
    assert result.exit_code == 1
    assert "1 of 1 sources failed" in result.stderr
    assert "bad,False,0" in result.stdout
    assert articles(open_store(f"sqlite:///{tmp_path / 'tracker.db'}")) == []
