"""Train and cross-validate the models of documents about one deal: wire stories and merger notices."""

from __future__ import annotations

from benchmarks.corpus import Gold, Template, register_set, wire_set
from benchmarks.labelling import Slots, is_filler, notice_role, story_role
from benchmarks.training import Sample, fit, folds, others
from tracker.config import Settings
from tracker.extract.linear import Linear, load
from tracker.extract.one_deal import one_deal
from tracker.extract.pipeline import WEIGHTS, load_spacy
from tracker.extract.reading import Reading, read_all
from tracker.extract.register import notice_candidates
from tracker.extract.wire import SPAN_FLOORS, firsts, story_candidates, wire_parties
from tracker.extract.wire_features import party_features
from tracker.extract.wire_names import Candidate
from tracker.extract.wire_spans import span_features, spans

C = 0.1
MIN_COUNT = 2


def read(texts: Template) -> list[Reading]:
    return list(read_all(load_spacy(Settings().spacy_model), texts.documents))


def party_samples(reading: Reading, slots: Slots, form: str) -> list[Sample]:
    every = story_candidates(reading.sentences) if form == "wire" else notice_candidates(reading.sentences)
    role = story_role if form == "wire" else notice_role
    return [(party_features(reading.sentences, every, c), role(c, slots), 1.0) for c in every]


def span_samples(reading: Reading, slots: Slots, slot: str, parties: dict[str, Candidate]) -> list[Sample]:
    return [
        (
            span_features(slot, reading.sentences, parties, place),
            "yes" if is_filler(place.text, slots, slot) else "no",
            1.0,
        )
        for place in spans(slot, reading.sentences)
    ]


def train(form: str, readings: list[Reading], slots: dict[str, Slots], inner: int = 3) -> dict[str, Linear]:
    """The models of a form. Those of pieces learn beside parties as they are chosen in unseen stories."""
    samples = {r.document.id: party_samples(r, slots[r.document.id], form) for r in readings}
    models = {f"{form}.party": _fitted([s for found in samples.values() for s in found])}
    if form == "register":
        return models
    pieces: dict[str, list[Sample]] = {slot: [] for slot in SPAN_FLOORS}
    parts = folds(readings, inner)
    for number, part in enumerate(parts):
        party = _fitted([s for r in others(parts, number) for s in samples[r.document.id]])
        for reading in part:
            parties = firsts(wire_parties(reading.sentences, {"wire.party": party}))
            for slot, found in pieces.items():
                found += span_samples(reading, slots[reading.document.id], slot, parties)
    return models | {f"wire.{slot}": _fitted(found) for slot, found in pieces.items()}


def _fitted(samples: list[Sample]) -> Linear:
    return fit(samples, C, MIN_COUNT)


def train_all() -> dict[str, Linear]:
    """The models of both forms, from every document of their sets."""
    out: dict[str, Linear] = {}
    for texts in (wire_set(), register_set()):
        out |= train(texts.name, read(texts), texts.slots)
    return out


def cross_validate(texts: Template, n: int) -> Gold:
    """Per document what models read in it that have not seen it."""
    out: Gold = {}
    shipped = load(WEIGHTS)
    parts = folds(read(texts), n)
    for number, part in enumerate(parts):
        models = shipped | train(texts.name, others(parts, number), texts.slots)
        for reading in part:
            out[reading.document.id] = [m.as_json() for m in one_deal(reading, models) or []]
    return out
