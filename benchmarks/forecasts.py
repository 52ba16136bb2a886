"""Check the scores (`make bench-forecasts`): a published table, the libraries of the field, honest people.

`--write` puts the tables into docs/benchmarks.md. The superforecasters' file is not shipped.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Callable

import numpy as np
import scoringrules
from model_diagnostics.scoring import SquaredError
from model_diagnostics.scoring import decompose as their_decompose
from sklearn.metrics import log_loss

from benchmarks.corpus import SHARED
from benchmarks.extract import PAGE, machine, put
from tracker.predict.calibration import Said, assessment, calibration, decompose
from tracker.predict.outcomes import Columns, read_outcomes
from tracker.predict.scoreboard import YES_NO, Scored
from tracker.predict.scores import brier, crps, logarithmic
from tracker.predict.summary import mean_of_groups, summaries

MARKS = "make bench-forecasts"
FILE = SHARED / "forecasts" / "forecastbench-2024-07-21-superforecasters.csv"
PUBLISHED = {
    "dataset": (0.118, 422),
    "market, resolved": (0.087, 51),
    "market, unresolved": (0.050, 25),
    "market": (0.075, 76),
    "mean of dataset and market": (0.096, 498),
}
NAMES = {"market / True": "market, resolved", "market / False": "market, unresolved"}


def superforecasters() -> dict[str, tuple[float, int]]:
    """Mean Brier score and number of forecasts by group."""
    found = {}
    for groups in (("group",), ("group", "resolved")):
        with FILE.open(encoding="utf-8", newline="") as file:
            read = read_outcomes(file, FILE.name, Columns(probability="median_probability", groups=groups))
        scored = summaries(read.groups)
        found |= {NAMES.get(s.group, s.group): (s.loss.value, s.loss.n) for s in scored}
        if groups == ("group",):
            found["mean of dataset and market"] = (mean_of_groups(scored), sum(s.loss.n for s in scored))
    return found


def published_table() -> list[str]:
    if not FILE.is_file():
        return ["The superforecasters' file is not here: that table was not measured."]
    found = superforecasters()
    rows = [
        f"| {name} | {n} | {value:.3f} | {found[name][0]:.4f} ({found[name][1]}) |"
        for name, (value, n) in PUBLISHED.items()
    ]
    return ["| group | n | published | measured |", "|---|---|---|---|", *rows]


def drawn(chance: random.Random, count: int, truth: float = 1.0) -> list[Said]:
    """Forecasts whose distances from 50% are 1/`truth` times what is right."""
    stated = [chance.randint(1, 99) / 100 for _ in range(count)]
    return [Said(str(n), p, float(chance.random() < 0.5 + truth * (p - 0.5))) for n, p in enumerate(stated)]


def largest_difference(sets: int = 200, count: int = 100) -> float:
    """From scoringrules, scikit-learn and model-diagnostics, over all figures of random sets."""
    chance, worst = random.Random(11), 0.0
    for _ in range(sets):
        said = drawn(chance, count)
        stated, came = np.array([s.probability for s in said]), np.array([s.outcome for s in said])
        ours, theirs = decompose(said), their_decompose(came, stated, scoring_function=SquaredError())
        log = math.fsum(logarithmic(s.probability, s.outcome) for s in said) / count
        quantiles = {level / 10: chance.gauss(0, 10) for level in range(1, 10)}
        pairs = [
            *((getattr(ours, n), theirs[n].item()) for n in vars(ours)),
            (ours.score, float(np.mean(scoringrules.brier_score(came, stated)))),
            (log, log_loss(came, stated)),
            (
                crps(quantiles, 1.5),
                float(scoringrules.crps_quantile(1.5, [*quantiles.values()], [*quantiles])),
            ),
        ]
        worst = max(worst, *(abs(a - float(b)) for a, b in pairs))
    return worst


def judged(truth: float, count: int, sets: int = 200) -> str:
    """How many sets are called not calibrated."""
    chance = random.Random(12)
    told = [assessment(calibration(drawn(chance, count, truth), resamples=200)) for _ in range(sets)]
    return f"{sum(t.startswith('Not calibrated') for t in told)} of {sets}"


def in_band(sets: int = 200, count: int = 100) -> float:
    """The share of places at which the curve of a calibrated forecaster lies in its band."""
    chance, held = random.Random(13), []
    for _ in range(sets):
        places = calibration(drawn(chance, count), resamples=200).places
        held += [p.low - 1e-12 <= p.came <= p.high + 1e-12 for p in places]
    return sum(held) / len(held)


def seconds(work: Callable[[], object]) -> float:
    """Processor time, which other work on the machine does not lengthen."""
    start = time.process_time()
    work()
    return time.process_time() - start


def times(count: int) -> tuple[float, float]:
    """Seconds for the summary, and for the curve with its band."""
    said = drawn(random.Random(14), count)
    scored = [
        Scored(
            question=s.question, version=1, forecaster="", kind=YES_NO, probability=s.probability,
            outcome=s.outcome, loss=brier(s.probability, s.outcome),
            log=logarithmic(s.probability, s.outcome),
        )
        for s in said
    ]  # fmt: skip
    return seconds(lambda: summaries({"all": scored})), seconds(lambda: calibration(said))


def other_table() -> list[str]:
    summary, curve = times(10_000)
    rows = (
        (
            "largest difference from the libraries, 200 sets of 100 forecasts",
            "1e-9",
            f"{largest_difference():.0e}",
        ),
        ("places at which a calibrated curve lies in its band", "0.90", f"{in_band():.3f}"),
        ("calibrated forecasters called not calibrated, n = 100", "5%", judged(1.0, 100)),
        ("those who say 90% for 70% called so, n = 100", "", judged(0.5, 100)),
        ("those who say 90% for 70% called so, n = 20", "", judged(0.5, 20)),
        ("scores and intervals of 10,000 forecasts (s of one core)", "", f"{summary:.1f}"),
        ("curve, band and sentence of 10,000 forecasts (s of one core)", "", f"{curve:.1f}"),
    )
    return ["| | target | measured |", "|---|---|---|", *(f"| {a} | {b} | {c} |" for a, b, c in rows)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the tables into docs/benchmarks.md")
    args = parser.parse_args()
    text = "\n\n".join([machine(), "\n".join(published_table()), "\n".join(other_table())])
    print(text)
    if args.write:
        put(PAGE, text, MARKS)


if __name__ == "__main__":
    main()
