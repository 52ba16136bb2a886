"""The issue of one week, built from plain objects: no store, no clock, no network.

The same input gives the same issue, byte for byte.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker.brief import bottomline
from tracker.brief.balance import WINDOWS, balance
from tracker.brief.corrections import correction_groups, errata
from tracker.brief.deals import change_groups, deal_groups
from tracker.brief.forecasts import Board, board, shorten
from tracker.brief.health import health
from tracker.brief.house import SECTIONS
from tracker.brief.inputs import Corrections, Judged, Seen
from tracker.brief.lint import check
from tracker.brief.model import Forecast, Issue, Sentence
from tracker.brief.sentences import tellable
from tracker.brief.space import MINUTES, SPACES, narrow
from tracker.brief.text import capital, count, has
from tracker.brief.watch import watch_groups
from tracker.brief.week import Week, range_text
from tracker.brief.weekly import STALE, NewsItem, split_news
from tracker.models.ledger import Event

YEAR = 53
"""Weeks for which a closing is awaited, and one more."""

WORDS_PER_MINUTE = 238
"""Silent reading of English non-fiction: M. Brysbaert, Journal of Memory and Language 109 (2019) 104047."""


def build_issue(
    week: Week,
    events: Sequence[Event],
    judged: Sequence[Judged],
    seen: Seen,
    at: dt.datetime,
    corrections: Corrections | None = None,
    sections: Sequence[str] = tuple(SECTIONS),
) -> Issue:
    """The checked issue of a week from the ledger as known at `at`.

    `events` must rest only on articles published before the week's end; `sections` are those that will be
    shown, in their order. Raises BriefingError where a generated sentence breaks a rule of `lint`.
    """
    ledger = {e.id: e for e in events}
    # What was last told before is no news and in no window; of a closing a year is awaited.
    window, year = week.back(WINDOWS[-1]).start, week.back(YEAR).start
    late = sorted((e for e in events if e.last_reported >= window), key=lambda e: e.id)
    told = [e for e in late if tellable(e)]
    named = {e.id for e in told}
    pending = [e for e in events if e.status == "announced" and year <= e.last_reported < window]
    items, retold = split_news(told, week)
    given = _Given(week, at, told, pending, items, judged, seen, corrections or Corrections())
    issue = _assemble(given, ledger)
    for space in SPACES:
        narrow(issue, space)
        issue.minutes = minutes(issue, sections)
        if issue.minutes <= MINUTES:
            break
    issue.retold = retold
    issue.nameless = len(split_news((e for e in late if e.id not in named), week)[0])
    withdrawn = {r.event.id for r in given.corrections.retracted}
    check(issue, withdrawn | ledger.keys())
    return issue


@dataclass(frozen=True)
class _Given:
    """What an issue is made of; `events` are those of the last weeks that can be told, `pending` the older
    ones that are announced.
    """

    week: Week
    at: dt.datetime
    events: Sequence[Event]
    pending: Sequence[Event]
    items: Sequence[NewsItem]
    judged: Sequence[Judged]
    seen: Seen
    corrections: Corrections


def _assemble(given: _Given, ledger: Mapping[str, Event]) -> Issue:
    week, at, items = given.week, given.at, given.items
    told = {i.event.id for i in items}
    shown = board(given.judged, ledger, week, at)
    shorten(shown, told, week)
    corrected = correction_groups(given.corrections, {e.id: e for e in given.events}, told)
    return Issue(
        week=str(week),
        title=f"Week {week.number} of {week.year}",
        days=range_text(week),
        starts=week.start,
        ends=week.end,
        at=at,
        line=bottomline.line(str(week), items, shown),
        minutes=1,
        figures=bottomline.figures(items, shown),
        bottom_line=bottomline.bottom_line(items, shown, given.seen),
        changes=[*change_groups(items), *corrected],
        moves=shown.moves,
        errata=errata(given.corrections, given.judged),
        due=shown.due,
        open=shown.open,
        facts=shown.facts,
        groups=deal_groups(items),
        retold=0,
        nameless=0,
        balance=balance(given.events, week, ledger.values()),
        watch=watch_groups([*given.events, *given.pending], shown.open, week, at, told),
        health=health(given.seen, week, at),
        method=method(shown, items),
    )


def method(shown: Board, items: Sequence[NewsItem]) -> list[Sentence]:
    """How the issue was made and how far to trust it."""
    texts = [
        "Every sentence is written by a template from the ledger; no language model is used.",
        "A deal is news in the week in which a status was first reported as news; a retelling or a mention "
        "in passing is not.",
        f"A deal told as new that happened more than {STALE.days} days before is taken for an old story and "
        "left out.",
        "Amounts in other currencies are converted at the European Central Bank’s reference rate of the "
        "event’s day.",
        "In the comparison of categories a firm deal counts once, in the week in which it became firm.",
        "Of an amount told as “up to” the sums hold all, and verdicts only what is certain.",
        "An origin is a publisher that reported on its own; copies of one text count once.",
        "Words such as “unlikely” follow the seven steps of ICD 203 and stand for the logged figure.",
        "Confidence is how sure the program that read the articles is of an event: high from 85%, moderate "
        "from 60%, low below.",
        *_doubtful(items),
        *_judged_before(shown),
    ]
    return [Sentence(text=text) for text in texts]


def _doubtful(items: Sequence[NewsItem]) -> Iterator[str]:
    low = sum(i.event.confidence < 0.6 for i in items)
    if low:
        yield f"{capital(count(low, 'report'))} of this week {has(low)} low confidence and may be misread."


def _judged_before(shown: Board) -> Iterator[str]:
    if shown.earlier:
        noun = capital(count(shown.earlier, "prediction"))
        yield f"{noun} judged before this week {'is' if shown.earlier == 1 else 'are'} not shown."


def minutes(issue: Issue, sections: Sequence[str]) -> int:
    """Minutes to read the sections to the end of the watch list; all of them where it is not shown."""
    read = sections[: sections.index("watch") + 1] if "watch" in sections else sections
    words = sum(len(text.split()) for name in read for text in _SHOWN_TEXTS[name](issue))
    return max(1, math.ceil(words / WORDS_PER_MINUTE))


def _bottom_line(issue: Issue) -> Iterator[str]:
    yield from (s.text for s in issue.bottom_line)


def _changes(issue: Issue) -> Iterator[str]:
    yield from (s.text for c in issue.changes for s in c.sentences)
    yield from (m.sentence.text for m in issue.moves)
    yield from (e.sentence.text for e in issue.errata)


def _predictions(issue: Issue) -> Iterator[str]:
    yield from (f.statement for f in issue.due)
    for f in (*issue.due, *issue.open):
        shown = [f.verdict, f.estimate] if f.brief else [f.verdict, f.estimate, f.pace_sentence, f.next]
        yield from (s.text for s in shown if s)
        yield from (f.title, *f.told_reasons)
        if not f.brief:
            yield from _exhibits(f)


def _deals(issue: Issue) -> Iterator[str]:
    yield from (d.sentence.text for group in issue.groups for d in group.deals[: group.shown])


def _texts(sentences: Iterable[Sentence]) -> Iterator[str]:
    yield from (s.text for s in sentences)


def _exhibits(f: Forecast) -> Iterator[str]:
    for side in (f.evidence_for, f.evidence_against, f.near_misses):
        yield from (f"{e.text} {e.clause or ''}" for e in f.shown(side))


_SHOWN_TEXTS: Mapping[str, Callable[[Issue], Iterator[str]]] = {
    "bottom-line": _bottom_line,
    "changes": _changes,
    "predictions": _predictions,
    "deals": _deals,
    "balance": lambda issue: _texts(issue.balance.sentences),
    "watch": lambda issue: _texts(w.sentence for g in issue.watch for w in g.items),
    "facts": lambda issue: (f.title for f in issue.facts),
    "health": lambda issue: _texts(issue.health.sentences),
    "method": lambda issue: _texts(issue.method),
}
"""The texts of each section, without what is quoted or folded away."""
