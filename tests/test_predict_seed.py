"""The predictions that ship, judged against the real events of a timeline (not part of the project)."""

from __future__ import annotations

import csv
import datetime as dt
import re
from pathlib import Path

import pytest

from tests.ledger_builder import event, party, usd
from tracker.config import shipped
from tracker.models.ledger import Event
from tracker.predict.coverage import ArticlePoint, Coverage, coverage_of
from tracker.predict.judge import judge
from tracker.predict.load import load_predictions
from tracker.predict.prediction import Prediction
from tracker.predict.verdict import Verdict

TIMELINE = Path(__file__).parents[2] / "shared/data/timeline/deals-2025-12_2026-05.csv"
SEED = shipped("data", "predictions", "great-ai-inversion.toml")
KINDS = {
    "Amazon": "cloud provider", "IBM": "enterprise software", "SAP": "enterprise software",
    "Nvidia": "chip maker",
    "NextEra Energy": "energy", "SpaceX": "industrial", "Google (Alphabet)": "cloud provider",
    "Palo Alto Networks": "security", "AIP / MGX / BlackRock GIP consortium": "investor",
    "Snowflake": "data platform", "ServiceNow": "enterprise software",
}  # fmt: skip
DEBT = re.compile(r"loan|debt|syndicate|notes", re.IGNORECASE)
ROLES = {
    "acquisition": ("acquirer", "target"),
    "shutdown": ("company", "subject"),
    "pricing": ("company", "subject"),
    "commitment": ("company", "partners"),
}


@pytest.fixture(scope="module")
def seed() -> dict[str, Prediction]:
    return {p.id: p for p in load_predictions(SEED)}


def test_five_predictions_and_five_facts_ship_complete(seed: dict[str, Prediction]) -> None:
    forecasts = [p for p in seed.values() if p.kind == "prediction"]
    assert (len(forecasts), len(seed)) == (5, 10)
    for p in seed.values():
        assert p.made == dt.date(2026, 3, 26)
        assert p.counts
        assert p.source
        assert p.source.document
        assert p.source.section
    assert all((p.probabilities and p.does_not_count and p.against) or p.condition for p in forecasts)
    assert seed["inversion-1-infrastructure-deals"].deadline == dt.date(2026, 6, 30)


# ----- against the timeline

needs_timeline = pytest.mark.skipif(not TIMELINE.exists(), reason="the timeline of real deals is not here")


def row_event(number: int, row: dict[str, str]) -> Event:
    day = row["event_date"] + ("-15" if len(row["event_date"]) == 7 else "")
    one, other = ROLES.get(row["type"], ("company", "investors"))
    amount = row["valuation_usd_millions"] if row["type"] == "valuation" else row["amount_usd_millions"]
    bound = (None, None) if not amount else (float(amount) * 1e6,) * 2
    low, high = (0.0, bound[1]) if "'Up to'" in row["note"] else bound
    name = re.sub(r" \((?:Alphabet|AWS|Z\.ai)\)$", "", row["primary_party"])
    kind = KINDS.get(row["primary_party"], "other")
    return event(
        row["type"],
        id=f"row-{number}-{row['primary_party']}",
        states={row["status"]: day},
        category=row["category"],
        parties={one: [party(name, kind)], other: [party(row["counterparty"])]},
        place=[p for p in re.split("/", row["region"]) if p],
        amount_usd=None if low is None else usd(low, high),
        valuation_usd=usd(float(v) * 1e6) if (v := row["valuation_usd_millions"]) else None,
        to=pricing_to(row["counterparty"]) if row["type"] == "pricing" else None,
        round="debt" if DEBT.search(row["counterparty"] + row["note"][:40]) else None,
        origins=1 + row["note"].count("http") + 1,
        title=row["counterparty"],
    )  # fmt: skip


def pricing_to(text: str) -> str:
    for word, model in (
        ("credit", "credits"),
        ("token", "usage"),
        ("per-action", "usage"),
        ("resol", "outcome"),
    ):
        if word in text.lower():
            return model
    return "seat" if "user" in text else "hybrid"


@pytest.fixture(scope="module")
def timeline() -> list[Event]:
    with TIMELINE.open(encoding="utf-8") as file:
        return [row_event(n, row) for n, row in enumerate(csv.DictReader(file), 1)]


def all_days() -> Coverage:
    start, end = dt.date(2025, 1, 1), dt.date(2028, 1, 1)
    days = [start + dt.timedelta(days=n) for n in range((end - start).days)]
    return coverage_of([], [ArticlePoint("wire", d) for d in days], start, end)


def judged(seed: dict[str, Prediction], timeline: list[Event], id_: str, day: str) -> Verdict:
    now = dt.datetime.fromisoformat(f"{day}T00:00:00+00:00")
    known = [e for e in timeline if e.first_reported < now]
    return judge(seed[id_], known, all_days(), now)


def names(listed: list[object]) -> str:
    return "\n".join(str(e) for e in listed)


@needs_timeline
def test_deals(seed: dict[str, Prediction], timeline: list[Event]) -> None:
    v = judged(seed, timeline, "inversion-1-infrastructure-deals", "2026-06-01")
    assert v.status == "open"
    assert [e.description.split(":")[0] for e in v.evidence_for] == ["Amazon - Globalstar"]
    whys = {e.description.split(":")[0]: e.why for e in v.near_misses}
    assert whys["SAP - Reltio"] == "the amount is not disclosed"
    assert whys["SAP - Dremio"] == "the amount is not disclosed"
    assert (whys["NextEra Energy - Dominion Energy"] or "").startswith("the buyer is an energy company, not")
    assert whys["IBM - Confluent"] is not None
    assert "early" in whys["IBM - Confluent"]
    assert v.pace is not None
    assert (v.pace.so_far, v.pace.threshold, v.pace.days_left) == (1, 3, 30)
    assert judged(seed, timeline, "inversion-1-infrastructure-deals", "2026-07-01").status == "undecided"


@needs_timeline
def test_commitments(seed: dict[str, Prediction], timeline: list[Event]) -> None:
    v = judged(seed, timeline, "inversion-2-european-sovereignty", "2026-05-29")
    assert v.status == "open"
    told = names(v.evidence_for)
    assert all(name in told for name in ("Nebius", "Mistral AI", "Verda"))
    assert "Schwarz Group" not in told  # announced in 2025, retold
    assert all(e.day is not None and e.day > dt.date(2026, 3, 26) for e in v.evidence_for)
    assert judged(seed, timeline, "inversion-2-european-sovereignty", "2026-06-01").status == "met"


@needs_timeline
def test_pricing(seed: dict[str, Prediction], timeline: list[Event]) -> None:
    v = judged(seed, timeline, "inversion-3-consumption-pricing", "2026-06-01")
    assert v.status == "open"
    told = names(v.evidence_for)
    assert all(
        name in told
        for name in ("OpenAI", "Anthropic", "HubSpot", "GitHub", "Notion", "Zendesk", "ServiceNow")
    )
    assert "Workday" not in told  # before the article


@needs_timeline
def test_condition_and_valuations(seed: dict[str, Prediction], timeline: list[Event]) -> None:
    listing = judged(seed, timeline, "inversion-4-openai-listing", "2026-06-01")
    assert (listing.status, listing.condition) == ("open", "open")
    assert judged(seed, timeline, "inversion-4-openai-listing", "2027-07-01").status == "void"
    marks = judged(seed, timeline, "inversion-5-secondary-valuations", "2026-06-01")
    assert marks.status == "open"
    against = names(marks.evidence_against)
    assert "Anthropic" in against
    assert "OpenAI" in against


@needs_timeline
@pytest.mark.parametrize(
    ("id_", "status"),
    [
        ("fact-confluent-largest", "not met"),
        ("fact-mistral-debt", "met"),
        ("fact-sora-shutdown", "undecided"),
        ("fact-openai-secondary-demand", "undecided"),
        ("fact-week-of-deals", "undecided"),
    ],
)
def test_facts(seed: dict[str, Prediction], timeline: list[Event], id_: str, status: str) -> None:
    assert judged(seed, timeline, id_, "2026-06-01").status == status
