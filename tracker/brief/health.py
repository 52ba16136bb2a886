"""What could not be seen in a week: failed and silent sources, days without any article."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from tracker.brief.inputs import Seen, SourceWeek
from tracker.brief.model import Health, Sentence
from tracker.brief.text import clean, count, join, number, was
from tracker.brief.week import Week
from tracker.spoken import day_text

REGULAR = 3.0
"""Mean articles a week from which a source that brought nothing counts as silent; below, that is normal."""
SHOWN = 12


def trouble(source: SourceWeek) -> str | None:
    """Why a source is listed, or None."""
    if source.failed and source.failed == source.fetched:
        return "failed"
    if not source.articles and source.usual >= REGULAR:
        return "silent"
    if source.failed:
        return "partly failed"
    return "thin" if source.usual >= 2 * REGULAR and source.articles < source.usual / 3 else None


def missing_days(seen: Seen, week: Week, at: dt.datetime) -> list[dt.date]:
    """The days of the week, up to the moment of judgement, on which no article at all was published."""
    days = [week.first + dt.timedelta(days=n) for n in range(7)]
    return [d for d in days if d not in seen.days and dt.datetime.combine(d, dt.time(), dt.UTC) < at]


def health(seen: Seen, week: Week, at: dt.datetime) -> Health:
    listed = sorted((s for s in seen.sources if trouble(s)), key=lambda s: (-s.usual, s.source_id))
    harmless = [
        s.model_copy(update={"source_id": clean(s.source_id, 60), "reason": clean(s.reason, 120)})
        for s in listed
    ]
    return Health(
        sentences=_sentences(seen, week, at), sources=harmless[:SHOWN], hidden=max(len(listed) - SHOWN, 0)
    )


def _sentences(seen: Seen, week: Week, at: dt.datetime) -> list[Sentence]:
    heard = [s for s in seen.sources if s.articles]
    articles = sum(s.articles for s in heard)
    told = f"{count(articles, 'article')} from {count(len(heard), 'source')} {was(articles)} read."
    sentences = [Sentence(text=told[:1].upper() + told[1:])]
    sentences += _troubles(seen.sources)
    days = missing_days(seen, week, at)
    if days and articles:
        few = len(days) < 4
        listed = (
            join([day_text(d, year=False) for d in days]) if few else f"{number(len(days))} days of the week"
        )
        sentences.append(Sentence(text=f"No article at all was published on {listed}."))
    if not any(s.fetched for s in seen.sources):
        told = "No crawl was logged in the week, so gaps can be told only from the dates of the articles."
        sentences.append(Sentence(text=told))
    return sentences


def _troubles(sources: Sequence[SourceWeek]) -> list[Sentence]:
    found = {
        kind: sum(trouble(s) == kind for s in sources)
        for kind in ("failed", "silent", "partly failed", "thin")
    }
    words = {
        "failed": "could not be crawled at all",
        "silent": "that usually publish were silent",
        "partly failed": "failed in part of the crawls",
        "thin": "published less than a third of the usual",
    }
    told = [f"{count(n, 'source')} {_one(words[kind], n)}" for kind, n in found.items() if n]
    if not told:
        return [Sentence(text="No source failed or fell silent.")] if sources else []
    text = join(told)
    return [Sentence(text=text[:1].upper() + text[1:] + ".")]


def _one(words: str, n: int) -> str:
    return words.replace("publish were", "publishes was") if n == 1 else words
