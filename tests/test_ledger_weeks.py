"""The ledgers of many moments derived in one go are those derived one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from tests.mention_builders import DIRECTORY, FixedRates
from tests.test_ledger_incremental import KNOWLEDGE, store
from tests.test_resolve_order import mentions
from tracker import keeping
from tracker.models.told import MentionIn
from tracker.resolve.deals import derive
from tracker.store.engine import open_store
from tracker.store.events import load_mentions


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(found=st.lists(mentions(), min_size=1, max_size=10, unique_by=lambda m: m.id))
def test_many_ledgers_in_one_go(found: Sequence[MentionIn]) -> None:
    with TemporaryDirectory() as folder:
        engine = open_store(f"sqlite:///{Path(folder)}/a.db")
        store(engine, found)
        with Session(engine) as session:
            stored = load_mentions(session, "x1")
            days = {m.article.published.replace(hour=0, minute=0, second=0, microsecond=0) for m in stored}
            moments = [day + dt.timedelta(days=1) for day in sorted(days)]
            told = list(keeping.ledgers(session, "x1", KNOWLEDGE, moments))
        for moment, ledger in zip(moments, told, strict=True):
            before = [m for m in stored if m.article.published < moment]
            assert ledger == derive(before, DIRECTORY, FixedRates())
        engine.dispose()
