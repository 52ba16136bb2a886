"""Verdicts on a simulated history with known truth, and the time they take (`make bench-predictions`).

`--write` puts the table into the docs.
"""

from __future__ import annotations

import argparse
import gc
import random
import time
from collections.abc import Sequence

from benchmarks import predicted as sim
from benchmarks.extract import PAGE, machine, put
from tracker.predict.index import Index
from tracker.predict.judge import Case, judge
from tracker.predict.prediction import Prediction

MARKS = "make bench-predictions"
DAYS, A_DAY, NUMBER = 730, 4.0, 500
SEEDS = (7, 8, 9, 10, 11)
SETTLED = 60
"""Days after a deadline by which all late reports and corrections have come."""

Row = tuple[str, str, str]
"""What was measured, the figure, and its target."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--write", action="store_true")
    rows = [*judged(), *paced(), *timed()]
    lines = ["| figure | value | target |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)]
    table = "\n".join([*lines, "", machine()])
    print(table)
    if options.parse_args().write:
        put(PAGE, table, MARKS)


def judged() -> list[Row]:
    draw = random.Random(20260326)
    deals = sim.deals(draw, DAYS + SETTLED, A_DAY)
    asked = sim.predictions(draw, NUMBER, DAYS)
    outages = sim.unwatched(draw, DAYS, 4)
    truth = Index([d.event for d in deals])
    days = DAYS + 2 * SETTLED
    whole, broken = sim.coverage(days), sim.coverage(days, outages)
    right = [status(p, truth, whole, SETTLED) for p in asked]
    due = [statuses(asked, deals, whole, 1), statuses(asked, deals, broken, 1, outages)]
    late = [statuses(asked, deals, whole, SETTLED), statuses(asked, deals, broken, SETTLED, outages)]
    return [
        ("false verdicts once all is told", _false(late[0], right), "0"),
        ("the same with outages", _false(late[1], right), "0"),
        ("verdicts of the due day that later reports change (erratum)", _false(due[0], right), "-"),
        ("due predictions with a verdict, or the reason why not", _told(due[1], asked), "100%"),
        ("undecided without outages", _share(due[0], "undecided"), "at most 5%"),
        ("undecided with outages", _share(due[1], "undecided"), "-"),
    ]


def status(p: Prediction, index: Index, coverage: sim.Coverage, after: int) -> str:
    now = sim.noon((p.deadline - sim.START).days + after)
    verdict = judge(p, index, coverage, now)
    return verdict.status if verdict.reasons else "no reason"


def statuses(
    asked: Sequence[Prediction],
    deals: Sequence[sim.Deal],
    coverage: sim.Coverage,
    after: int,
    outages: Sequence[tuple[int, int]] = (),
) -> list[str]:
    """The status of each prediction so many days after its deadline, by the ledger of that day."""
    found = []
    for p in asked:
        now = (p.deadline - sim.START).days + after
        found.append(status(p, Index(sim.heard(deals, now, outages)), coverage, after))
    return found


def _false(told: Sequence[str], right: Sequence[str]) -> str:
    wrong = sum(a in ("met", "not met") and a != b for a, b in zip(told, right, strict=True))
    return f"{wrong} of {len(told)}"


def _told(told: Sequence[str], asked: Sequence[Prediction]) -> str:
    return f"{sum(t in ('met', 'not met', 'undecided', 'void') for t in told) / len(asked):.1%}"


def _share(told: Sequence[str], status: str) -> str:
    return f"{told.count(status) / len(told):.1%}"


def paced() -> list[Row]:
    """How often what came lay in the interval projected at a random day, over five histories."""
    rows = []
    for clustered, named, target in ((0.0, "", "75 to 85%"), (0.2, ", deals in clusters", "-")):
        held: dict[str, list[bool]] = {"number": [], "money": []}
        for seed in SEEDS:
            _hold(random.Random(seed), clustered, held)
        rows += [
            (
                f"pace intervals of 80% that hold, {what} ({len(held[unit]):,}){named}",
                f"{sum(held[unit]) / len(held[unit]):.0%}",
                target,
            )
            for what, unit in (("counts", "number"), ("sums", "money"))
        ]
    return rows


def _hold(draw: random.Random, clustered: float, held: dict[str, list[bool]]) -> None:
    deals = sim.deals(draw, DAYS, A_DAY, clustered)
    index, whole = Index([d.event for d in deals]), sim.coverage(DAYS)
    for p in sim.predictions(draw, NUMBER, DAYS):
        first, last = (p.opens - sim.START).days, (p.deadline - sim.START).days
        at = draw.randint(first + (last - first) // 4, last - 5)
        known = Index([d.event for d in deals if d.event.states[0].date <= sim.day(at)])
        pace = judge(p, known, whole, sim.noon(at + 1)).pace
        final = judge(p, index, whole, sim.noon(last + 1)).pace
        if pace and final and pace.low is not None and pace.high is not None:
            held[pace.unit].append(pace.low <= final.so_far <= pace.high)


def timed() -> list[Row]:
    draw = random.Random(1)
    index = Index(sim.long_history(draw, 200_000))
    asked, coverage = sim.predictions(draw, 1000, 4 * 365), sim.coverage(4 * 365)
    gc.freeze()  # as the store does when it has read so many events
    begun = time.process_time()
    for p in asked:
        Case(p, index, coverage, _ten_days_before(p), misses=False).status()
    checked, seconds = time.process_time() - begun, []
    for p in asked[:50]:
        begun = time.process_time()
        judge(p, index, coverage, _ten_days_before(p))
        seconds.append(time.process_time() - begun)
    middle = sorted(seconds)[len(seconds) // 2]
    return [
        ("status of 1,000 predictions over 200,000 events in memory", f"{checked:.1f} s CPU", "under 10 s"),
        ("one verdict with evidence, median", f"{middle:.2f} s CPU", "under 0.2 s"),
        ("one verdict with evidence, slowest of 50", f"{max(seconds):.2f} s CPU", "-"),
    ]


def _ten_days_before(p: Prediction) -> sim.dt.datetime:
    return sim.noon((p.deadline - sim.START).days - 10)


if __name__ == "__main__":
    main()
