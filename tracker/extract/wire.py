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

ROLES = ("target", "acquirer", "seller")
OPEN_BELOW = 0.3
"""A role that no candidate has this chance of may be empty, or filled by an unlikely one."""

PARTY_FLOORS = {"target": 0.1, "acquirer": 0.3, "seller": 0.3}
SECOND_FLOOR = 0.55
"""Chances from which the likeliest candidate fills a role, and from which a second one does too. A story is
about a target, however unsure which."""

SPAN_FLOORS = {"amount": 0.3, "status": 0.2, "place": 0.2, "business": 0.1}
"""Chances from which a piece of the text fills a slot: where taking it gains more than it costs in F1."""

Judged = list[tuple[Candidate, dict[str, float]]]
"""Candidates with their chances of each role."""

Parties = dict[str, list[tuple[Candidate, float]]]


def wire_parties(sentences: Sequence[ReadSentence], models: Models) -> Parties:
    """Who fills which role: every candidate is judged by itself, then beside the others."""
    judged = first_judged(sentences, story_candidates(sentences), models["wire.party"])
    return chosen_parties(weighed(judged, models["wire.choice"]))


def first_judged(sentences: Sequence[ReadSentence], every: list[Candidate], model: Linear) -> Judged:
    """Every candidate with its chances by itself."""
    return [(c, model.probabilities(party_features(sentences, every, c))) for c in every]


def weighed(judged: Judged, model: Linear) -> Judged:
    """The candidates with the chances that they have beside each other."""
    features = choice_features([chances for _, chances in judged])
    return [(c, model.probabilities(f)) for (c, _), f in zip(judged, features, strict=True)]


def choice_features(every: Sequence[dict[str, float]]) -> list[list[str]]:
    """For each candidate's chances, how they stand to those of the others."""
    open_roles = "+".join(r for r in ROLES if max((c.get(r, 0.0) for c in every), default=0.0) < OPEN_BELOW)
    out = []
    for index, chances in enumerate(every):
        features = [f"open={open_roles}", f"top={max(ROLES, key=lambda r: chances.get(r, 0.0))}"]
        for role in ROLES:
            own = chances.get(role, 0.0)
            others = [c.get(role, 0.0) for n, c in enumerate(every) if n != index]
            best = int(max(others, default=0.0) * 5)
            features += [f"{role}={int(own * 10)}", f"{role}>{best}", f"{role}={int(own * 10)}>{best}"]
            features.append(f"rank:{role}={min(sum(v > own for v in others), 3)}")
        out.append(features)
    return out


def story_candidates(sentences: Sequence[ReadSentence]) -> list[Candidate]:
    """What may be a party of a wire story: its names, then the nouns of its head."""
    return names(sentences) + nouns(sentences)


def chosen_parties(judged: Judged) -> Parties:
    """Who fills which role: the likeliest, and a second one that is likely by itself."""
    out: Parties = {}
    for role, floor in PARTY_FLOORS.items():
        likely = sorted(((c, chances.get(role, 0.0)) for c, chances in judged), key=lambda cv: -cv[1])
        kept = [cv for cv in likely[:1] if cv[1] >= floor] + [
            cv for cv in likely[1:2] if cv[1] >= SECOND_FLOOR
        ]
        if kept:
            out[role] = kept
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
