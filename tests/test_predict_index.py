"""The index and the sieve spare work; they never change a verdict."""

from __future__ import annotations

import random

import pytest

from tests.ledger_builder import day, event, noon, party, usd
from tests.test_predict_verdicts import prediction, watched
from tracker.models.ledger import Event
from tracker.predict import matching
from tracker.predict.index import Index
from tracker.predict.judge import Case, judge
from tracker.predict.walk import selections

WINDOW = "announced after 2026-03-26 and announced by 2026-06-30"
CRITERIA = (
    f"count(acquisition where {WINDOW} and category is infrastructure and amount >= $10bn) >= 3",
    f"sum(amount of commitment or financing where {WINDOW} and category is model) >= $50bn",
    "exists(ipo where completed since 2026-04-01 and company is OpenAI and amount > $1bn)",
    f"share(acquisition where {WINDOW} and category is model of acquisition where {WINDOW}) >= 40%",
    "first(ipo where reported after 2026-05-01) before first(shutdown where happened on 2026-06-01)",
    "median(valuation of financing where announced between 2026-05-01 and 2026-05-20) > $5bn",
    f"not exists(event where {WINDOW} and amount >= $40bn and status is not terminated)",
)
TYPES = ("acquisition", "commitment", "financing", "ipo", "shutdown")
WAYS = (("announced",), ("rumoured",), ("rumoured", "announced"), ("announced", "completed"), ("completed",),
        ("announced", "terminated"))  # fmt: skip


def ledger(seed: int, number: int = 120) -> list[Event]:
    draw = random.Random(seed)
    return [_event(draw, n) for n in range(number)]


def _event(draw: random.Random, n: int) -> Event:
    start = day("2025-12-01").toordinal()
    days = sorted(draw.randrange(300) for _ in range(2))
    states = {
        s: str(day("2025-12-01").fromordinal(start + d))
        for s, d in zip(draw.choice(WAYS), days, strict=False)
    }
    amount = draw.choice(
        [usd(None), usd(draw.expovariate(1e-10)), usd(0, draw.expovariate(1e-10)), usd(2e9, None)]
    )
    who = party(draw.choice(["OpenAI", "Anthropic", "Amazon"]), draw.choice(["cloud provider", None]))
    return event(
        draw.choice(TYPES), id=f"e{n:03}", states=states, amount_usd=amount, valuation_usd=amount,
        category=draw.choice(["infrastructure", "model", "other"]),
        parties={"acquirer": [who], "company": [who]},
    )  # fmt: skip


@pytest.mark.parametrize("criterion", CRITERIA)
def test_verdicts_are_the_same_without_index_and_sieve(
    criterion: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = prediction(criterion)
    for seed, now in ((1, "2026-04-20"), (2, "2026-06-10"), (3, "2026-07-20")):
        events = ledger(seed)
        quick = judge(asked, events, watched(), noon(now))
        with monkeypatch.context() as patch:
            patch.setattr(Index, "candidates", lambda self, x, deadline: self.of_types(x.types))
            patch.setattr(Index, "in_time", lambda self, x: self.of_types(x.types))
            patch.setattr(matching, "promising", lambda events, clauses, failures=2: list(events))
            careful = judge(asked, events, watched(), noon(now))
        assert quick.model_dump_json() == careful.model_dump_json()
        assert Case(asked, events, watched(), noon(now), misses=False).status() == careful.status


def test_the_index_leaves_out_what_is_far() -> None:
    (selection,) = selections(prediction(CRITERIA[0]).asked)
    old, new = event(states={"announced": "2024-01-01"}), event()
    assert Index([old, new]).candidates(selection, day("2026-06-30")) == [new]
