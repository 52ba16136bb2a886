"""Rulings of people, stored conclusions and errata, on a real SQLite file."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from tests.ledger_builder import event, noon, usd
from tests.test_predict_commands import add_articles, run, toml
from tracker import conclusions, judging
from tracker.cli.predictions import import_file
from tracker.errors import PredictionError
from tracker.models.ledger import Event
from tracker.models.ruling import Ruling
from tracker.models.tables import EventRow
from tracker.store.engine import open_store, transaction
from tracker.store.events import Changes

MADE, AFTER = noon("2026-04-01"), noon("2026-07-02")


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    monkeypatch.setenv("TRACKER_DATABASE_URL", url)
    found = open_store(url)
    import_file(found, toml(tmp_path), MADE)
    add_articles(found, [dt.date(2026, 4, 1) + dt.timedelta(days=n) for n in range(91)])
    return found


def deals(number: int) -> list[Event]:
    return [event(id=f"e{n}", amount_usd=usd(1e9)) for n in range(number)]


def put(session: Session, events: list[Event]) -> Changes:
    """Replace the ledger by events without the mentions they rest on."""
    session.execute(sa.delete(EventRow))
    columns = ("id", "type", "status", "category", "salience", "first_reported", "last_reported")
    for e in events:
        own = {name: getattr(e, name) for name in columns}
        session.add(EventRow(payload=e.model_dump(mode="json"), **own))
    session.flush()
    return Changes([], [e.id for e in events], ["gone"])


def fill(engine: sa.Engine, events: list[Event]) -> None:
    with transaction(engine) as session:
        put(session, events)


def ruling(kind: str, at: dt.datetime = AFTER, **given: object) -> Ruling:
    return Ruling.model_validate({"kind": kind, "version": 0, "at": at, "by": "ana", "why": "so", **given})


def status(engine: sa.Engine, at: dt.datetime = AFTER) -> str:
    [judged] = judging.verdicts(engine, at)
    return judged.verdict.status


# ----- rulings


def test_a_ruling_stands_over_the_ledger_until_it_is_taken_back(engine: sa.Engine) -> None:
    assert status(engine) == "not met"
    judged = conclusions.rule(engine, "deals", ruling("resolve", outcome="met"))
    assert (judged.verdict.status, judged.verdict.by_ledger) == ("met", "not met")
    assert judged.verdict.reasons[0] == "ana ruled it met on 2 July 2026 (the ledger says not met): so"
    conclusions.rule(engine, "deals", ruling("reopen", noon("2026-07-03")))
    assert status(engine, noon("2026-07-04")) == "not met"
    conclusions.rule(engine, "deals", ruling("void", noon("2026-07-05")))
    assert status(engine, noon("2026-07-06")) == "void"


def test_a_past_day_does_not_know_a_later_ruling(engine: sa.Engine) -> None:
    conclusions.rule(engine, "deals", ruling("resolve", noon("2026-07-10"), outcome="ambiguous"))
    assert status(engine, noon("2026-07-09")) == "not met"
    assert status(engine, noon("2026-07-11")) == "ambiguous"


def test_a_ruling_bears_on_its_version_only(engine: sa.Engine, tmp_path: Path) -> None:
    conclusions.rule(engine, "deals", ruling("void"))
    import_file(engine, toml(tmp_path, criterion="count(acquisition) >= 4"), noon("2026-07-03"))
    told = [
        (j.version, j.verdict.status) for j in judging.verdicts(engine, noon("2026-07-04"), versions=True)
    ]
    assert told == [(1, "void"), (2, "not met")]


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (ruling("reopen"), "no ruling on deals stands"),
        (
            ruling("resolve", noon("2026-06-30"), outcome="met"),
            "the deadline of deals is 2026-06-30 (--early",
        ),
    ],
)
def test_what_cannot_be_ruled(engine: sa.Engine, made: Ruling, words: str) -> None:
    with pytest.raises(PredictionError) as caught:
        conclusions.rule(engine, "deals", made)
    assert words in str(caught.value)


def test_a_verdict_is_not_overwritten(engine: sa.Engine) -> None:
    conclusions.rule(engine, "deals", ruling("resolve", outcome="met"))
    with pytest.raises(PredictionError, match=r"ana has ruled deals met \(reopen it first\)"):
        conclusions.rule(engine, "deals", ruling("resolve", outcome="not met"))
    with pytest.raises(PredictionError, match="no prediction is called nope"):
        conclusions.rule(engine, "nope", ruling("void"))


# ----- conclusions and errata


def test_a_conclusion_is_stored_once_and_a_correction_leaves_an_erratum(engine: sa.Engine) -> None:
    fill(engine, deals(3))
    judged = judging.verdicts(engine, AFTER)
    assert [d.status for d in conclusions.conclude(engine, judged, AFTER)] == ["met"]
    assert conclusions.conclude(engine, judging.verdicts(engine, AFTER), AFTER) == []
    later = noon("2026-07-05")
    with transaction(engine) as session:
        conclusions.draw_again(session, put(session, deals(2)), later, "judgement 7 by ana")
    [erratum] = conclusions.errata(engine)["deals"]
    assert (erratum.status, erratum.erratum, erratum.at) == (
        "not met",
        "was met; judgement 7 by ana",
        later,
    )
    assert conclusions.errata(engine, noon("2026-07-04")) == {}


def test_a_correction_and_its_erratum_are_stored_together_or_not_at_all(engine: sa.Engine) -> None:
    fill(engine, deals(3))
    conclusions.conclude(engine, judging.verdicts(engine, AFTER), AFTER)

    def half() -> None:
        with transaction(engine) as session:
            conclusions.draw_again(session, put(session, []), AFTER, "x")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert conclusions.errata(engine) == {}
    assert status(engine) == "met"


def test_nothing_is_judged_again_where_nothing_changed(engine: sa.Engine) -> None:
    conclusions.conclude(engine, judging.verdicts(engine, AFTER), AFTER)
    fill(engine, deals(3))
    with transaction(engine) as session:
        assert conclusions.draw_again(session, Changes([], [], []), AFTER, "x") == []


def test_a_due_prediction_without_a_conclusion_is_stored_with_its_reason(engine: sa.Engine) -> None:
    fill(engine, [*deals(2), event(id="open", amount_usd=None, origins=1)])
    assert conclusions.conclude(engine, judging.verdicts(engine, noon("2026-05-01")), AFTER) == []
    [drawn] = conclusions.conclude(engine, judging.verdicts(engine, AFTER), AFTER)
    assert drawn.payload["reasons"]


# ----- commands


def test_the_commands_for_rulings(engine: sa.Engine) -> None:
    assert run("resolve", "deals", "no", "--why", "none came").output == "deals is not met\n"
    again = run("void", "deals", "--by", "bo", "--why", "flawed")
    assert (again.exit_code, again.stderr[-22:]) == (1, "met (reopen it first)\n")
    assert run("reopen", "deals", "--why", "too fast").exit_code == 0
    assert run("void", "deals", "--why", "flawed").output == "deals is void\n"
    report = run("check", "deals")
    assert report.output.startswith("VOID  Deals"), report.output
    assert ": void, was not met; void by" in report.output
    [row] = json.loads(run("check", "--format", "json").output)
    assert [e["status"] for e in row["errata"]] == ["void"]


def test_tags_are_no_new_version(engine: sa.Engine) -> None:
    assert run("tag", "deals", "q2", "chips").output == "deals: q2, chips\n"
    assert run("tag", "deals", "q2", "--remove").output == "deals: chips\n"
    [row] = json.loads(run("list", "--tag", "chips", "--format", "json").output)
    assert (row["tags"], row["version"]) == (["chips"], 1)
    assert json.loads(run("list", "--tag", "q2", "--format", "json").output) == []
    assert json.loads(run("list", "--by", "bo", "--format", "json").output) == []


def test_words_are_searched_in_all_of_a_prediction(engine: sa.Engine) -> None:
    for words, found in ((("three", "ACQUISITION"), 1), (("three", "nowhere"), 0)):
        assert len(json.loads(run("search", *words, "--format", "json").output)) == found


def test_several_forecasters_and_their_median(engine: sa.Engine, tmp_path: Path) -> None:
    text = toml(tmp_path).read_text().replace("2026-06-30", "2199-06-30").replace('"deals"', '"far"')
    (tmp_path / "far.toml").write_text(text)
    import_file(engine, tmp_path / "far.toml", MADE)
    assert run("update", "far", "30%", "--by", "bo", "--why", "slow").output == "far: bo says 30%\n"
    [_, row] = json.loads(run("list", "--format", "json").output)
    assert row["probability"] == "50%"
    assert "the median of 2 forecasters is 50%" in run("check", "far").output
    closed = run("update", "deals", "30%")
    assert (closed.exit_code, closed.stderr[:39]) == (1, "Error: deals closed on 2026-06-30 (log ")


def test_what_wants_a_look(engine: sa.Engine) -> None:
    def about(day: str) -> list[str]:
        rows = json.loads(run("remind", "--as-of", f"{day}T12:00Z", "--format", "json").output)
        return [row["about"] for row in rows]

    assert about("2026-04-10") == []
    assert about("2026-05-20") == ["no news since 2026-04-01"]
    assert about("2026-06-20") == ["due in 10 days"]
    assert about("2026-07-02") == []
    conclusions.rule(engine, "deals", ruling("resolve", noon("2026-07-03"), outcome="undecided"))
    assert about("2026-07-04") == []
