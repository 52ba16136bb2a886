"""A mention together with the article that tells it: what the ledger is derived from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tracker.models.mention import Mention

LEAD_CHARS = 600
"""Characters of the text that are kept to recognise copies of one article."""


@dataclass(frozen=True)
class ArticleRef:
    """What the ledger needs of an article. `key` is stable over revisions; `lead` is how the text begins."""

    id: int
    key: str
    source_id: str
    url: str
    title: str
    lead: str
    published: dt.datetime
    seen_at: dt.datetime
    tier: int = 2
    filing: bool = False


@dataclass(frozen=True)
class MentionIn:
    """One stored mention and its article."""

    id: int
    mention: Mention
    article: ArticleRef
