"""Train the extractor's linear models from the annotated texts, or cross-validate them. Developers' tool (`make train`)."""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from benchmarks import labels
from tracker.extract import decode
from tracker.extract.features import money_features, pair_features, unit_features
from tracker.extract.linear import Linear
from tracker.extract.reading import Reading
from tracker.models.mention import EVENT_TYPES

Sample = tuple[list[str], str, float]
C = {"pair": 0.3, "unit": 0.1, "money": 0.3, "draft": 0.3, "status": 0.2}


def fit(samples: list[Sample], c: float, min_count: int = 2) -> Linear:
    """Multinomial logistic regression with L2 penalty; features rarer than `min_count` samples are left out."""
    counts = Counter(f for features, _, _ in samples for f in set(features))
    index = {f: i for i, f in enumerate(sorted(f for f, n in counts.items() if n >= min_count))}
    classes = sorted({label for _, label, _ in samples}) or ["none"]
    if len(classes) == 1:
        return Linear(tuple(classes), {}, np.zeros((0, 1), np.float32), np.zeros(1, np.float32))
    rows, columns = [], []
    for row, (features, _, _) in enumerate(samples):
        for i in {index[f] for f in features if f in index}:
            rows.append(row)
            columns.append(i)
    x = sparse.csr_matrix((np.ones(len(rows), np.float64), (rows, columns)), shape=(len(samples), len(index)))
    y = [classes.index(label) for _, label, _ in samples]
    weight = [w for _, _, w in samples]
    model = LogisticRegression(C=c, max_iter=400, tol=1e-4).fit(x, y, sample_weight=weight)
    coefficients, bias = model.coef_, model.intercept_
    if len(classes) == 2:
        coefficients, bias = np.vstack([-coefficients[0] / 2, coefficients[0] / 2]), np.array([-bias[0] / 2, bias[0] / 2])
    keep = np.abs(coefficients).max(axis=0) > 1e-3
    kept = [f for f in index if keep[index[f]]]
    return Linear(tuple(classes), {f: i for i, f in enumerate(kept)}, coefficients[:, keep].T.astype(np.float32), bias.astype(np.float32))


class Corpus:
    """Readings with their annotated events; pair features are made once."""

    def __init__(self, readings: list[Reading], gold: dict[str, list[dict[str, Any]]], weight: dict[str, float]) -> None:
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
                        known[kind, cluster] = labels.role_label(self.events(reading), kind, reading.clusters[cluster])
                    features = pair_features(reading, sent, trigger, placed)
                    out[kind].append((position, cluster, features, known[kind, cluster]))
        return out


def pair_samples(corpus: Corpus, readings: list[Reading], kind: str) -> list[Sample]:
    out = []
    for reading in readings:
        for _, _, features, label in corpus.pairs[reading.document.id][kind]:
            out.append((features, label, corpus.weight[reading.document.id]))
    return out


def roles_by_sentence(corpus: Corpus, reading: Reading, kind: str, model: Linear) -> dict[int, dict[int, dict[str, float]]]:
    out: dict[int, dict[int, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for position, cluster, features, _ in corpus.pairs[reading.document.id][kind]:
        held = out[position][cluster]
        for role, value in model.probabilities(features).items():
            if role != "none" and value > held.get(role, 0.0):
                held[role] = value
    return {p: dict(r) for p, r in out.items()}


def folds(readings: list[Reading], n: int) -> list[list[Reading]]:
    ordered = sorted(readings, key=lambda r: r.document.id)
    return [ordered[i::n] for i in range(n)]


def train(corpus: Corpus, readings: list[Reading], inner: int = 3) -> dict[str, Linear]:
    """All models from some readings; later models learn from what earlier ones say of texts they have not seen."""
    models: dict[str, Linear] = {}
    units: dict[str, list[decode.Unit]] = {}
    parts = folds(readings, inner)
    money: list[Sample] = []
    drafts: list[Sample] = []
    held_units: list[tuple[Reading, list[decode.Unit]]] = []
    for kind in EVENT_TYPES:
        models[f"{kind}.roles"] = fit(pair_samples(corpus, readings, kind), C["pair"])
        samples: list[Sample] = []
        per_part: list[list[tuple[Reading, list[decode.Unit], list[Sample]]]] = []
        for number, part in enumerate(parts):
            rest = [r for other, p in enumerate(parts) if other != number for r in p]
            model = fit(pair_samples(corpus, rest, kind), C["pair"])
            rows = []
            for reading in part:
                found = decode.units_of(reading, kind, roles_by_sentence(corpus, reading, kind, model))
                mine = unit_samples(corpus, reading, found)
                rows.append((reading, found, mine))
                samples.extend(mine)
                money.extend(money_samples(corpus, reading, found))
            per_part.append(rows)
        models[f"{kind}.unit"] = fit(samples, C["unit"])
        for number, rows in enumerate(per_part):
            rest_samples = [s for other, p in enumerate(per_part) if other != number for _, _, ss in p for s in ss]
            unit_model = {f"{kind}.unit": fit(rest_samples, C["unit"])}
            for reading, found, _ in rows:
                decode.judge_units(reading, found, unit_model)
                drafts.extend(draft_samples(corpus, reading, found))
    models["money"] = fit(money, C["money"])
    models["draft"] = fit(drafts, C["draft"], 4)
    return models


def unit_samples(corpus: Corpus, reading: Reading, units: list[decode.Unit]) -> list[Sample]:
    out = []
    for unit in units:
        event = labels.unit_event(reading, corpus.events(reading), unit)
        if event is not None and event.get("doubt"):
            continue
        label = "none" if event is None else str(event["salience"])
        features = unit_features(reading, unit.sentence, unit.kind, unit.triggers, unit.key, unit.key_probability)
        out.append((features, label, corpus.weight[reading.document.id]))
    return out


def money_samples(corpus: Corpus, reading: Reading, units: list[decode.Unit]) -> list[Sample]:
    out = []
    for unit in units:
        event = labels.unit_event(reading, corpus.events(reading), unit)
        if event is None:
            continue
        for span in unit.sentence.money:
            out.append((money_features(unit.sentence, span, unit.kind, unit.triggers), labels.money_label(event, span), 1.0))
    return out


def draft_samples(corpus: Corpus, reading: Reading, units: list[decode.Unit]) -> list[Sample]:
    out = []
    for draft in decode.drafts_of(units):
        events = [e for e in corpus.events(reading) if labels.about(e, draft.kind, reading.clusters[draft.key])]
        if events and all(e.get("doubt") for e in events):
            continue
        label = "main" if any(e["salience"] == "main" for e in events) else "background" if events else "none"
        out.append((decode.draft_features(reading, draft), label, corpus.weight[reading.document.id]))
    return out
