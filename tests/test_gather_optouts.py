"""What sites say about mining by machines: each way of saying it, and what is recorded and shown."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response
from scrapy.robotstxt import ProtegoRobotParser

from spiders.optouts import LONGEST, ai_agents, in_ai_txt, in_answer, in_robots, in_tdm_file, kept
from tests.gather_support import NOW, Answer, run, serve_site, source, stories
from tests.test_gather_commands import call, write_sources
from tracker.store.engine import open_store

URL = "https://a.example/feed"


def robots(text: str) -> dict[str, str]:
    return in_robots(ProtegoRobotParser(text.encode(), None), URL)


def test_the_agents_are_a_list_of_names() -> None:
    agents = ai_agents()
    assert {"GPTBot", "CCBot", "Google-Extended", "ClaudeBot"} <= set(agents)
    assert len(agents) == len({agent.lower() for agent in agents})
    assert not any(set(agent) & set(" #:*/\t") for agent in agents)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", None),
        ("User-agent: *\nDisallow: /private", None),
        ("User-agent: GPTBot\nUser-agent: ccbot\nDisallow: /", "forbids CCBot, GPTBot"),
        ("User-agent: GPTBot\nDisallow: /private", None),
        ("User-agent: *\nDisallow: /", "forbids everybody"),
        ("User-agent: *\nDisallow: /\nUser-agent: some-reader\nAllow: /", None),
    ],
)
def test_robots(text: str, says: str | None) -> None:
    found = robots(text).get("robots.txt")
    if "some-reader" in text:
        assert found is not None
        assert found.startswith("forbids AI2Bot, Amazonbot")
    else:
        assert found == says


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"User-Agent: *\nDisallow: *.txt\nDisallow: /a\nAllow: /b", "forbids *.txt, /a"),
        (b"User-Agent: *\nDisallow:", None),
        (b"<html><body>Page not found: sorry</body></html>", None),
        (b"\xff\xfe", None),
    ],
)
def test_ai_txt(body: bytes, says: str | None) -> None:
    assert in_ai_txt(body).get("ai.txt") == says


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('[{"location": "/", "tdm-reservation": 1, "tdm-policy": "https://a.example/p"}]',
         "reserved for /, policy https://a.example/p"),
        ('[{"location": "/a", "tdm-reservation": 0}, {"location": "/b", "tdm-reservation": "1"}]',
         "reserved for /b"),
        ('{"tdm-reservation": 1}', None),
        ("[1, null]", None),
        ("<html>", None),
        ("[" * 100_000, None),
    ],
)  # fmt: skip
def test_tdm_file(body: str, says: str | None) -> None:
    assert in_tdm_file(body.encode()).get("tdmrep.json") == says


@pytest.mark.parametrize(
    ("headers", "body", "found"),
    [
        ({"TDM-Reservation": "1", "TDM-Policy": "https://p"}, "", {"TDM-Reservation": "reserved, policy https://p"}),
        ({"tdm-reservation": "0"}, "", {}),
        ({"X-Robots-Tag": "noindex, NoAI, noimageai"}, "", {"X-Robots-Tag": "noai, noimageai"}),
        ({"X-Robots-Tag": "noindex"}, "<p>noai</p>", {}),
        ({}, "<META content='noai' name=robots>", {"meta robots": "noai"}),
        ({}, '<meta name="tdm-reservation" content="1"><meta name="tdm-policy" content="/p">',
         {"meta tdm-reservation": "reserved, policy /p"}),
        ({}, '<meta name="tdm-reservation" content="0">', {}),
        ({}, "<meta name='robots' content='index'><meta name='x' content='noai'>", {}),
    ],
)  # fmt: skip
def test_an_answer(headers: dict[str, str], body: str, found: dict[str, str]) -> None:
    assert in_answer(Response(URL, headers=headers, body=body.encode())) == found


@given(st.binary(max_size=200))
def test_nothing_breaks_the_readers(body: bytes) -> None:
    for found in (in_ai_txt(body), in_tdm_file(body), in_answer(Response(URL, body=b"<meta " + body))):
        assert all(len(says) <= LONGEST and says.isprintable() for says in found.values())


def test_what_only_pages_say_stays_where_none_was_read() -> None:
    old = {"meta robots": "noai", "ai.txt": "forbids /"}
    assert kept(old, {"robots.txt": "x"}, pages=0) == {"meta robots": "noai", "robots.txt": "x"}
    assert kept(old, {"robots.txt": "x"}, pages=1) == {"robots.txt": "x"}


def test_opt_outs_are_read_weekly_recorded_and_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    monkeypatch.setenv("TRACKER_DATABASE_URL", url)
    monkeypatch.setenv("TRACKER_SOURCES", str(tmp_path / "own.toml"))
    engine = open_store(url)
    with serve_site({}) as site:
        stories(site, range(2))
        site.answers["/robots.txt"] = Answer(
            "User-agent: GPTBot\nDisallow: /\nUser-agent: *\nDisallow: /ai.txt"
        )
        site.answers["/ai.txt"] = Answer("User-Agent: *\nDisallow: /", "text/plain")
        reserved = '[{"location": "/", "tdm-reservation": 1}]'
        site.answers["/.well-known/tdmrep.json"] = Answer(reserved, "application/json")
        site.answers["/story/1"].headers["X-Robots-Tag"] = "noai"
        one = source(site)
        (result,) = run(engine, one)
        asked = list(site.paths)
        run(engine, one, now=NOW + dt.timedelta(days=6))
        again = site.paths[len(asked) :]
        site.answers["/.well-known/tdmrep.json"] = Answer("[]", "application/json")
        run(engine, one, now=NOW + dt.timedelta(days=8))
        write_sources(tmp_path / "own.toml", one)
        shown = call("sources", "show", "site", "--format", "json")
    assert (result.ok, result.new) == (True, 2), "what is reserved is recorded, not obeyed"
    assert "/ai.txt" not in site.paths, "robots.txt forbids it to everybody"
    assert asked.count("/.well-known/tdmrep.json") == 1
    assert "/.well-known/tdmrep.json" not in again
    (row,) = json.loads(shown.stdout)
    assert row["opt_outs"] == {"X-Robots-Tag": "noai", "robots.txt": "forbids GPTBot"}
    assert row["opt_outs_read"] == "2026-07-08 12:00:00+00:00"
