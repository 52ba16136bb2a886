"""Outside text is made harmless before it reaches a page."""

from __future__ import annotations

import html.parser
import json

import pytest

from tests.test_brief_support import (
    WEEK,
    Exhibit,
    Judged,
    Odds,
    Seen,
    SourceWeek,
    event,
    moment,
    money,
    source,
)
from tracker.brief.issue import build_issue
from tracker.brief.render import render
from tracker.brief.text import clean, host, join, markdown, safe_url

RTL = "\u202egnp.exe"
EVIL = f'<script>alert(1)</script><img src=x onerror="alert(2)"> [x](javascript:alert(3)) {RTL}\x1b[31m'


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "data:text/html,<script>",
        "//evil.example/x",
        "/relative",
        "https://",
        "https://user:pass@evil.example/",
        "https://a.example/\u202e",
        "java\nscript:alert(1)",
        "http://[broken",
    ],
)
def test_only_plain_web_addresses_are_linked(url):
    assert safe_url(url) is None
    assert host(url) == ""


def test_addresses_are_encoded_where_they_could_break_out():
    assert safe_url('https://a.example/x"><b>?q=(1)') == "https://a.example/x%22%3E%3Cb%3E?q=%281%29"
    assert host("https://www.a.example/x") == "a.example"


def test_control_bidi_and_invisible_characters_are_removed():
    assert clean("a\u202eb\u2066c\u200bd\ufeffe\x00f\ng") == "abcde f g"
    assert clean("👩\u200d💻") == "👩\u200d💻"
    assert len(clean("word " * 100, 50)) <= 50


def test_markdown_has_no_active_character():
    text = markdown("# *a* [b](https://evil.example) <i> `c` | d www.evil.example &lt;")
    assert text.startswith("\\#")
    for active in ("[b]", "<i>", "`c`", "://", "www.e"):
        assert active not in text
    assert markdown("1. list") == "1\\. list"
    assert markdown("- list") == "\\- list"


def test_lists_are_counted_past_their_limit():
    assert join(["A", "B", "C", "D", "E"], most=4) == "A, B, C, D and E"
    assert join(["A", "B", "C", "D", "E", "F"], most=4) == "A, B, C, D and two others"
    assert join([]) == ""


def hostile_issue():
    bad = source(
        1,
        "completed",
        moment("2026-06-24"),
        title=EVIL,
        evidence=EVIL,
        url="javascript:alert(4)",
        source_id=EVIL,
    )
    events = [
        event(
            'evil"><x',
            "acquisition",
            [("completed", "2026-06-24")],
            {"acquirer": EVIL, "target": "Unlikely AI"},
            amount=money(1e9),
            sources=[bad],
        ),
        event(
            "fin", "financing", [("completed", "2026-06-24")], {"company": "Confidence | Co"}, place=[EVIL]
        ),
    ]
    judged = Judged(
        id='p"><script>',
        title=EVIL,
        statement=EVIL,
        made=moment("2026-01-01"),
        deadline=moment("2026-12-01"),
        criterion=EVIL,
        author=EVIL,
        odds=[Odds(at=moment("2026-01-02"), by=EVIL, value=0.5)],
        reasons=[EVIL],
        evidence_for=[Exhibit(event_id="fin", text=EVIL, clause=EVIL)],
        near_misses=[Exhibit(event_id="fin", text=EVIL, clause=EVIL)],
    )
    seen = Seen(sources=[SourceWeek(source_id=EVIL, articles=0, usual=9, fetched=1, failed=1, reason=EVIL)])
    return build_issue(WEEK, events, [judged], seen, WEEK.end)


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs


def test_a_hostile_week_yields_a_harmless_page():
    files = render(hostile_issue())
    page = Page()
    page.feed(files["html"])
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    links = [value for name, value in page.attributes if name in ("href", "src")]
    assert not [link for link in links if not link.startswith(("#", "http://", "https://", "data:,"))]
    for text in files.values():
        assert "\u202e" not in text
        assert "\x1b" not in text
    assert "<script" not in files["md"].replace("\\<script", "")
    assert "](javascript" not in files["md"].replace("\\](", "")


def test_hostile_names_do_not_trip_the_house_rules_and_stay_in_the_data():
    data = json.loads(render(hostile_issue())["json"])
    names = [d["parties"] for g in data["groups"] for d in g["deals"]]
    assert any("Unlikely AI" in p.get("target", []) for p in names)
