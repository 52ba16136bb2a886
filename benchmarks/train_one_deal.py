"""Train and cross-validate the models of documents about one deal: wire stories and merger notices."""

from __future__ import annotations

import re

from benchmarks.corpus import Gold, Template, register_set, wire_set
from benchmarks.labelling import same, words
from benchmarks.training import Sample, fit, folds
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
ROLES = ("target", "acquirer", "seller")
Slots = dict[str, list[list[str]]]


def read(texts: Template) -> list[Reading]:
    return list(read_all(load_spacy(Settings().spacy_model), texts.documents))


def flat(text: str) -> str:
    """As the scorer of the wire stories compares strings."""
    return re.sub(r"\s+", " ", text).strip().strip('"').casefold()


def is_filler(text: str, slots: Slots, slot: str) -> bool:
    return any(flat(text) == flat(known) for filler in slots.get(slot, []) for known in filler)


def story_role(candidate: Candidate, slots: Slots) -> str:
    """The role of which one of a candidate's forms is a filler, to the letter."""
    return next((r for r in ROLES if any(is_filler(p.text, slots, r) for p in candidate.places)), "none")


def notice_role(candidate: Candidate, slots: Slots) -> str:
    """The role of which one of a candidate's forms is a name, by the words they share."""
    forms = {p.text for p in candidate.places}
    sides = (r for r in ("acquirer", "target") if any(_names(f, n[0]) for n in slots[r] for f in forms))
    return next(sides, "none")


def _names(form: str, name: str) -> bool:
    """Whether a form shares a name's words, and more than a later one of them ("Australia")."""
    return same(form, name) and (len(words(form)) >= 2 or words(form)[0][:4] == words(name)[0][:4])


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
        party = _fitted([s for r in _others(parts, number) for s in samples[r.document.id]])
        for reading in part:
            parties = firsts(wire_parties(reading.sentences, {"wire.party": party}))
            for slot, found in pieces.items():
                found += span_samples(reading, slots[reading.document.id], slot, parties)
    return models | {f"wire.{slot}": _fitted(found) for slot, found in pieces.items()}


def _others(parts: list[list[Reading]], number: int) -> list[Reading]:
    return [r for n, part in enumerate(parts) if n != number for r in part]


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
        models = shipped | train(texts.name, _others(parts, number), texts.slots)
        for reading in part:
            out[reading.document.id] = [m.as_json() for m in one_deal(reading, models) or []]
    return out
