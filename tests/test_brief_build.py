"""From a real SQLite store to the written files, and the command."""

from __future__ import annotations

import datetime as dt
import json
import os

import pytest
from click.testing import CliRunner

from tracker.brief.files import write
from tracker.briefing import Order, build
from tracker.cli import main
from tracker.errors import BriefingError
from tracker.judging import record
from tracker.models.mention import Mention
from tracker.models.tables import Fetch
from tracker.pipeline import refresh
from tracker.predict.prediction import Prediction, StatedProbability
from tracker.store.articles import NewArticle, add_article
from tracker.store.engine import open_store, transaction
from tracker.store.mentions import add_mentions

NOW = dt.datetime(2026, 7, 10, 8, tzinfo=dt.UTC)
TITLE = "Northwind agrees to buy Meridian for $11bn"
SENTENCE = "Northwind said it had agreed to buy Meridian for $11bn."


def at(day: str, hour: int = 9) -> dt.datetime:
    return dt.datetime.fromisoformat(day).replace(hour=hour, tzinfo=dt.UTC)


def span(text: str) -> dict[str, object]:
    whole = f"{TITLE}\n{SENTENCE}"
    start = whole.index(text)
    return {"text": text, "start": start, "end": start + len(text)}


def deal(status: str) -> Mention:
    return Mention.model_validate(
        {
            "type": "acquisition",
            "status": status,
            "category": "infrastructure",
            "acquirer": [{"name": "Northwind", **span("Northwind")}],
            "target": [{"name": "Meridian", **span("Meridian")}],
            "amount": {"value": 11e9, "currency": "USD"},
            "evidence": span(SENTENCE),
            "confidence": 0.9,
        }
    )


def put(session, key: str, day: str, status: str | None, seen: str | None = None) -> None:
    article = NewArticle(
        key=key, source_id=f"{key}.example", url=f"https://{key}.example/1", title=TITLE, text=SENTENCE,
        published=at(day), seen_at=at(seen or day, 10),
    )  # fmt: skip
    _, id_ = add_article(session, article)
    add_mentions(session, id_, "fake/1", [deal(status)] if status else [])


@pytest.fixture
def address(tmp_path):
    return f"sqlite:///{tmp_path / 't.db'}"


@pytest.fixture
def engine(address):
    engine = open_store(address)
    with transaction(engine) as session:
        put(session, "rumours", "2026-06-16", "rumoured")
        put(session, "wire", "2026-06-23", "announced")
        put(session, "late", "2026-06-25", "completed", seen="2026-07-05")
        put(session, "after", "2026-07-07", None)
        when = at("2026-06-24")
        session.add(Fetch(source_id="down.example", started=when, finished=when, ok=False, reason="HTTP 503"))
    refresh(engine, "fake/1")
    record(
        engine,
        Prediction(
            id="bought", title="Meridian is bought", statement="Meridian is bought by June’s end.",
            author="Desk", made=dt.date(2026, 6, 1), deadline=dt.date(2026, 6, 30),
            criterion="count(acquisition where amount >= $10bn) >= 2",
            probabilities=[StatedProbability(at=at("2026-06-01"), by="Desk", value=0.3)],
        ),
        at("2026-06-01"),
    )  # fmt: skip
    return engine


def test_the_issue_of_a_week_rests_on_the_store(engine, tmp_path):
    built = build(engine, Order("2026-W26"), tmp_path / "out", NOW)
    assert [p.name for p in built.paths] == ["2026-W26.html", "2026-W26.md", "2026-W26.txt", "2026-W26.json"]
    assert built.line == "2026-W26: 1 deal, 0 shutdowns, 1 open prediction, 0 due"
    issue = json.loads(built.paths[-1].read_text())
    assert issue["schema"] == "tracker-briefing/1"
    told = issue["groups"][0]["deals"][0]
    assert (told["news"], told["status"], told["before"]) == ("advanced", "completed", "rumoured")
    assert told["source"]["url"] == "https://late.example/1"
    assert told["evidence"] == SENTENCE
    assert issue["open"][0]["id"] == "bought"
    assert issue["health"]["sources"][0]["reason"] == "HTTP 503"


def test_a_second_build_gives_the_same_bytes(engine, tmp_path):
    first = [p.read_bytes() for p in build(engine, Order("2026-W26"), tmp_path / "a", NOW).paths]
    later = NOW + dt.timedelta(days=90)
    assert first == [p.read_bytes() for p in build(engine, Order("2026-W26"), tmp_path / "b", later).paths]
    assert sorted(p.name for p in (tmp_path / "a").iterdir()) == [
        "2026-W26.html",
        "2026-W26.json",
        "2026-W26.md",
        "2026-W26.txt",
    ]


def test_as_of_leaves_out_what_was_not_yet_seen(engine, tmp_path):
    built = build(engine, Order("2026-W26", at("2026-06-26")), tmp_path, NOW)
    issue = json.loads(built.paths[-1].read_text())
    assert issue["groups"][0]["deals"][0]["status"] == "announced"
    assert issue["at"] == "2026-06-26T09:00:00Z"


def test_the_newest_ended_week_is_the_default(engine, tmp_path):
    assert build(engine, Order(), tmp_path, NOW).line.startswith("2026-W26")
    assert build(engine, Order(), tmp_path, at("2026-07-14")).line.startswith("2026-W28")
    assert build(engine, Order(), tmp_path, at("2026-06-01")).line.startswith("2026-W28")
    assert build(engine, Order(as_of=at("2026-06-24")), tmp_path, NOW).line.startswith("2026-W25")


def test_a_week_without_articles_names_the_weeks_there_are(engine, tmp_path):
    with pytest.raises(BriefingError, match=r"no article of 2026-W20.*2026-W25, 2026-W26, 2026-W28"):
        build(engine, Order("2026-W20"), tmp_path, NOW)
    with pytest.raises(BriefingError, match="had not begun"):
        build(engine, Order("2026-W26", at("2026-06-01")), tmp_path, NOW)


def test_an_empty_store_says_what_to_do(tmp_path):
    engine = open_store(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(BriefingError, match="tracker demo"):
        build(engine, Order(), tmp_path, NOW)
    with pytest.raises(BriefingError, match="none at all"):
        build(engine, Order("2026-W26"), tmp_path, NOW)


def test_the_command_prints_paths_and_a_line(engine, address, tmp_path):
    out = tmp_path / "issues"
    arguments = ["briefing", "build", "--week", "2026-W26", "--out", str(out)]
    result = CliRunner().invoke(main, arguments, env={"TRACKER_DATABASE_URL": address})
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        *(str(out / f"2026-W26.{e}") for e in ("html", "md", "txt", "json")),
        "2026-W26: 1 deal, 0 shutdowns, 1 open prediction, 0 due",
    ]


@pytest.mark.parametrize(
    ("week", "code", "message"), [("2026-26", 2, "ISO week"), ("2026-W20", 1, "it has 2026-W25")]
)
def test_a_bad_week_is_one_clear_line(engine, address, week, code, message):
    result = CliRunner().invoke(
        main, ["briefing", "build", "--week", week], env={"TRACKER_DATABASE_URL": address}
    )
    assert result.exit_code == code
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(BriefingError, match="cannot write to"):
        write(tmp_path / "file", "2026-W26", {"md": "x"})


def test_a_failed_write_keeps_the_last_issue_and_leaves_no_scrap(tmp_path, monkeypatch):
    write(tmp_path, "w", {"md": "good"})

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(BriefingError, match="No space left"):
        write(tmp_path, "w", {"md": "half"})
    assert [p.name for p in tmp_path.iterdir()] == ["w.md"]
    assert (tmp_path / "w.md").read_text() == "good"
