"""What people decide about events holds: through new tellings, new readings, and until it is undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from tests.mention_builders import DIRECTORY, FixedRates, at, deal, told
from tracker.errors import LedgerError
from tracker.extract.money import find_money
from tracker.models.judgement import Anchor, Judgement
from tracker.models.ledger import Event
from tracker.models.mention import Money
from tracker.models.told import MentionIn
from tracker.resolve.deals import derive
from tracker.resolve.edits import CONFIRMED, read_value
from tracker.resolve.judged import standing, undone

DAY = at("2026-07-01")


def anchors(*mentions: MentionIn) -> list[Anchor]:
    return [Anchor.of(m.article.key, m.mention) for m in mentions]


def judgement(number: int, kind: str, *about: MentionIn, **fields: Any) -> Judgement:
    """The n-th judgement, made on the n-th day of July."""
    when = DAY + dt.timedelta(days=number - 1)
    fields = {"id": number, "at": when, "by": "ana", **fields}
    return Judgement.model_validate({"kind": kind, "about": anchors(*about), **fields})


def ledger(mentions: Sequence[MentionIn], *judgements: Judgement) -> list[Event]:
    return derive(mentions, DIRECTORY, FixedRates(), judgements)


def mentions_of(event: Event) -> set[int]:
    return {s.mention_id for s in event.sources}


SIGNED = deal("2026-01-05", "announced", amount=11)
SHUT = told("2026-01-06", "shutdown", "announced", company="OpenAI", subject="Sora")
KAFKA = deal("2026-01-07", "announced", target="Kafka Keepers", acquirer="Lattice")
CLOSED = deal("2026-03-17", "completed", amount=11)


# ----- merge and split


def test_two_events_are_merged_and_their_amounts_and_states_joined() -> None:
    merge = judgement(1, "merge", SIGNED, other=anchors(KAFKA))
    (event,) = ledger([SIGNED, KAFKA], merge)
    assert mentions_of(event) == {SIGNED.id, KAFKA.id}
    assert event.id == ledger([SIGNED])[0].id
    assert [(r.kind, r.by) for r in event.judgements] == [("merge", "ana")]


def test_a_merge_holds_when_an_earlier_telling_changes_the_id() -> None:
    merge = judgement(1, "merge", SIGNED, other=anchors(KAFKA))
    rumour = deal("2025-12-20", "rumoured")
    before, (after,) = ledger([SIGNED, KAFKA], merge), ledger([rumour, SIGNED, KAFKA], merge)
    assert after.id != before[0].id
    assert mentions_of(after) == {rumour.id, SIGNED.id, KAFKA.id}


def test_a_judgement_finds_the_telling_that_a_new_reading_moved() -> None:
    reject = judgement(1, "reject", SIGNED)
    span = SIGNED.mention.evidence.model_copy(update={"start": 40, "end": 48})
    moved = MentionIn(999, SIGNED.mention.model_copy(update={"evidence": span}), SIGNED.article)
    assert ledger([moved], reject) == []


def test_a_judgement_none_of_whose_tellings_is_left_bears_on_nothing() -> None:
    reject = judgement(1, "reject", KAFKA)
    assert ledger([SIGNED], reject) == ledger([SIGNED])


def test_a_split_parts_what_the_rules_joined_and_later_tellings_choose_their_side() -> None:
    other_price = deal("2026-02-01", "announced", amount=11.2)
    split = judgement(1, "split", SIGNED, other_price, other=anchors(other_price))
    assert len(ledger([SIGNED, other_price])) == 1
    one, other = ledger([SIGNED, other_price], split)
    assert (mentions_of(one), mentions_of(other)) == ({SIGNED.id}, {other_price.id})
    late = deal("2026-02-02", "announced", amount=11.2)
    parts = [mentions_of(e) for e in ledger([SIGNED, other_price, late], split)]
    assert {other_price.id, late.id} in parts


def test_of_merge_and_split_the_later_holds() -> None:
    merge = judgement(1, "merge", SIGNED, other=anchors(KAFKA))
    split = judgement(2, "split", SIGNED, KAFKA, other=anchors(KAFKA))
    again = judgement(3, "merge", KAFKA, other=anchors(SIGNED))
    assert len(ledger([SIGNED, KAFKA], merge, split)) == 2
    assert len(ledger([SIGNED, KAFKA], again, split, merge)) == 1


def test_a_split_of_what_is_apart_keeps_what_else_was_decided() -> None:
    edit = judgement(1, "edit", KAFKA, field="category", value="model")
    apart = judgement(2, "split", SIGNED, other=anchors(KAFKA))
    kafka = next(e for e in ledger([SIGNED, KAFKA], edit, apart) if KAFKA.id in mentions_of(e))
    assert (kafka.category, len(kafka.judgements)) == ("model", 2)


# ----- reject, confirm, undo


def test_what_is_rejected_leaves_the_ledger_and_the_rest_stays() -> None:
    assert [e.type for e in ledger([SIGNED, SHUT], judgement(1, "reject", SIGNED))] == ["shutdown"]


def test_a_confirmation_after_a_rejection_brings_it_back() -> None:
    reject, confirm = judgement(1, "reject", SIGNED), judgement(2, "confirm", SIGNED)
    (event,) = ledger([SIGNED], confirm, reject)
    assert event.confidence == CONFIRMED
    assert [r.kind for r in event.judgements] == ["confirm"]


def test_an_undo_can_be_undone() -> None:
    reject = judgement(1, "reject", SIGNED)
    undo, redo = judgement(2, "undo", undoes=1), judgement(3, "undo", undoes=2)
    assert ledger([SIGNED], reject, undo) == ledger([SIGNED])
    assert ledger([SIGNED], reject, undo, redo) == []
    assert undone([reject, undo, redo]) == {2: 3}
    assert standing([undo, reject]) == []


# ----- edit


def edited(mentions: Sequence[MentionIn], field: str, value: Any) -> Event:
    return ledger(mentions, judgement(1, "edit", mentions[0], field=field, value=value))[0]


def test_an_edited_amount_is_converted_and_the_told_one_kept() -> None:
    event = edited([SIGNED], "amount", {"value": 8e9, "currency": "EUR", "qualifier": "exact"})
    assert event.amount_usd is not None
    assert (event.amount_usd.low, event.amount_usd.rate) == (10e9, 1.25)
    assert [(c.field, c.value) for c in event.contradictions] == [("amount", "USD 11,000,000,000")]
    gone = edited([SIGNED], "amount", None)
    assert (gone.amount, gone.amount_usd) == (None, None)


def test_a_status_can_be_set_dated_and_struck_out() -> None:
    assert edited([SIGNED, CLOSED], "status", "announced").status == "announced"
    ended = edited([SIGNED], "terminated", "2026-02-02")
    assert [(s.status, s.date.isoformat()) for s in ended.states] == [
        ("announced", "2026-01-05"),
        ("terminated", "2026-02-02"),
    ]
    assert edited([SIGNED, CLOSED], "completed", None).status == "announced"
    assert edited([SIGNED], "announced", None).status == "announced"  # one state is always left
    assert edited([SIGNED], "announced", "2026-01-02").reached("announced") == dt.date(2026, 1, 2)


def test_parties_are_linked_and_told_ones_kept() -> None:
    event = edited([SIGNED], "acquirer", ["Nvidia", "Somebody Else"])
    assert [(p.company_id, p.kind) for p in event.parties["acquirer"]] == [
        ("nvidia", "chip maker"),
        ("prov:somebody-else", None),
    ]
    assert [(c.field, c.value) for c in event.contradictions] == [("acquirer", "IBM")]
    assert "acquirer" not in edited([SIGNED], "acquirer", None).parties


def test_the_last_edit_of_a_field_holds() -> None:
    edits = [judgement(n, "edit", SIGNED, field="category", value=v) for n, v in ((2, "model"), (1, "other"))]
    assert ledger([SIGNED], *edits)[0].category == "model"


def money(text: str) -> Money | None:
    found = find_money(text)
    return found[0].money if found else None


@pytest.mark.parametrize(
    ("field", "text", "stored"),
    [
        ("status", "completed", "completed"),
        ("kind", "stake", "stake"),
        ("completed", "2026-03-17", "2026-03-17"),
        ("completed", "none", None),
        ("target", "A; B & Co;", ["A", "B & Co"]),
        (
            "amount",
            "about $2bn",
            {"value": 2e9, "max": None, "currency": "USD", "qualifier": "about"},
        ),
    ],
)
def test_values_are_read_as_people_write_them(field: str, text: str, stored: Any) -> None:
    assert read_value("acquisition", field, text, money) == stored


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("round", "seed", "acquisition has no field 'round' to edit (one of status, category"),
        ("status", "none", "status cannot be 'none' (one of rumoured, announced"),
        ("completed", "in March", "give the day it was reached, such as"),
        ("amount", "a lot", "write it like $1.5bn"),
    ],
)
def test_a_value_that_cannot_be_is_refused(field: str, text: str, said: str) -> None:
    with pytest.raises(LedgerError) as error:
        read_value("acquisition", field, text, money)
    assert said in str(error.value)
