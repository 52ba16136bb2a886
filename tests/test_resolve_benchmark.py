"""The scorers of merging and linking, on labels made here."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import deals
from benchmarks.corpus import read_lines
from benchmarks.deal_pairs import LINKS, PAIRS, Reading, score_links, score_pairs, told_share, wilson
from benchmarks.extract import PAGE
from benchmarks.replay import MENTIONED, replay
from tests.mention_builders import DIRECTORY, FixedRates, deal, told
from tracker.config import shipped
from tracker.models.mention import ROLES
from tracker.models.told import MentionIn
from tracker.resolve.companies import load_companies
from tracker.resolve.deals import derive


def reading(*mentions: MentionIn) -> Reading:
    ids = {m.article.key: m.article.key for m in mentions}
    return Reading.of(mentions, derive(mentions, DIRECTORY, FixedRates()), ids)


def side(document: str, party: str = "Confluent", **more: Any) -> dict[str, Any]:
    return {"document": document, "type": "acquisition", "party": party, **more}


def test_a_side_is_found_by_type_party_counterparty_and_amount() -> None:
    bids = reading(
        deal("2026-01-05", "announced", key="a", acquirer="Google", amount=11),
        deal("2026-01-05", "rumoured", key="a", acquirer="Nvidia", amount=12),
    )

    def buyer(**more: Any) -> str | None:
        found = bids.find(side("a", **more))
        return found.mention.acquirer[0].name if found else None

    assert buyer(**{"with": "Nvidia"}) == "Nvidia"
    assert buyer(amount=11.4e9) == "Google"
    assert buyer(party="Confluence") is None
    assert buyer(type="ipo") is None


def test_pairs_are_scored_and_unread_ones_counted_apart() -> None:
    read = reading(
        deal("2026-01-05", "announced", key="a"),
        deal("2026-01-06", "announced", key="b"),
        deal("2026-01-06", "announced", key="c", target="Quillbox"),
    )
    labels = [("a", "b", True), ("a", "c", True), ("b", "c", False), ("a", "gone", True)]
    pairs = [
        {"same": same, "a": side(a), "b": side(b, "Quillbox" if b == "c" else "Confluent")}
        for a, b, same in labels
    ]
    score = score_pairs(pairs, read)
    assert (score.unread, score.wrong) == (1, [pairs[1]])
    assert score.precision.startswith("1.000 (1 of 1;")
    assert score.recall.startswith("0.500 (1 of 2;")


def test_intervals_hold_their_share_and_nothing_is_no_share() -> None:
    assert told_share(0, 0) == "none"
    assert wilson(0, 10)[0] == pytest.approx(0.0)
    assert wilson(10, 10)[1] == pytest.approx(1.0)


def test_links_are_scored_against_the_labelled_company() -> None:
    labels = [
        {"document": "a", "name": name, "company": company}
        for name, company in (
            ("IBM Corp.", "ibm"), ("Quillbox", "none"), ("Alphabet", "nvidia"), ("Google 200", "google")
        )
    ]  # fmt: skip
    read = reading(
        told("2026-01-05", "acquisition", "announced", key="a", acquirer="IBM Corp.", target="Quillbox"),
        told("2026-01-05", "financing", "announced", key="a", company="Alphabet"),
    )
    right, wrong, unread = score_links(labels, DIRECTORY, read)
    assert (right, [w["linked"] for w in wrong], unread) == (2, ["google"], 1)


def test_a_replay_tells_what_is_missed_in_pieces_and_joined() -> None:
    read = reading(
        deal("2026-01-05", "announced", key="a"),
        deal("2026-01-05", "announced", key="b", target="AMI Labs", acquirer="Google"),
        deal("2026-01-05", "announced", key="c", target="AMI Labs", acquirer="Nvidia"),
        told("2026-01-05", "shutdown", "completed", key="d", company="OpenAI", subject="Sora"),
    )
    wanted = [
        {"rows": [1, 2], **side("a"), "documents": ["a"]},
        {"rows": [3], **side("b", "AMI Labs"), "documents": ["b", "c"]},
        {"rows": [4], **side("d", "Atlas"), "documents": ["d"], "note": "never told"},
    ]
    lines = replay(wanted, read, 9)
    assert "has 9 acquisitions, financings and shutdowns; 4 of them, steps of 3 deals" in lines[0]
    assert "Found: 0.667 (2 of 3;" in lines[1]
    assert lines[-2:] == [
        "| AMI Labs, acquisition | in 2 events |  |",
        "| Atlas, acquisition | missed | never told |",
    ]


def test_the_labels_are_sound() -> None:
    pairs, links = read_lines(PAIRS), read_lines(LINKS)
    assert len(pairs) >= 400
    assert all(p["same"] == (p["deals"][0] == p["deals"][1]) for p in pairs)
    assert {s["type"] for p in pairs for s in (p["a"], p["b"])} <= set(ROLES)
    listed = {c.id for c in load_companies(shipped("data", "companies.csv"))}
    assert len(links) >= 300
    assert {link["company"] for link in links} <= listed | {"none"}
    assert all(deal["documents"] for deal in read_lines(MENTIONED))


def test_without_the_news_files_it_says_so_and_the_page_has_the_markers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(deals, "SHARED", tmp_path / "none")
    monkeypatch.setattr(sys, "argv", ["deals"])
    deals.main()
    assert capsys.readouterr().out.startswith("nothing measured: the news files are not at")
    page = PAGE.read_text("utf-8")
    assert page.count(f"<!-- begin {deals.MARKS} -->") == page.count(f"<!-- end {deals.MARKS} -->") == 1
