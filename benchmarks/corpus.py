"""The annotated texts: the shared gold sets, our labels of the shared news stream, and texts of our own."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.extract.document import Document
from tracker.extract.lexicon import word_set

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
LABELS = Path(__file__).with_name("stream-labels") / "stream.gold.jsonl"
STREAMS = ("news/articles-2026q2.jsonl.gz", "news/briefs-2025-02_2026-06.jsonl.gz")
WRITTEN = Path(__file__).with_name("written-texts")
NEWSROOM = Path(__file__).resolve().parents[1] / "data" / "newsroom"
LABELLED_CHARACTERS = 5200
"""The annotators of the stream read so much of a document."""

Gold = dict[str, list[dict[str, Any]]]


_ENGLISH = word_set("the of to and in a is for that on with as by from has an its")


def is_english(row: dict[str, Any]) -> bool:
    """Whether one word in twelve is an English function word (short texts pass): only English is read."""
    words = f"{row['title']} {row['text']}".lower().split()
    return len(words) < 60 or sum(w in _ENGLISH for w in words) * 12 >= len(words)


@dataclass(frozen=True)
class Annotated:
    """Documents of one set with their annotated events."""

    name: str
    documents: list[Document]
    gold: Gold


def read_lines(path: Path) -> list[dict[str, Any]]:
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in raw.decode().splitlines() if line.strip()]


def document(row: dict[str, Any], limit: int | None = None) -> Document:
    published = dt.datetime.fromisoformat(row["published"]) if row.get("published") else None
    if published is not None and published.tzinfo is None:
        published = published.replace(tzinfo=dt.UTC)
    return Document(row["id"], row["title"], row["text"][:limit], published)


def shared_set(name: str) -> Annotated:
    """The shared gold set `dev` or `train`."""
    rows = read_lines(SHARED / "gold" / f"{name}.docs.jsonl.gz")
    documents = [document(r) for r in rows if name == "dev" or is_english(r)]
    gold = {r["id"]: r["events"] for r in read_lines(SHARED / "gold" / f"{name}.gold.jsonl")}
    return Annotated(name, documents, gold)


def stream_set() -> Annotated:
    """Our own labels of the news stream, with the texts from the shared files."""
    gold = {r["id"]: r["events"] for r in read_lines(LABELS)}
    rows = {r["id"]: r for path in STREAMS for r in read_lines(SHARED / path)}
    return Annotated(
        "stream", [document(rows[i], LABELLED_CHARACTERS) for i in sorted(gold) if i in rows], gold
    )


def newsroom_set() -> Annotated:
    """The demo newsroom with the annotations that lie beside it."""
    rows = [r for path in sorted(NEWSROOM.glob("items-*.jsonl")) for r in read_lines(path)]
    documents = [document({**r, "text": "\n".join(r["paragraphs"])}) for r in rows]
    return Annotated("newsroom", documents, {r["id"]: r["events"] for r in rows})


def written_set() -> Annotated:
    """Texts that we wrote for training, about companies that do not exist, with their annotations."""
    rows = [r for path in sorted(WRITTEN.glob("*.jsonl")) for r in read_lines(path)]
    return Annotated("written", [document(r) for r in rows], {r["id"]: r["events"] for r in rows})


@dataclass(frozen=True)
class Template:
    """Documents about one deal each: by document and slot, the fillers, each with its acceptable strings."""

    name: str
    documents: list[Document]
    slots: dict[str, dict[str, list[list[str]]]]


WIRE_SLOTS = {
    "ACQUIRED": "target", "PURCHASER": "acquirer", "SELLER": "seller", "DLRAMT": "amount", "STATUS": "status",
    "ACQLOC": "place", "ACQBUS": "business",
}  # fmt: skip
WIRE, REGISTER = SHARED / "acquisitions-1987" / "dev.jsonl.gz", SHARED / "mergers-accc" / "dev.jsonl.gz"


def wire_set() -> Template:
    """The wire stories of 1987; they have no headline."""
    rows = read_lines(WIRE)
    slots = {r["id"]: {WIRE_SLOTS[s]: fillers for s, fillers in r["slots"].items()} for r in rows}
    return Template("wire", [Document(r["id"], "", r["text"]) for r in rows], slots)


def register_set() -> Template:
    """The notices of the merger register, with the legal names of both sides."""
    rows = read_lines(REGISTER)
    sides = (("acquirer", "acquirers"), ("target", "targets"))
    slots = {r["id"]: {role: [[n] for n in r[side] if n] for role, side in sides} for r in rows}
    return Template("register", [document(r) for r in rows], slots)
