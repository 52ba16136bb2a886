"""Forms as mentions: what each is told as, that every value stands in the words, and what is no event."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.extract.forms import Fields, form_words, read_form
from tracker.models.mention import Mention

FILED = dt.datetime(2026, 6, 29, 21, tzinfo=dt.UTC)
NOTICE = {
    "form": "D", "name": "Harrow Chips, Inc.", "industry": "Other Technology", "fund": "", "pooled": "",
    "merger": "false", "debt": "", "equity": "true", "offered": "Indefinite", "sold": "90000000",
    "investors": "7", "first_sale": "2026-06-20",
}  # fmt: skip
FUND = {"industry": "Pooled Investment Fund", "pooled": "true"}
OFFER = {
    "form": "SC TO-T", "bidder": "Birk Holdings, Inc.", "subject": "Corrie Networks plc", "price": "18.25",
    "shares": "all", "total": "1204500000", "status": "announced", "about": "The offer ends in July.",
}  # fmt: skip
LISTING = {"form": "F-1", "name": "Rigg Robotics N.V.", "initial": "true", "amount": "250000000"}


def told(fields: Fields, **changes: str) -> tuple[str, list[Mention]]:
    """The words of a form, as the store keeps them, and its mentions."""
    title, text = form_words({**fields, **changes})
    return f"{title}\n{text}", read_form({**fields, **changes}, title, text, FILED)


def only(fields: Fields, **changes: str) -> Mention:
    _, (mention,) = told(fields, **changes)
    return mention


def test_a_notice_in_words() -> None:
    words, _ = told(NOTICE)
    assert words.splitlines() == [
        "Harrow Chips, Inc. reports $90,000,000 sold in a private offering (Form D)",
        "Harrow Chips, Inc. has sold $90,000,000 of an offering without a limit in a private offering of "
        "securities, first sold on 2026-06-20, according to a Form D notice filed with the SEC.",
        "The notice names Other Technology as the industry group and counts 7 investors so far.",
    ]


def test_a_notice_is_a_financing() -> None:
    words, (mention,) = told(NOTICE)
    assert mention.as_json() == {
        "type": "financing", "salience": "main", "status": "completed", "category": "other",
        "company": [{"name": "Harrow Chips, Inc.", "text": "Harrow Chips, Inc.", "start": 75, "end": 93}],
        "amount": {
            "value": 90000000.0, "currency": "USD", "qualifier": "at_least", "text": "$90,000,000",
            "start": 103, "end": 114,
        },
        "date": "2026-06-20", "confidence": 1.0,
        "evidence": {"text": words.splitlines()[1], "start": 75, "end": 75 + len(words.splitlines()[1])},
    }  # fmt: skip


def test_the_sum_of_a_notice() -> None:
    assert only(NOTICE, offered="90000000").amount.qualifier == "exact"  # type: ignore[union-attr]
    assert only(NOTICE, offered="120000000").amount.qualifier == "at_least"  # type: ignore[union-attr]
    unsold = only(NOTICE, offered="120000000", sold="0", first_sale="")
    assert (unsold.status, unsold.date) == ("announced", None)
    assert (unsold.amount.value, unsold.amount.qualifier) == (120000000, "up_to")  # type: ignore[union-attr]
    assert only(NOTICE, sold="0").amount is None


@pytest.mark.parametrize(
    ("changes", "salience", "kind"),
    [
        ({}, "main", None),
        ({"first_sale": ""}, "main", None),
        ({"first_sale": "2025-06-29"}, "main", None),
        ({"first_sale": "2025-06-28"}, "background", None),
        ({"industry": "REITS and Finance"}, "background", None),
        ({**FUND, "fund": "Venture Capital Fund"}, "background", "fund"),
    ],
)
def test_what_of_a_notice_is_news(changes: dict[str, str], salience: str, kind: str | None) -> None:
    mention = only(NOTICE, **changes)
    assert (mention.salience, mention.kind) == (salience, kind)


@pytest.mark.parametrize("changes", [{"merger": "true"}, {**FUND, "fund": "Hedge Fund"}, {"pooled": "true"}])
def test_notices_that_are_no_event(changes: dict[str, str]) -> None:
    assert told(NOTICE, **changes)[1] == []


def test_debt_is_told_as_such() -> None:
    assert only(NOTICE, debt="true", equity="").round == "debt"
    assert only(NOTICE, debt="true").round is None


@pytest.mark.parametrize(
    ("changes", "headline", "kind"),
    [
        ({}, "offers to buy all shares of Corrie Networks plc at $18.25 a share (Form SC TO-T)", "company"),
        ({"price": "", "shares": ""}, "offers to buy Corrie Networks plc (Form SC TO-T)", "company"),
        (
            {"shares": "40,000", "form": "SC TO-T/A"},
            "offers to buy up to 40,000 shares of Corrie Networks plc at $18.25 a share (Form SC TO-T/A)",
            "stake",
        ),
        (
            {"status": "terminated", "price": ""},
            "has ended its offer to buy all shares of Corrie Networks plc (Form SC TO-T)",
            "company",
        ),
    ],
)
def test_a_tender_offer(changes: dict[str, str], headline: str, kind: str) -> None:
    words, (mention,) = told(OFFER, **changes)
    assert words.splitlines()[0] == f"Birk Holdings, Inc. {headline}"
    assert words.splitlines()[-1] == "The offer ends in July."
    assert (mention.type, mention.kind, mention.status) == (
        "acquisition", kind, changes.get("status", "announced"),
    )  # fmt: skip
    assert [p.name for p in (*mention.acquirer, *mention.target)] == [OFFER["bidder"], OFFER["subject"]]
    assert mention.amount is not None
    assert (mention.amount.value, mention.amount.qualifier) == (1204500000, "up_to")


def test_a_listing_filed_for() -> None:
    words, (mention,) = told(LISTING)
    assert words.splitlines()[0] == (
        "Rigg Robotics N.V. has filed for an initial public offering of up to $250,000,000 (Form F-1)"
    )
    assert (mention.type, mention.status) == ("ipo", "announced")
    words, (mention,) = told(LISTING, amount="", form="F-1/A")
    assert "an amended registration statement" in words
    assert mention.amount is None
    words, none = told(LISTING, initial="")
    assert none == []
    assert words.startswith("Rigg Robotics N.V. registers securities to be sold of up to $250,000,000")


names = st.from_regex(r"[A-Z][A-Za-z&.,$ -]{0,30}[A-Za-z.]", fullmatch=True)
sums = st.one_of(st.integers(0, 10**15).map(str), st.sampled_from(["", "Indefinite", "٣", "9" * 20]))
forms = st.one_of(
    st.fixed_dictionaries(
        {**{k: st.just(v) for k, v in NOTICE.items()}, "name": names, "offered": sums, "sold": sums}
    ),
    st.fixed_dictionaries(
        {**{k: st.just(v) for k, v in OFFER.items()}, "bidder": names, "subject": names, "total": sums,
         "status": st.sampled_from(["announced", "completed", "terminated"])}
    ),
    st.fixed_dictionaries({**{k: st.just(v) for k, v in LISTING.items()}, "name": names, "amount": sums}),
)  # fmt: skip


@given(forms)
def test_every_value_stands_where_its_mention_says(fields: dict[str, str]) -> None:
    words, (mention,) = told(fields)
    spans = [mention.evidence, *mention.company, *mention.acquirer, *mention.target]
    assert all(words[span.start : span.end] == span.text for span in spans)
    assert all(mention.evidence.start <= span.start < span.end <= mention.evidence.end for span in spans)
    if mention.amount is not None:
        assert words[mention.amount.start : mention.amount.end] == mention.amount.text
        assert f"${mention.amount.value:,.0f}" == mention.amount.text
