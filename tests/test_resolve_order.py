"""The ledger does not depend on the order in which mentions arrive, and ids stay."""

from __future__ import annotations

import datetime as dt
import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mention_builders import DIRECTORY, FixedRates, at, deal, told
from tracker.models.judgement import Anchor, Judgement
from tracker.models.mention import STATUSES, Money
from tracker.models.told import MentionIn
from tracker.resolve.deals import derive

NAMES = ("Confluent", "Confluent Inc", "AMI", "Quillbox", "Quillbox Systems", "OpenAI")
BUYERS = ("IBM", "Google", "Nvidia", "Lattice")
ROUNDS = (None, "unknown", "seed", "series_a", "series_b", "debt", "strategic")

amounts = st.none() | st.builds(
    Money,
    value=st.sampled_from([1e9, 1.05e9, 1.5e9, 2e9, 5e9]),
    currency=st.sampled_from(["USD", "EUR", "AED"]),
    qualifier=st.sampled_from(["exact", "about", "up_to", "at_least"]),
)
days = st.dates(dt.date(2024, 6, 1), dt.date(2026, 6, 30)).map(dt.date.isoformat)
places = st.sampled_from([[], "Spain", "France"])
outlets = st.sampled_from(["wire", "paper", "blog", ""])


@st.composite
def mentions(draw: st.DrawFn, salience: tuple[str, ...] = ("main", "background")) -> MentionIn:
    type_ = draw(st.sampled_from(["acquisition", "financing", "shutdown", "commitment", "ipo"]))
    key = draw(st.sampled_from(NAMES))
    some = draw(st.lists(st.sampled_from(BUYERS), max_size=2, unique=True))
    roles = {
        "acquisition": {"target": key, "acquirer": some},
        "financing": {"company": key, "investors": some, "round": draw(st.sampled_from(ROUNDS))},
        "shutdown": {"subject": key, "company": some},
        "commitment": {
            "company": key,
            "partners": some,
            "place": draw(st.sampled_from([[], "Spain", "France"])),
        },
        "ipo": {"company": key},
    }[type_]
    return told(
        draw(days),
        type_,
        draw(st.sampled_from(STATUSES)),
        outlet=draw(outlets),
        amount=draw(amounts),
        salience=draw(st.sampled_from(salience)),
        date=draw(st.sampled_from([None, "2025-03", "2025-11-30"])),
        confidence=draw(st.floats(0.1, 1)),
        tier=draw(st.integers(1, 3)),
        title=draw(st.sampled_from(["One headline", "Another headline", "A third"])),
        **roles,
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(mentions(), max_size=14), st.randoms(use_true_random=False))
def test_any_order_gives_the_same_ledger(found: list[MentionIn], chance: random.Random) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)
    events = derive(found, DIRECTORY, FixedRates())
    assert derive(shuffled, DIRECTORY, FixedRates()) == events
    assert len({e.id for e in events}) == len(events)
    told_once = sorted(s.mention_id for e in events for s in e.sources)
    assert told_once == sorted(m.id for m in found)


@st.composite
def judged(draw: st.DrawFn) -> tuple[list[MentionIn], list[Judgement]]:
    """Mentions, and judgements on the events that follow from them; some are made in one moment."""
    found = draw(st.lists(mentions(), min_size=1, max_size=12))
    events = derive(found, DIRECTORY, FixedRates())
    anchors = {m.id: Anchor.of(m.article.key, m.mention) for m in found}
    made = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        one, other = draw(st.sampled_from(events)), draw(st.sampled_from(events))
        kind = draw(st.sampled_from(["merge", "split", "edit", "reject", "confirm", "undo"]))
        if kind == "merge" and one.type != other.type:
            kind = "confirm"
        own = [anchors[s.mention_id] for s in one.sources]
        second = [anchors[s.mention_id] for s in other.sources] if kind == "merge" else own[1:]
        made.append(
            Judgement(
                id=number, kind=kind, at=at(draw(st.sampled_from(["2026-07-01", "2026-07-02"]))), by="ana",
                about=own, other=second, field="category", value="model",
                undoes=draw(st.integers(1, number)) if kind == "undo" else None,
            )
        )  # fmt: skip
    return found, made


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(judged(), st.randoms(use_true_random=False))
def test_judgements_hold_in_any_order_of_arrival(
    case: tuple[list[MentionIn], list[Judgement]], chance: random.Random
) -> None:
    found, made = case
    events = derive(found, DIRECTORY, FixedRates(), made)
    shuffled, mixed = chance.sample(found, len(found)), chance.sample(made, len(made))
    assert derive(shuffled, DIRECTORY, FixedRates(), mixed) == events
    told_once = [s.mention_id for e in events for s in e.sources]
    assert len(told_once) == len(set(told_once))
    if not any(j.kind == "reject" for j in made):
        assert sorted(told_once) == sorted(m.id for m in found)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(judged())
def test_what_is_undone_leaves_no_trace(case: tuple[list[MentionIn], list[Judgement]]) -> None:
    found, made = case
    undos = [
        Judgement(id=100 + j.id, kind="undo", at=at("2026-08-01"), by="ana", undoes=j.id)
        for j in made
        if j.kind != "undo"
    ]
    later = [j for j in made if j.kind != "undo"] + undos
    assert derive(found, DIRECTORY, FixedRates(), later) == derive(found, DIRECTORY, FixedRates())


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(mentions(salience=("main",)), min_size=2, max_size=12))
def test_news_published_later_changes_no_id(found: list[MentionIn]) -> None:
    found.sort(key=lambda m: (m.article.published, m.article.key))
    before = {e.id for e in derive(found[: len(found) // 2], DIRECTORY, FixedRates())}
    assert before <= {e.id for e in derive(found, DIRECTORY, FixedRates())}


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(mentions(), max_size=12))
def test_an_event_is_consistent_with_itself(found: list[MentionIn]) -> None:
    for event in derive(found, DIRECTORY, FixedRates()):
        told_here = [s.salience for s in event.sources]
        assert event.salience == ("main" if "main" in told_here else "background")
        assert event.status == event.states[-1].status
        ladder = [s.date for s in event.states if s.status != "terminated"]
        assert ladder == sorted(ladder)
        assert 1 <= event.origins + event.filings <= len(event.sources)
        assert {s.article_id for s in event.states} <= {s.article_id for s in event.sources}
        assert 0 <= event.confidence <= 0.99


def test_an_id_is_readable_and_stays_when_the_deal_goes_on() -> None:
    first = deal("2025-12-08", "announced", key="ibm-buys-confluent")
    (event,) = derive([first], DIRECTORY, FixedRates())
    assert event.id == "acquisition-confluent-6ec85d"
    (later,) = derive([deal("2026-03-17", "completed"), first], DIRECTORY, FixedRates())
    assert (later.id, later.status) == (event.id, "completed")
