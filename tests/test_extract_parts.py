"""Parts of the extraction that need no parser: names of one company, dates, rounds, the gate, the models."""

from __future__ import annotations

import datetime as dt
import doctest
import importlib
import pkgutil
from pathlib import Path

import numpy as np
import pytest

import tracker.extract
from tracker.extract.clusters import Occurrence, alias_pairs, cluster_names, join_aliases
from tracker.extract.dates import distances, event_date
from tracker.extract.document import Document
from tracker.extract.gate import MOST, chosen, every_sentence
from tracker.extract.gazetteer import known_as
from tracker.extract.lexicon import is_common
from tracker.extract.linear import Linear, load, save
from tracker.extract.names import is_title_case, written_names
from tracker.extract.pipeline import WEIGHTS
from tracker.extract.rounds import choose_round, rounds_in

FRIDAY = dt.date(2026, 6, 26)
MODULES = sorted(m.name for m in pkgutil.iter_modules(tracker.extract.__path__, "tracker.extract."))


@pytest.mark.parametrize("module", MODULES)
def test_docstrings_tell_the_truth(module: str) -> None:
    assert doctest.testmod(importlib.import_module(module)).failed == 0


def names(*forms: str) -> list[Occurrence]:
    return [Occurrence(text, n * 100, n * 100 + len(text), n) for n, text in enumerate(forms)]


@pytest.mark.parametrize(
    ("forms", "clusters"),
    [
        (["Lumen", "Lumen Works", "Lumen’s"], [["Lumen", "Lumen Works", "Lumen’s"]]),
        (["Lumen Works Inc.", "LumenWorks"], [["Lumen Works Inc.", "LumenWorks"]]),
        (["Big Blue Machines", "BBM"], [["Big Blue Machines", "BBM"]]),
        (["Acme Capital", "Beta Capital", "Capital"], [["Acme Capital"], ["Beta Capital"], ["Capital"]]),
        (["The Lumen Company", "Lumen"], [["The Lumen Company", "Lumen"]]),
        (["Acme", "Beta"], [["Acme"], ["Beta"]]),
    ],
)
def test_names_of_one_company_come_together(forms: list[str], clusters: list[list[str]]) -> None:
    found = cluster_names(names(*forms))
    assert [[o.text for o in c.occurrences] for c in found] == clusters
    assert [c.id for c in found] == list(range(len(found)))


def test_a_cluster_goes_by_its_fullest_name() -> None:
    (cluster,) = cluster_names(names("Lumen", "Lumen Works", "Lumen"))
    assert (cluster.name, cluster.aliases) == ("Lumen Works", ["Lumen"])


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("Gridline, the maker of Cursette, rose.", ("Gridline", "Cursette")),
        ("Fable, formerly Interloc, rose.", ("Fable", "Interloc")),
        ("Fable (previously known as Interloc) rose.", ("Fable", "Interloc")),
        ("Quantum Works Inc. (“QWorks”) rose.", ("Quantum Works Inc.", "QWorks")),
    ],
)
def test_the_text_declares_aliases(text: str, pair: tuple[str, str]) -> None:
    assert alias_pairs(text) == [pair]


def test_a_stock_ticker_is_no_alias() -> None:
    assert alias_pairs("Acme (NYSE: ACM) rose.") == []


def test_aliases_point_to_their_owner() -> None:
    clusters = cluster_names(names("Gridline", "Cursette"))
    assert join_aliases(clusters, "Gridline, the maker of Cursette, rose.") == {1: 0}


@pytest.mark.parametrize(
    ("sentence", "ahead", "date"),
    [
        ("It closed on 5 March 2026.", False, "2026-03-05"),
        ("It closed on March 5.", False, "2026-03-05"),
        ("It closed on the 5th of June.", False, "2026-06-05"),
        ("It closed on Tuesday.", False, "2026-06-23"),
        ("It closed on Friday.", False, "2026-06-26"),
        ("It closes on Monday.", True, "2026-06-29"),
        ("It closed yesterday.", False, "2026-06-25"),
        ("It closed in October.", False, "2025-10"),
        ("It closes in October.", True, "2026-10"),
        ("It closed in May 2025.", False, "2025-05"),
        ("Effective 2026-04-01 it is closed.", False, "2026-04-01"),
        ("It has been closed since 2019.", False, None),
        ("It may close, in the march of progress.", False, None),
        ("It closed on Feb. 31.", False, None),
    ],
)
def test_dates(sentence: str, ahead: bool, date: str | None) -> None:
    assert event_date(sentence, FRIDAY, ahead=ahead) == date


def test_a_date_without_a_year_needs_the_day_of_publication() -> None:
    assert event_date("It closed on March 5.", None) is None
    assert event_date("It closed on Tuesday.", None) is None
    assert event_date("It closed on March 5, 2026.", None) == "2026-03-05"


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("It closes on July 30.", ["date=ahead"]),
        ("It closed on Tuesday.", ["date=now"]),
        ("It closed on June 20.", ["date=week"]),
        ("It closed in June.", ["date=week"]),
        ("It closes on 30 July 2026.", ["date=ahead", "year=0"]),
        ("It closes on 30 June 2026.", ["date=soon", "year=0"]),
        ("It closed in May.", ["date=month"]),
        ("It closed in January.", ["date=half"]),
        ("It closed in August 2025.", ["date=year", "year=1"]),
        ("It closed in May 2024.", ["date=old", "year=2"]),
        ("It rose by 2026% to $2,026, from 2025 and 2019 on.", ["year=1", "year=3+"]),
        ("It will open in 2030.", ["year=-1"]),
    ],
)
def test_how_far_the_dates_of_a_sentence_lie(sentence: str, told: list[str]) -> None:
    assert distances(sentence, FRIDAY) == told
    assert distances(sentence, None) == []


@pytest.mark.parametrize(
    ("text", "rounds"),
    [
        ("closed a Series B after its seed round", ["series_b", "seed"]),
        ("a Series A-2", ["series_a"]),
        ("a pre-seed round", ["pre_seed"]),
        ("sold convertible notes", ["convertible"]),
        ("a $50m credit facility", ["debt"]),
        ("venture debt", ["debt"]),
        ("a bridge round", ["bridge"]),
        ("a tender offer", ["tender"]),
        ("growth equity", ["growth"]),
        ("a strategic investment", ["strategic"]),
        ("a research grant", ["grant"]),
        ("seeds were granted access to a serieses z", []),
    ],
)
def test_rounds(text: str, rounds: list[str]) -> None:
    assert rounds_in(text) == rounds


def test_the_most_strongly_named_round_wins() -> None:
    weighed = [("its Series B", 0.9), ("a seed round", 0.2), ("Series A, then Series B", 0.3)]
    assert choose_round(weighed) == "series_b"
    assert choose_round([]) == "unknown"


def test_common_words_and_known_companies() -> None:
    assert is_common("Acquires")
    assert not is_common("Lumenworks")
    assert known_as("OpenAI") is not None
    assert known_as("Lumenworks") is None
    assert is_title_case("Acme Buys Lumen Works")
    assert not is_title_case("Acme buys a maker of lamps")
    assert "General Purpose" in written_names("It bought General Purpose, a lab.")


def test_the_gate_keeps_title_lead_and_sentences_that_may_tell() -> None:
    text = "One is here. Two is there. Three is dull. Acme bought Beta. Five is dull."
    found = chosen(Document("d", "A title", text), None)
    assert [s.text for s in found.sentences] == [
        "A title",
        "One is here.",
        "Two is there.",
        "Acme bought Beta.",
    ]
    assert found.total == 6


def test_the_gate_lets_nothing_of_a_dull_document_through() -> None:
    assert chosen(Document("d", "A title", "Nothing is told here. It rained."), None).sentences == []


def test_the_gate_is_bounded() -> None:
    assert len(chosen(Document("d", "T", "Acme bought Beta. " * 500), None).sentences) == MOST


def test_a_repeated_headline_counts_once() -> None:
    found = every_sentence(Document("d", "Acme Buys Beta", "Acme buys Beta\nIt paid $5m. Acme buys Beta."))
    assert [(s.index, s.text) for s in found] == [(0, "Acme Buys Beta"), (1, "It paid $5m.")]


@pytest.fixture
def models() -> dict[str, Linear]:
    weights = np.array([[1.0, -1.0], [0.5, 0.25], [-2.0, 2.0]], np.float32)
    bias = np.array([0.1, -0.1], np.float32)
    return {"a.roles": Linear(("no", "yes"), {"x": 0, "y=ü": 1, "z": 2}, weights, bias)}


def test_models_survive_a_file_and_give_the_same_bytes(models: dict[str, Linear], tmp_path: Path) -> None:
    save(tmp_path / "a.npz", models)
    save(tmp_path / "b.npz", models)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    again = load(tmp_path / "a.npz")
    save(tmp_path / "c.npz", again)
    assert (tmp_path / "c.npz").read_bytes() == (tmp_path / "a.npz").read_bytes()
    assert again["a.roles"].index == models["a.roles"].index
    assert again["a.roles"].probabilities(["x"]) == models["a.roles"].probabilities(["x"])


def test_probabilities_sum_to_one_and_unknown_features_weigh_nothing(models: dict[str, Linear]) -> None:
    model = models["a.roles"]
    assert sum(model.probabilities(["x", "z"]).values()) == pytest.approx(1)
    assert model.probabilities(["z"])["yes"] > 0.5 > model.probabilities(["x"])["yes"]
    assert model.probabilities(["never seen"]) == model.probabilities([])


def test_reasons_are_the_strongest_features_first(models: dict[str, Linear]) -> None:
    assert models["a.roles"].reasons(["x", "z", "y=ü", "new"], "yes", 2) == [("z", 2.0), ("y=ü", 0.25)]


def test_the_shipped_models_are_small_and_whole() -> None:
    assert WEIGHTS.stat().st_size < 10_000_000
    shipped = load(WEIGHTS)
    assert {"unit", "draft", "money", "status", "category", "acquisition.roles"} <= set(shipped)
    for model in shipped.values():
        assert model.weights.shape == (len(model.index), len(model.classes))
        assert np.isfinite(model.weights).all()
        assert np.isfinite(model.bias).all()
