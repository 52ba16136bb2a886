"""Score merging and linking on the real streams (`make bench-deals`); `--write` puts the tables into docs.

Both news files are read into a store once; a later run reads again only what a new extractor has not read.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from sqlmodel import Session

from benchmarks.corpus import SHARED, STREAMS, read_lines
from benchmarks.deal_pairs import LINKS, PAIRS, Reading, documents, score_links, score_pairs, told_share
from benchmarks.extract import PAGE, machine, put
from benchmarks.replay import MENTIONED, UNTIL, lines, published_before, replay
from tracker.models.told import MentionIn
from tracker.pipeline import company_directory
from tracker.resolve.deals import derive
from tracker.resolve.rates import EcbRates
from tracker.store.engine import open_store
from tracker.store.events import load_mentions, newest_extractor

MARKS = "make bench-deals"
STORE = "sqlite:///var/bench-deals.db"
STRATA = {
    "hard": "near the boundary of the rules of 2026-11-25",
    "random": "drawn from all pairs that share a block",
    "across": "sharing a word, no block",
    "later random": "the same, drawn and labelled after the rules were made",
    "later hard": "near the boundary of the new rules, likewise",
}


def gather(url: str) -> list[MentionIn]:
    """The mentions of both streams, by the shipped extractor."""
    files = [str(SHARED / path) for path in STREAMS]
    command = [str(Path(sys.executable).with_name("tracker")), "ingest", "--seen", "published", *files]
    # Exit code 1: some lines of the briefs have no web address.
    subprocess.run(command, env={**os.environ, "TRACKER_DATABASE_URL": url}, check=False)
    with Session(open_store(url)) as session:
        return load_mentions(session, newest_extractor(session) or "")


def pair_table(pairs: list[dict[str, Any]], reading: Reading) -> list[str]:
    head = ["| pairs | labelled | not read | precision | recall |", "|---|---|---|---|---|"]
    groups = {f"{name} ({what})": [p for p in pairs if p["stratum"] == name] for name, what in STRATA.items()}
    groups["both random draws"] = [p for p in pairs if p["stratum"] in ("random", "later random")]
    rows = []
    for name, group in {**groups, "all": pairs}.items():
        score = score_pairs(group, reading)
        rows.append(f"| {name} | {len(group)} | {score.unread} | {score.precision} | {score.recall} |")
    return head + rows


def wrong_pairs(pairs: list[dict[str, Any]], reading: Reading) -> list[str]:
    """The deals wrongly joined and wrongly parted."""
    lines = ["| wrong | deals | pairs |", "|---|---|---|"]
    found: dict[tuple[str, str], int] = {}
    for pair in score_pairs(pairs, reading).wrong:
        kind, names = ("parted" if pair["same"] else "joined"), ", ".join(sorted(set(pair["deals"])))
        found[kind, names] = found.get((kind, names), 0) + 1
    return lines + [f"| {kind} | {names} | {n} |" for (kind, names), n in sorted(found.items())]


def read(mentions: list[MentionIn], ids: dict[str, str]) -> Reading:
    return Reading.of(mentions, derive(mentions, company_directory(), EcbRates()), ids)


def measure(url: str) -> str:
    mentions, ids = gather(url), documents()
    reading = read(mentions, ids)
    earlier = read(published_before(mentions, UNTIL), ids)
    pairs = read_lines(PAIRS)
    labels = read_lines(LINKS)
    right, wrong, unread = score_links(labels, company_directory(), reading)
    parts = [
        [f"{machine()} {len(mentions):,} mentions."],
        pair_table(pairs, reading),
        wrong_pairs(pairs, reading),
        [
            f"Names linked rightly: {told_share(right, len(labels) - unread)}, target 0.95; "
            f"{unread} labelled ones are not read any more. Wrong:"
        ],
        [f"- {w['name']}: {w['linked']} for {w['company']}" for w in wrong],
        replay(read_lines(MENTIONED), earlier, lines()),
    ]
    return "\n\n".join("\n".join(part) for part in parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the tables into docs/benchmarks.md")
    parser.add_argument("--store", default=STORE, help=f"where the mentions are kept (default {STORE})")
    args = parser.parse_args()
    if not SHARED.is_dir():
        print(f"nothing measured: the news files are not at {os.path.relpath(SHARED)}")
        return
    text = measure(args.store)
    print(text)
    if args.write:
        put(PAGE, text, MARKS)


if __name__ == "__main__":
    main()
