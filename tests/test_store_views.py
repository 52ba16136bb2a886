"""The views for people answer what their page says, on both kinds of store."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.mention_builders import at
from tests.store_builders import IBM, add, article, small_store
from tracker.models.tables import Fetch
from tracker.store.engine import transaction
from tracker.store.predictions import Probability, add_probabilities, log_prediction

DOCS = (Path(__file__).parents[1] / "docs" / "store.md").read_text("utf-8")


@pytest.fixture
def engine(store_url: str) -> sa.Engine:
    engine = small_store(store_url)
    add(engine, article("wire", "2026-01-05", IBM[0] + "!", IBM[1], seen="2026-01-09"))
    with transaction(engine) as session:
        for statement in ("a first try", "three deals"):
            payload = {"title": "Deals", "statement": statement, "deadline": "2026-12-31"}
            log_prediction(session, "deals", "0" * 64, payload, at("2026-01-02"))
        stated = [Probability(at("2026-01-02"), "ana", 0.4), Probability(at("2026-02-01"), "ben", 0.6)]
        add_probabilities(session, "deals", stated)
        for day, reason in ((5, ""), (6, "timed out")):
            at_six = at(f"2026-01-0{day}") + dt.timedelta(hours=6)
            session.add(
                Fetch(source_id="wire.example", started=at_six, finished=at_six, ok=not reason, reason=reason)
            )
    return engine


def rows(engine: sa.Engine, query: str) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(sa.text(query.replace(":", "\\:"))).mappings()]


def test_events_and_their_tellings(engine: sa.Engine) -> None:
    deal, shut = rows(engine, "select * from v_events order by type")
    assert deal["parties"] == "acquirer: IBM; target: Confluent"
    assert (deal["amount"], deal["currency"], deal["amount_usd_high"]) == (11e9, "USD", 11e9)
    assert (deal["tellings"], deal["confidence"]) == (1, 0.9)
    assert (shut["amount"], shut["status"]) == (None, "announced")
    (told,) = rows(engine, f"select * from v_tellings where event_id = '{shut['id']}'")
    assert told["evidence"] == "OpenAI said on Monday that it will close Sora."
    assert told["url"] == "https://blog.example/1"


def test_articles_sources_and_predictions(engine: sa.Engine) -> None:
    assert [a["title"] for a in rows(engine, "select * from v_articles order by source_id")] == [
        "OpenAI shuts Sora", "IBM to buy Confluent!",
    ]  # fmt: skip
    blog, wire = rows(engine, "select * from v_sources order by source_id")
    assert (wire["articles"], wire["last_reason"], blog["last_crawl"]) == (1, "timed out", None)
    (deals,) = rows(engine, "select * from v_predictions")
    assert (deals["version"], deals["statement"]) == (2, "three deals")
    assert (deals["probability"], deals["stated_by"]) == (0.6, "ben")


def test_the_page_names_every_view(engine: sa.Engine) -> None:
    made = {name for name in sa.inspect(engine).get_view_names() if name.startswith("v_")}
    assert set(re.findall(r"^\| `(v_\w+)` \|", DOCS, flags=re.MULTILINE)) == made


def test_the_queries_of_the_page_run(engine: sa.Engine) -> None:
    largest, shutdowns = re.findall(r"^```sql\n(.*?)^```", DOCS, flags=re.MULTILINE | re.DOTALL)
    assert rows(engine, largest) == []
    assert [r["source_id"] for r in rows(engine, shutdowns)] == ["blog.example"]
