"""The deal of a wire story: a short text without a headline, in narrow lines, that tells one acquisition.

News articles tell several events among much else; a wire story is written about one deal and says in its first
sentence who, whom and how far. So its parties, its price and the words of its status are chosen for the story as a
whole, each by a model of its own (benchmarks/train_wire.py), and every value keeps the exact words of the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tracker.extract.aspects import acquisition_kind, category_features, status_features
from tracker.extract.clusters import Cluster, Occurrence, name_words
from tracker.extract.decode import Models, Unit
from tracker.extract.linear import Linear
from tracker.extract.reading import Reading, ReadSentence
from tracker.extract.wire_features import party_features
from tracker.extract.wire_names import Candidate, Place, candidates
from tracker.extract.wire_spans import span_features, spans
from tracker.models.mention import Mention, Money, Party, Span

PARTY_FLOORS = {"target": 0.1, "acquirer": 0.3, "seller": 0.3}
SECOND_FLOOR = 0.55
"""Chances from which the likeliest candidate fills a role, and from which a second one fills it too. A story is
about a target, however unsure which."""

SPAN_FLOORS = {"amount": 0.3, "status": 0.2, "place": 0.2, "business": 0.1}
"""Chances from which a piece of the text fills a slot: about where taking it gains more than it costs in F1."""

Judged = list[tuple[Candidate, dict[str, float]]]
"""Candidates with their chances of each role."""

Parties = dict[str, list[tuple[Candidate, float]]]


def judged_parties(sentences: Sequence[ReadSentence], model: Linear) -> Judged:
    """Every candidate of a story with its chances, in order of names, then nouns."""
    every = candidates(sentences)
    return [(c, model.probabilities(party_features(sentences, every, c))) for c in every]


def chosen_parties(judged: Judged) -> Parties:
    """Who fills which role: the likeliest, and a second one that is likely by itself."""
    out: Parties = {}
    for role, floor in PARTY_FLOORS.items():
        likely = sorted(((c, chances.get(role, 0.0)) for c, chances in judged), key=lambda cv: -cv[1])
        kept = [cv for cv in likely[:1] if cv[1] >= floor] + [cv for cv in likely[1:2] if cv[1] >= SECOND_FLOOR]
        if kept:
            out[role] = kept
    return out


def firsts(parties: Parties) -> dict[str, Candidate]:
    """The likeliest candidate of each role."""
    return {role: found[0][0] for role, found in parties.items()}


def wire_mentions(reading: Reading, models: Models) -> list[Mention]:
    """The acquisition of a wire story; none where no sentence has a word for a deal or nothing may be its target."""
    units = [
        Unit("acquisition", s, deals, 0, 0.0, {}, True)
        for s in reading.sentences
        if (deals := [t for t in s.triggers if t.trigger.type == "acquisition"])
    ]
    parties = chosen_parties(judged_parties(reading.sentences, models["wire.party"]))
    return [_mention(reading, units, parties, models)] if units and "target" in parties else []


def _mention(reading: Reading, units: Sequence[Unit], parties: Parties, models: Models) -> Mention:
    pieces = dict(_pieces(reading, firsts(parties), models))
    target, confidence = parties["target"][0]
    texts = {name: _exact(reading, place) for name, place in pieces.items() if name != "amount"}
    roles: dict[str, Any] = {r: [_party(reading, c) for c, _ in found] for r, found in parties.items()}
    category = category_features(reading, _cluster(target), "acquisition")
    return Mention(
        type="acquisition",
        kind=acquisition_kind(units),
        status=_best(models["status"], status_features(units)),
        status_text=texts.get("status"),
        target_place=texts.get("place"),
        target_business=texts.get("business"),
        amount=_money(reading, pieces["amount"]) if "amount" in pieces else None,
        aliases=_aliases(c for found in parties.values() for c, _ in found),
        category=_best(models["category"], category),
        evidence=_evidence(reading, units, target),
        confidence=round(confidence, 3),
        **roles,
    )


def _pieces(
    reading: Reading, parties: Mapping[str, Candidate], models: Models
) -> Iterator[tuple[str, Place]]:
    """The likeliest piece of each slot, where it is likely enough."""
    for slot, floor in SPAN_FLOORS.items():
        model, sentences = models[f"wire.{slot}"], reading.sentences
        scored = [
            (model.probabilities(span_features(slot, sentences, parties, place)).get("yes", 0.0), place)
            for place in spans(slot, sentences)
        ]
        best = max(scored, key=lambda vp: vp[0], default=None)
        if best and best[0] >= floor:
            yield slot, best[1]


def _exact(reading: Reading, place: Place) -> str:
    return reading.document.full[place.start : place.end]


def _flat(text: str) -> str:
    return " ".join(text.split())


def _party(reading: Reading, candidate: Candidate) -> Party:
    place = candidate.fullest
    return Party(name=_flat(place.text), text=_exact(reading, place), start=place.start, end=place.end)


def _aliases(parties: Iterator[Candidate]) -> dict[str, list[str]]:
    out = {}
    for candidate in parties:
        name = _flat(candidate.fullest.text)
        if others := [f for f in dict.fromkeys(_flat(p.text) for p in candidate.places) if f != name]:
            out[name] = others
    return out


def _money(reading: Reading, place: Place) -> Money:
    """The amount as it was read; one that is said not to be told has no value."""
    sentence = reading.sentences[place.position]
    offset = sentence.sentence.start
    for span in sentence.money:
        if place.start <= span.start + offset and span.end + offset <= place.end:
            start, end = span.start + offset, span.end + offset
            text = reading.document.full[start:end]
            return span.money.model_copy(update={"text": text, "start": start, "end": end})
    return Money(value=None, text=_exact(reading, place), start=place.start, end=place.end)


def _cluster(candidate: Candidate) -> Cluster:
    places = [Occurrence(p.text, p.start, p.end, p.position, "") for p in candidate.places]
    return Cluster(0, {name_words(p.text) for p in candidate.places}, places)


def _best(model: Linear, features: Sequence[str]) -> Any:
    chances = model.probabilities(features)
    return max(sorted(chances), key=chances.__getitem__)


def _evidence(reading: Reading, units: Sequence[Unit], target: Candidate) -> Span:
    """The first sentence that names the target and has a word for a deal, else the first with such a word."""
    named = {p.position for p in target.places}
    told = [u.sentence for u in units]
    sentence = next((s for s in told if reading.sentences.index(s) in named), told[0]).sentence
    text = reading.document.full[sentence.start : sentence.end]
    return Span(text=text, start=sentence.start, end=sentence.end)
