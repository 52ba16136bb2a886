"""Phrases that may tell an event: a case for every sense of `triggers.toml`, and for phrases added later."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tracker.extract import triggers
from tracker.extract.triggers import WEAK, find_triggers

CASES = [
    ("acquisition", "buy", "Acme snaps up Lumen Works.", "snaps up"),
    ("acquisition", "private", "Acme will take Lumen Works private.", "take lumen works private"),
    ("acquisition", "sell", "Acme has sold its printing arm.", "sold"),
    ("acquisition", "merge", "Acme and Lumen are merging.", "merging"),
    ("acquisition", "team", "Acme acqui-hires two researchers.", "acqui-hires"),
    ("acquisition", "offer", "Lumen has two suitors.", "suitors"),
    ("acquisition", "stake", "Acme holds a stake.", "stake"),
    ("acquisition", "deal", "Acme signed a definitive agreement.", "definitive agreement"),
    ("acquisition", "owner", "Lumen is now part of Acme.", "now part of"),
    ("financing", "raise", "Acme raised $5m.", "raised"),
    ("financing", "take", "Acme raked in $5m.", "raked in"),
    ("financing", "round", "Acme closed a Series B.", "series b"),
    ("financing", "invest", "Beta poured money into Acme.", "poured"),
    ("financing", "backer", "Acme is backed by Beta.", "backed"),
    ("financing", "lead", "Beta led the $5m deal.", "led"),
    ("financing", "debt", "Acme drew on a credit facility.", "credit facility"),
    ("financing", "value", "Acme has a lofty valuation.", "valuation"),
    ("financing", "talks", "Acme is in talks with Beta.", "in talks"),
    ("shutdown", "close", "Acme winds down.", "winds down"),
    ("shutdown", "end", "Acme pulls the plug on Lumen.", "pulls the plug"),
    ("shutdown", "bankrupt", "Acme files for Chapter 11.", "chapter 11"),
    ("shutdown", "leave", "Acme pulls out of Norway.", "pulls out of"),
    ("commitment", "site", "Acme will build data centres.", "data centres"),
    ("commitment", "power", "Acme plans 2 gigawatts.", "gigawatts"),
    ("commitment", "compute", "Acme signed for GPUs.", "gpus"),
    ("commitment", "promise", "Acme pledges $5bn.", "pledges"),
    ("pricing", "model", "Acme moves to usage-based plans.", "usage-based"),
    ("pricing", "charge", "Acme changes billing to credits.", "billing"),
    ("valuation", "tender", "A tender offer values Acme at $5bn.", "tender offer"),
    ("valuation", "market", "Acme shares fell 12%.", "shares"),
    ("valuation", "value", "Acme is worth $5bn.", "worth"),
    ("ipo", "offering", "Acme goes public.", "goes public"),
    ("ipo", "filing", "Acme confidentially filed.", "confidentially filed"),
    ("ipo", "listing", "Acme listed on the Nasdaq.", "nasdaq"),
]


@pytest.mark.parametrize(("kind", "sense", "sentence", "phrase"), CASES)
def test_a_phrase_is_found_in_its_sense(kind: str, sense: str, sentence: str, phrase: str) -> None:
    found = [t for t in find_triggers(sentence) if (t.type, t.sense) == (kind, sense)]
    assert phrase in [t.phrase for t in found]
    assert all(sentence.lower()[t.start : t.end] == t.phrase for t in found)


def test_every_sense_has_a_case() -> None:
    raw = tomllib.loads(Path(triggers.__file__).with_name("triggers.toml").read_text("utf-8"))
    senses = {(kind, sense.removesuffix("_money")) for kind, group in raw.items() for sense in group}
    assert senses == {(kind, sense) for kind, sense, _, _ in CASES}


def test_everyday_words_count_only_beside_money() -> None:
    assert ("financing", "lead") in {(t.type, t.sense) for t in find_triggers("Beta led the $5m deal.")}
    assert ("financing", "lead") not in {(t.type, t.sense) for t in find_triggers("Beta led the race.")}


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("commitment", "The campus is quiet and green."),
        ("pricing", "Acme was charged with a crime."),
        ("valuation", "Stock is low in Acme stores."),
    ],
)
def test_weak_types_want_a_second_word(kind: str, sentence: str) -> None:
    assert kind in WEAK
    assert kind not in {t.type for t in find_triggers(sentence)}


def test_words_count_whole() -> None:
    assert find_triggers("Acme rebuyss unsoldered sub-sale-like goods.") == []


@pytest.mark.parametrize("sentence", ["", "no capital and no digit: bought", "İstanbul bought Acme"])
def test_sentences_that_are_not_read(sentence: str) -> None:
    assert find_triggers(sentence) == []
