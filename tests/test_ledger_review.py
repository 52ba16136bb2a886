"""The queue of questions: what is asked, in which order, and what each key does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.ledger_builder import event, party, usd
from tests.mention_builders import DIRECTORY, at, company, mention
from tests.test_ledger_judgements_commands import add, listed, run, store_of_ana
from tracker import pipeline
from tracker.companies import find, known
from tracker.corrections import read_money
from tracker.judging import record
from tracker.models.ledger import Event
from tracker.models.mention import Money
from tracker.predict.prediction import Prediction
from tracker.resolve.amounts import money_text
from tracker.resolve.companies import Directory
from tracker.resolve.doubts import doubts, similar
from tracker.review import queue

BOUGHT = mention("acquisition", "announced", acquirer="IBM", target="Confluent", amount=11)
DEARER = BOUGHT.model_copy(update={"amount": Money(value=14e9)})
TALKS = mention("shutdown", "announced", company="OpenAI", subject="Sora", confidence=0.3)
ROUND = mention("financing", "completed", company="Lumen Kettle", amount=1, round="series_a")
CRITERION = "count(acquisition where target is Confluent and announced by 2026-12-31) >= 1"


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    engine = store_of_ana(tmp_path, monkeypatch)
    add(engine, "wire", "2026-01-05", BOUGHT)
    add(engine, "paper", "2026-01-06", DEARER)
    add(engine, "satire", "2026-01-08", TALKS)
    add(engine, "blog", "2026-01-09", ROUND)
    pipeline.refresh(engine, "x1")
    return engine


def predict(engine: sa.Engine) -> None:
    raw = {
        "id": "one-deal", "title": "One deal", "statement": "One deal", "author": "ana", "made": "2026-01-01",
        "deadline": "2026-12-31", "criterion": CRITERION,
    }  # fmt: skip
    record(engine, Prediction.model_validate(raw), at("2026-01-01"))


# ----- what is asked


def pair(**other: object) -> tuple[Event, Event]:
    return event("financing", id="a"), event("financing", id="b", **other)


def questions(*events: Event) -> list[str]:
    return [d.question for d in doubts([e.model_copy(update={"confidence": 0.9}) for e in events])]


def test_two_events_of_one_company_near_each_other_may_be_one_deal() -> None:
    assert questions(*pair()) == ["one deal?"]
    assert questions(*pair(round="seed")) == ["one deal?"]  # the other names none


def test_what_sets_two_events_apart_is_not_asked_about() -> None:
    one, other = pair(round="seed", amount_usd=usd(50e6))
    assert questions(one.model_copy(update={"round": "debt"}), other) == []
    assert questions(one.model_copy(update={"amount_usd": usd(500e6)}), other) == []
    late = other.model_copy(update={"first_reported": at("2027-06-01")})
    assert questions(one, late) == []
    assert questions(one, other.model_copy(update={"parties": {"company": [party("Acme")]}})) == []
    assert questions(one, other.model_copy(update={"salience": "background"})) == []


def test_two_promises_are_asked_about_only_where_their_sums_agree() -> None:
    one = event("commitment", id="a", amount_usd=usd(1e9))
    other = event("commitment", id="b", amount_usd=None)
    assert questions(one, other) == []
    assert questions(one, other.model_copy(update={"amount_usd": usd(1.1e9)})) == ["one deal?"]


def test_listed_companies_of_a_like_name_are_offered() -> None:
    more = Directory([*DIRECTORY.companies.values(), company("lumen", "Lumen Kettles", "other", "other")])
    assert similar("Lumen Kettle", more) == ["lumen"]
    assert similar("Zebra Quartz", more) == []


# ----- in which order


def test_what_turns_an_open_prediction_comes_first(engine: sa.Engine) -> None:
    before = [d.question for d in queue(engine, at("2026-02-01"))]
    assert before == ["which value?", "true?", "who?"]
    with_prediction = Prediction.model_validate(
        {
            "id": "sora", "title": "Sora", "statement": "Sora", "author": "ana", "made": "2026-01-01",
            "deadline": "2026-12-31", "criterion": "exists(shutdown where subject is Sora)",
        }
    )  # fmt: skip
    record(engine, with_prediction, at("2026-01-01"))
    first = queue(engine, at("2026-02-01"))[0]
    assert (first.question, first.stakes) == ("true?", ("turns sora",))
    assert queue(engine, at("2027-02-01"))[0].question == "which value?"  # the prediction is over


def test_the_queue_is_listed_with_what_it_matters_to(engine: sa.Engine) -> None:
    predict(engine)
    rows = listed("events", "review", "--list", "--as-of", "2026-02-01")
    assert [(r["question"], r["matters"]) for r in rows] == [
        ("which value?", ["turns one-deal"]),
        ("true?", []),
        ("who?", []),
    ]
    assert rows[0]["options"] == ["USD 11,000,000,000"]
    assert listed("events", "review", "--as-of", "2026-01-07", "--limit", "1") == rows[:1]


# ----- what the keys do


def test_each_question_is_answered_with_one_key(engine: sa.Engine) -> None:
    told = run("events", "review", "--ask", "--by", "bo", typed="1rn")
    assert "Which amount?" in told
    assert "[1] USD 11,000,000,000" in told
    assert "3 answered, 0 left" in told
    events = {e.type: e for e in pipeline.ledger(engine)}
    assert events.keys() == {"acquisition", "financing"}
    assert events["acquisition"].amount == Money(value=11e9)
    assert not find(known(engine), "Lumen Kettle").provisional
    assert [(r["who"], r["why"]) for r in listed("events", "history")] == [("bo", "seen in review")] * 3
    assert "0 answered, 0 left" in run("events", "review", "--ask")


def test_a_question_can_be_left_and_the_review_ended(engine: sa.Engine) -> None:
    assert "0 answered, 3 left" in run("events", "review", "--ask", typed="sxq")
    assert listed("events", "history") == []


@pytest.mark.parametrize(("key", "left"), [("m", 1), ("k", 2)])
def test_a_pair_is_decided_once(engine: sa.Engine, key: str, left: int) -> None:
    add(
        engine, "second", "2026-03-01", ROUND.model_copy(update={"round": None, "amount": Money(value=1.4e9)})
    )
    pipeline.refresh(engine, "x1")
    run("events", "review", "--ask", typed=f"{key}q")
    rounds = [e for e in pipeline.ledger(engine) if e.type == "financing"]
    assert len(rounds) == left
    assert "one deal?" not in [r["question"] for r in listed("events", "review", "--list")]


def test_a_review_of_the_past_takes_no_answers(engine: sa.Engine) -> None:
    assert "a judgement is made now" in run("events", "review", "--ask", "--as-of", "2026-01-07", code=2)


@pytest.mark.parametrize("qualifier", ["exact", "about", "up_to", "at_least", "range"])
@pytest.mark.parametrize("currency", ["USD", "EUR", "JPY"])
def test_a_value_that_is_offered_can_be_chosen(qualifier: str, currency: str) -> None:
    most = 2e9 if qualifier == "range" else None
    money = Money.model_validate(
        {"value": 1_250_000_000, "max": most, "currency": currency, "qualifier": qualifier}
    )
    read = read_money(money_text(money))
    assert read is not None
    assert read.model_dump(exclude={"text", "start", "end"}) == money.model_dump(
        exclude={"text", "start", "end"}
    )


def test_without_a_terminal_the_questions_can_only_be_listed(engine: sa.Engine) -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "tracker"), "events", "review", "--ask"],
        capture_output=True, text=True, input="q", start_new_session=True,
    )  # fmt: skip
    assert done.returncode == 2
    assert "--list prints the questions" in done.stderr
