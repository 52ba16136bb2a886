"""Why a document's events were told, and why other candidates were not: `tracker extract --explain`.

Reasons are the strongest features of the models that decided, with their weights in log-odds: the same
numbers that made the decision, not a story told afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tracker.extract.decode import Draft, Models, Unit, draft_features, ranked
from tracker.extract.events import BACKGROUND_FLOOR, MAIN_FLOOR, OTHER_TYPES, judged, told_by
from tracker.extract.features import pair_features, unit_features
from tracker.extract.gate import DOCUMENT_FLOOR, every_sentence, gate_features
from tracker.extract.one_deal import one_deal
from tracker.extract.reading import Reading
from tracker.models.mention import EVENT_TYPES, Mention, Span

WORTH_TELLING = 0.05
"""A rejected candidate with a smaller chance than this is not worth a reader's time."""


def explain(reading: Reading, models: Models) -> Iterator[str]:
    """Lines for a person: each event with its sentence and reasons, then what was rejected."""
    document = reading.document
    yield f"{document.id}: {document.title}"
    yield f"  {reading.length} sentences, {len(reading.sentences)} of them read"
    if not reading.sentences:
        yield from _unread(reading, models)
    rejected: list[str] = []
    single = one_deal(reading, models)
    for mention in single or []:
        yield from _event(reading, mention)
        yield from _pieces(mention)
    for kind in EVENT_TYPES if single is None else OTHER_TYPES:
        drafts = judged(reading, kind, models)
        ranks = {id(d): rank for rank, d in ranked([d for d, _ in drafts])}
        for draft, chances in drafts:
            mentions = told_by(reading, draft, chances, models)
            for mention in mentions:
                yield from _event(reading, mention)
                yield from _reasons(reading, draft, ranks[id(draft)], mention.salience, models)
            if not mentions and max(chances.get("main", 0), chances.get("background", 0)) >= WORTH_TELLING:
                rejected += _rejection(reading, draft, ranks[id(draft)], chances, models)
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


def _event(reading: Reading, mention: Mention) -> Iterator[str]:
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


def _reasons(reading: Reading, draft: Draft, rank: int, salience: str, models: Models) -> Iterator[str]:
    for unit in _tellers(draft, salience)[:1]:
        phrases = ", ".join(repr(t.trigger.phrase) for t in unit.triggers)
        yield f"    phrases: {phrases} (sentence {unit.sentence.sentence.index})"
        features = unit_features(reading, unit.sentence, unit.kind, unit.triggers, unit.key, unit.roles)
        yield f"    sentence: {_listed(models['unit'].reasons(features, salience))}"
        yield from _role_reasons(reading, unit, models)
    yield f"    whole: {_listed(models['draft'].reasons(draft_features(reading, draft, rank), salience))}"


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


def _rejection(
    reading: Reading, draft: Draft, rank: int, chances: dict[str, float], models: Models
) -> list[str]:
    name = reading.clusters[draft.key].name
    head = (
        f"    {draft.kind} about {name}: news {chances.get('main', 0):.2f} (told from {MAIN_FLOOR}), "
        f"background {chances.get('background', 0):.2f} (from {BACKGROUND_FLOOR})"
    )
    against = models["draft"].reasons(draft_features(reading, draft, rank), "none", most=3)
    unit = _tellers(draft, "main")[0]
    return [
        head,
        f"      {' '.join(unit.sentence.sentence.text.split())}",
        f"      against: {_listed(against)}",
    ]


def _listed(reasons: Sequence[tuple[str, float]]) -> str:
    return ", ".join(f"{feature} {weight:+.2f}" for feature, weight in reasons)
