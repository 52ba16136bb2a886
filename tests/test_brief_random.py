"""Whatever the ledger holds, the issue passes its own rules and renders."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.test_brief_support import WEEK, Exhibit, Judged, Odds, Seen, event, moment, money
from tracker.brief.issue import build_issue
from tracker.brief.lint import problems
from tracker.brief.render import render
from tracker.models.mention import CATEGORIES, EVENT_TYPES, ROLES, STATUSES

DAYS = ("2026-03-02", "2026-06-18", "2026-06-23", "2026-06-26")
KINDS = (None, "company", "unit", "assets", "acquihire", "licence_hire", "stake", "merger", "fund")
ROUNDS = (None, "seed", "series_b", "debt", "grant", "unknown", "tender")
NAMES = st.text(min_size=1, max_size=12).filter(lambda name: "|" not in name)
AMOUNTS = st.one_of(
    st.none(),
    st.builds(
        money,
        st.one_of(st.none(), st.floats(1, 1e13)),
        st.sampled_from(["USD", "EUR", "SEK"]),
        st.sampled_from(["exact", "about", "up_to", "at_least", "range"]),
    ),
)


@st.composite
def events(draw, number=0):
    type_ = draw(st.sampled_from(EVENT_TYPES))
    roles = [r for r in ROLES[type_] if draw(st.booleans())]
    parties = {r: "|".join(draw(st.lists(NAMES, min_size=1, max_size=3))) for r in roles}
    statuses = draw(st.lists(st.sampled_from(STATUSES), min_size=1, max_size=3, unique=True))
    told = sorted(statuses, key=STATUSES.index)
    days = sorted(draw(st.lists(st.sampled_from(DAYS), min_size=len(told), max_size=len(told))))
    return event(
        f"event-{number}",
        type_,
        list(zip(told, days, strict=True)),
        parties,
        kind=draw(st.sampled_from(KINDS)),
        round=draw(st.sampled_from(ROUNDS)),
        amount=draw(AMOUNTS),
        valuation=draw(AMOUNTS),
        category=draw(st.sampled_from(CATEGORIES)),
        place=draw(st.lists(NAMES, max_size=2)),
        scope=draw(st.sampled_from([None, "company", "product", "unit"])),
        from_=draw(st.sampled_from([None, "seat", "usage"])),
        to=draw(st.sampled_from([None, "usage", "free"])),
        confidence=draw(st.floats(0, 1)),
    )


@st.composite
def predictions(draw):
    exhibit = Exhibit(
        event_id="event-0", text=draw(NAMES), clause=draw(st.one_of(st.none(), NAMES)), pending=True
    )
    return Judged(
        id="p",
        title=draw(NAMES),
        statement=draw(NAMES),
        made=moment("2026-01-01"),
        deadline=moment("2026-08-01"),
        odds=[Odds(at=moment("2026-06-24"), by=draw(NAMES), value=draw(st.floats(0, 1)))],
        status=draw(st.sampled_from(["open", "met", "not met", "undecided"])),
        near_misses=[exhibit],
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(first=events(0), second=events(1), judged=predictions())
def test_any_ledger_makes_an_issue_that_passes(first, second, judged):
    issue = build_issue(WEEK, [first, second], [judged], Seen(), WEEK.end)
    assert list(problems(issue, {"event-0", "event-1"})) == []
    assert set(render(issue)) == {"html", "md", "txt", "json"}
