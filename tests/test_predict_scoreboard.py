"""Which versions and statements count: plain judged predictions, and those of a store."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from tests.ledger_builder import day, noon
from tracker import judging
from tracker.cli import main
from tracker.errors import PredictionError
from tracker.models.tables import Article
from tracker.predict.prediction import Prediction, StatedForecast, StatedProbability
from tracker.predict.scoreboard import YES_NO, Judged, Stated, chosen, lines, people, score, tally
from tracker.scoring import judged_versions
from tracker.store.engine import open_store, transaction


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def judged(*stated: tuple[str, str, Any], **given: Any) -> Judged:
    """A prediction that stood from 1 to 11 January and came true; `stated` are (day, who, belief)."""
    fields: dict[str, Any] = {
        "id": "p", "version": 1, "kind": YES_NO, "status": "met", "outcome": 1.0, "due": True,
        "opens": moment("2026-01-01"), "closes": moment("2026-01-11"), "ends": moment("2026-01-11"),
        "deadline": day("2026-01-10"),
    }  # fmt: skip
    return Judged(**{**fields, **given}, stated=[Stated(moment(at), by, belief) for at, by, belief in stated])


def losses(found: Judged) -> dict[str, float]:
    return {s.forecaster: round(s.loss, 6) for s in score(found)}


# ----- what counts


def test_the_last_statement_in_time_counts_and_the_life_is_averaged() -> None:
    found = judged(
        ("2026-01-03", "ana", 0.5), ("2026-01-08", "ana", 0.9), ("2026-01-10", "ana", 0.99),
        closes=moment("2026-01-09"),
    )  # fmt: skip
    [ana] = score(found)
    assert (ana.probability, ana.outcome, ana.loss) == (0.9, 1.0, pytest.approx(0.01))
    assert ana.life == pytest.approx((5 * 0.25 + 3 * 0.01) / 8)
    assert ana.share == pytest.approx(0.8)


def test_what_is_said_after_the_judgement_does_not_count() -> None:
    known = judged(("2026-01-02", "ana", 0.6), ("2026-01-06", "ana", 0.99), ends=moment("2026-01-05"))
    assert losses(known) == {"ana": 0.16}
    assert score(judged(("2026-01-06", "ana", 0.99), ends=moment("2026-01-05"))) == []


def test_no_at_the_deadline_is_scored_and_void_ambiguous_undecided_and_early_are_not() -> None:
    stated = ("2026-01-01", "ana", 0.6)
    assert losses(judged(stated, status="not met", outcome=0.0)) == {"ana": 0.36}
    others = [
        judged(stated, id=s, status=s, outcome=None) for s in ("void", "ambiguous", "undecided", "open")
    ]
    early = judged(stated, id="early", due=False)
    assert [score(j) for j in (*others, early)] == [[]] * 5
    counted = tally([judged(stated), judged(id="silent"), *others, early])
    assert (counted.due, counted.judged, counted.void, counted.ambiguous) == (6, 4, 1, 1)
    assert (counted.undecided, counted.unstated, counted.early, counted.superseded) == (2, 1, 1, 0)


def test_the_median_is_of_what_everyone_said_last() -> None:
    found = judged(
        ("2026-01-01", "ana", 0.2), ("2026-01-02", "bo", 0.6), ("2026-01-03", "cy", 0.7),
        ("2026-01-04", "ana", 0.8), ("2026-01-01", "base rate", 0.1), ("2026-01-01", "crowd", 0.4),
    )  # fmt: skip
    assert losses(found)["median"] == pytest.approx(0.09)
    assert [s.forecaster for s in people(score(found))] == ["ana", "bo", "cy"]
    [ana] = [s for s in score(found) if s.forecaster == "ana"]
    assert ana.references == {"base rate": pytest.approx(0.81), "crowd": pytest.approx(0.36)}
    assert "median" not in losses(judged(("2026-01-01", "ana", 0.2), ("2026-01-01", "crowd", 0.4)))


def test_options_and_quantiles_are_scored_by_their_own_rules() -> None:
    options = judged(("2026-01-01", "ana", {"a": 0.6, "b": 0.3, "c": 0.1}), kind="choice", outcome="b")
    [ana] = score(options)
    assert (ana.loss, ana.probability) == (pytest.approx((0.36 + 0.49 + 0.01) / 2), None)
    assert ana.log == pytest.approx(1.2039728)
    deals = judged(("2026-01-01", "ana", {"0.1": 2, "0.5": 4, "0.9": 9}), kind="deals", outcome=6.0)
    [ana] = score(deals)
    # by hand: 0.1 * 4, 0.5 * 2 and 0.1 * 3, twice their mean
    assert (ana.loss, ana.log, ana.kind) == (pytest.approx(2 * 1.7 / 3), None, "deals")


def test_predictions_are_chosen_by_forecaster_tag_and_deadline() -> None:
    one = judged(("2026-01-01", "ana", 0.5), id="one", tags=("deals", "q1"))
    two = judged(("2026-01-01", "bo", 0.5), id="two", tags=("deals",), deadline=day("2026-03-31"))
    assert [j.id for j in chosen([one, two])] == ["one", "two"]
    assert [j.id for j in chosen([one, two], by="bo")] == ["two"]
    assert [j.id for j in chosen([one, two], tags=("deals", "q1"))] == ["one"]
    assert [j.id for j in chosen([one, two], since=day("2026-01-11"))] == ["two"]


def test_an_export_gives_no_outcome_away_before_its_time() -> None:
    stated = (("2026-01-01", "ana", 0.5), ("2026-01-01", "crowd", 0.4))
    [ana, _] = lines(judged(*stated))
    assert (ana["outcome"], ana["probability"], ana["crowd"], ana["loss"]) == (1.0, 0.5, 0.4, 0.25)
    [early, _] = lines(judged(*stated, due=False))
    assert (early["outcome"], "loss" in early) == ("open", False)
    [void, _] = lines(judged(*stated, status="void", outcome=None))
    assert void["outcome"] == "void"


# ----- from the store


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    """A watched quarter without a deal. One was foretold; then none, which makes a second version."""
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    monkeypatch.setenv("TRACKER_DATABASE_URL", url)
    engine = open_store(url)
    with transaction(engine) as session:
        for n in range(91):
            when = noon("2026-04-01") + dt.timedelta(days=n)
            session.add(
                Article(
                    key=f"k{n}", source_id="wire.example", url="https://wire.example/", title="t", text="t",
                    content_hash=str(n), published=when, seen_at=when, details={},
                )
            )  # fmt: skip
    foretell(engine, ">= 1", "2026-05-15", ("2026-04-01", "ana", 0.7))
    foretell(engine, "< 1", "2026-06-01", ("2026-06-02", "ana", 0.9), ("2026-06-03", "bo", 0.6))
    return engine


def foretell(
    engine: sa.Engine, deals: str, logged: str, *stated: tuple[str, str, float], **given: Any
) -> None:
    fields: dict[str, Any] = {
        "id": "deals", "title": "Deals", "statement": f"{deals} deals", "author": "ana", "made": "2026-04-01",
        "deadline": "2026-06-30", "criterion": f"count(acquisition) {deals}", "tags": ["q2"],
    }  # fmt: skip
    chances = [StatedProbability(at=moment(at), by=by, value=value) for at, by, value in stated]
    prediction = Prediction.model_validate({**fields, **given, "probabilities": chances})
    judging.record(engine, prediction, noon(logged))


def test_superseded_versions_are_scored_by_their_own_criterion(engine: sa.Engine) -> None:
    first, second = judged_versions(engine, noon("2026-07-02"))
    assert (first.status, second.status) == ("not met", "met")
    assert losses(first) == {"ana": 0.49}
    assert losses(second) == {"ana": 0.01, "bo": 0.16, "median": 0.0625}
    assert (first.ends, second.opens) == (noon("2026-06-01"), noon("2026-06-01"))
    [ana] = score(first)
    assert (ana.life, ana.share) == (pytest.approx(0.49), 1.0)
    counted = tally([first, second])
    assert (counted.due, counted.judged, counted.superseded) == (2, 2, 1)


def test_a_new_title_is_no_new_version(engine: sa.Engine) -> None:
    foretell(engine, "< 1", "2026-06-10", title="No deals", statement="< 1 deals")
    first, second = judged_versions(engine, noon("2026-07-02"))
    assert (first.version, second.version) == (1, 3)
    assert (first.ends, second.opens) == (noon("2026-06-01"), noon("2026-06-01"))


def test_what_was_not_logged_yet_was_not_known(engine: sa.Engine) -> None:
    at = noon("2026-05-20")
    [only] = judged_versions(engine, at, at)
    assert (only.version, only.due, [s.by for s in only.stated]) == (1, False, ["ana"])
    assert judged_versions(engine, noon("2026-03-20")) == []


def test_what_was_known_ends_the_life_of_a_version(engine: sa.Engine) -> None:
    """What Ana says after it is known is worth nothing."""
    stated = (("2026-04-02", "ana", 0.4), ("2198-01-01", "ana", 0.99))
    foretell(engine, ">= 1", "2026-04-01", *stated, id="one", deadline="2198-12-31")
    run("resolve", "one", "yes", "--early", "--why", "seen")
    found = {j.id: j for j in judged_versions(engine, noon("2199-01-01"))}
    assert losses(found["one"]) == {"ana": 0.36}
    foretell(engine, ">= 1", "2026-04-01", ("2026-04-02", "ana", 0.4), id="two", judged="2026-04-15")
    [two] = [j for j in judged_versions(engine, noon("2026-07-02")) if j.id == "two"]
    assert two.ends == moment("2026-04-15")


def test_facts_are_no_forecasts(engine: sa.Engine) -> None:
    foretell(engine, ">= 1", "2026-05-15", id="fact", kind="fact")
    assert {j.id for j in judged_versions(engine, noon("2026-07-02"))} == {"deals"}


# ----- other forms


def ask(engine: sa.Engine, form: str, criterion: str, beliefs: dict[str, Any], **given: Any) -> Judged:
    """One more prediction of the watched quarter, forecast by Ana on 2 April, as judged at its end."""
    stated = {"at": "2026-04-02", "by": "ana", "stated": beliefs}
    fields = {"id": form, "form": form, "criterion": criterion, "forecasts": [stated], **given}
    prediction = Prediction.model_validate(
        {
            "title": "t", "statement": "s", "author": "ana", "made": "2026-04-01", "deadline": "2026-06-30",
            **fields,
        }
    )  # fmt: skip
    judging.record(engine, prediction, noon("2026-04-02"))
    return next(j for j in judged_versions(engine, noon("2026-07-02")) if j.id == prediction.id)


BUYERS = {name: f"exists(acquisition where acquirer is {name})" for name in ("Amazon", "Google")}


def test_numbers_are_scored_in_their_unit(engine: sa.Engine) -> None:
    found = ask(engine, "numeric", "known(count(acquisition))", {"0.1": 0, "0.9": 4})
    assert (found.kind, found.outcome, losses(found)) == ("number", 0.0, {"ana": 0.4})
    sums = ask(engine, "numeric", "known(sum(amount of acquisition))", {"0.5": 1e9}, id="sum")
    assert (sums.kind, losses(sums)) == ("money", {"ana": 1e9})


def test_days_after_the_window_are_all_alike(engine: sa.Engine) -> None:
    near = ask(engine, "date", "exists(acquisition)", {"0.1": "2026-06-01", "0.9": "2026-08-01"})
    far = ask(engine, "date", "exists(acquisition)", {"0.1": "2026-06-01", "0.9": "2099-08-01"})
    # 30 days from 1 June to the day after the deadline; twice the mean of 0.1 * 30 and 0
    assert (near.kind, near.outcome) == ("days", 91.0)
    assert losses(near) == losses(far) == {"ana": 3.0}


def test_no_option_is_an_option(engine: sa.Engine) -> None:
    either = " or ".join(f"({line})" for line in BUYERS.values())
    found = ask(engine, "choice", either, {"Amazon": 0.7, "none": 0.3}, options=BUYERS)
    assert (found.kind, found.outcome, losses(found)) == ("choice", "none", {"ana": 0.49})
    run("resolve", "choice", "yes", "--answer", "Amazon", "--why", "a filing")
    [ruled] = [j for j in judged_versions(engine, noon("2199-01-01")) if j.id == "choice"]
    assert losses(ruled) == {"ana": 0.09}


def test_an_answer_that_is_none_is_told(engine: sa.Engine) -> None:
    ask(engine, "numeric", "known(count(acquisition))", {"0.5": 1})
    run("resolve", "numeric", "yes", "--answer", "several", "--why", "a filing")
    with pytest.raises(PredictionError, match="the answer of numeric, 'several', is not a number"):
        judged_versions(engine, noon("2199-01-01"))


def test_the_base_rate_of_the_ledger_is_compared_with(engine: sa.Engine) -> None:
    told = StatedForecast(at=moment("2026-04-02"), by="base rate", stated={"yes": 0.2})
    judging.state(engine, "deals", told)
    first = judged_versions(engine, noon("2026-07-02"))[0]
    [ana] = [s for s in score(first) if s.forecaster == "ana"]
    assert ana.references == {"base rate": pytest.approx(0.04)}


# ----- the commands


def run(*arguments: str, text: str | None = None) -> Result:
    result = CliRunner().invoke(main, ["predictions", *arguments], input=text)
    assert result.exit_code == 0, result.output
    return result


def scores(*arguments: str) -> dict[str, dict[str, Any]]:
    rows = json.loads(run("score", "--as-of", "2026-07-01", *arguments, "--format", "json").stdout)
    return {row["group"]: row for row in rows}


def test_score_tells_each_forecaster_and_what_it_leaves_out(engine: sa.Engine) -> None:
    found = scores()
    assert list(found) == ["ana", "bo", "median", "all"]
    assert [row["n"] for row in found.values()] == [2, 1, 1, 3]
    assert found["all"]["loss"] == pytest.approx((0.49 + 0.01 + 0.16) / 3)
    assert (found["ana"]["due"], found["ana"]["judged"], found["ana"]["superseded"]) == (2, 2, 1)
    table = run("score", "--as-of", "2026-07-01").stdout
    assert "2 of 2 due predictions and versions have a verdict (100%), 1 superseded\n" in table
    assert table.splitlines()[-1].startswith("Too few to tell: 1 of the 20 questions")


def test_score_chooses(engine: sa.Engine) -> None:
    assert {name: row["n"] for name, row in scores("--by", "bo").items()} == {"bo": 1}
    assert scores("--by", "median")["median"]["loss"] == pytest.approx(0.0625)
    assert scores("--tag", "q3") == scores("--since", "2026-07-01") == {}
    assert "0 of 0 due predictions and versions have a verdict\n" in run("score", "--tag", "q3").stdout


def test_an_export_scores_as_the_ledger_does(engine: sa.Engine) -> None:
    exported = run("export", "--as-of", "2026-07-01").stdout
    assert [row["forecaster"] for row in csv.DictReader(io.StringIO(exported))] == [
        "ana",
        "ana",
        "bo",
        "median",
    ]
    again = json.loads(run("score", "-", "--group", "forecaster", "--format", "json", text=exported).stdout)
    found = scores()
    for row in again[:3]:
        for name in ("n", "loss", "loss_low", "miscalibration", "discrimination", "log", "calibration"):
            assert row[name] == found[row["group"]][name], name


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("score", "x.csv", "--by", "ana"), "--by is for the ledger, not for a FILE"),
        (("score", "--group", "team"), "--group needs a FILE"),
        (("score", "--since", "June"), "'June' is not an ISO day"),
        (("export", "--since", "June"), "'June' is not an ISO day"),
    ],
)
def test_misuse_is_told(arguments: tuple[str, ...], words: str) -> None:
    result = CliRunner().invoke(main, ["predictions", *arguments])
    assert (result.exit_code, words in result.stderr) == (2, True)
