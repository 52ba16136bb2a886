"""What is news of a week, how it is sorted, counted and capped; golden issues stand in tests/golden/.

After a deliberate change run `python -m tests.test_brief_issue` and review the difference.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import random
from pathlib import Path

import pytest

from tests.test_brief_support import (
    WEEK,
    Judged,
    Odds,
    Seen,
    SourceWeek,
    event,
    many,
    moment,
    money,
    normal_events,
    normal_judged,
    normal_seen,
    source,
)
from tracker.brief.charts import bar_chart, nice_ticks, pace_chart
from tracker.brief.inputs import Amendment, Corrections, NewVerdict, Retraction
from tracker.brief.issue import build_issue
from tracker.brief.lint import sentences
from tracker.brief.model import Issue
from tracker.brief.render import render
from tracker.brief.timeline import spark, timeline
from tracker.brief.week import Week
from tracker.brief.weekly import news_of
from tracker.errors import BriefingError

GOLDEN = Path(__file__).parent / "golden"
DAY = moment("2026-06-24")


def empty() -> Issue:
    return build_issue(WEEK, [], [], Seen(), WEEK.end)


def normal() -> Issue:
    return build_issue(WEEK, normal_events(), normal_judged(), normal_seen(), WEEK.end)


def correction() -> Issue:
    """A week in which deals fell through, closed and were told differently, and a prediction was missed."""
    told = [("announced", "2026-05-12"), ("terminated", "2026-06-24")]
    events = [
        event(
            "off", "acquisition", told, {"acquirer": "Northwind", "target": "Meridian"}, amount=money(11e9)
        ),
        event(
            "done",
            "acquisition",
            [("announced", "2026-04-02"), ("completed", "2026-06-26")],
            {"acquirer": "Fabrikam", "target": "Tarn"},
            amount=money(2.5e9, qualifier="about"),
            category="model",
        ),
        event(
            "shut-off",
            "shutdown",
            [("announced", "2026-06-02"), ("terminated", "2026-06-25")],
            {"company": "Helia", "subject": "Scribe"},
            scope="product",
            category="application",
        ),
    ]
    missed = Judged(
        id="p1",
        title="Meridian is bought",
        statement="The purchase of Meridian closes by 24 June.",
        made=moment("2026-05-20"),
        deadline=moment("2026-06-25", 0),
        status="not met",
        author="Desk",
        odds=[Odds(at=moment("2026-05-20"), by="Desk", value=0.9)],
        reasons=["The deal fell through."],
    )
    told_again = [source(n, "announced", moment(day)) for n, day in ((8, "2026-05-20"), (9, "2026-06-25"))]
    told = [("announced", "2026-05-20")]
    parties = {"company": "Quarry", "lead": "Bluewater"}
    events.append(event("more", "financing", told, parties, amount=money(450e6), sources=told_again))
    corrections = Corrections(
        amended=[Amendment(event_id="more", field="amount", before="$300m")],
        retracted=[Retraction(event=events[1].model_copy(update={"id": "struck"}), why="A test page.")],
        errata=[NewVerdict(prediction_id="p1", at=DAY, before="met", now="not met", why="late news")],
    )
    seen = Seen(sources=[SourceWeek(source_id="wire.example", articles=4, usual=3)], days=[WEEK.first])
    return build_issue(WEEK, events, [missed], seen, WEEK.end, corrections)


def huge() -> Issue:
    """A week in which two hundred deals were told."""
    return build_issue(WEEK, many(200), [], Seen(), WEEK.end)


WEEKS = {"empty": empty, "normal": normal, "correction": correction, "huge": huge}


@pytest.mark.parametrize("ending", ["md", "txt", "json", "html"])
@pytest.mark.parametrize("name", WEEKS)
def test_golden_issues(name, ending):
    expected = (GOLDEN / f"briefing-{name}.{ending}").read_text(encoding="utf-8")
    assert render(WEEKS[name]())[ending] == expected


def test_the_order_of_the_input_changes_no_byte():
    events, judged = normal_events(), normal_judged()
    random.Random(7).shuffle(events)
    again = build_issue(WEEK, events, judged[::-1], normal_seen(), WEEK.end)
    assert render(again) == render(normal())


def test_background_and_retold_deals_are_no_news():
    issue = normal()
    told = {d.id for g in issue.groups for d in g.deals}
    assert "old-background" not in told
    assert "old-retold" not in told
    assert issue.retold == 1


def test_a_rumour_told_before_makes_an_announcement_an_advance():
    deal = next(d for g in normal().groups for d in g.deals if d.id == "acq-meridian")
    assert (deal.news, deal.before, deal.status) == ("advanced", "rumoured", "announced")


def test_a_status_already_told_is_no_news_again():
    sources = [source(1, "completed", moment("2026-06-10")), source(2, "announced", moment("2026-06-24"))]
    known = event("x", "acquisition", [("completed", "2026-06-10")], {"target": "T"}, sources=sources)
    assert news_of(known, WEEK) is None


def test_a_background_telling_before_the_week_makes_it_old():
    sources = [
        source(1, "completed", moment("2026-06-10"), salience="background"),
        source(2, "completed", moment("2026-06-24")),
    ]
    known = event("x", "acquisition", [("completed", "2026-06-10")], {"target": "T"}, sources=sources)
    assert news_of(known, WEEK) is None


def test_deals_are_sorted_by_money_then_confidence():
    acquisitions = next(g for g in normal().groups if g.type == "acquisition").deals
    assert [d.usd for d in acquisitions] == sorted((d.usd or 0 for d in acquisitions), reverse=True)


def test_two_hundred_deals_are_capped_counted_and_all_in_the_json():
    issue = build_issue(WEEK, many(200), [], Seen(), WEEK.end)
    files = render(issue)
    group = issue.groups[0]
    assert len(group.deals) == 100
    assert group.hidden == 100 - group.shown
    assert f"{group.hidden} others" in files["md"]
    assert f"{group.hidden} others" in files["html"]
    assert sum(len(g["deals"]) for g in json.loads(files["json"])["groups"]) == 200
    assert issue.line.startswith("2026-W26: 200 deals, 0 shutdowns")
    assert issue.minutes <= 3
    assert len(files["html"].encode()) < 300_000


def test_an_empty_week_says_so():
    issue = empty()
    assert issue.bottom_line[0].text == "No deal was reported this week."
    assert "Nothing changed" in render(issue)["md"]


def test_misses_come_first_and_old_verdicts_are_only_counted():
    base = {"statement": "S.", "made": moment("2026-01-01"), "title": "T"}
    judged = [
        Judged(id="hit", status="met", deadline=moment("2026-06-26"), **base),
        Judged(id="miss", status="not met", deadline=moment("2026-06-26"), **base),
        Judged(id="unclear", status="undecided", deadline=moment("2026-03-26"), **base),
        Judged(id="old", status="not met", deadline=moment("2026-03-26"), **base),
        Judged(id="later", deadline=moment("2026-09-26"), **base),
        Judged(
            id="future", made=moment("2026-09-01"), deadline=moment("2026-12-26"), statement="S.", title="T"
        ),
    ]
    issue = build_issue(WEEK, [], judged, Seen(), WEEK.end)
    assert [f.id for f in issue.due] == ["miss", "unclear", "hit"]
    assert [f.id for f in issue.open] == ["later"]
    assert any("One prediction judged before this week" in s.text for s in issue.method)


def test_probabilities_stated_after_the_moment_are_unknown():
    early = build_issue(WEEK, normal_events(), normal_judged(), normal_seen(), moment("2026-06-23", 12))
    assert early.open[0].now == 0.35
    assert early.moves == []
    assert normal().moves[0].sentence.text.endswith("went down from 35% to 15%.")


def test_money_is_added_over_the_windows_once_per_deal():
    row = next(r for r in normal().balance.rows if r.category == "infrastructure" and r.measure == "deals")
    week, month, quarter = row.tallies
    assert (week.count, week.usd) == (3, pytest.approx(11.4e9 + 0.64e9 + 3e9))
    assert week.count < month.count < quarter.count
    columns = normal().balance.columns
    assert len(columns) == 13
    assert columns[-1].counts == {"infrastructure": 4, "model": 1, "application": 1, "other": 0}


def test_rumours_and_terminated_deals_are_no_money():
    issue = correction()
    assert issue.figures[1].value == "$2.5bn"
    assert issue.changes[0].news == "terminated"


def test_failed_and_silent_sources_and_empty_days_are_named():
    text = " ".join(s.text for s in normal().health.sentences)
    assert "One source could not be crawled at all and one source that usually publishes was silent." in text
    assert "No article at all was published on 28 June." in text


def test_every_sentence_about_an_event_carries_its_id():
    issue = normal()
    for group in issue.groups:
        for deal in group.deals:
            assert deal.sentence.event_ids == [deal.id]
    assert all(s.event_ids for c in issue.changes for s in c.sentences)
    assert len(list(sentences(issue))) > 30


def test_charts_stay_inside_their_frame():
    bars = bar_chart(normal().balance.columns)
    assert all(b.y >= 0 and b.y + b.height <= bars.base + 0.01 for b in bars.boxes)
    pace = pace_chart(normal().open[0], WEEK.end)
    assert pace is not None
    assert pace.left <= pace.today <= pace.right
    assert pace_chart(normal().due[0], WEEK.end) is None
    assert nice_ticks(83e9)[-1] >= 83e9


def test_only_a_young_ledger_says_that_its_weeks_are_few():
    young = [
        event("new", "acquisition", [("announced", "2026-06-10")], {"target": "Lumen"}, amount=money(1e9))
    ]
    old = event("old", "acquisition", [("announced", "2025-06-10")], {"target": "Meridian"})
    told = [
        build_issue(WEEK, some, [], Seen(), WEEK.end).balance.sentences for some in (young, [*young, old])
    ]
    assert told[0][-1].text.startswith("The ledger’s first deal is of 2026-W24")
    assert not any("first deal" in s.text for s in told[1])


def test_the_timeline_has_every_disclosed_deal_inside_its_frame():
    issue = huge()
    chart = timeline(issue.balance)
    assert chart is not None
    assert len(chart.dots) == len(issue.balance.points) == 200
    assert all(chart.left <= d.x <= chart.right and chart.top <= d.y <= chart.base for d in chart.dots)
    assert all(d.fresh and chart.week[0] <= d.x <= chart.week[1] for d in chart.dots)
    assert issue.balance.points[0].usd == max(p.usd for p in issue.balance.points)
    assert timeline(empty().balance) is None


def test_names_on_the_timeline_do_not_hide_one_another():
    labels = timeline(huge().balance).labels
    spans = sorted((label.y, label.x) for label in labels)
    assert 1 <= len(labels) <= 4
    assert all(b[0] - a[0] > 14 or abs(a[1] - b[1]) > 20 for a, b in itertools.pairwise(spans))


def test_what_was_said_over_time_is_drawn_where_it_changed():
    told, silent = normal().open[0], normal().open[1]
    line = spark(told, WEEK.end)
    assert line is not None
    assert (len(line.dots), line.told) == (2, "35% on 26 March 2026, 15% on 24 June 2026")
    assert line.dots[0][1] < line.dots[1][1]
    assert spark(silent, WEEK.end) is None


@pytest.mark.parametrize("text", ["2026-26", "2026-W54", "2026-W00", "W26", "2025-W53", "２０２６-W26"])
def test_a_week_that_does_not_exist_is_refused(text):
    with pytest.raises(BriefingError, match="not an ISO week"):
        Week.parse(text)


def test_weeks_cross_years():
    assert Week.of(dt.date(2027, 1, 1)) == Week(2026, 53)
    assert Week(2026, 53).end == Week(2027, 1).start


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for golden_name, make in WEEKS.items():
        for golden_ending, golden_text in render(make()).items():
            (GOLDEN / f"briefing-{golden_name}.{golden_ending}").write_text(golden_text, encoding="utf-8")
