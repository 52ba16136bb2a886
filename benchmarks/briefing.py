"""How long an issue takes over a large ledger (`make bench-briefing`)."""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import statistics
import tempfile
import time
from collections.abc import Iterator

from benchmarks.extract import publish
from benchmarks.ledger import store
from benchmarks.simulator import START, Simulator
from tracker import pipeline
from tracker.brief.house import House
from tracker.brief.inputs import Seen
from tracker.brief.issue import build_issue
from tracker.brief.render import render
from tracker.brief.week import Week
from tracker.models.ledger import Event
from tracker.store.engine import open_store

MARKS = "make bench-briefing"
EVENTS, DEALS, YEARS = 200_000, 5_000, 4
FORMS = ("html", "md", "txt", "json", "eml", "pdf")


def simulated() -> list[Event]:
    """A year's deals of the simulator."""
    names = [c.name for c in pipeline.company_directory().companies.values()]
    with tempfile.TemporaryDirectory() as folder:
        engine = open_store(f"sqlite:///{folder}/year.db")
        store(engine, list(Simulator(DEALS, names, years=1).pieces()))
        pipeline.refresh(engine, "simulated")
        return pipeline.ledger(engine)


def ledger(year: list[Event]) -> list[Event]:
    """The year's deals over and over, each time under other ids and some weeks earlier."""
    copies = EVENTS // len(year) + 1
    step = dt.timedelta(days=365 * (YEARS - 1) / copies)
    return [_earlier(e, n, n * step) for n in range(copies) for e in year][:EVENTS]


def _earlier(event: Event, number: int, back: dt.timedelta) -> Event:
    sources = [s.model_copy(update={"published": s.published - back}) for s in event.sources]
    states = [s.model_copy(update={"date": s.date - back}) for s in event.states]
    told = {name: getattr(event, name) - back for name in ("first_reported", "last_reported")}
    return event.model_copy(
        update={"id": f"{event.id}-{number}", "sources": sources, "states": states, **told}
    )


def rows(times: int) -> Iterator[tuple[str, str, str]]:
    events = ledger(simulated())
    gc.freeze()  # as the store does with so large a ledger; else the first issue pays for a full collection
    week = Week.of(START + dt.timedelta(days=360))
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        issue = build_issue(week, events, [], Seen(), week.end)
        files = render(issue)
        taken.append(time.perf_counter() - started)
    yield (
        "events of the ledger",
        "200,000",
        f"{len(events):,}, {sum(len(g.deals) for g in issue.groups)} of the week",
    )
    yield "the issue as HTML, Markdown, text and JSON", "under 2 s", f"{statistics.median(taken):.2f} s"
    yield "its page", "under 300 kB", f"{len(files['html']) / 1000:.0f} kB"
    yield "minutes to the end of its watch list", "at most 3", str(issue.minutes)
    for form in FORMS[4:]:
        started = time.perf_counter()
        made = render(issue, House(forms=(form,)))[form]
        yield f"the same as {form}", "", f"{time.perf_counter() - started:.1f} s, {len(made) / 1000:.0f} kB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the figures into docs/benchmarks.md")
    parser.add_argument("--times", type=int, default=5, help="how often to build the issue")
    given = parser.parse_args()
    publish("an issue over a large ledger", rows(given.times), MARKS, write=given.write)


if __name__ == "__main__":
    main()
