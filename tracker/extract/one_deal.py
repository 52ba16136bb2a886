"""The deal of a document that is written about one: a wire story, or a notice of a merger register.

A news article tells several events among much else; these say in their first sentence who buys whom. So
parties and values are chosen for the document as a whole, and every value keeps the exact words of the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tracker.extract.aspects import acquisition_kind, category_features, status_features
from tracker.extract.clusters import Cluster, Occurrence, name_words
from tracker.extract.decode import Models, Unit
from tracker.extract.reading import Reading
from tracker.extract.register import register_parties
from tracker.extract.wire import Parties, chosen_pieces, firsts, wire_parties
from tracker.extract.wire_names import Candidate, Place
from tracker.models.mention import Mention, Money, Party, Span


def one_deal(reading: Reading, models: Models) -> list[Mention] | None:
    """The acquisition of a document that is written about one, or nothing in it; None for a news article."""
    form = reading.document.form
    if form is None:
        return None
    units = _telling(reading)
    if not units:
        return []
    read = wire_parties if form == "wire" else register_parties
    parties = read(reading.sentences, models)
    if "target" not in parties:
        return []
    pieces = dict(chosen_pieces(reading.sentences, firsts(parties), models)) if form == "wire" else {}
    return [_mention(reading, units, parties, pieces, models)]


def _telling(reading: Reading) -> list[Unit]:
    """The sentences with a word for a deal."""
    found = ((s, [t for t in s.triggers if t.trigger.type == "acquisition"]) for s in reading.sentences)
    return [Unit("acquisition", s, deals, 0, 0.0, {}, True) for s, deals in found if deals]


def _mention(
    reading: Reading, units: Sequence[Unit], parties: Parties, pieces: dict[str, Place], models: Models
) -> Mention:
    target, confidence = parties["target"][0]
    texts = {name: _exact(reading, place) for name, place in pieces.items() if name != "amount"}
    roles: dict[str, Any] = {r: [_party(reading, c) for c, _ in found] for r, found in parties.items()}
    category = category_features(reading, _cluster(target), "acquisition")
    return Mention(
        type="acquisition",
        kind=acquisition_kind(units),
        status=models["status"].best(status_features(units)),
        status_text=texts.get("status"),
        target_place=texts.get("place"),
        target_business=texts.get("business"),
        amount=_money(reading, pieces["amount"]) if "amount" in pieces else None,
        aliases=_aliases(c for found in parties.values() for c, _ in found),
        category=models["category"].best(category),
        evidence=_evidence(reading, units, target),
        confidence=round(confidence, 3),
        **roles,
    )


def _exact(reading: Reading, place: Place) -> str:
    return reading.document.full[place.start : place.end]


def _flat(text: str) -> str:
    return " ".join(text.split())


def _party(reading: Reading, candidate: Candidate) -> Party:
    place = candidate.fullest
    return Party(name=_flat(place.text), text=_exact(reading, place), start=place.start, end=place.end)


def _aliases(parties: Iterable[Candidate]) -> dict[str, list[str]]:
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
    places = [Occurrence(p.text, p.start, p.end, p.position) for p in candidate.places]
    return Cluster(0, {name_words(p.text) for p in candidate.places}, places)


def _evidence(reading: Reading, units: Sequence[Unit], target: Candidate) -> Span:
    """The first sentence that names the target and has a word for a deal, else the first with such a word."""
    named = {p.position for p in target.places}
    told = [u.sentence for u in units]
    return reading.span(next((s for s in told if reading.sentences.index(s) in named), told[0]).sentence)
