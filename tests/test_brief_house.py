"""A house style: other names, days, sections, forms and templates."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.test_brief_issue import normal
from tests.test_brief_support import (
    WEEK,
    Seen,
    event,
    moment,
    normal_events,
    normal_judged,
    normal_seen,
)
from tracker.brief.house import SECTIONS, SHIPPED, House, read_house
from tracker.brief.issue import build_issue, minutes
from tracker.brief.render import render
from tracker.brief.week import Week, shift_of
from tracker.cli import main
from tracker.errors import BriefingError, ConfigError
from tracker.spoken import day_text, english, figure, speaking


def style(folder: Path, text: str) -> House:
    path = folder / "house.toml"
    path.write_text(text, "utf-8")
    return read_house(path)


def test_a_file_sets_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    text = """
        name = "Signals"
        audience = "the board"
        locale = "en-us"
        week_starts = "Sunday"
        sections = ["deals", "bottom-line"]
        forms = ["html"]
        templates = "own"
    """
    want = House("Signals", "the board", "en_US", -1, ("deals", "bottom-line"), ("html",), tmp_path / "own")
    assert style(tmp_path, text) == want
    assert style(tmp_path, "") == SHIPPED


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("colour = 1", "colour is no field.*known: name, audience"),
        ("name = 3", "name: a text in quotes"),
        ('name = "\\u202e"', "name: a text in quotes"),
        ('locale = "de_DE"', "locale: 'de_DE' is no English locale"),
        ('locale = "en_XX_YY_ZZ"', "locale: .* is no English locale"),
        ('week_starts = "Someday"', "week_starts: one of monday"),
        ("sections = []", "sections: a list of some of bottom-line"),
        ('sections = ["news"]', "sections: there is no 'news'"),
        ('sections = ["deals", "deals"]', "sections: one is named twice"),
        ('forms = ["doc"]', "forms: there is no 'doc'; known: html"),
        ('templates = "none"', "templates: .*none is no folder"),
        ("name = ", "cannot be read"),
    ],
)
def test_a_wrong_field_is_named_with_its_file(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        style(tmp_path, text)
    assert "house.toml" in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml is missing"):
        read_house(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("starts", "first"), [("sunday", "2026-06-21"), ("saturday", "2026-06-20"), ("wednesday", "2026-06-24")]
)
def test_a_week_begins_on_the_readers_day(starts: str, first: str) -> None:
    week = Week.parse("2026-W26", shift_of(starts))
    assert week.first.isoformat() == first
    assert (week.end - week.start).days == 7
    days = [week.first + dt.timedelta(days=n) for n in range(7)]
    assert {Week.of(d, week.shift) for d in days} == {week}
    assert Week.of(days[0] - dt.timedelta(days=1), week.shift) == week.back(1)


def test_news_of_a_sunday_belongs_to_the_week_that_begins_on_it() -> None:
    told = event(
        "sunday",
        "acquisition",
        [("announced", "2026-06-21")],
        {"acquirer": "Acme", "target": "Lumen"},
    )
    by_monday = build_issue(WEEK, [told], [], Seen(), WEEK.end)
    week = Week(2026, 26, shift_of("sunday"))
    by_sunday = build_issue(week, [told], [], Seen(), week.end)
    assert (len(by_monday.groups), len(by_sunday.groups)) == (0, 1)
    assert by_sunday.days == "21–27 June 2026"


def test_sections_come_in_the_order_asked_for_and_no_others() -> None:
    house = House(sections=("deals", "bottom-line"), forms=("html", "md", "txt"))
    files = render(normal(), house)
    html, told = str(files["html"]), str(files["md"])
    assert html.index('id="deals"') < html.index('id="bottom-line"')
    assert 'id="watch"' not in html
    assert 'href="#watch"' not in html
    assert [line for line in told.splitlines() if line.startswith("## ")] == [
        "## The week's deals",
        "## Bottom line",
    ]


@pytest.mark.parametrize("left_out", SECTIONS)
def test_no_link_leads_to_a_section_that_is_left_out(left_out: str) -> None:
    import re

    kept = tuple(s for s in SECTIONS if s != left_out)
    html = str(render(normal(), House(sections=kept, forms=("html",)))["html"])
    targets = set(re.findall(r'href="#([^"]+)"', html))
    assert targets
    assert targets <= set(re.findall(r'id="([^"]+)"', html))


def test_fewer_sections_are_read_in_less_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.brief.issue.WORDS_PER_MINUTE", 10)
    issue = normal()
    assert 1 < minutes(issue, ["bottom-line"]) < minutes(issue, list(SECTIONS)) == issue.minutes
    assert minutes(issue, ["watch", "method"]) < minutes(issue, ["method", "watch"])


def test_names_and_days_follow_the_house() -> None:
    house = House(name="<Signals>", audience="the board", locale="en_US", forms=("html", "md"))
    with speaking(house.locale):
        issue = build_issue(WEEK, normal_events(), normal_judged(), normal_seen(), WEEK.end)
    files = render(issue, house)
    assert '<html lang="en-US">' in str(files["html"])
    assert "<title>&lt;Signals&gt;, week 26" in str(files["html"])
    assert "Weekly briefing for the board" in str(files["html"])
    assert "# \\<Signals\\>: June 22–28, 2026" in str(files["md"])
    assert "June 2026" not in str(files["md"])


def test_a_locale_holds_only_within_its_block() -> None:
    day = dt.date(2026, 6, 5)
    with speaking(english("en-IN")):
        assert figure(12345678) == "1,23,45,678"
    assert (day_text(day), figure(12345678)) == ("5 June 2026", "12,345,678")


def test_a_template_of_ones_own_goes_before_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "sections").mkdir()
    (tmp_path / "sections" / "method.md").write_text("## How\n\nAs agreed.\n")
    told = str(render(normal(), House(templates=tmp_path, forms=("md",)))["md"])
    assert "As agreed." in told
    assert "## The week's deals" in told


def test_a_misspelt_field_names_template_line_and_field(tmp_path: Path) -> None:
    (tmp_path / "sections").mkdir()
    (tmp_path / "sections" / "method.md").write_text("## How\n\n{{ issue.methods }}\n")
    with pytest.raises(BriefingError, match=r"briefing/sections/method\.md, line 3: .*methods"):
        render(normal(), House(templates=tmp_path, forms=("md",)))


def test_a_broken_template_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "issue.md").write_text("one\n{% for %}\n")
    with pytest.raises(BriefingError, match=r"briefing/issue\.md, line 2"):
        render(normal(), House(templates=tmp_path, forms=("md",)))


def quiet_store(folder: Path) -> dict[str, str]:
    """The settings of a store with one article, in which nothing happens."""
    env = {"TRACKER_DATABASE_URL": f"sqlite:///{folder / 't.db'}", "TRACKER_AUTHOR": "Desk"}
    line = {
        "id": "1", "source": "wire", "url": "https://wire.example/1", "title": "Quiet", "text": "Nothing.",
        "published": moment("2026-06-23").isoformat(),
    }  # fmt: skip
    (folder / "a.jsonl").write_text(json.dumps(line))
    done = CliRunner().invoke(main, ["ingest", "--no-extract", str(folder / "a.jsonl")], env=env)
    assert done.exit_code == 0, done.output
    return env


def test_the_command_takes_the_style_of_the_option_or_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "house.toml").write_text('forms = ["md"]\n', "utf-8")
    env, run = quiet_store(tmp_path), CliRunner()
    out, named = tmp_path / "out", str(tmp_path / "house.toml")
    command = ["briefing", "build", "--week", "2026-W26", "--out", str(out)]
    done = run.invoke(main, command, env={**env, "TRACKER_HOUSE_STYLE": named})
    assert done.exit_code == 0, done.output
    assert [p.name for p in out.iterdir()] == ["2026-W26.md"]
    done = run.invoke(main, [*command, "--style", str(tmp_path / "none.toml")], env=env)
    assert done.exit_code == 1
    assert "none.toml is missing" in done.stderr
