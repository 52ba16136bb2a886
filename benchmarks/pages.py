"""Score what is read from real news pages, and time it (`make bench-pages`); `--write` puts the table into
the docs.

The gold is made by people and lies beside the pages: title, authors, date and paragraphs.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import statistics
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from benchmarks.corpus import SHARED
from benchmarks.extract import PAGE, machine, put
from spiders.pages import Page, read_page
from spiders.times import read_time

FOLDER = SHARED / "pages"
MARKS = "make bench-pages"
TYPOGRAPHY = str.maketrans("‘’“”", "''\"\"")
SAME_HEADLINE = 80  # of 100, rapidfuzz's token set ratio: one headline in two wordings
LOW = 0.9  # body scores under it are listed


@dataclass(frozen=True)
class Sample:
    name: str
    body: bytes
    url: str
    wanted: dict[str, Any]


def samples(folder: Path) -> list[Sample]:
    """The pages by name; the states annotated for an outlet stand in the same order as its pages."""
    found = []
    for outlet in sorted(folder.glob("*.json")):
        addresses = json.loads((folder / f"{outlet.name[:3]}meta.info").read_text("utf-8"))
        states = [v for v in json.loads(outlet.read_text("utf-8")).values() if "body" in v]
        pages = sorted(folder.glob(f"{outlet.stem}_????_??_??.html.gz"))
        for wanted, page in zip(states, pages, strict=True):
            body = gzip.decompress(page.read_bytes())
            found.append(Sample(page.name.split(".")[0], body, addresses[page.name[3:]]["url"], wanted))
    return found


def paragraphs(wanted: dict[str, Any]) -> str:
    body = wanted["body"]
    sections = [line for section in body["sections"] for line in section["headline"] + section["paragraphs"]]
    return "\n".join([*body["summary"], *sections])


def plain(text: str) -> str:
    """One form for the quotation marks and spaces of a headline, and no dots behind it."""
    return " ".join(text.translate(TYPOGRAPHY).split()).rstrip(".… ")


def same_names(found: Iterable[str], wanted: Iterable[str]) -> bool:
    return {name.casefold() for name in found} == {name.casefold() for name in wanted}


def same_day(page: Page, wanted: str) -> bool:
    """Whether the moment is the same, or the day where the gold has no time zone."""
    zoned = re.search(r"[+-]\d\d:\d\d$", wanted)
    found, gold = page.published, read_time(wanted)
    if found is None or gold is None:
        return False
    return found == gold if zoned else found.date() == gold.date()


@dataclass(frozen=True)
class Score:
    """What is right on one page; `body` is the F1 of ROUGE-LSum, `ms` the median time of reading it."""

    name: str
    title: bool
    headline: bool
    date: bool
    authors: bool
    body: float
    ms: float


def timed(sample: Sample, times: int) -> tuple[Page, float]:
    spent = []
    for _ in range(times):
        started = time.process_time()
        page = read_page(sample.body, sample.url)
        spent.append((time.process_time() - started) * 1000)
    return page, statistics.median(spent)


def score(sample: Sample, scorer: Any, times: int) -> Score:
    page, ms = timed(sample, times)
    wanted, title = sample.wanted, plain(sample.wanted["title"])
    return Score(
        name=sample.name,
        title=plain(page.title) == title,
        headline=fuzz.token_set_ratio(plain(page.title), title) >= SAME_HEADLINE,
        date=same_day(page, str(wanted["publishing_date"])),
        authors=same_names(page.authors, wanted.get("authors") or []),
        body=scorer.score(paragraphs(wanted), page.text)["rougeLsum"].fmeasure,
        ms=ms,
    )


def share(values: Iterable[bool]) -> str:
    found = list(values)
    return f"{sum(found) / len(found):.3f} ({sum(found)} of {len(found)})"


def table(scores: list[Score]) -> list[str]:
    bodies, times = [s.body for s in scores], [s.ms for s in scores]
    rows = [
        ("title, word for word", "0.90", share(s.title for s in scores)),
        ("title, the same headline", "", share(s.headline for s in scores)),
        ("date of publication", "0.90", share(s.date for s in scores)),
        ("authors, all of them and no other", "0.90", share(s.authors for s in scores)),
        ("body, mean F1 of ROUGE-LSum", "0.93", f"{statistics.mean(bodies):.3f}"),
        ("body, pages under 0.9", "", f"{sum(body < LOW for body in bodies)} of {len(bodies)}"),
        ("reading a page, median (ms of one core)", "", f"{statistics.median(times):.0f}"),
        ("reading a page, mean (ms of one core)", "", f"{statistics.mean(times):.0f}"),
    ]
    head = [f"| {len(scores)} English news pages, 2023-26 | target | measured |", "|---|---|---|"]
    return head + [f"| {name} | {target} | {value} |" for name, target, value in rows]


def misses(scores: list[Score]) -> list[str]:
    """One line a kind of miss, with the pages."""
    kinds = {
        "title": [s.name for s in scores if not s.title],
        "date": [s.name for s in scores if not s.date],
        "authors": [s.name for s in scores if not s.authors],
        f"body under {LOW}": [f"{s.name} ({s.body:.2f})" for s in scores if s.body < LOW],
    }
    return [f"- {kind}: {', '.join(names)}" for kind, names in kinds.items() if names]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the table into docs/benchmarks.md")
    parser.add_argument("--times", type=int, default=3, help="how often to read each page")
    args = parser.parse_args()
    if not FOLDER.is_dir():
        print(f"nothing measured: the pages are not at {os.path.relpath(FOLDER)}")
        return
    from rouge_score.rouge_scorer import RougeScorer  # only the environment of the benchmarks has it

    scorer = RougeScorer(["rougeLsum"])
    scores = [score(sample, scorer, args.times) for sample in samples(FOLDER)]
    text = "\n\n".join([machine(), "\n".join(table(scores)), "Misses:", "\n".join(misses(scores))])
    print(text)
    if args.write:
        put(PAGE, text, MARKS)


if __name__ == "__main__":
    main()
