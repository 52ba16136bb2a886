"""The figures of the extraction on the annotated texts, by the shared scorers."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.corpus import SHARED, WIRE, Gold, register_set, shared_set
from tracker.extract.document import Document
from tracker.extract.events import mentions_of
from tracker.extract.linear import load
from tracker.extract.pipeline import WEIGHTS, Extractor, load_spacy
from tracker.extract.reading import read_all

EVAL = SHARED.parent / "eval"


def scorer() -> ModuleType:
    """The shared event scorer as a module."""
    spec = importlib.util.spec_from_file_location("score_events", EVAL / "score_events.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def predicted(extractor: Extractor, documents: Iterable[Document]) -> Gold:
    """The events of each document, as the specification writes them."""
    return {name: [m.as_json() for m in found] for name, found in extractor.extract(documents)}


def ungated(extractor: Extractor, documents: Iterable[Document]) -> Gold:
    """The same by the same models, with every sentence parsed that has a trigger."""
    models = load(WEIGHTS)
    readings = read_all(load_spacy(extractor.spacy_model), documents)
    return {r.document.id: [m.as_json() for m in mentions_of(r, models)] for r in readings}


def gate_cost(extractor: Extractor) -> dict[str, str]:
    """Recall of core events over the whole gold set, fitted, with and without the gate."""
    sets = [shared_set("dev"), shared_set("train")]
    documents = [d for s in sets for d in s.documents]
    gold = {d.id: s.gold[d.id] for s in sets for d in s.documents}
    score = scorer()
    gated, whole = (
        score.evaluate(gold, events, score.CORE)[0]["detection"]["r"]
        for events in (predicted(extractor, documents), ungated(extractor, documents))
    )
    return {
        "recall of core events, whole gold set, fitted, with the gate": _share(gated),
        "the same without the gate": _share(whole),
        "points of recall that the gate costs": f"{100 * (whole - gated):.1f}",
    }


def gold_rows(gold: Gold, events: Gold) -> dict[str, str]:
    """Detection, roles, amounts, status and category by groups of types, and what is told wrongly as news."""
    score = scorer()
    core, _ = score.evaluate(gold, events, score.CORE)
    extended, _ = score.evaluate(gold, events, score.EXTENDED)
    both, _ = score.evaluate(gold, events, score.CORE + score.EXTENDED)
    rows = {f"detection F1, {kind}": _f1(found) for kind, found in core["detection_by_type"].items()}
    rows = {"detection F1, core types": _f1(core["detection"])} | rows
    rows |= {f"{name} F1, core types": _f1(core[name]) for name in ("roles", "amount")}
    rows |= {f"{name}, core types": _share(core[f"{name}_accuracy"]) for name in ("status", "category")}
    rows["detection F1, extended types"] = _f1(extended["detection"])
    rows["roles F1, extended types"] = _f1(extended["roles"])
    stale, told = both["background_told_as_news"], both["detection"]["predicted"]
    rows["background told as news, share of predictions"] = f"{stale / told:.3f} ({stale} of {told})"
    return rows | {"documents without events that get one": invented(gold, events)}


def invented(gold: Gold, events: Gold) -> str:
    """How many documents without any annotated event are said to have one; news, and any."""
    empty = [name for name, annotated in gold.items() if not annotated]
    any_event = sum(bool(events[name]) for name in empty)
    news = sum(any(e["salience"] == "main" for e in events[name]) for name in empty)
    return f"{news / len(empty):.3f} ({news} of {len(empty)}; with background {any_event})"


def calibration(
    gold: Gold, events: Gold, edges: tuple[float, ...] = (0.5, 0.6, 0.75, 0.9, 1.01)
) -> list[str]:
    """A reliability table of the news that was told: stated confidence beside the share that is right."""
    score = scorer()
    told: list[tuple[float, bool]] = []
    for name, annotated in gold.items():
        news = [e for e in events[name] if e["salience"] == "main"]
        real = [e for e in annotated if e["salience"] == "main"]
        told += [(e["confidence"], any(_same_event(score, g, e) for g in real)) for e in news]
    rows = [
        "| confidence, cross-validated | events told | mean confidence | share right |",
        "|---|---|---|---|",
    ]
    for low, high in pairwise(edges):
        part = [(c, right) for c, right in told if low <= c < high]
        if part:
            mean, share = (sum(x) / len(part) for x in zip(*part, strict=True))
            rows.append(f"| {low:.2f} to {min(high, 1):.2f} | {len(part)} | {mean:.2f} | {share:.2f} |")
    return rows


def _same_event(score: ModuleType, one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(one["type"] == other["type"] and score.key_match(one, other))


def mistakes(gold: Gold, events: Gold) -> Iterator[list[str]]:
    """The scorer's complaints, each split into kind, document, type and parties."""
    score = scorer()
    for line in score.evaluate(gold, events, score.CORE + score.EXTENDED)[1]:
        yield line.split(maxsplit=3)


def acquisitions_1987(events: Gold) -> dict[str, str]:
    """Exact-match F1 of the template slots, by the corpus' own scorer."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "predicted.jsonl"
        out.write_text("".join(json.dumps({"id": i, "events": e}) + "\n" for i, e in events.items()), "utf-8")
        command = [sys.executable, str(EVAL / "score_acquisitions_1987.py"), str(WIRE), str(out), "--json"]
        report = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return {f"acquisitions-1987 {name} F1, exact": f"{found['f1']:.3f}" for name, found in report.items()}


def mergers_accc(events: Gold) -> dict[str, str]:
    """F1 of acquirers and targets; names agree by the event scorer's rule, all events of a notice are one."""
    score = scorer()
    notices, rows = register_set().slots, {}
    for role in ("acquirer", "target"):
        counts = score.Counts()
        for name, slots in notices.items():
            told = _parties(score, events[name], role)
            counts.add(score.overlap(slots[role], told), len(told), len(slots[role]))
        rows[f"mergers-accc {role} F1"] = f"{counts.prf()['f1']:.3f}"
    return rows


def _parties(score: ModuleType, events: list[dict[str, Any]], role: str) -> list[list[str]]:
    found = [
        names for event in events if event["type"] == "acquisition" for names in score.names(event, role)
    ]
    return list({names[0]: names for names in found}.values())


def _f1(found: dict[str, Any]) -> str:
    return _share(found["f1"])


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
