"""`tracker extract --explain`: what was told and why, and what was not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from tests.extract_support import extractor
from tracker.cli import main
from tracker.extract import pipeline

DEAL = {
    "id": "deal",
    "title": "Northwind buys Lumenworks for $300 million",
    "text": "Northwind has acquired Lumenworks, a maker of lamps, for $300 million, it said on Monday. "
    "Heliograph was also in talks, people said.",
}


@pytest.fixture
def explained(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(pipeline, "load_extractor", lambda settings: extractor())

    def call(document: dict[str, str]) -> str:
        done = CliRunner().invoke(main, ["extract", "--explain", "-"], input=json.dumps(document).encode())
        assert done.exit_code == 0, done.output
        return done.stdout

    return call


def test_an_event_with_its_sentence_its_roles_and_its_reasons(explained: Any) -> None:
    text = explained(DEAL)
    assert "acquisition (news, " in text
    assert "[Lumenworks = target]" in text
    assert "[Northwind = acquirer]" in text
    assert "[$300 million = amount]" in text
    assert "phrases: " in text
    assert "Lumenworks as target" in text


def test_reasons_are_weights_of_the_models(explained: Any) -> None:
    line = next(line for line in explained(DEAL).splitlines() if line.strip().startswith("whole: "))
    feature, weight = line.split("whole: ")[1].split(", ")[0].rsplit(" ", 1)
    draft = extractor().models["draft"]
    column = draft.classes.index("main")
    assert float(weight) == pytest.approx(float(draft.weights[draft.index[feature], column]), abs=0.006)


def test_a_document_without_phrases(explained: Any) -> None:
    text = explained({"id": "rain", "title": "Rain", "text": "It rained."})
    assert "no sentence has a phrase that may tell an event" in text


def test_a_document_that_the_gate_stops(explained: Any) -> None:
    text = explained(
        {"id": "walk", "title": "A walk", "text": "He leaves the house at noon and sells apples."}
    )
    assert "no sentence is likely to tell an event" in text
    assert "sells apples" in text
