"""Every rule of the house stops a build."""

from __future__ import annotations

import pytest

from tests.test_brief_support import WEEK, normal_events, normal_judged, normal_seen
from tracker.brief.issue import build_issue
from tracker.brief.likelihood import STEPS, likelihood
from tracker.brief.lint import check, problems
from tracker.brief.model import Sentence
from tracker.errors import BriefingError

KNOWN = {e.id for e in normal_events()}


@pytest.fixture
def issue():
    return build_issue(WEEK, normal_events(), normal_judged(), normal_seen(), WEEK.end)


BAD = [
    ("It is likely, with high confidence.", "joins likelihood and confidence"),
    ("Desk put it at 35%: likely.", "where ICD 203 says 'unlikely'"),
    ("It is worth None.", "not well formed"),
    ("Two  spaces here.", "not well formed"),
    ("No stop at the end", "full stop"),
    ("small letter at the start.", "small letter"),
    ("A {field} is left.", "not well formed"),
]


@pytest.mark.parametrize(("text", "problem"), BAD)
def test_a_bad_sentence_is_named(issue, text, problem):
    issue.method.append(Sentence(text=text))
    with pytest.raises(BriefingError, match="breaks a rule of the house") as raised:
        check(issue, KNOWN)
    assert problem in str(raised.value)


def test_a_good_issue_passes(issue):
    assert list(problems(issue, KNOWN)) == []


def test_names_are_not_read_as_words_of_likelihood(issue):
    issue.method.append(Sentence(text="Unlikely AI has our confidence.", names=["Unlikely AI"]))
    check(issue, KNOWN)


def test_the_bottom_line_has_three_sentences(issue):
    issue.bottom_line.pop()
    assert any("three" in p for p in problems(issue, KNOWN))


def test_an_event_that_is_not_in_the_ledger_is_named(issue):
    issue.bottom_line[0].event_ids.append("ghost")
    assert any("ghost" in p for p in problems(issue, KNOWN))


def test_a_claim_must_rest_on_something(issue):
    issue.changes[0].sentences[0].event_ids.clear()
    assert any("rests on nothing" in p for p in problems(issue, KNOWN))


@pytest.mark.parametrize(
    ("field", "value"), [("status", "rumoured"), ("status", "terminated"), ("amount", "$7bn")]
)
def test_a_deal_told_against_its_event_is_named(issue, field, value):
    setattr(issue.groups[0].deals[0], field, value)
    assert list(problems(issue, KNOWN))


def test_a_word_of_likelihood_must_fit_its_figure(issue):
    issue.open[0].word = "almost certain"
    assert any("almost certain" in p for p in problems(issue, KNOWN))


def test_likelihood_steps_hold_their_lower_bounds():
    lower = [0.0, *(upper for upper, _ in STEPS)]
    words = [likelihood(p) for p in lower]
    assert words == [
        "almost no chance", "very unlikely", "unlikely", "roughly even chance", "likely", "very likely",
        "almost certain",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="between 0 and 1"):
        likelihood(1.2)
