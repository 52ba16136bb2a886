"""Score the extraction and time it (`make bench-extract`); `--write` puts the tables into the docs."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from benchmarks import scores, speed
from benchmarks.corpus import SHARED, Gold, read_lines, register_set, shared_set, wire_set
from tracker.config import Settings
from tracker.extract.pipeline import Extractor, load_extractor

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
MARKS = "make bench-extract"
TARGETS = {
    "detection F1, core types": "0.85",
    "roles F1, core types": "0.80",
    "amount F1, core types": "0.88",
    "status, core types": "0.85",
    "category, core types": "0.85",
    "detection F1, extended types": "0.70",
    "background told as news, share of predictions": "at most 0.05",
    "documents without events that get one": "at most 0.03",
    "acquisitions-1987 all slots F1, exact": "0.60",
    "mergers-accc acquirer F1": "0.90",
    "mergers-accc target F1": "0.90",
    "ratio": "12",
    "points of recall that the gate costs": "at most 0.5",
    "two processes over one": "1.8",
    "seconds for one document, start-up included": "3",
}
KINDS = {
    "missed": "an annotated event is not found",
    "spurious": "an event is told that is none",
    "stale": "an old deal is told as news",
    "amount": "the wrong amount is taken",
}


def cross_validated(folder: Path | None) -> Gold:
    """What models that have not seen a document read in it; computed anew unless a folder has it."""
    if folder is not None:
        return {r["id"]: r["events"] for r in read_lines(folder / "dev.predicted.jsonl")}
    from benchmarks import train_extract as training

    corpus, readings = training.read_corpus(training.all_sets())
    events = training.cross_validate(corpus, 5)
    return {r.document.id: events[r.document.id] for r in readings["dev"]}


def gold_table(fitted: dict[str, str], unseen: dict[str, str]) -> list[str]:
    head = ["| `gold` dev, 280 documents | target | fitted | cross-validated |", "|---|---|---|---|"]
    return head + [f"| {k} | {TARGETS.get(k, '')} | {v} | {unseen[k]} |" for k, v in fitted.items()]


def other_table(rows: dict[str, str]) -> list[str]:
    head = ["| other texts, speed, memory | target | measured |", "|---|---|---|"]
    return head + [f"| {name} | {TARGETS.get(name, '')} | {value} |" for name, value in rows.items()]


def one_deal_table(extractor: Extractor) -> list[str]:
    """Wire stories and notices, read by the shipped models and by models that have not seen them."""
    from benchmarks.train_one_deal import cross_validate

    head = ["| documents about one deal | target | fitted | 5-fold |", "|---|---|---|---|"]
    rows = []
    for texts, score in ((wire_set(), scores.acquisitions_1987), (register_set(), scores.mergers_accc)):
        fitted, unseen = score(scores.predicted(extractor, texts.documents)), score(cross_validate(texts, 5))
        rows += [f"| {k} | {TARGETS.get(k, '')} | {v} | {unseen[k]} |" for k, v in fitted.items()]
    return head + rows


def mistake_table(gold: Gold, events: Gold) -> list[str]:
    """The cross-validated mistakes by kind and type, and the documents with most of them."""
    found = list(scores.mistakes(gold, events))
    kinds = Counter((m[0], m[2]) for m in found)
    worst = Counter(m[1] for m in found).most_common(30)
    head = ["| mistake, cross-validated | type | how often |", "|---|---|---|"]
    rows = [f"| {KINDS[kind]} | {of} | {n} |" for (kind, of), n in kinds.most_common()]
    share = sum(n for _, n in worst) / max(len(found), 1)
    return [*head, *rows, "", f"The 30 worst documents hold {share:.0%} of these {len(found)} mistakes."]


def machine() -> str:
    """Day, commit, cores and memory."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    day = dt.datetime.now(dt.UTC).date()
    where = f"{os.cpu_count()} cores, {memory:.0f} GB of memory"
    return f"Measured on {day} at commit {commit or 'unknown'}, {where}."


def tables(extractor: Extractor, folder: Path | None, articles: int, times: int) -> str:
    """Everything measured, in Markdown."""
    dev = shared_set("dev")
    rows = speed.speeds(extractor, speed.stream(articles), times)
    rows |= speed.two_processes(extractor, speed.stream(2 * articles), times) | speed.startup()
    rows["peak memory of these runs"] = speed.peak_memory()
    fitted, unseen = scores.predicted(extractor, dev.documents), cross_validated(folder)
    rows |= scores.gate_cost(extractor)
    parts = [
        gold_table(scores.gold_rows(dev.gold, fitted), scores.gold_rows(dev.gold, unseen)),
        one_deal_table(extractor),
        other_table(rows),
        scores.calibration(dev.gold, unseen),
        mistake_table(dev.gold, unseen),
    ]
    return "\n\n".join([machine(), *("\n".join(part) for part in parts)])


def put(page: Path, text: str, marks: str) -> None:
    """Replace what stands between the markers of the page."""
    begin, end = f"<!-- begin {marks} -->", f"<!-- end {marks} -->"
    old = page.read_text("utf-8")
    new = re.sub(f"{begin}.*{end}", lambda _: f"{begin}\n\n{text}\n\n{end}", old, flags=re.DOTALL)
    page.write_text(new, "utf-8")


def publish(head: str, rows: Iterable[tuple[str, str, str]], marks: str, *, write: bool) -> None:
    """Print a table of what was measured, its target and the figure, and write it into the page if wanted."""
    lines = [f"| {what} | {target} | {value} |" for what, target, value in rows]
    report = f"{machine()}\n\n" + "\n".join([f"| {head} | target | measured |", "|---|---|---|", *lines])
    print(report)
    if write:
        put(PAGE, report, marks)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the tables into docs/benchmarks.md")
    parser.add_argument(
        "--cross-validated", metavar="DIR", type=Path, help="take those predictions from there"
    )
    parser.add_argument("--articles", type=int, default=1000, help="how many articles to time")
    parser.add_argument("--times", type=int, default=3, help="how often to time them")
    args = parser.parse_args()
    if not SHARED.is_dir():
        print(f"nothing measured: the annotated texts are not at {os.path.relpath(SHARED)}")
        return
    text = tables(load_extractor(Settings.from_env()), args.cross_validated, args.articles, args.times)
    print(text)
    if args.write:
        put(PAGE, text, MARKS)


if __name__ == "__main__":
    main()
