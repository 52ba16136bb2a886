"""Roles: which sentences speak for the news, and what a list of names shares. No parser."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.extract_support import read
from tracker.extract.decode import Draft, Unit
from tracker.extract.lists import SHARE, name_lists, share_roles
from tracker.extract.names import Name
from tracker.extract.reading import Placed, Reading, ReadSentence
from tracker.extract.roles import role_clusters, split


def unit(
    kind: str,
    index: int,
    *,
    main: float,
    background: float = 0.0,
    founded: bool = True,
    roles: dict[int, dict[str, float]] | None = None,
) -> Unit:
    sentence = cast(ReadSentence, SimpleNamespace(sentence=SimpleNamespace(index=index)))
    salience = {"main": main, "background": background}
    return Unit(kind, sentence, [], 0, 0.9 if founded else 0.0, roles or {}, founded, salience)


def sentence_of(words: str, names: dict[str, int]) -> tuple[Reading, ReadSentence]:
    tokens = [SimpleNamespace(lower_=w.lower()) for w in words.split()]
    texts = words.split()
    placed = [Placed(Name(i, i, 0, 0, text, i), names[text]) for i, text in enumerate(texts) if text in names]
    sent = cast(ReadSentence, SimpleNamespace(tokens=tokens, names=placed))
    return cast(Reading, SimpleNamespace(owner={})), sent


def test_names_with_only_commas_between_them_are_a_list() -> None:
    _, sent = sentence_of(
        "with Alpha , Beta and Gamma from Delta", {"Alpha": 1, "Beta": 2, "Gamma": 3, "Delta": 4}
    )
    assert [[p.cluster for p in run] for run in name_lists(sent)] == [[1, 2, 3]]


def test_members_of_a_list_share_the_surest_chance() -> None:
    reading, sent = sentence_of("Alpha , Beta and Gamma joined", {"Alpha": 1, "Beta": 2, "Gamma": 3})
    roles: dict[int, dict[str, float]] = {1: {"investors": 0.8, "company": 0.1}}
    share_roles(reading, sent, roles)
    assert roles[3]["investors"] == pytest.approx(SHARE * 0.8)
    assert roles[1]["investors"] == pytest.approx(0.8)
    assert "company" not in roles[2]


@pytest.mark.parametrize(
    ("index", "background", "chance", "goes_along"),
    [(2, 0.1, 0.9, True), (5, 0.1, 0.9, False), (2, 0.8, 0.9, False), (2, 0.1, 0.3, False)],
)
def test_a_sentence_behind_the_news_goes_along(
    index: int, background: float, chance: float, goes_along: bool
) -> None:
    told = unit("financing", 1, main=0.9)
    behind = unit(
        "financing", index, main=0.05, background=background, founded=False, roles={5: {"lead": chance}}
    )
    news, _ = split(Draft("financing", 0, [told, behind]))
    assert (behind in news) is goes_along


def test_background_stays_apart() -> None:
    told, old = unit("financing", 1, main=0.9), unit("financing", 4, main=0.1, background=0.8)
    assert split(Draft("financing", 0, [told, old])) == ([told], [old])


def test_lead_and_investor_add_up() -> None:
    roles: dict[str, Any] = role_clusters(
        Draft("financing", 0, []),
        [unit("financing", 1, main=0.9, roles={0: {"company": 0.9}, 7: {"lead": 0.2, "investors": 0.2}})],
    )
    assert set(roles["investors"]) == {7}
    assert set(roles["company"]) == {0}


def test_the_likeliest_acquirer_is_taken_from_a_lower_floor() -> None:
    told = unit(
        "acquisition", 1, main=0.9, roles={0: {"target": 0.9}, 3: {"acquirer": 0.3}, 4: {"acquirer": 0.1}}
    )
    assert set(role_clusters(Draft("acquisition", 0, []), [told])["acquirer"]) == {3}
    unsure = unit("acquisition", 1, main=0.9, roles={0: {"target": 0.9}, 4: {"acquirer": 0.1}})
    assert not role_clusters(Draft("acquisition", 0, []), [unsure]).get("acquirer")


def test_a_regulator_neither_buys_nor_closes() -> None:
    cleared = read(
        "FTC lets Northwind buy Lumenworks",
        "The FTC has cleared Northwind's purchase of Lumenworks for $3 billion.",
    )
    assert all("FTC" not in [p.name for p in m.acquirer + m.target] for m in cleared)
    closing = read("Northwind to close plant", "Northwind will shut down its plant in Germany, people said.")
    assert all("Germany" not in [p.name for p in m.company + m.subject] for m in closing)


@pytest.mark.parametrize(("beside", "buyers"), [(True, {1, 2}), (False, {1})])
def test_several_buyers_are_told_in_one_breath(beside: bool, buyers: set[int]) -> None:
    surest = {0: {"target": 0.9}, 1: {"acquirer": 0.9}}
    other = {2: {"acquirer": 0.6}} | ({1: {"acquirer": 0.5}} if beside else {})
    units = [
        unit("acquisition", 0, main=0.9, roles=surest),
        unit("acquisition", 1, main=0.8, roles=other),
    ]
    found = role_clusters(Draft("acquisition", 0, units), units)
    assert set(found["acquirer"]) == buyers
