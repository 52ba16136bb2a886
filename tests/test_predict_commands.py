"""Logging, importing, listing and checking on a real SQLite file, and the commands around it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from sqlmodel import Session, select

from tests.ledger_builder import event, noon, usd
from tracker import judging
from tracker.cli import main
from tracker.cli.predictions import import_file
from tracker.config import shipped
from tracker.errors import InputError, PredictionError
from tracker.models.tables import Article, Fetch, PredictionRow
from tracker.predict.forecast import probability
from tracker.predict.load import load_predictions
from tracker.predict.prediction import Prediction, StatedProbability
from tracker.store.engine import open_store, transaction
from tracker.store.events import replace_events

SEED = shipped("data", "predictions", "great-ai-inversion.toml")
NOW = noon("2026-05-15")

TOML = """
[defaults]
author = "ana"
made = 2026-04-01

[[prediction]]
id = "deals"
title = "Deals"
statement = "{statement}"
deadline = 2026-06-30
criterion = "{criterion}"
probabilities = [{{ at = 2026-04-01, by = "ana", value = "70%" }}]
"""


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    monkeypatch.setenv("TRACKER_DATABASE_URL", url)
    return open_store(url)


def toml(folder: Path, statement: str = "Three deals", criterion: str = "count(acquisition) >= 3") -> Path:
    path = folder / "p.toml"
    path.write_text(TOML.format(statement=statement, criterion=criterion), encoding="utf-8")
    return path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["predictions", *arguments])


def add_articles(engine: sa.Engine, days: list[dt.date]) -> None:
    with transaction(engine) as session:
        for n, day in enumerate(days):
            when = dt.datetime.combine(day, dt.time(6), dt.UTC)
            session.add(
                Article(
                    key=f"k{n}", source_id="wire.example", url="https://wire.example/", title="t", text="t",
                    content_hash=str(n), published=when, seen_at=when, details={},
                )
            )  # fmt: skip


# ----- versions and digests


def test_import_twice_changes_nothing(engine: sa.Engine) -> None:
    assert len(import_file(engine, SEED, NOW)) == 10
    assert import_file(engine, SEED, noon("2026-06-01")) == []
    with Session(engine) as session:
        assert len(session.exec(select(PredictionRow)).all()) == 10


def test_a_change_is_a_new_version_and_the_old_one_stays(engine: sa.Engine, tmp_path: Path) -> None:
    import_file(engine, toml(tmp_path), NOW)
    assert import_file(engine, toml(tmp_path, criterion="count(acquisition) >= 4"), NOW) == ["deals"]
    with Session(engine) as session:
        rows = session.exec(select(PredictionRow).order_by(PredictionRow.version)).all()
    assert [r.version for r in rows] == [1, 2]
    assert [r.payload["criterion"][-1] for r in rows] == ["3", "4"]
    assert rows[0].digest != rows[1].digest
    newest = judging.logged(engine)
    assert [(x.version, [p.value for p in x.probabilities]) for x in newest] == [(2, [0.7])]


def test_the_digest_covers_what_must_not_change(tmp_path: Path) -> None:
    plain = load_predictions(toml(tmp_path))[0]
    spaced = load_predictions(toml(tmp_path, criterion="count( acquisitions )  >= 3"))[0]
    reworded = load_predictions(toml(tmp_path, statement="Four deals"))[0]
    assert plain.digest == spaced.digest != reworded.digest
    assert plain.model_copy(update={"title": "Other"}).digest == plain.digest
    assert plain.model_copy(update={"deadline": dt.date(2026, 7, 1)}).digest != plain.digest


@pytest.mark.parametrize(
    ("text", "value"), [("70", 0.7), ("70%", 0.7), ("0.7", 0.7), (".5", 0.5), ("1%", 0.01)]
)
def test_probabilities_as_people_write_them(text: str, value: float) -> None:
    assert probability(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["1", "0", "100%", "120", "likely", "-3", ""])
def test_no_certainty_and_no_guessing(text: str) -> None:
    with pytest.raises(PredictionError):
        probability(text)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"deadline": "2026-01-01"}, "lies after the deadline"),
        ({"closes": "2026-07-01"}, "closes (2026-07-01) lies after the deadline"),
        ({"condition_deadline": "2026-05-01"}, "without a condition"),
        ({"id": "Not an id"}, "pattern"),
        ({"typo": 1}, "Extra inputs"),
    ],
)
def test_a_wrong_prediction_is_refused(change: dict[str, Any], words: str) -> None:
    fields = {
        "id": "p", "title": "t", "statement": "s", "author": "a", "made": "2026-03-26",
        "deadline": "2026-06-30", "criterion": "exists(ipo)",
    }  # fmt: skip
    with pytest.raises(ValueError, match=words.replace("(", r"\(").replace(")", r"\)")):
        Prediction.model_validate({**fields, **change})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not toml", "is not TOML"),
        ("[defaults]\n", "no [[prediction]] table"),
        ('[[prediction]]\nid = "x"\n', "prediction x: title"),
        (TOML.format(statement="s", criterion="count(acquisition >= 3"), "cannot read '>='"),
    ],
)
def test_a_wrong_file_is_named_with_entry_and_field(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "p.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_predictions(path)
    assert str(path) in str(caught.value)
    assert words in str(caught.value)


def test_a_missing_file_is_one_line(engine: sa.Engine) -> None:
    result = run("import", "nowhere.toml")
    assert (result.exit_code, result.stderr) == (1, "Error: nowhere.toml: no such file (check the path)\n")


# ----- judging from the store


def test_verdicts_from_the_store_as_of_a_day(engine: sa.Engine, tmp_path: Path) -> None:
    import_file(engine, toml(tmp_path), NOW)
    add_articles(engine, [dt.date(2026, 4, 1) + dt.timedelta(days=n) for n in range(91)])
    with transaction(engine) as session:
        replace_events(session, [])
    [late] = judging.verdicts(engine, noon("2026-07-02"))
    assert (late.verdict.status, late.verdict.coverage.gaps) == ("not met", [])
    assert judging.verdicts(engine, noon("2026-03-30")) == []  # not yet made
    deals = [event(id=f"e{n}", amount_usd=usd(1e9)) for n in range(3)]
    [given] = judging.verdicts(engine, noon("2026-05-15"), events=deals)
    assert (given.verdict.status, [p.value for p in given.probabilities]) == ("met", [0.7])
    assert judging.verdicts(engine, noon("2026-05-15"), ids=["other"]) == []


def test_without_articles_nothing_is_concluded(engine: sa.Engine, tmp_path: Path) -> None:
    import_file(engine, toml(tmp_path), NOW)
    [judged] = judging.verdicts(engine, noon("2026-07-02"))
    assert judged.verdict.status == "undecided"


def test_a_replayed_source_covers_only_the_days_it_tells_of(engine: sa.Engine, tmp_path: Path) -> None:
    import_file(engine, toml(tmp_path), NOW)
    add_articles(engine, [dt.date(2026, 4, 1) + dt.timedelta(days=n) for n in range(60)])
    with transaction(engine) as session:
        source = session.exec(select(Article.source_id)).first()
        session.add(Fetch(source_id=str(source), started=NOW, finished=noon("2026-07-02"), ok=True))
    [judged] = judging.verdicts(engine, noon("2026-07-02"))
    assert judged.verdict.status == "undecided"
    assert judged.verdict.coverage.gaps


def test_later_probabilities_are_not_known_earlier(engine: sa.Engine, tmp_path: Path) -> None:
    [first] = load_predictions(toml(tmp_path))
    later = StatedProbability(at=noon("2026-05-01"), by="ana", value=0.9, why="two more")
    judging.record(engine, first.model_copy(update={"probabilities": [*first.probabilities, later]}), NOW)
    assert [p.value for p in judging.logged(engine, noon("2026-04-20"))[0].probabilities] == [0.7]
    assert [p.value for p in judging.logged(engine)[0].probabilities] == [0.7, 0.9]


# ----- commands

LOG = ("log", "--by", "ana", "--statement", "Three deals!", "--criterion", "count(acquisition) >= 3")


def test_log_list_show_and_check(engine: sa.Engine) -> None:
    logged = run(*LOG, "--deadline", "2199-12-31", "--probability", "70", "--why", "pace", "--tag", "deals")
    assert logged.exit_code == 0, logged.output
    assert logged.stdout.startswith("logged three-deals (")
    assert "doubt: criterion: acquisition has no first day" in logged.stderr
    assert run(*LOG, "--deadline", "2199-12-31", "--probability", "70").stdout.startswith(
        "logged as a new version"
    )
    [row] = json.loads(run("list", "--format", "json").output)
    assert (row["id"], row["probability"], row["version"]) == ("three-deals", "70%", 2)
    shown = run("show", "three-deals")
    assert "criterion: count(acquisition) >= 3" in shown.output
    report = run("check", "three-deals")
    assert report.exit_code == 0, report.output
    assert "OPEN  Three deals!" in report.output
    [verdict] = json.loads(run("check", "--format", "json").output)
    assert (verdict["status"], verdict["for"], verdict["evidence_for"]) == ("open", 0, [])
    assert run("check", "--format", "csv").output.splitlines()[0].startswith("id,status,deadline")


def test_a_wrong_criterion_is_shown_with_its_place(engine: sa.Engine) -> None:
    result = run(
        *LOG[:-1],
        "count(acquisition where amount > 3) >= 3",
        "--deadline",
        "2199-01-01",
        "--probability",
        "70",
    )
    assert result.exit_code == 2
    lines = result.stderr.splitlines()
    assert "at column 34; expected an amount such as $10bn" in lines[-3]
    assert lines[-1].index("^") == lines[-2].index("3) >=")


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (
            ("--deadline", "2020-01-01", "--probability", "70"),
            1,
            "the deadline 2020-01-01 has passed (choose a day to come)",
        ),
        (("--deadline", "June", "--probability", "70"), 2, "not an ISO day"),
        (("--deadline", "2199-01-01", "--probability", "1"), 2, "may mean 1% or certainty"),
        (("--deadline", "2199-01-01"), 2, "Missing option '--probability'"),
    ],
)
def test_misuse_is_told(engine: sa.Engine, options: tuple[str, ...], code: int, words: str) -> None:
    result = run(*LOG, *options)
    assert result.exit_code == code
    assert words in result.stderr


def test_unknown_ids_are_told(engine: sa.Engine) -> None:
    for command in ("show", "check"):
        result = run(command, "nope")
        assert result.exit_code == 1
        assert result.stderr == "Error: no prediction is called nope (log or import one first)\n"


def test_the_shipped_predictions_are_checked_in_full(engine: sa.Engine) -> None:
    assert run("import", str(SEED)).output.endswith("10 new, 0 changed, 0 unchanged\n")
    report = run("check", "--as-of", "2026-06-30")
    assert report.exit_code == 0, report.output
    assert report.output.count("near misses:") == 10
    assert run("check", "--as-of", "2026-06-30").output == report.output
