"""Verdicts read of the stored ledger what they can rest on, and are the same as before the whole of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.store_builders import IBM, add, article, at_file, derive_all, purchase
from tests.test_predict_commands import noon, toml
from tracker import judging, pipeline
from tracker.models.mention import Money, Party, Span
from tracker.predict.load import load_predictions
from tracker.store.engine import open_store

NOW = noon("2026-03-27")


@pytest.fixture
def engine(tmp_path: Path) -> sa.Engine:
    """A purchase of another company each fortnight of four years, and one of them told of again."""
    engine = open_store(at_file(tmp_path / "store.db"))
    first = purchase(*IBM)
    for n in range(100):
        day = dt.date(2022, 7, 1) + dt.timedelta(days=14 * n)
        name = f"Lamp{chr(97 + n // 26)}{chr(97 + n % 26)}on"
        text = f"IBM buys {name}. Paid."
        told = first.model_copy(
            update={
                "target": [Party(name=name, text=name, start=9, end=9 + len(name))],
                "amount": Money(value=1e9 * (n + 1), text="Paid", start=11, end=15),
                "evidence": Span(text=text, start=0, end=len(text)),
            }
        )
        add(engine, article(f"a{n}", str(day), text, text), told)
        if n == 30:
            add(engine, article("again", "2026-05-05", text, text), told)
    derive_all(engine)
    return engine


@pytest.mark.parametrize(
    ("criterion", "some"),
    [
        ("count(acquisition where announced after 2026-03-26) >= 3", True),
        ("sum(amount of acquisition where announced after 2026-03-26 and amount >= $95bn) >= $900bn", True),
        ("exists(event where announced after 2026-03-26 and amount >= $500bn)", True),
        ("count(acquisition) >= 98", False),
        ("count(financing where announced after 2026-03-26) >= 1", True),
    ],
)
def test_a_part_of_the_ledger_gives_the_verdict_of_the_whole(
    engine: sa.Engine, tmp_path: Path, criterion: str, some: bool
) -> None:
    (asked,) = load_predictions(toml(tmp_path, criterion=criterion))
    judging.record(engine, asked, NOW)
    whole = pipeline.ledger(engine)
    for at in (noon("2026-05-20"), noon("2026-07-20")):
        (read,) = judging.verdicts(engine, at, sensitive=True)
        (given,) = judging.verdicts(engine, at, events=whole, sensitive=True)
        assert read == given
    part = judging.known_events(engine, noon("2026-07-20"), None, judging._wanted([asked]))
    assert (len(part) < len(whole)) is some
