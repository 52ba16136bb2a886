"""The bottom line in three sentences, the figures at the head, and the one-line summary."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.brief.forecasts import Board, last_day
from tracker.brief.health import trouble
from tracker.brief.inputs import Seen
from tracker.brief.model import Figure, Forecast, Sentence
from tracker.brief.money import coined, point_usd
from tracker.brief.sentences import telling
from tracker.brief.text import capital, count, has, join, number, was
from tracker.brief.week import day_text
from tracker.brief.weekly import DEAL_TYPES, NewsItem, of_type
from tracker.models.mention import EventType

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
    return [_happened(items), _means(board), _unsure(items, seen)]


def _happened(items: Sequence[NewsItem]) -> Sentence:
    mine = deals(items)
    besides = _besides(items)
    ids = [i.event.id for i in items]
    if not mine:
        told = f"No deal was reported this week{', but ' + besides if besides else ''}."
        return Sentence(text=told, event_ids=ids)
    lead = next((i for i in mine if i.event.status in FIRM), mine[0])
    sentence = telling(lead.event)
    also = f", besides {besides}" if besides else ""
    text = f"One deal was reported{also}; it is this: {sentence.text}"
    if len(mine) > 1:
        head = f"{capital(count(len(mine), 'deal'))} were reported{_money(items)}"
        text = f"{head}{also}; the biggest: {sentence.text}"
    return Sentence(text=text, event_ids=ids, names=sentence.names)


def _besides(items: Sequence[NewsItem]) -> str:
    """The rest of the week: closures, prices, marks, and what came to nothing."""
    parts = [count(n, word) for t, word in OTHER_TYPES if (n := len(of_type(live(items), t)))]
    failed = len(items) - len(live(items))
    parts += [f"{count(failed, 'plan')} that fell through"] if failed else []
    return join(parts)


def _money(items: Sequence[NewsItem]) -> str:
    deal, pledge = money(items)
    parts = [f"{coined(deal)} of disclosed deal money"] if deal else []
    parts += [f"{coined(pledge)} of pledges"] if pledge else []
    return f", the firm ones with {join(parts)}" if parts else ""


def _means(board: Board) -> Sentence:
    ids = [f.id for f in (*board.due, *board.open)]
    if not ids:
        return Sentence(text="No prediction is logged that this week could bear on.")
    parts = [*_due_parts(board.due), _open_part(board)]
    names = [f.title for f in (*board.due, *board.open)]
    return Sentence(text=f"{capital('; '.join(parts))}.", prediction_ids=ids, names=names)


def _due_parts(due: Sequence[Forecast]) -> list[str]:
    words = (
        ("not met", "missed"), ("undecided", "past what the ledger can decide"),
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


def _open_part(board: Board) -> str:
    n = len(board.open)
    if not n:
        return "none stays open"
    nearest = next((f for f in board.open if f.deadline), None)
    stays = f"{count(n, 'prediction')} {'stays' if n == 1 else 'stay'} open"
    if nearest is None or nearest.deadline is None:
        return stays
    counted = f", {_progress(nearest)}" if nearest.pace else ""
    return f"{stays}, the next due, “{nearest.title}”, on {day_text(last_day(nearest.deadline))}{counted}"


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
    due = len(board.due)
    return [
        Figure(label="Deals", value=str(len(mine)), note=f"{firm} firm"),
        Figure(
            label="Deal money",
            value=coined(deal) if deal else "–",
            note=f"and {coined(pledge)} pledged" if pledge else "disclosed and firm",
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
