"""Train the extractor's linear models from the annotated texts (`make train`), or cross-validate them."""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import labelling as labels
from benchmarks import train_one_deal
from benchmarks.corpus import Annotated, newsroom_set, shared_set, stream_set, written_set
from benchmarks.training import Sample, fit, folds, others
from tracker.config import Settings
from tracker.extract import decode
from tracker.extract.aspects import category_features, status_features
from tracker.extract.events import mentions_of
from tracker.extract.features import money_features, pair_features, unit_features
from tracker.extract.gate import every_sentence, gate_features, passing
from tracker.extract.linear import Linear, save
from tracker.extract.pipeline import WEIGHTS, load_spacy
from tracker.extract.reading import Reading, read_all
from tracker.extract.roles import split
from tracker.models.mention import EVENT_TYPES

WEIGHTS_OF_SETS = {"newsroom": 0.5, "written": 0.4}
"""Our own prose counts less than the press: worth reading, not worth imitating."""
C = {"pair": 0.2, "unit": 0.1, "money": 0.3, "draft": 0.1, "status": 0.1, "category": 0.05, "gate": 0.1}


class Corpus:
    """Readings with their annotated events; pair features are made once."""

    def __init__(
        self, readings: list[Reading], gold: dict[str, list[dict[str, Any]]], weight: dict[str, float]
    ) -> None:
        self.readings = readings
        self.gold = gold
        self.weight = weight
        self.pairs: dict[str, dict[str, list[tuple[int, int, list[str], str]]]] = {}
        for reading in readings:
            self.pairs[reading.document.id] = self._pairs(reading)

    def events(self, reading: Reading) -> list[dict[str, Any]]:
        return self.gold[reading.document.id]

    def _pairs(self, reading: Reading) -> dict[str, list[tuple[int, int, list[str], str]]]:
        out: dict[str, list[tuple[int, int, list[str], str]]] = defaultdict(list)
        known: dict[tuple[str, int], str] = {}
        for position, sent in enumerate(reading.sentences):
            for trigger in sent.triggers:
                kind = trigger.trigger.type
                for placed in sent.names:
                    cluster = reading.owner.get(placed.cluster, placed.cluster)
                    if (kind, cluster) not in known:
                        known[kind, cluster] = labels.role_label(
                            self.events(reading), kind, reading.clusters[cluster]
                        )
                    features = pair_features(reading, sent, trigger, placed)
                    out[kind].append((position, cluster, features, known[kind, cluster]))
        return out


def pair_samples(corpus: Corpus, readings: list[Reading], kind: str) -> list[Sample]:
    out = []
    for reading in readings:
        for _, _, features, label in corpus.pairs[reading.document.id][kind]:
            out.append((features, label, corpus.weight[reading.document.id]))
    return out


def roles_by_sentence(
    corpus: Corpus, reading: Reading, kind: str, model: Linear
) -> dict[int, dict[int, dict[str, float]]]:
    out: dict[int, dict[int, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for position, cluster, features, _ in corpus.pairs[reading.document.id][kind]:
        held = out[position][cluster]
        for role, value in model.probabilities(features).items():
            if role != "none" and value > held.get(role, 0.0):
                held[role] = value
    return {p: dict(r) for p, r in out.items()}


def train(corpus: Corpus, readings: list[Reading], inner: int = 3) -> dict[str, Linear]:
    """All models; later ones learn from what earlier ones say of texts they have not seen."""
    models = {"gate": fit(gate_samples(corpus, readings), C["gate"])}
    models |= {f"{kind}.roles": fit(pair_samples(corpus, readings, kind), C["pair"]) for kind in EVENT_TYPES}
    parts = folds(readings, inner)
    found: list[list[tuple[Reading, str, list[decode.Unit]]]] = []
    for number, part in enumerate(parts):
        rest = others(parts, number)
        rows = []
        for kind in EVENT_TYPES:
            model = fit(pair_samples(corpus, rest, kind), C["pair"])
            rows += [
                (r, kind, decode.units_of(r, kind, roles_by_sentence(corpus, r, kind, model))) for r in part
            ]
        found.append(rows)
    samples = [[s for r, _, units in rows for s in unit_samples(corpus, r, units)] for rows in found]
    models["unit"] = fit([s for part_samples in samples for s in part_samples], C["unit"])
    models["money"] = fit(
        [s for rows in found for r, _, units in rows for s in money_samples(corpus, r, units)], C["money"]
    )
    drafts: list[Sample] = []
    for number, rows in enumerate(found):
        unit_model = {"unit": fit(others(samples, number), C["unit"])}
        for reading, _, units in rows:
            decode.judge_units(reading, units, unit_model)
            drafts.extend(draft_samples(corpus, reading, units))
    models["draft"] = fit(drafts, C["draft"], 4)
    told = [(r, d, e) for rows in found for r, _, units in rows for d, e in matched(corpus, r, units)]
    models["status"] = fit([status_sample(r, d, e) for r, d, e in told], C["status"])
    models["category"] = fit([category_sample(r, d, e) for r, d, e in told], C["category"])
    return models


def gate_samples(corpus: Corpus, readings: list[Reading]) -> list[Sample]:
    """Sentences with a trigger: told where an event of the trigger's type has a party or an amount there."""
    out = []
    for reading in readings:
        events = corpus.events(reading)
        for sentence in every_sentence(reading.document):
            features = gate_features(sentence)
            if features:
                kinds = {f[2:].split(":")[0] for f in features if f.startswith("s=")}
                told = any(labels.tells(sentence.text, e) for e in events if e["type"] in kinds)
                out.append((features, "told" if told else "other", 1.0))
    return out


def gated(reading: Reading, gate: Linear) -> Reading:
    """The reading as it would be with the gate before it."""
    keep = passing(gate, (s.sentence for s in reading.sentences))
    kept = [s for s in reading.sentences if keep and (s.sentence.index <= 2 or s.sentence.index in keep)]
    return replace(reading, sentences=kept)


def matched(
    corpus: Corpus, reading: Reading, units: list[decode.Unit]
) -> list[tuple[decode.Draft, dict[str, Any]]]:
    """Drafts that tell an annotated event, with the event (news where there are several)."""
    out = []
    for draft in decode.drafts_of(units):
        events = [
            e for e in corpus.events(reading) if labels.about(e, draft.kind, reading.clusters[draft.key])
        ]
        if events:
            out.append((draft, max(events, key=lambda e: (e["salience"] == "main", not e.get("doubt")))))
    return out


def status_sample(reading: Reading, draft: decode.Draft, event: dict[str, Any]) -> Sample:
    news, past = split(draft)
    units = (news if event["salience"] == "main" else past) or news or draft.units
    return status_features(units), str(event["status"]), 1.0 if event["salience"] == "main" else 0.5


def category_sample(reading: Reading, draft: decode.Draft, event: dict[str, Any]) -> Sample:
    return (
        category_features(reading, reading.clusters[draft.key], draft.kind),
        str(event.get("category", "other")),
        1.0,
    )


def unit_samples(corpus: Corpus, reading: Reading, units: list[decode.Unit]) -> list[Sample]:
    out = []
    for unit in units:
        event = labels.unit_event(reading, corpus.events(reading), unit)
        if event is not None and event.get("doubt"):
            continue
        label = "none" if event is None else str(event["salience"])
        features = unit_features(reading, unit.sentence, unit.kind, unit.triggers, unit.key, unit.roles)
        out.append((features, label, corpus.weight[reading.document.id]))
    return out


def money_samples(corpus: Corpus, reading: Reading, units: list[decode.Unit]) -> list[Sample]:
    out = []
    for unit in units:
        event = labels.unit_event(reading, corpus.events(reading), unit)
        if event is None:
            continue
        for span in unit.sentence.money:
            out.append(
                (
                    money_features(reading, unit.sentence, span, unit.kind, unit.triggers),
                    labels.money_label(event, span),
                    1.0,
                )
            )
    return out


def draft_samples(corpus: Corpus, reading: Reading, units: list[decode.Unit]) -> list[Sample]:
    out = []
    for rank, draft in decode.ranked(decode.drafts_of(units)):
        events = [
            e for e in corpus.events(reading) if labels.about(e, draft.kind, reading.clusters[draft.key])
        ]
        if events and all(e.get("doubt") for e in events):
            continue
        label = "main" if any(e["salience"] == "main" for e in events) else "background" if events else "none"
        out.append((decode.draft_features(reading, draft, rank), label, corpus.weight[reading.document.id]))
    return out


def all_sets() -> list[Annotated]:
    """Everything the models learn from."""
    return [shared_set("dev"), shared_set("train"), stream_set(), newsroom_set(), written_set()]


def read_corpus(sets: list[Annotated]) -> tuple[Corpus, dict[str, list[Reading]]]:
    """Every document read once, with the labels of all sets."""
    nlp = load_spacy(Settings().spacy_model)
    readings = {s.name: list(read_all(nlp, s.documents)) for s in sets}
    gold = {i: events for s in sets for i, events in s.gold.items()}
    weight = {i: WEIGHTS_OF_SETS.get(s.name, 1.0) for s in sets for i in s.gold}
    return Corpus([r for rs in readings.values() for r in rs], gold, weight), readings


def cross_validate(corpus: Corpus, n: int) -> dict[str, list[dict[str, Any]]]:
    """Per document the events predicted by models that have not seen it."""
    out: dict[str, list[dict[str, Any]]] = {}
    parts = folds(corpus.readings, n)
    for number, part in enumerate(parts):
        models = train(corpus, others(parts, number))
        for reading in part:
            out[reading.document.id] = [
                m.as_json() for m in mentions_of(gated(reading, models["gate"]), models)
            ]
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--cross-validate",
        metavar="DIR",
        type=Path,
        help="write predictions of unseen documents there instead",
    )
    parser.add_argument("--folds", type=int, default=5)
    args = parser.parse_args()
    corpus, readings = read_corpus(all_sets())
    if args.cross_validate is None:
        save(WEIGHTS, train(corpus, corpus.readings) | train_one_deal.train_all())
        print(f"wrote {WEIGHTS.name}: {WEIGHTS.stat().st_size} bytes")
        return
    predicted = cross_validate(corpus, args.folds)
    args.cross_validate.mkdir(parents=True, exist_ok=True)
    for name, rows in readings.items():
        for kind, source in (("predicted", predicted), ("gold", corpus.gold)):
            lines = [
                json.dumps({"id": r.document.id, "events": source[r.document.id]}, ensure_ascii=False)
                for r in rows
            ]
            (args.cross_validate / f"{name}.{kind}.jsonl").write_text(
                "\n".join(lines) + "\n", encoding="utf-8"
            )


if __name__ == "__main__":
    main()
