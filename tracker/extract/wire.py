"""Who and what fills the template of a wire story: parties, price, words of the status, place and business.

Each is chosen for the story as a whole, by a model of its own (benchmarks/train_one_deal.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tracker.extract.decode import Models
from tracker.extract.linear import Linear
from tracker.extract.reading import ReadSentence
from tracker.extract.wire_features import party_features
from tracker.extract.wire_names import Candidate, Place, names, nouns
from tracker.extract.wire_spans import span_features, spans

PARTY_FLOORS = {"target": 0.05, "acquirer": 0.2, "seller": 0.3}
OTHERS_FLOOR = 0.7
"""Chances from which the likeliest candidate fills a role, and from which others do too. A story is about a
target, however unsure which."""

SPAN_FLOORS = {"amount": 0.3, "status": 0.15, "place": 0.2, "business": 0.15}
"""Chances from which a piece of the text fills a slot: where taking it gains more than it costs in F1."""

Judged = list[tuple[Candidate, dict[str, float]]]
"""Candidates with their chances of each role."""

Parties = dict[str, list[tuple[Candidate, float]]]


def wire_parties(sentences: Sequence[ReadSentence], models: Models) -> Parties:
    """Who fills which role of a story."""
    return chosen_parties(judged(sentences, story_candidates(sentences), models["wire.party"]))


def judged(sentences: Sequence[ReadSentence], every: list[Candidate], model: Linear) -> Judged:
    """Every candidate with its chances, in their order."""
    return [(c, model.probabilities(party_features(sentences, every, c))) for c in every]


def story_candidates(sentences: Sequence[ReadSentence]) -> list[Candidate]:
    """What may be a party of a wire story: its names, then the nouns of its head."""
    return names(sentences) + nouns(sentences)


def chosen_parties(weighed: Judged) -> Parties:
    """Who fills which role: the likeliest that is not likelier in another, and others that are sure."""
    out: Parties = {}
    held: dict[int, float] = {}
    for role, floor in PARTY_FLOORS.items():
        likely = [(c, chances.get(role, 0.0)) for c, chances in weighed]
        likely = sorted((cv for cv in likely if cv[1] > held.get(id(cv[0]), 0.0)), key=lambda cv: -cv[1])
        kept = [cv for n, cv in enumerate(likely) if cv[1] >= (OTHERS_FLOOR if n else floor)]
        if kept:
            out[role] = kept
            held |= {id(c): chance for c, chance in kept}
    return out


def firsts(parties: Parties) -> dict[str, Candidate]:
    """The likeliest candidate of each role."""
    return {role: found[0][0] for role, found in parties.items()}


def chosen_pieces(
    sentences: Sequence[ReadSentence], parties: Mapping[str, Candidate], models: Models
) -> Iterator[tuple[str, Place]]:
    """The likeliest piece of each slot, where it is likely enough."""
    for slot, floor in SPAN_FLOORS.items():
        model = models[f"wire.{slot}"]
        scored = [
            (model.probabilities(span_features(slot, sentences, parties, place)).get("yes", 0.0), place)
            for place in spans(slot, sentences)
        ]
        best = max(scored, key=lambda vp: vp[0], default=None)
        if best and best[0] >= floor:
            yield slot, best[1]
