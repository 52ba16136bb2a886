"""An event as its page shows it: states, fields with what speaks for and against each, and every source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tracker.brief.deals import EVIDENCE_LIMIT, link
from tracker.brief.grammar import NAME_LIMIT
from tracker.brief.likelihood import confidence
from tracker.brief.model import Link
from tracker.brief.money import amount_text, coined
from tracker.brief.reasons import because
from tracker.brief.sentences import round_text, tellable, telling
from tracker.brief.text import capital, clean, join
from tracker.models.ledger import Event, Interval, Ruling, Source
from tracker.models.mention import ROLES, STATUSES, Money
from tracker.site.places import company_page

ROLE_LABELS = {
    "acquirer": "Buyer", "target": "Target", "seller": "Seller", "company": "Company",
    "lead": "Lead investor", "investors": "Investors", "subject": "Product", "partners": "Partners",
}  # fmt: skip
TYPE_LABELS = {
    "acquisition": "Acquisition", "financing": "Financing", "shutdown": "Shutdown",
    "commitment": "Infrastructure commitment", "pricing": "Pricing change", "valuation": "Valuation mark",
    "ipo": "Listing",
}  # fmt: skip
AT_HEAD = ("status", "category", "salience")
"""Fields that the head of the page tells; they are told again where there is a word to say of them."""

SOURCES_SHOWN = 120
"""An event told oftener is told by copies: its page stays one that a phone can load."""


@dataclass(frozen=True)
class Named:
    """A name, and the page it leads to where there is one."""

    text: str
    path: str | None = None


@dataclass(frozen=True)
class Told:
    """A value that the ledger did not choose, and who tells it."""

    value: str
    by: str


@dataclass(frozen=True)
class Fact:
    """A field of an event: its value as names or text, a note on it, why it, and what is told otherwise."""

    label: str
    values: list[Named]
    note: str = ""
    why: str = ""
    otherwise: list[Told] = field(default_factory=list)


@dataclass(frozen=True)
class Step:
    """A status, the day it was reached, and the article that said so first."""

    status: str
    day: dt.date
    source: Link | None


@dataclass(frozen=True)
class Telling:
    """One article's telling: where, what it says in its own words, and what was read in it."""

    link: Link
    status: str
    passing: bool
    filing: bool
    copy_of: str
    evidence: str


@dataclass(frozen=True)
class Mentioned:
    """Where else on the site an event stands: the issues that told it, the predictions it bears on."""

    issues: Sequence[Named] = ()
    predictions: Sequence[Named] = ()


@dataclass(frozen=True)
class EventPage:
    headline: str
    type: str
    status: str
    category: str
    confidence: str
    origins: int
    filings: int
    first: dt.datetime
    last: dt.datetime
    steps: list[Step]
    undated: list[Told]
    facts: list[Fact]
    rulings: list[str]
    tellings: list[Telling]
    more: int
    mentioned: Mentioned


def headline(event: Event) -> str:
    """The event in one sentence; by its type where it names nobody."""
    if tellable(event):
        return telling(event).text
    return f"{TYPE_LABELS[event.type]}, parties not named."


def event_page(event: Event, mentioned: Mentioned) -> EventPage:
    sources = sorted(event.sources, key=lambda s: (s.published, s.article_id))
    articles = {s.article_id: s for s in reversed(sources)}
    return EventPage(
        headline=headline(event),
        type=TYPE_LABELS[event.type],
        status=event.status,
        category=event.category,
        confidence=confidence(event.confidence),
        origins=event.origins,
        filings=event.filings,
        first=event.first_reported,
        last=event.last_reported,
        steps=[_step(s.status, s.date, articles.get(s.article_id)) for s in event.states],
        undated=_otherwise(event, set(STATUSES), articles),
        facts=list(_facts(event, articles)),
        rulings=[_ruling(r) for r in event.judgements],
        tellings=list(_tellings(sources[:SOURCES_SHOWN])),
        more=max(len(sources) - SOURCES_SHOWN, 0),
        mentioned=mentioned,
    )


def _step(status: str, day: dt.date, source: Source | None) -> Step:
    return Step(status, day, link(source) if source else None)


def _otherwise(event: Event, fields: set[str], articles: Mapping[int, Source]) -> list[Told]:
    return [
        Told(f"{c.field} {clean(c.value, NAME_LIMIT)}" if c.field in STATUSES else clean(c.value, NAME_LIMIT),
             _tellers(c.article_ids, articles))
        for c in event.contradictions if c.field in fields
    ]  # fmt: skip


def _tellers(ids: Sequence[int], articles: Mapping[int, Source]) -> str:
    names = dict.fromkeys(
        link(articles[i]).host or clean(articles[i].source_id, 60) for i in ids if i in articles
    )
    return join(list(names), most=3)


# ----- fields


def _facts(event: Event, articles: Mapping[int, Source]) -> Iterator[Fact]:
    for role in ROLES[event.type]:
        if role != "place":
            yield from _fact(event, role, ROLE_LABELS[role], _parties(event, role), articles)
    yield from _money(event, "amount", event.amount, event.amount_usd, articles)
    yield from _money(event, "valuation", event.valuation, event.valuation_usd, articles)
    round_ = round_text(event.round)
    plain = {
        "kind": ("Kind", (event.kind or "").replace("_", " ")),
        "round": ("Round", capital(round_) if round_ else ""),
        "scope": ("What closes", event.scope or ""),
        "from": ("Charged before", event.from_ or ""),
        "to": ("Charged now", event.to or ""),
        "place": ("Place", join([clean(p, NAME_LIMIT) for p in event.place])),
        "status": ("Status", event.status),
        "category": ("Category", event.category),
        "salience": ("Told as", "news" if event.salience == "main" else "background only"),
    }
    for name, (label, value) in plain.items():
        yield from _fact(event, name, label, [Named(capital(value))] if value else [], articles)


def _parties(event: Event, role: str) -> list[Named]:
    whole = role != "subject" or event.scope == "company"
    return [
        Named(clean(p.name, NAME_LIMIT), company_page(p.company_id) if whole else None)
        for p in event.parties.get(role, [])
    ]


def _fact(
    event: Event, name: str, label: str, values: list[Named], articles: Mapping[int, Source], note: str = ""
) -> Iterator[Fact]:
    others, why = _otherwise(event, {name}, articles), _why(event, name, articles)
    if others or why or (values and name not in AT_HEAD):
        yield Fact(label, values, note, why, others)


def _money(
    event: Event, name: str, money: Money | None, usd: Interval | None, articles: Mapping[int, Source]
) -> Iterator[Fact]:
    text = amount_text(money, usd)
    values = [Named(text)] if text else []
    return _fact(event, name, capital(name), values, articles, _dollars(usd) if text else "")


def _dollars(usd: Interval | None) -> str:
    """What the ledger counts the amount as, and the rate it was converted at."""
    if usd is None:
        return "no exchange rate known"
    if usd.high is None:
        told = f"counted as {coined(usd.low)} or more"
    elif usd.low == usd.high:
        told = f"counted as {coined(usd.low)}"
    else:
        told = f"counted as {coined(usd.low)} to {coined(usd.high)}"
    rate = f", at ${usd.rate:.4f} for 1 {usd.currency} on {usd.rate_date}" if usd.rate else ""
    return told + rate


def _why(event: Event, name: str, articles: Mapping[int, Source]) -> str:
    edit = next((r for r in reversed(event.judgements) if r.kind == "edit" and r.field == name), None)
    if edit is not None:
        return _ruling(edit)
    reason = event.why.get(name)
    told = because(reason) if reason else ""
    if reason is None or not told or reason.basis == "company list":
        return told
    tellers = _tellers(reason.article_ids, articles)
    return f"{told}: {tellers}" if tellers else told


def _ruling(ruling: Ruling) -> str:
    what = {"edit": f"set the {ruling.field}", "confirm": "confirmed the event"}.get(
        ruling.kind, f"decided a {ruling.kind}"
    )
    why = f": {clean(ruling.why, 300)}" if ruling.why else ""
    return f"{clean(ruling.by, NAME_LIMIT)} {what} on {ruling.at:%Y-%m-%d}{why}"


# ----- sources


def _tellings(sources: Sequence[Source]) -> Iterator[Telling]:
    first: dict[str, str] = {}
    for source in sources:
        told = link(source)
        copied = "" if source.filing else first.setdefault(source.origin, told.host)
        own = source.filing or copied == told.host
        evidence = clean(source.evidence, EVIDENCE_LIMIT)
        yield Telling(
            link=told,
            status=source.status,
            passing=source.salience != "main",
            filing=source.filing,
            copy_of="" if own else copied,
            evidence="" if evidence.rstrip(". ") == told.title.rstrip(". ") else evidence,
        )
