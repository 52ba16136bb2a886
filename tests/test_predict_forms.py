"""Numeric, date and multiple-choice predictions: what is asked, what is stated, and what came."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import click
import pytest
import sqlalchemy as sa

from tests.ledger_builder import event, party, usd
from tests.test_predict_commands import engine as engine
from tests.test_predict_commands import run
from tests.test_predict_verdicts import AFTER, BEFORE, days_of, prediction, verdict, watched
from tracker.cli.verdicts import said
from tracker.errors import PredictionError
from tracker.models.ledger import Event
from tracker.predict.forecast import read_forecast
from tracker.predict.prediction import StatedForecast
from tracker.predict.verdict import Verdict

IN_TIME = "announced after 2026-03-26"


def deal(id_: str, on: str, buyer: str = "Amazon", **given: Any) -> Event:
    parties = {"acquirer": [party(buyer)], "target": [party("T")]}
    return event(id=id_, states={"announced": on}, parties=parties, **given)


# ----- numeric


def test_a_number_is_known_when_nothing_can_change_it() -> None:
    asked = f"known(count(acquisition where {IN_TIME}))"
    events = [deal("a", "2026-04-01"), deal("b", "2026-05-01")]
    assert verdict(asked, events, BEFORE, form="numeric").status == "open"
    late = verdict(asked, events, form="numeric")
    assert (late.status, late.answer, late.reasons) == ("met", 2, ["Two acquisitions count."])
    outage = watched(*days_of("2026-05-01", "2026-05-09"))
    assert verdict(asked, events, coverage=outage, form="numeric").status == "undecided"


def test_a_sum_with_an_unknown_amount_is_undecided() -> None:
    events = [deal("a", "2026-04-01"), deal("b", "2026-05-01", amount_usd=usd(0, 5e9))]
    result = verdict(f"known(sum(amount of acquisition where {IN_TIME}))", events, form="numeric")
    assert (result.status, result.answer) == ("undecided", None)
    assert result.measures[0].value == "$11bn to $16bn"


# ----- date


def test_the_day_on_which_it_came_true() -> None:
    events = [deal("a", "2026-05-20"), deal("b", "2026-04-02"), deal("c", "2026-06-01")]
    asked = f"count(acquisition where {IN_TIME}) >= 2"
    assert verdict(asked, events, form="date").answer == "2026-05-20"
    assert verdict(asked, events[:1], form="date").answer is None
    assert verdict(asked, events[:1], form="date").status == "not met"


def test_what_holds_without_any_event_came_on_no_day() -> None:
    result = verdict(f"not exists(acquisition where {IN_TIME})", [], form="date")
    assert (result.status, result.answer) == ("met", None)


# ----- choice

BUYERS = {
    name: f"exists(acquisition where {IN_TIME} and acquirer is {name})" for name in ("Amazon", "Google")
}


def chosen(events: list[Event], now: dt.datetime = AFTER) -> Verdict:
    either = " or ".join(f"({line})" for line in BUYERS.values())
    return verdict(either, events, now, form="choice", options=BUYERS)


@pytest.mark.parametrize(
    ("buyers", "status", "answer"),
    [(["Amazon"], "met", "Amazon"), ([], "not met", None), (["Amazon", "Google"], "undecided", None)],
)
def test_which_option_came_true(buyers: list[str], status: str, answer: str | None) -> None:
    events = [deal(name, "2026-05-01", name) for name in buyers]
    result = chosen(events)
    assert (result.status, result.answer) == (status, answer)


def test_an_option_is_not_certain_while_another_may_come() -> None:
    events = [deal("a", "2026-05-01")]
    assert chosen(events, BEFORE).status == "open"


# ----- what is stated


@pytest.mark.parametrize(
    ("form", "text", "stated"),
    [
        ("numeric", "90%: 9, 10%: 2", {"0.1": 2, "0.9": 9}),
        ("date", "50%: 2026-06-01", {"0.5": "2026-06-01"}),
        ("choice", "Amazon: 60%, none: 40%", {"Amazon": 0.6, "none": 0.4}),
    ],
)
def test_forecasts_as_people_write_them(form: Any, text: str, stated: dict[str, Any]) -> None:
    assert read_forecast(form, text, ["Amazon"]) == stated


@pytest.mark.parametrize(
    ("form", "text", "words"),
    [
        ("numeric", "10%: 9, 90%: 2", "do not rise"),
        ("numeric", "lots", "is not a forecast (write 10%: 2"),
        ("numeric", "10%: lots", "neither a number nor an amount"),
        ("date", "50%: June", "not an ISO day"),
        ("choice", "Amazon: 60%", "add up to 60%"),
        ("choice", "Meta: 60%, none: 40%", "'Meta' is no option (one of Amazon, none)"),
    ],
)
def test_forecasts_that_contradict_themselves(form: Any, text: str, words: str) -> None:
    with pytest.raises(PredictionError) as caught:
        read_forecast(form, text, ["Amazon"])
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"form": "numeric"}, "a numeric prediction, and no other"),
        ({"form": "choice", "options": {"one": "exists(ipo)"}}, "two or more options"),
        ({"forecasts": [{"at": "2026-04-01", "by": "a", "stated": {"0.5": 1}}]}, "has probabilities"),
        ({"form": "date", "probabilities": [{"at": "2026-04-01", "by": "a", "value": 0.5}]}, "has forecasts"),
    ],
)
def test_a_prediction_of_two_forms_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        prediction("exists(ipo)", **change)


def test_form_and_options_are_frozen() -> None:
    plain = prediction("exists(ipo)")
    dated = prediction("exists(ipo)", form="date")
    assert plain.digest != dated.digest


# ----- commands


def test_a_choice_is_logged_updated_and_shown(engine: sa.Engine) -> None:
    options = [f"--option={name}={line}" for name, line in BUYERS.items()]
    logged = run("log", "--by", "ana", "--statement", "Who buys", "--form", "choice", *options,
                 "--deadline", "2199-01-01", "--probability", "Amazon: 60%, Google: 30%, none: 10%",
                 )  # fmt: skip
    assert logged.exit_code == 0, logged.output
    told = run("update", "who-buys", "Amazon: 70%, none: 30%", "--by", "bo")
    assert told.output == "who-buys: bo says Amazon 70%, none 30%\n"
    shown = run("show", "who-buys").output
    assert "ana: Amazon 60%, Google 30%, none 10%" in shown
    wrong = run("update", "who-buys", "70%")
    assert (wrong.exit_code, "is not a forecast" in wrong.stderr) == (2, True)


def test_the_editor_form_is_logged(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(text: str, extension: str) -> str:
        assert extension == ".toml"
        filled = text.replace('id = ""', 'id = "x"').replace('= ""', '= "X"')
        return "\n".join(
            "deadline = 2199-01-01" if x.startswith("deadline") else x for x in filled.split("\n")
        )

    monkeypatch.setattr(click, "edit", write)
    assert run("log", "--by", "ana").output.splitlines()[-1].startswith("logged x (")
    monkeypatch.setattr(click, "edit", lambda text, extension: None)
    assert run("log", "--by", "ana").stderr == "Error: nothing was written (save the form to log it)\n"
    [row] = json.loads(run("list", "--format", "json").output)
    assert (row["id"], row["probability"]) == ("x", "50%")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("0.9", 5.0, "90%: 5"),
        ("0.5", "2026-05-01", "50%: 2026-05-01"),
        ("2026", 0.6, "2026 60%"),
        ("²", 0.4, "² 40%"),
    ],
)
def test_a_level_and_an_option_are_told_apart(name: str, value: float | str, words: str) -> None:
    forecast = StatedForecast(at=BEFORE, by="ann", stated={name: value})
    assert said(forecast) == words
