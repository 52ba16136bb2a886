"""The demo newsroom lived through day by day: the verdict of any past day is the one that was made on it.

Articles come as they were published, some of them days late; sources are crawled each day but in an outage;
an event is rejected on the way.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.store_builders import at_file
from tests.test_resolve_newsroom import items, told
from tracker import corrections, judging, pipeline
from tracker.cli.predictions import import_file
from tracker.config import shipped
from tracker.models.tables import Fetch
from tracker.store.articles import NewArticle, add_article
from tracker.store.engine import open_store, transaction
from tracker.store.mentions import add_mentions

FIRST, LAST = dt.date(2026, 3, 24), dt.date(2026, 5, 31)
REJECTED_ON = dt.date(2026, 4, 20)
OUTAGE = (dt.date(2026, 4, 8), dt.date(2026, 4, 15))
ONE_DAY = dt.timedelta(days=1)


def midnight_after(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + ONE_DAY, dt.time(), dt.UTC)


def arrivals() -> dict[dt.date, list[tuple[int, dict[str, Any]]]]:
    """The items by the day on which they are seen: every seventh comes five days after its publication."""
    found = defaultdict(list)
    for number, item in enumerate(items(), 1):
        published = dt.datetime.fromisoformat(item["published"])
        seen = published + dt.timedelta(days=0 if number % 7 else 5)
        found[max(FIRST, seen.date())].append((number, item))
    return found


def gather(engine: sa.Engine, day: dt.date, come: list[tuple[int, dict[str, Any]]]) -> None:
    seen = midnight_after(day) - dt.timedelta(hours=1)
    with transaction(engine) as session:
        for number, item in come:
            published = dt.datetime.fromisoformat(item["published"])
            new = NewArticle(
                key=item["id"], source_id=item["outlet"], url=f"https://{item['outlet']}.example/{item['id']}",
                title=item["title"], text=" ".join(item["paragraphs"]), published=published,
                seen_at=seen if day > FIRST else published,
            )  # fmt: skip
            _, id_ = add_article(session, new)
            add_mentions(session, id_, "x1", [told(number, item, e).mention for e in item["events"]])
        down = OUTAGE[0] <= day <= OUTAGE[1]
        for outlet in ("seatcount", "gridwatch"):
            session.add(Fetch(source_id=outlet, started=seen, finished=seen, ok=not down))
    pipeline.refresh(engine, "x1")


def verdicts(engine: sa.Engine, at: dt.datetime, known_by: dt.datetime | None = None) -> list[str]:
    return [j.verdict.model_dump_json() for j in judging.verdicts(engine, at, known_by)]


def test_the_verdict_of_each_past_day_is_the_one_made_on_it(tmp_path: Path) -> None:
    engine = open_store(at_file(tmp_path / "store.db"))
    file = shipped("data", "predictions", "great-ai-inversion.toml")
    import_file(engine, file, midnight_after(FIRST))
    coming, made = arrivals(), {}
    day = FIRST
    while day <= LAST:
        gather(engine, day, coming[day])
        if day == REJECTED_ON:
            event = next(e for e in reversed(pipeline.ledger(engine)) if e.type == "acquisition")
            at = midnight_after(day) - dt.timedelta(minutes=5)
            corrections.reject(engine, event, corrections.Author("ana", at, "misread"))
        made[day] = verdicts(engine, midnight_after(day))
        day += ONE_DAY
    assert len({tuple(v) for v in made.values()}) > 60  # they do change from day to day
    for day, then in made.items():
        assert verdicts(engine, midnight_after(day), midnight_after(day)) == then, day
