"""Synthetic events and predictions from which the briefing's tests build their weeks."""

from __future__ import annotations

import datetime as dt

from tests.brief_builders import DAY, WEEK, event, many, moment, money, simple, source
from tracker.brief.inputs import Exhibit, Judged, Odds, Pace, Seen, SourceWeek
from tracker.models.ledger import Contradiction, Event, Interval, State

__all__ = [
    "DAY",
    "WEEK",
    "Exhibit",
    "Judged",
    "Odds",
    "Seen",
    "SourceWeek",
    "event",
    "many",
    "moment",
    "money",
    "normal_events",
    "normal_judged",
    "normal_seen",
    "simple",
    "source",
]


def normal_events() -> list[Event]:
    return [
        event(
            "acq-meridian",
            "acquisition",
            [("rumoured", "2026-06-12"), ("announced", "2026-06-23")],
            {"acquirer": "Northwind Cloud", "target": "Meridian Streams"},
            amount=money(11.4e9),
            filings=1,
            sources=[
                source(1, "rumoured", moment("2026-06-12")),
                source(
                    2,
                    "announced",
                    moment("2026-06-23"),
                    tier=1,
                    title="Northwind Cloud to buy Meridian Streams",
                    evidence="Northwind Cloud said on Tuesday it had signed a definitive agreement to buy "
                    "Meridian Streams for $11.4 billion in cash.",
                ),
                source(3, "announced", moment("2026-06-24"), url="https://press.example/meridian"),
            ],
            contradictions=[Contradiction(field="amount", value="$11bn", article_ids=[3])],
        ),
        event(
            "fin-helia",
            "financing",
            [("completed", "2026-06-24")],
            {
                "company": "Helia AI",
                "lead": "Bluewater Capital",
                "investors": "Bluewater Capital|Oak Street|Pine Fund",
            },
            amount=money(1.1e9, "EUR"),
            amount_usd=Interval(low=1.188e9, high=1.188e9, currency="EUR", rate=1.08),
            valuation=money(9e9, "EUR"),
            valuation_usd=Interval(low=9.7e9, high=9.7e9, currency="EUR", rate=1.08),
            round="series_c",
            category="model",
        ),
        event(
            "fin-tally",
            "financing",
            [("completed", "2026-06-25")],
            {"company": "Tally", "investors": "Oak Street"},
            round="seed",
            category="application",
            confidence=0.55,
        ),
        event(
            "acq-unit",
            "acquisition",
            [("completed", "2026-06-26")],
            {"target": "Granite Observability", "seller": "Granite Holdings"},
            kind="unit",
            amount=money(640e6, qualifier="about"),
        ),
        event(
            "acq-rumour",
            "acquisition",
            [("rumoured", "2026-06-26")],
            {"acquirer": "Contoso Software", "target": "Lakefront Data"},
            amount=money(10e9, qualifier="at_least"),
            confidence=0.7,
        ),
        event(
            "shut-scribe",
            "shutdown",
            [("announced", "2026-06-24")],
            {"company": "Helia AI", "subject": "Helia Scribe"},
            scope="product",
            category="application",
            states=[State(status="announced", date=dt.date(2026, 8, 31), article_id=1)],
            sources=[source(1, "announced", moment("2026-06-24"))],
        ),
        event(
            "com-fjord",
            "commitment",
            [("announced", "2026-06-22")],
            {"company": "Fjord Compute"},
            place=["Norway"],
            amount=money(95e9, "SEK"),
            amount_usd=Interval(low=9.9e9, high=9.9e9, currency="SEK", rate=0.104),
        ),
        event(
            "price-contoso",
            "pricing",
            [("completed", "2026-06-24")],
            {"company": "Contoso Software", "subject": "Contoso Desk"},
            from_="seat",
            to="usage",
            category="application",
        ),
        event(
            "val-orbit",
            "valuation",
            [("completed", "2026-06-27")],
            {"company": "Orbit Labs"},
            amount=money(310e9),
            category="model",
        ),
        event(
            "ipo-quarry",
            "ipo",
            [("rumoured", "2026-05-02"), ("announced", "2026-06-25")],
            {"company": "Quarry Networks"},
            amount=money(3e9, qualifier="up_to"),
            amount_usd=Interval(low=0, high=3e9),
        ),
        event(
            "old-background",
            "acquisition",
            [("completed", "2026-06-24")],
            {"acquirer": "Old Buyer", "target": "Old Target"},
            salience="background",
            amount=money(50e9),
        ),
        event(
            "old-retold",
            "acquisition",
            [("completed", "2025-01-10")],
            {"acquirer": "Stale Corp", "target": "Dusty"},
            amount=money(2e9),
            sources=[source(1, "completed", moment("2026-06-24"))],
        ),
        *(
            event(
                f"past-{n}",
                "financing",
                [("completed", str(dt.date(2026, 6, 17) - n * 4 * DAY))],
                {"company": f"Past {n}"},
                amount=money((n % 7 + 1) * 1.7e8),
                category=("infrastructure", "model", "infrastructure", "application")[n % 4],
            )
            for n in range(22)
        ),
    ]


def normal_judged() -> list[Judged]:
    return [
        Judged(
            id="infrastructure-buys",
            title="Three more infrastructure buys of $10bn",
            made=moment("2026-03-26"),
            statement="By the end of June, three more infrastructure companies are bought for $10bn or more.",
            deadline=moment("2026-07-01", 0),
            author="Desk",
            criterion="count(acquisition where amount >= $10bn) >= 3",
            odds=[
                Odds(at=moment("2026-03-26"), by="Desk", value=0.35),
                Odds(at=moment("2026-06-24"), by="Desk", value=0.15, why="time runs out"),
            ],
            evidence_for=[
                Exhibit(
                    event_id="acq-meridian", text="Northwind Cloud agreed to buy Meridian Streams for $11.4bn"
                )
            ],
            near_misses=[
                Exhibit(
                    event_id="acq-rumour",
                    text="Contoso Software in talks over Lakefront Data",
                    clause="rumoured only",
                    pending=True,
                )
            ],
            pace=Pace(
                unit="events",
                threshold=3,
                so_far=1,
                needed_per_week=2,
                projected=1.1,
                low=1,
                high=2,
                probability=0.02,
            ),
        ),
        Judged(
            id="europe",
            title="$50bn for European compute",
            made=moment("2026-03-26"),
            deadline=moment("2027-04-01", 0),
            statement="At least $50bn of further infrastructure commitments are made in Europe.",
            author="Desk",
            criterion="sum(commitment where region is Europe) >= $50bn",
            odds=[Odds(at=moment("2026-03-26"), by="Desk", value=0.6)],
            evidence_for=[Exhibit(event_id="com-fjord", text="Fjord Compute pledged SEK 95bn")],
            pace=Pace(unit="USD", threshold=50e9, so_far=9.9e9, projected=41e9, low=22e9, high=71e9),
        ),
        Judged(
            id="sora",
            title="A video model is shut",
            made=moment("2026-03-26"),
            deadline=moment("2026-06-27", 0),
            statement="A leading lab shuts its video model by 26 June.",
            author="Desk",
            criterion="exists(shutdown)",
            odds=[Odds(at=moment("2026-03-26"), by="Desk", value=0.8)],
            status="not met",
            reasons=["No shutdown of a video model is in the ledger."],
            evidence_against=[
                Exhibit(
                    event_id="shut-scribe",
                    text="Helia AI will shut down Helia Scribe",
                    clause="subject is not a video model",
                )
            ],
        ),
        Judged(
            id="fact-largest",
            title="The largest deal",
            kind="fact",
            made=moment("2026-03-26"),
            status="met",
            criterion="max(acquisition)",
            statement="The purchase of Confluent is the largest infrastructure deal on record.",
            reasons=["No larger one is in the ledger."],
        ),
    ]


def normal_seen() -> Seen:
    return Seen(
        sources=[
            SourceWeek(source_id="wire.example", articles=41, usual=44.5, fetched=7),
            SourceWeek(
                source_id="press.example", articles=0, usual=12.25, fetched=7, failed=7, reason="HTTP 503"
            ),
            SourceWeek(source_id="quiet.example", articles=0, usual=5.5, fetched=7),
        ],
        days=[WEEK.first + n * DAY for n in range(6)],
    )
