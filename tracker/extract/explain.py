"""Why a document's events were told, and why other candidates were not: `tracker extract --explain`.

Reasons are the strongest features of the models that decided, with their weights in log-odds: the same
numbers that made the decision, not a story told afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tracker.extract.decode import Draft, Models, Unit, draft_features
from tracker.extract.events import BACKGROUND_FLOOR, MAIN_FLOOR, Telling, tellings_of
from tracker.extract.features import pair_features, unit_features
from tracker.extract.gate import DOCUMENT_FLOOR, every_sentence, gate_features
from tracker.extract.reading import Reading
from tracker.models.mention import Mention, Span

WORTH_TELLING = 0.05
"""A rejected candidate with a smaller chance than this is not worth a reader's time."""


def explain(reading: Reading, models: Models) -> Iterator[str]:
    """Lines for a person: each event with its sentence and reasons, then what was rejected."""
    document = reading.document
    yield f"{document.id}: {document.title}"
    yield f"  {reading.length} sentences, {len(reading.sentences)} of them read"
    if not reading.sentences:
        yield from _unread(reading, models)
    events, told = tellings_of(reading, models)
    sources = {id(mention): telling for telling in told for mention in telling.mentions}
    for mention in events:
        yield from _event(mention)
        if telling := sources.get(id(mention)):
            yield from _reasons(reading, telling, mention.salience, models)
        else:
            yield from _pieces(mention)
    kept = {id(mention) for mention in events}
    rejected = [
        line
        for telling in told
        if not any(id(m) in kept for m in telling.mentions)
        for line in _rejection(reading, telling, models)
    ]
    yield from ["  not told:", *rejected] if rejected else []


def _unread(reading: Reading, models: Models) -> Iterator[str]:
    """Why the gate let no sentence through."""
    chances = [
        (models["gate"].probabilities(features).get("told", 0.0), sentence)
        for sentence in every_sentence(reading.document)
        if (features := gate_features(sentence))
    ]
    if not chances:
        yield "    no sentence has a phrase that may tell an event"
        return
    chance, sentence = max(chances, key=lambda cs: cs[0])
    yield f"    no sentence is likely to tell an event: {chance:.2f} at best, {DOCUMENT_FLOOR} is needed"
    yield f"      {' '.join(sentence.text.split())}"


def _event(mention: Mention) -> Iterator[str]:
    word = "news" if mention.salience == "main" else "background"
    yield f"  {mention.type} ({word}, {mention.status}), confidence {mention.confidence:.2f}"
    yield f"    {_marked(mention)}"
    for role, value in (("amount", mention.amount), ("valuation", mention.valuation)):
        if value is not None and value.text:
            yield f"    {role}: {value.text}"
    named = [("round", mention.round), ("date", mention.date), ("category", mention.category)]
    yield "    " + ", ".join(f"{name} {value}" for name, value in named if value)


def _pieces(mention: Mention) -> Iterator[str]:
    """What only a document about one deal tells."""
    for name in ("status_text", "target_place", "target_business"):
        if value := getattr(mention, name):
            yield f"    {name.replace('_', ' ')}: {' '.join(value.split())}"


def _marked(mention: Mention) -> str:
    """The evidence sentence with each party and amount in it in brackets, under its roles."""
    places: dict[tuple[int, int], list[str]] = {}
    for role in ("acquirer", "target", "seller", "company", "lead", "investors", "subject", "partners"):
        for party in mention.parties(role):
            places.setdefault((party.start, party.end), []).append(role)
    for role, money in (("amount", mention.amount), ("valuation", mention.valuation)):
        if money is not None and money.start is not None and money.end is not None:
            places.setdefault((money.start, money.end), []).append(role)
    return _bracketed(mention.evidence, places)


def _bracketed(evidence: Span, places: dict[tuple[int, int], list[str]]) -> str:
    text = evidence.text
    for (start, end), roles in sorted(places.items(), reverse=True):
        if evidence.start <= start and end <= evidence.end:
            first, last = start - evidence.start, end - evidence.start
            text = f"{text[:first]}[{text[first:last]} = {'+'.join(roles)}]{text[last:]}"
    return " ".join(text.split())


def _reasons(reading: Reading, telling: Telling, salience: str, models: Models) -> Iterator[str]:
    for unit in _tellers(telling.draft, salience)[:1]:
        phrases = ", ".join(repr(t.trigger.phrase) for t in unit.triggers)
        yield f"    phrases: {phrases} (sentence {unit.sentence.sentence.index})"
        features = unit_features(reading, unit.sentence, unit.kind, unit.triggers, unit.key, unit.roles)
        yield f"    sentence: {_listed(models['unit'].reasons(features, salience))}"
        yield from _role_reasons(reading, unit, models)
    features = draft_features(reading, telling.draft, telling.rank)
    yield f"    whole: {_listed(models['draft'].reasons(features, salience))}"


def _tellers(draft: Draft, salience: str) -> list[Unit]:
    return sorted((u for u in draft.units if u.founded), key=lambda u: -u.salience.get(salience, 0.0))


def _role_reasons(reading: Reading, unit: Unit, models: Models) -> Iterator[str]:
    model = models[f"{unit.kind}.roles"]
    for cluster, held in sorted(unit.roles.items()):
        role, chance = max(held.items(), key=lambda rv: rv[1], default=("", 0.0))
        places = [
            (t, p)
            for t in unit.sentence.triggers
            if t.trigger.type == unit.kind
            for p in unit.sentence.names
            if reading.owner.get(p.cluster, p.cluster) == cluster
        ]
        if chance >= 0.25 and places:
            best = max(
                places, key=lambda tp: model.probabilities(pair_features(reading, unit.sentence, *tp))[role]
            )
            reasons = model.reasons(pair_features(reading, unit.sentence, *best), role, most=3)
            yield f"    {reading.clusters[cluster].name} as {role} {chance:.2f}: {_listed(reasons)}"


def _rejection(reading: Reading, telling: Telling, models: Models) -> list[str]:
    draft, news, past = (
        telling.draft,
        telling.chances.get("main", 0.0),
        telling.chances.get("background", 0.0),
    )
    if max(news, past) < WORTH_TELLING:
        return []
    name = reading.clusters[draft.key].name
    head = (
        f"    {draft.kind} about {name}: news {news:.2f} (told from {MAIN_FLOOR}), "
        f"background {past:.2f} (from {BACKGROUND_FLOOR})"
    )
    sentence = f"      {' '.join(_tellers(draft, 'main')[0].sentence.sentence.text.split())}"
    if telling.mentions:
        return [head, sentence, "      another event of this document tells the same, more surely"]
    features = draft_features(reading, draft, telling.rank)
    return [head, sentence, f"      against: {_listed(models['draft'].reasons(features, 'none', most=3))}"]


def _listed(reasons: Sequence[tuple[str, float]]) -> str:
    return ", ".join(f"{feature} {weight:+.2f}" for feature, weight in reasons)
