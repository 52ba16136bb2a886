"""What was told before and is told otherwise now: amended and withdrawn events, verdicts that changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import get_args

from tracker.brief.grammar import names
from tracker.brief.inputs import Amendment, Corrections, Judged
from tracker.brief.model import ChangeGroup, Erratum, News, Sentence
from tracker.brief.money import amount_text, point_usd
from tracker.brief.sentences import tellable, telling
from tracker.brief.text import clean, join
from tracker.models.ledger import Event

FIELDS: tuple[str, ...] = ("amount", "valuation", "acquirer", "target", "company")
"""What of an event a reader would call another deal if it changed, the most telling first."""

WHY_LIMIT = 120
ALIKE = 0.1
"""Sums that differ by no more than this share are told as one: articles round."""

LABELS: dict[News, str] = {"amended": "Amended", "retracted": "Withdrawn"}
assert set(LABELS) <= set(get_args(News))


def correction_groups(found: Corrections, events: Mapping[str, Event], told: set[str]) -> list[ChangeGroup]:
    """The groups of what is amended and withdrawn, the biggest first; `told` are the week's news, which are
    told with their present values already.
    """
    amended = [a for a in found.amended if a.event_id in events and a.event_id not in told]
    amended.sort(key=lambda a: (-(point_usd(events[a.event_id]) or 0), a.event_id))
    retracted = sorted(found.retracted, key=lambda r: (-(point_usd(r.event) or 0), r.event.id))
    groups: list[tuple[News, list[Sentence]]] = [
        ("amended", [_amended(a, events[a.event_id]) for a in amended]),
        ("retracted", [_retracted(r.event, r.why) for r in retracted if tellable(r.event)]),
    ]
    return [
        ChangeGroup(news=news, label=LABELS[news], total=len(all_), sentences=all_)
        for news, all_ in groups
        if all_
    ]


def changed(before: Event, now: Event) -> Amendment | None:
    """The most telling difference between an event as it was told and as it is; None where there is none."""
    for field in FIELDS:
        was, is_ = shown(before, field), shown(now, field)
        if was != is_ and not _alike(before, now, field):
            return Amendment(event_id=now.id, field=field, before=was)
    return None


def _alike(before: Event, now: Event, field: str) -> bool:
    """Whether two sums are one for a reader: "at least $400m" and "$400m" are no news."""
    if field not in ("amount", "valuation"):
        return False
    one, other = getattr(before, field), getattr(now, field)
    if not (one and other and one.value and other.value) or one.currency != other.currency:
        return False
    return bool(abs(one.value - other.value) <= ALIKE * max(one.value, other.value))


def shown(event: Event, field: str) -> str:
    """A field's value as a reader sees it; empty for none."""
    if field == "amount":
        return amount_text(event.amount, event.amount_usd) or ""
    if field == "valuation":
        return amount_text(event.valuation, event.valuation_usd) or ""
    return join(names(event, field))


def _amended(amendment: Amendment, event: Event) -> Sentence:
    sentence = telling(event, short=True)
    field, before = amendment.field, amendment.before
    if field in ("amount", "valuation"):
        now = shown(event, field)
        was = f"the {field} was given as {before}" if before else f"no {field} was given"
        rest = was if now else f"{was}, and is in doubt"
    else:
        was = f"it was told of {before}" if before else f"no {field} was named"
        rest, sentence.names = was, [*sentence.names, before]
    sentence.text = f"{sentence.text.rstrip('.')}; a week ago {rest}."
    return sentence


def _retracted(event: Event, why: str) -> Sentence:
    sentence = telling(event, short=True)
    reason = clean(why, WHY_LIMIT).rstrip(". ")
    sentence.text = f"Withdrawn: “{sentence.text.rstrip('.')}”{f' ({reason})' if reason else ''}."
    sentence.names = [*sentence.names, *([reason] if reason else [])]
    return sentence


def errata(found: Corrections, judged: Sequence[Judged]) -> list[Erratum]:
    """The verdicts that had been drawn and are others now."""
    titles = {j.id: clean(j.title, WHY_LIMIT) for j in judged}
    return list(_errata(found, titles))


def _errata(found: Corrections, titles: Mapping[str, str]) -> Iterator[Erratum]:
    for one in sorted(found.errata, key=lambda e: (e.at, e.prediction_id)):
        title = titles.get(one.prediction_id)
        if title is None:
            continue
        reason = clean(one.why, WHY_LIMIT).rstrip(". ")
        text = f"“{title}” was concluded {one.before} and is {one.now} now{f': {reason}' if reason else ''}."
        names_ = [title, *([reason] if reason else [])]
        yield Erratum(
            prediction_id=one.prediction_id,
            sentence=Sentence(text=text, prediction_ids=[one.prediction_id], names=names_),
        )
