"""What was told before and is told otherwise now."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from tests.test_brief_build import at, put
from tests.test_brief_support import WEEK, Judged, Seen, event, moment, money, source
from tracker.brief.corrections import changed
from tracker.brief.inputs import Amendment, Corrections, NewVerdict, Retraction
from tracker.brief.issue import build_issue
from tracker.brief.lint import problems
from tracker.brief.model import Issue
from tracker.brief.render import render
from tracker.briefing import Order, issue_of
from tracker.cli import main
from tracker.models.ledger import Event
from tracker.pipeline import refresh
from tracker.store.engine import open_store, transaction

NOW = dt.datetime(2026, 7, 10, tzinfo=dt.UTC)


def deal(amount: float | None = 11e9, target: str = "Lumen", **over: object) -> Event:
    """An old deal that is told again in the week."""
    told = [("announced", "2026-05-12")]
    sources = [source(1, "announced", moment("2026-05-12")), source(2, "announced", moment("2026-06-24"))]
    parties = {"acquirer": "Acme", "target": target}
    return event("acq", "acquisition", told, parties, amount=money(amount), sources=sources, **over)


def issue(corrections: Corrections, *events: Event) -> Issue:
    judged = Judged(
        id="p",
        title="Lumen is bought",
        statement="S.",
        made=moment("2026-01-01"),
        deadline=moment("2026-09-01"),
    )
    built = build_issue(WEEK, events, [judged], Seen(), WEEK.end, corrections)
    assert list(problems(built, {"acq", "gone"})) == []
    return built


def told(built: Issue, news: str) -> list[str]:
    return [s.text for g in built.changes if g.news == news for s in g.sentences]


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        (deal(10e9), deal(12e9), ("amount", "$10bn")),
        (deal(None), deal(12e9), ("amount", "")),
        (deal(12e9), deal(None), ("amount", "$12bn")),
        (deal(target="Lumen"), deal(target="Meridian"), ("target", "Lumen")),
        (deal(11e9), deal(11.4e9), None),
        (deal(), deal(confidence=0.7, category="model"), None),
    ],
)
def test_the_most_telling_difference_is_told_and_rounding_is_none(
    before: Event, now: Event, found: tuple[str, str] | None
) -> None:
    amendment = changed(before, now)
    assert (amendment and (amendment.field, amendment.before)) == found


def test_an_amended_deal_says_what_it_was() -> None:
    corrections = Corrections(amended=[Amendment(event_id="acq", field="amount", before="$10bn")])
    built = issue(corrections, deal())
    assert told(built, "amended") == [
        "Acme agreed to buy Lumen for $11bn; a week ago the amount was given as $10bn."
    ]
    assert "### Amended (1)" in str(render(built)["md"])


def test_what_is_news_of_the_week_is_not_amended_as_well() -> None:
    fresh = event(
        "acq", "acquisition", [("announced", "2026-06-24")], {"acquirer": "Acme", "target": "Lumen"}
    )
    corrections = Corrections(amended=[Amendment(event_id="acq", field="amount", before="$10bn")])
    assert told(issue(corrections, fresh), "amended") == []


def test_a_withdrawn_deal_is_told_with_the_reason() -> None:
    gone = deal().model_copy(update={"id": "gone"})
    built = issue(Corrections(retracted=[Retraction(event=gone, why="A joke <b>of</b> 1 April.")]))
    assert told(built, "retracted") == [
        "Withdrawn: “Acme agreed to buy Lumen for $11bn” (A joke <b>of</b> 1 April)."
    ]
    assert "<b>" not in str(render(built)["html"])


def test_a_verdict_that_changed_is_an_erratum() -> None:
    one = NewVerdict(
        prediction_id="p", at=moment("2026-06-24"), before="met", now="open", why="news changed the ledger"
    )
    built = issue(Corrections(errata=[one]))
    text = "“Lumen is bought” was concluded met and is open now: news changed the ledger."
    assert [e.sentence.text for e in built.errata] == [text]
    files = render(built)
    assert "### Errata" in str(files["md"])
    assert "Nothing changed" not in str(files["html"])


# ----- from the store


@pytest.fixture
def store(tmp_path: Path) -> tuple[sa.Engine, dict[str, str]]:
    address = f"sqlite:///{tmp_path / 't.db'}"
    engine = open_store(address)
    with transaction(engine) as session:
        put(session, "first", "2026-06-10", "announced")
        put(session, "again", "2026-06-24", "announced")
    refresh(engine, "fake/1")
    return engine, {"TRACKER_DATABASE_URL": address, "TRACKER_AUTHOR": "Desk"}


def command(env: dict[str, str], *arguments: str) -> str:
    done = CliRunner().invoke(main, arguments, env=env)
    assert done.exit_code == 0, done.output
    return done.stdout


def this_week(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands are given in the week of the issue."""
    monkeypatch.setattr("tracker.cli.events.judge.utc_now", lambda: at("2026-06-25"))


def test_an_edit_of_the_week_amends_and_a_rejection_withdraws(
    store: tuple[sa.Engine, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, env = store
    this_week(monkeypatch)
    listed = command(env, "events", "list", "--format", "csv").splitlines()
    id_ = listed[1].split(",")[0]
    assert told(issue_of(engine, Order("2026-W26"), NOW), "amended") == []
    command(env, "events", "edit", id_, "amount", "$9bn", "--why", "The filing says so.")
    amended = told(issue_of(engine, Order("2026-W26"), NOW), "amended")
    assert amended == ["Northwind agreed to buy Meridian for $9bn; a week ago the amount was given as $11bn."]
    assert told(issue_of(engine, Order("2026-W24"), NOW), "amended") == []
    command(env, "events", "reject", id_, "--why", "A test.")
    withdrawn = told(issue_of(engine, Order("2026-W26"), NOW), "retracted")
    assert withdrawn == ["Withdrawn: “Northwind agreed to buy Meridian for $11bn” (A test)."]
