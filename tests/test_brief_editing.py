"""What the editor sees to: the week's own news first, doubt folded away, nothing told twice."""

from __future__ import annotations

from tests.test_brief_support import (
    WEEK,
    Exhibit,
    Seen,
    event,
    many,
    money,
    normal_events,
    normal_judged,
    normal_seen,
)
from tracker.brief.issue import build_issue
from tracker.brief.model import Issue
from tracker.brief.render import render


def normal() -> Issue:
    return build_issue(WEEK, normal_events(), normal_judged(), normal_seen(), WEEK.end)


def test_a_prediction_of_which_the_week_says_nothing_is_shown_in_short():
    quiet = normal_judged()[1].model_copy(update={"evidence_for": [], "reasons": ["Nothing counts."]})
    issue = build_issue(WEEK, normal_events(), [normal_judged()[0], quiet], normal_seen(), WEEK.end)
    assert [(f.id, f.brief) for f in issue.open] == [("infrastructure-buys", False), ("europe", True)]
    assert "Nothing new this week" in render(issue)["md"]


def test_this_weeks_evidence_stands_first():
    old = [Exhibit(event_id=f"past-{n}", text="old", clause="c") for n in (4, 8, 12)]
    judged = normal_judged()[1]
    judged.evidence_for = [*old, *judged.evidence_for]
    issue = build_issue(WEEK, normal_events(), [judged], normal_seen(), WEEK.end)
    assert [e.event_id for e in issue.open[0].evidence_for][:2] == ["com-fjord", "past-4"]


def test_the_bottom_line_says_what_the_week_means_for_open_predictions():
    issue = build_issue(WEEK, normal_events(), normal_judged()[1:2], normal_seen(), WEEK.end)
    told = "Of this week’s events, one speaks for “$50bn for European compute”; one prediction stays open"
    assert issue.bottom_line[1].text.startswith(told)


def test_a_report_of_low_confidence_is_folded_away_but_kept():
    doubtful = event(
        "odd",
        "acquisition",
        [("announced", "2026-06-24")],
        {"target": "Odd"},
        amount=money(9e11),
        confidence=0.4,
    )
    issue = build_issue(WEEK, [*normal_events(), doubtful], [], normal_seen(), WEEK.end)
    group = issue.groups[0]
    assert "odd" in {d.id for d in group.deals[group.shown :]}
    assert "Odd" not in issue.bottom_line[0].text
    assert "two may be misread" in issue.bottom_line[2].text
    assert "Odd" not in " ".join(s.text for c in issue.changes for s in c.sentences)


def test_a_group_of_nothing_but_doubtful_reports_shows_their_number():
    doubtful = event("odd", "shutdown", [("announced", "2026-06-24")], {"subject": "Odd"}, confidence=0.4)
    issue = build_issue(WEEK, [doubtful], [], Seen(), WEEK.end)
    assert issue.groups[0].shown == 0
    assert "One doubtful report among the week's deals" in render(issue)["md"]
    assert "One report, read with low confidence; the JSON has it." in render(issue)["md"]


def test_an_event_of_nobody_is_left_out_and_counted():
    nobody = event(
        "nobody", "financing", [("completed", "2026-06-24")], {"investors": "Oak"}, amount=money(9e9)
    )
    issue = build_issue(WEEK, [*normal_events(), nobody], [], normal_seen(), WEEK.end)
    assert issue.nameless == 1
    assert "nobody" not in {d.id for g in issue.groups for d in g.deals}
    assert "One report that names no company or no value is left out." in render(issue)["md"]


def test_the_watch_list_does_not_repeat_what_the_week_tells():
    told = {d.id for g in normal().groups for d in g.deals}
    waiting = [w for g in normal().watch for w in g.items if w.kind != "deadline"]
    assert [w.sentence.event_ids for w in waiting if w.day is None and told & set(w.sentence.event_ids)] == []
    assert [w.sentence.event_ids for w in waiting] == [["shut-scribe"]]


def test_a_bigger_promise_does_not_head_the_week_before_a_deal():
    pledge = event(
        "com-big",
        "commitment",
        [("announced", "2026-06-24")],
        {"company": "Soft"},
        amount=money(15e9, qualifier="up_to"),
    )
    issue = build_issue(WEEK, [*normal_events(), pledge], [], normal_seen(), WEEK.end)
    assert issue.bottom_line[0].text.startswith("Northwind Cloud agreed to buy")
    assert "up to $24.9bn pledged" in issue.bottom_line[0].text


def test_of_up_to_nothing_is_counted_in_the_climb():
    judged = normal_judged()[1]
    judged.evidence_for = [Exhibit(event_id="ipo-quarry", text="x")]
    issue = build_issue(WEEK, normal_events(), [judged], normal_seen(), WEEK.end)
    assert [value for _, value in issue.open[0].climb] == [0.0]


def test_a_listing_without_an_amount_shows_its_valuation():
    listing = event("ipo", "ipo", [("announced", "2026-06-24")], {"company": "Agil"}, valuation=money(2.5e9))
    text = render(build_issue(WEEK, [listing], [], Seen(), WEEK.end))
    assert "valued at $2.5bn" in text["md"]
    assert "not disclosed" not in text["md"]
    assert "amount not disclosed" not in text["html"]


def test_a_young_ledger_says_how_many_weeks_it_holds():
    issue = build_issue(WEEK, many(3), [], Seen(), WEEK.end)
    assert issue.balance.sentences[-1].text == (
        "The ledger’s first deal is of 2026-W26, so its 13 weeks are one week so far."
    )
