"""What tests of the whole extraction share: the shipped extractor, loaded once, and mentions made plain."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from tracker.config import Settings
from tracker.extract.document import Document
from tracker.extract.pipeline import Extractor, load_extractor
from tracker.models.mention import ROLES, Mention, Money

PUBLISHED = dt.datetime(2026, 6, 26, 12, tzinfo=dt.UTC)  # a Friday


@cache
def extractor() -> Extractor:
    return load_extractor(Settings())


def read(title: str, text: str) -> list[Mention]:
    """The mentions of one document."""
    ((_, mentions),) = extractor().extract([Document("d", title, text, PUBLISHED)])
    return mentions


def told(mention: Mention) -> dict[str, Any]:
    """A mention as a test writes it: parties by name, amounts as value and currency."""
    roles = {r: [p.name for p in mention.parties(r)] for r in ROLES[mention.type]}
    return mention.model_dump() | roles | {f: _money(getattr(mention, f)) for f in ("amount", "valuation")}


def _money(money: Money | None) -> list[float | str | None] | None:
    return None if money is None else [money.value, money.currency]
