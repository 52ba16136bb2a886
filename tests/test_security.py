"""What docs/security.md promises and no other test holds: names that become paths, feeds, cookies."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from spiders.settings import scrapy_settings
from tests.test_serve_web import serving
from tracker.config import Settings
from tracker.predict.prediction import Prediction
from tracker.site.feeds import ATOM, Entry, atom
from tracker.site.places import company_page, event_page
from tracker.sources import Source

PATHS = ["../x", "a/b", "a\\b", "..", ".", "a\nb", "a\x00", "/etc/x", "~", "C:x", "", "Ä", "a%2f"]


@pytest.mark.parametrize("name", PATHS)
def test_an_id_that_becomes_a_file_name_is_no_path(name: str) -> None:
    with pytest.raises(ValidationError):
        Source(id=name, name="A", kind="feed", url="https://a.example/")
    days = dict.fromkeys(("made", "deadline"), "2026-06-30")
    with pytest.raises(ValidationError, match="id"):
        Prediction.model_validate(
            {"id": name, "title": "T", "statement": "S", "author": "A", "criterion": "exists(ipo)", **days}
        )


@given(st.text(min_size=1) | st.sampled_from(PATHS).map(lambda name: name * 40 or "x"))
def test_an_event_or_a_company_lies_in_its_folder_whatever_it_is_called(name: str) -> None:
    assert re.fullmatch(r"events/[A-Za-z0-9-]{1,120}\.html", event_page(name))
    assert re.fullmatch(r"companies/[A-Za-z0-9-]{1,120}\.html", company_page(name))


HOSTILE = "</title><script>alert(1)</script>]]><!-- &x; \x00\x1b\ufffe\ud800 \u202e"


def test_a_feed_of_the_site_says_hostile_words_as_words() -> None:
    entry = Entry("2026-W26", f"Acme {HOSTILE}", "issues/2026-W26.html", "2026-06-30T00:00:00Z", [HOSTILE])
    told = atom([entry], "https://a.example/", f"Signals {HOSTILE}")
    feed = ET.fromstring(told.encode())
    assert {element.tag.removeprefix(f"{{{ATOM}}}") for element in feed.iter()} == {
        "feed", "title", "subtitle", "id", "updated", "author", "name", "link", "entry", "summary",
    }  # fmt: skip
    assert "</title><script>alert(1)</script>" in (feed.findtext(f"{{{ATOM}}}entry/{{{ATOM}}}title") or "")


def test_a_crawl_keeps_no_cookies_and_bounds_what_it_takes() -> None:
    settings = scrapy_settings(Settings(contact="desk@a.example"))
    assert settings["COOKIES_ENABLED"] is False
    assert settings["DOWNLOAD_MAXSIZE"] <= 10_500_000


def test_no_page_of_a_server_sets_a_cookie_or_lets_other_sites_read_it(tmp_path: Path) -> None:
    with serving(tmp_path, "--no-schedule") as server:
        for path in ("/status", "/healthz", "/api/v1/events", "/nothing"):
            headers = server.ask(path, Origin="https://evil.example")[1]
            assert headers["X-Frame-Options"] == "DENY"
            assert not {"Set-Cookie", "Access-Control-Allow-Origin"} & set(headers)
