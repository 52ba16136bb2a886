"""The bottom line in three sentences, the figures at the head, and the one-line summary."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.brief.deals import doubtful
from tracker.brief.forecasts import Board, last_day
from tracker.brief.health import trouble
from tracker.brief.inputs import Seen
from tracker.brief.model import Figure, Forecast, Sentence
from tracker.brief.money import coined, point_usd
from tracker.brief.sentences import telling
from tracker.brief.text import capital, count, has, join, number, was
from tracker.brief.weekly import DEAL_TYPES, NewsItem, of_type
from tracker.models.ledger import Event
from tracker.models.mention import EventType
from tracker.spoken import day_text

FIRM = ("announced", "completed")
OTHER_TYPES: tuple[tuple[EventType, str], ...] = (
    ("shutdown", "shutdown"), ("pricing", "pricing change"), ("valuation", "valuation mark"),
)  # fmt: skip


def live(items: Sequence[NewsItem]) -> list[NewsItem]:
    """What happened or may happen: a closure that was called off is no closure."""
    return [i for i in items if i.event.status != "terminated"]


def deals(items: Sequence[NewsItem]) -> list[NewsItem]:
    return [i for i in live(items) if i.event.type in DEAL_TYPES]


def shutdowns(items: Sequence[NewsItem]) -> list[NewsItem]:
    return of_type(live(items), "shutdown")


def money(items: Sequence[NewsItem]) -> tuple[float, float]:
    """The disclosed USD of the week's firm deals, and of its pledges."""
    firm = [i.event for i in deals(items) if i.event.status in FIRM]
    pledges = sum(point_usd(e) or 0 for e in firm if e.type == "commitment")
    return sum(point_usd(e) or 0 for e in firm) - pledges, pledges


def bottom_line(items: Sequence[NewsItem], board: Board, seen: Seen) -> list[Sentence]:
    """What happened, what it means for the open predictions, what we are unsure of: three sentences."""
    return [_happened(items), _means(items, board), _unsure(items, seen)]


def _happened(items: Sequence[NewsItem]) -> Sentence:
    mine = deals(items)
    rest = _besides(items)
    ids = [i.event.id for i in items]
    if not mine:
        told = f"No deal was reported this week{', but ' + join(rest) if rest else ''}."
        return Sentence(text=told, event_ids=ids)
    sentence = telling(_lead(mine).event, short=True)
    week = ", the only deal of the week"
    if len(mine) > 1:
        week = f"; it heads a week of {count(len(mine), 'deal')}{_money(items)}"
    besides = f"; besides, there {was(_first_number(items))} {join(rest)}" if rest else ""
    return Sentence(text=f"{sentence.text.rstrip('.')}{week}{besides}.", event_ids=ids, names=sentence.names)


def _lead(mine: Sequence[NewsItem]) -> NewsItem:
    """The deal to begin with: firm and not in doubt, and the biggest, a promise counting half."""
    firm = [i for i in mine if i.event.status in FIRM] or list(mine)
    return max([i for i in firm if not doubtful(i.event)] or firm, key=lambda i: _weight(i.event))


def _weight(event: Event) -> float:
    promise = event.type == "commitment" or (event.amount is not None and event.amount.qualifier == "up_to")
    return (point_usd(event) or 0.0) * (0.5 if promise else 1.0)


def _first_number(items: Sequence[NewsItem]) -> int:
    """The number that the verb before the list of the rest agrees with."""
    numbers = [len(of_type(live(items), t)) for t, _ in OTHER_TYPES]
    return next((n for n in numbers if n), len(items) - len(live(items)))


def _besides(items: Sequence[NewsItem]) -> list[str]:
    """The rest of the week: closures, prices, marks, and what came to nothing."""
    parts = [count(n, word) for t, word in OTHER_TYPES if (n := len(of_type(live(items), t)))]
    failed = len(items) - len(live(items))
    return [*parts, *([f"{count(failed, 'plan')} that fell through"] if failed else [])]


def _money(items: Sequence[NewsItem]) -> str:
    deal, pledge = money(items)
    parts = [f"{coined(deal)} of deal money disclosed"] if deal else []
    parts += [f"{_bound(items, 'commitment')}{coined(pledge)} pledged"] if pledge else []
    return f" with {join(parts)}" if parts else ""


def _bound(items: Sequence[NewsItem], type_: EventType) -> str:
    """Whether a sum holds an amount of which only the upper bound is told."""
    mine = [i.event for i in of_type(live(items), type_) if i.event.status in FIRM]
    return "up to " if any(e.amount and e.amount.qualifier == "up_to" for e in mine) else ""


def _means(items: Sequence[NewsItem], board: Board) -> Sentence:
    shown = (*board.due, *board.open)
    if not shown:
        return Sentence(text="No prediction is logged that this week could bear on.")
    told = {i.event.id for i in items}
    bearing, named = _bearing(board.open, told)
    parts = [bearing, *_due_parts(board.due), _open_part(board, named)]
    text = f"{capital('; '.join(p for p in parts if p))}."
    return Sentence(text=text, prediction_ids=[f.id for f in shown], names=[f.title for f in shown])


def _bearing(forecasts: Sequence[Forecast], told: set[str]) -> tuple[str, set[str]]:
    """For and against which predictions this week's events speak, and the titles that are named."""
    parts: list[str] = []
    named: set[str] = set()
    for word, side in (("for", "evidence_for"), ("against", "evidence_against")):
        found = [f for f in forecasts if told & {e.event_id for e in getattr(f, side)}]
        if found:
            n = len(told & {e.event_id for f in found for e in getattr(f, side)})
            about = count(len(found), "prediction")
            if len(found) == 1:
                named.add(found[0].title)
                about = f"“{found[0].title}”"
            parts.append(f"{number(n)} {'speaks' if n == 1 else 'speak'} {word} {about}")
    if not parts:
        silent = "nothing of this week counts for or against an open prediction"
        return (silent if told and forecasts else ""), named
    return f"of this week’s events, {join(parts)}", named


def _due_parts(due: Sequence[Forecast]) -> list[str]:
    words = (
        ("not met", "missed"), ("undecided", "beyond what the ledger can decide"),
        ("ambiguous", "ruled ambiguous"), ("void", "void"), ("met", "met"), ("open", "due now"),
    )  # fmt: skip
    parts = []
    for status, word in words:
        mine = [f for f in due if f.status == status]
        if mine:
            titles = join([f"“{f.title}”" for f in mine], most=2)
            parts.append(
                f"{count(len(mine), 'prediction')} {'is' if len(mine) == 1 else 'are'} {word}, {titles}"
            )
    return parts


def _open_part(board: Board, named: set[str]) -> str:
    n = len(board.open)
    if not n:
        return "none stays open"
    nearest = next((f for f in board.open if f.deadline), None)
    stays = f"{count(n, 'prediction')} {'stays' if n == 1 else 'stay'} open"
    if nearest is None or nearest.deadline is None:
        return stays
    counted = f", {_progress(nearest)}" if nearest.pace else ""
    title = "the same" if nearest.title in named else f"“{nearest.title}”"
    return f"{stays}, the next due on {day_text(last_day(nearest.deadline))}, {title}{counted}"


def _progress(f: Forecast) -> str:
    pace = f.pace
    assert pace is not None
    if pace.unit == "USD":
        return f"with {coined(pace.so_far)} of {coined(pace.threshold)} counted"
    return (
        f"with {number(int(pace.so_far)) if pace.so_far else 'none'} of {number(int(pace.threshold))} counted"
    )


def _unsure(items: Sequence[NewsItem], seen: Seen) -> Sentence:
    parts = [*_thin_reports(items), *_blind_spots(seen)]
    told = join(parts) if parts else "nothing stands out"
    return Sentence(text=f"What we are unsure of: {told}.", event_ids=[i.event.id for i in items])


def _thin_reports(items: Sequence[NewsItem]) -> list[str]:
    mine = deals(items)
    undisclosed = sum(i.event.amount is None or i.event.amount.value is None for i in mine)
    single = sum(i.event.origins < 2 and not i.event.filings for i in items)
    rumoured = sum(i.event.status == "rumoured" for i in items)
    parts = []
    if undisclosed:
        parts.append(f"{_of(undisclosed, len(mine), 'deal')} {has(undisclosed)} no amount")
    if single:
        rest = "rests" if single == 1 else "rest"
        parts.append(f"{_of(single, len(items), 'report')} {rest} on one publisher")
    misread = sum(doubtful(i.event) for i in items)
    if misread:
        parts.append(f"{number(misread)} may be misread")
    if rumoured:
        parts.append(f"{number(rumoured)} {'is' if rumoured == 1 else 'are'} only rumoured")
    return parts


def _of(n: int, total: int, noun: str) -> str:
    if n == total:
        return f"the one {noun}" if n == 1 else f"all {count(n, noun)}"
    return f"{number(n)} of {count(total, noun)}"


def _blind_spots(seen: Seen) -> list[str]:
    silent = sum(trouble(s) is not None for s in seen.sources)
    parts = [f"{count(silent, 'source')} failed or {was(silent)} quieter than usual"] if silent else []
    return parts if any(s.articles for s in seen.sources) else ["no article of the week was read", *parts]


def figures(items: Sequence[NewsItem], board: Board) -> list[Figure]:
    deal, pledge = money(items)
    mine = deals(items)
    firm = sum(i.event.status in FIRM for i in mine)
    due, bound = len(board.due), _bound(items, "commitment")
    return [
        Figure(label="Deals", value=str(len(mine)), note=f"{firm} firm"),
        Figure(
            label="Deal money",
            value=coined(deal) if deal else "–",
            note=f"and {bound}{coined(pledge)} pledged" if pledge else "disclosed and firm",
        ),
        Figure(label="Shutdowns", value=str(len(shutdowns(items)))),
        Figure(
            label="Open predictions",
            value=str(len(board.open)),
            note=f"{due} due or judged" if due else "none due",
        ),
    ]


def line(week: str, items: Sequence[NewsItem], board: Board) -> str:
    """The summary on one line, figures in digits.

    Example: `2026-W26: 14 deals, 3 shutdowns, 5 open predictions, 1 due`.
    """
    counts = [(len(deals(items)), "deal"), (len(shutdowns(items)), "shutdown")]
    counts += [(n, word) for t, word in OTHER_TYPES[1:] if (n := len(of_type(live(items), t)))]
    parts = [f"{n} {word}{'' if n == 1 else 's'}" for n, word in counts]
    opened = len(board.open)
    parts.append(f"{opened} open prediction{'' if opened == 1 else 's'}")
    return f"{week}: {', '.join(parts)}, {len(board.due)} due"
