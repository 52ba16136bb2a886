"""Raw answers kept as WARC and read back."""

from __future__ import annotations

import datetime as dt
import gzip
import io
from pathlib import Path

import pytest
from click.testing import CliRunner
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from spiders.warc import Skipped, read_warc
from tests.gather_support import NOW, Answer, articles, serve_site, source, stories, story
from tests.gather_support import store as new_store
from tests.test_gather_commands import write_sources
from tracker.cli import main
from tracker.config import Settings
from tracker.errors import InputError
from tracker.gather import crawl
from tracker.store.articles import NewArticle

FETCHED = "2026-06-29T06:00:00Z"


def warc(*answers: tuple[str, str, bytes, dict[str, str]], packed: bool = True) -> bytes:
    """An archive of (address, status line, body, headers)."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)
    for url, status, body, headers in answers:
        http = StatusAndHeaders(status, list(headers.items()), protocol="HTTP/1.1")
        record = writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(body),
            http_headers=http,
            warc_headers_dict={"WARC-Date": FETCHED},
        )
        writer.write_record(record)
    return out.getvalue()


def replayed(data: bytes, seen: str = "now") -> list[NewArticle | Skipped | InputError]:
    return list(read_warc(io.BytesIO(data), "a.warc.gz", seen, NOW))  # type: ignore[arg-type]


HTML = {"Content-Type": "text/html"}
PAGE = ("https://a.example/1", "200 OK", story(1).encode(), HTML)


def test_a_crawl_is_kept_and_replayed(tmp_path: Path) -> None:
    engine, folder = new_store(tmp_path), tmp_path / "deep" / "archive"
    with serve_site({}) as site:
        stories(site, range(3))
        site.answers["/story/0"] = Answer("", status=302, headers={"Location": "/moved"})
        site.answers["/moved"] = Answer(
            gzip.compress(story(0).encode()), headers={"Content-Encoding": "gzip"}
        )
        for _ in range(2):
            settings = Settings()
            (result,) = crawl(engine, [source(site)], now=NOW, settings=settings, archive=folder)
    assert (result.ok, result.unchanged) == (True, 3)
    first, second = sorted(folder.iterdir())
    assert {first.name, second.name} == {f"site-20260630120000{again}.warc.gz" for again in ("", "-2")}
    kept = first if first.stat().st_size > second.stat().st_size else second
    with kept.open("rb") as stream:
        addresses = {record.rec_headers.get_header("WARC-Target-URI") for record in ArchiveIterator(stream)}
    assert {site.url(path) for path in ("/robots.txt", "/feed.xml", "/story/1", "/moved")} <= addresses
    other = new_store(tmp_path / "other")
    (tmp_path / "other").mkdir(exist_ok=True)
    env = {"TRACKER_DATABASE_URL": str(other.url)}
    arguments = ["ingest", "--no-extract", "--seen", "published", str(kept)]
    runs = [CliRunner().invoke(main, arguments, env=env) for _ in range(2)]
    assert [run.stdout for run in runs] == [
        "3 articles: 3 new, 0 changed, 0 unchanged, 0 bad\n",
        "3 articles: 0 new, 0 changed, 3 unchanged, 0 bad\n",
    ]
    same = ("key", "source_id", "title", "text", "published", "language", "details")
    assert [[getattr(a, name) for name in same] for a in articles(other)] == [
        [getattr(a, name) for name in same] for a in articles(engine)
    ]


def test_nothing_is_kept_unless_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with serve_site({}) as site:
        stories(site, range(1))
        crawl(new_store(tmp_path), [source(site)], now=NOW, settings=Settings())
    assert not list(tmp_path.rglob("*.warc.gz"))


def test_the_command_takes_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.cli.crawl.read_new", lambda engine: None)
    env = {"TRACKER_DATABASE_URL": f"sqlite:///{tmp_path / 't.db'}"}
    with serve_site({}) as site:
        stories(site, range(1))
        listed = write_sources(tmp_path / "s.toml", source(site))
        arguments = ["crawl", "--sources", str(listed), "--archive", str(tmp_path / "kept")]
        assert CliRunner().invoke(main, arguments, env=env).exit_code == 0
    assert len(list((tmp_path / "kept").iterdir())) == 1


@pytest.mark.parametrize("packed", [True, False])
def test_a_foreign_archive(packed: bool) -> None:
    challenge = b"<html><title>Just a moment...</title><p>wait</p></html>"
    found = replayed(
        warc(
            PAGE,
            ("https://a.example/2", "200 OK", challenge, HTML),
            ("https://a.example/3", "404 Not Found", story(3).encode(), HTML),
            ("https://a.example/4", "200 OK", b"", HTML),
            packed=packed,
        )
    )
    article, skipped = found
    assert isinstance(article, NewArticle)
    assert isinstance(skipped, Skipped)
    assert (article.source_id, article.url, article.seen_at) == ("a.example", "https://a.example/1", NOW)
    assert article.published == dt.datetime(2026, 6, 29, 6, tzinfo=dt.UTC)
    assert article.details["undated"]
    assert "Just a moment" in skipped.reason


def test_addresses_that_are_none_end_no_replay() -> None:
    feed = f"<rss version='2.0'><channel><item><link>{PAGE[0]}</link></item></channel></rss>".encode()
    away = {"Location": "http://[b.example/"}
    *skipped, article = replayed(
        warc(
            ("https://a.example/feed", "200 OK", feed, {"Content-Type": "text/xml"}),
            (PAGE[0], "302 Found", b"", away),
            ("http://[a.example/x", "302 Found", b"", {"Location": "/y"}),
            ("http://[a.example/x", *PAGE[1:]),
            PAGE,
        )
    )
    assert [type(one) for one in skipped] == [Skipped] * 3
    assert isinstance(article, NewArticle)
    assert article.url == PAGE[0]


def test_a_record_without_an_address_is_damage() -> None:
    data = warc(PAGE, ("https://a.example/2", "200 OK", story(2).encode(), HTML), packed=False)
    article, damage = replayed(data.replace(b"WARC-Target-URI: https://a.example/2\r\n", b""))
    assert isinstance(article, NewArticle)
    assert "damaged archive: a record without what belongs in it" in str(damage)


def test_seen_as_it_was_published() -> None:
    (article,) = replayed(warc(PAGE), "published")
    assert isinstance(article, NewArticle)
    assert article.seen_at == article.published


def test_damage_keeps_what_came_before() -> None:
    whole = warc(PAGE)
    article, error = replayed(whole + b"\x1f\x8b\x08\x00" + bytes(40))
    assert isinstance(article, NewArticle)
    assert isinstance(error, InputError)
    assert str(error).startswith("a.warc.gz: damaged archive")
    assert [type(item) for item in replayed(b"no archive at all")] == [InputError]


def test_a_body_that_unpacks_to_too_much_is_left_out() -> None:
    bomb = gzip.compress(b"<p>" + b"x" * 11_000_000)
    assert replayed(warc(("https://a.example/b", "200 OK", bomb, {"Content-Encoding": "gzip", **HTML}))) == []


def test_an_archive_that_is_not_there(tmp_path: Path) -> None:
    env = {"TRACKER_DATABASE_URL": f"sqlite:///{tmp_path / 't.db'}"}
    result = CliRunner().invoke(main, ["ingest", "--no-extract", "none.warc.gz"], env=env)
    assert result.exit_code == 1
    assert "none.warc.gz: no such file" in result.stderr
