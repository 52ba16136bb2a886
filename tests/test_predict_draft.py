"""Forward-looking sentences become predictions; what no rule can read is told with the reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.gather_support import Answer, Site, serve_site
from tracker.cli import main
from tracker.drafting import drafts, forward, toml
from tracker.predict.horizons import horizon_of
from tracker.predict.load import load_predictions

MADE = dt.date(2026, 3, 26)
COMPANIES = ["OpenAI", "Anthropic", "Google", "Google Cloud", "Mistral AI"]
MEMO = """# The quarter

Deals slowed in the first quarter. OpenAI bought a small lab in January.

## What we're watching

- Three more infrastructure acquisitions above $10bn by the end of June.
- If OpenAI lists at more than $1tn by the end of 2026, Anthropic will go public within 12 months.
- European governments commit a total of $50bn to data centres by March 2027.
- The mood of the market in the second half of 2026.

## Last week

Mistral AI raised $830m. Google Cloud will not acquire Mistral AI this year.
"""


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("by the end of the second quarter of 2026", "2026-06-30"),
        ("by 15 May", "2026-05-15"),
        ("no later than June 2026", "2026-06-30"),
        ("by May 0.5 of a point", "2026-05-31"),
        ("before May 15, 2027", "2027-05-15"),
        ("in February", "2027-02-28"),
        ("in Q1 2027", "2027-03-31"),
        ("in the second half", "2026-12-31"),
        ("over the next 18 months", "2027-09-26"),
        ("within two weeks", "2026-04-09"),
        ("by the end of next quarter", "2026-06-30"),
        ("this year", "2026-12-31"),
        ("by year-end", "2026-12-31"),
        ("by 2028", "2028-12-31"),
    ],
)
def test_deadlines_as_articles_write_them(phrase: str, day: str) -> None:
    found = horizon_of(f"It comes {phrase}.", MADE)
    assert found is not None
    assert str(found.day) == day


@pytest.mark.parametrize("phrase", ["in January 2026", "soon", "in 2025", "it may march on"])
def test_no_deadline_is_made_up(phrase: str) -> None:
    assert horizon_of(f"It comes {phrase}.", MADE) is None


def test_only_what_looks_ahead_is_taken() -> None:
    told = list(forward(MEMO))
    assert len(told) == 5
    assert all("slowed" not in t and "bought" not in t and "raised" not in t for t in told)


def test_no_later_than_denies_nothing() -> None:
    (draft,) = drafts("OpenAI will go public no later than June 2026.", MADE, COMPANIES)
    assert draft.criterion.startswith("exists(ipo where ")
    assert str(draft.deadline) == "2026-06-30"


def test_each_sentence_becomes_a_criterion_or_a_reason() -> None:
    deals, listing, money, mood, denied = drafts(MEMO, MADE, COMPANIES)
    assert (str(deals.deadline), deals.criterion) == (
        "2026-06-30",
        "count(acquisition where announced after 2026-03-26 and announced by 2026-06-30 "
        "and category is infrastructure and amount >= $10bn) >= 3",
    )
    assert listing.condition == (
        "exists(ipo where completed after 2026-03-26 and completed by 2026-12-31 "
        'and company in ("OpenAI") and valuation >= $1tn)'
    )
    assert (str(listing.condition_deadline), str(listing.deadline)) == ("2026-12-31", "2027-03-26")
    assert listing.criterion is not None
    assert 'company in ("Anthropic")' in listing.criterion
    assert money.criterion is not None
    assert money.criterion.startswith("sum(amount of commitment where")
    assert "place is Europe) >= $50bn" in money.criterion
    assert (mood.criterion, mood.notes[-1]) == (None, "It names no kind of event that the ledger keeps.")
    assert denied.criterion == (
        "not exists(acquisition where announced after 2026-03-26 and announced by 2026-12-31 "
        'and party in ("Google Cloud", "Mistral AI"))'
    )


def test_a_missing_deadline_is_assumed_and_said() -> None:
    [draft] = drafts("OpenAI will acquire a chip maker.", MADE, COMPANIES)
    assert draft.deadline == dt.date(2027, 3, 26)
    assert draft.notes[0] == "No deadline is stated; a year is assumed: 26 March 2027."


def test_a_condition_that_no_event_tells_leaves_no_criterion() -> None:
    [draft] = drafts("If the mood turns, OpenAI will acquire a chip maker by June.", MADE, COMPANIES)
    assert (draft.criterion, draft.notes[-1][:36]) == (None, "Condition: It names no kind of event")


def test_any_such_event_would_be_no_prediction() -> None:
    [draft] = drafts("There will be acquisitions.", MADE, COMPANIES)
    assert (draft.criterion, "any such event would do" in draft.notes[-1]) == (None, True)


def test_the_drafts_are_a_file_that_can_be_imported(tmp_path: Path) -> None:
    path = tmp_path / "d.toml"
    path.write_text(toml(drafts(MEMO, MADE, COMPANIES), "ana", MADE, 'a "memo"'), encoding="utf-8")
    found = load_predictions(path)
    assert len(found) == 4
    assert found[0].id.startswith("draft-1-three-more-infrastructure")
    assert found[1].condition is not None
    assert "# No criterion: The mood of the market" in path.read_text(encoding="utf-8")


def test_the_command_reads_text_and_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{tmp_path / 't.db'}")
    (tmp_path / "memo.md").write_text(MEMO, encoding="utf-8")
    arguments = ["predictions", "draft", str(tmp_path / "memo.md"), "--made", "2026-03-26", "--by", "ana"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    assert result.stderr == "5 sentences look ahead, 4 with a criterion\n"
    assert result.stdout.count("[[prediction]]") == 4
    missing = CliRunner().invoke(main, ["predictions", "draft", str(tmp_path / "nowhere.md")])
    assert (missing.exit_code, "no such file" in missing.stderr.lower()) == (1, True)


@pytest.mark.parametrize(
    ("told", "head", "tail"),
    [
        ("We expect more than three infrastructure acquisitions by June.", "count(", ") > 3"),
        ("There will be fewer than three infrastructure acquisitions by June.", "count(", ") < 3"),
        ("We expect no more than three infrastructure acquisitions by June.", "count(", ") <= 3"),
        ("We will not see more than three infrastructure acquisitions by June.", "not count(", ") > 3"),
        ("We will not see three infrastructure acquisitions by June.", "not count(", ") >= 3"),
        ("Europe will not commit a total of $50bn to data centres by June.", "not sum(", ">= $50bn"),
    ],
)
def test_a_denial_and_a_bound_reach_counts_and_sums(told: str, head: str, tail: str) -> None:
    [draft] = drafts(told, MADE, COMPANIES)
    assert draft.criterion is not None
    assert draft.criterion.startswith(head)
    assert draft.criterion.endswith(tail)


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{tmp_path / 't.db'}")
    told = "OpenAI will acquire a chip maker by the end of June. "
    filler = "The rest of the page is about the weather. " * 20
    body = f"<!doctype html><title>Watched</title><article><p>{told}{filler}</p></article>"
    with serve_site(
        {
            "/memo": Answer(body.encode()),
            "/closed/memo": Answer(body.encode()),
            "/robots.txt": Answer(b"User-agent: *\nDisallow: /closed/\n", content_type="text/plain"),
        }
    ) as site:
        yield site


def test_a_page_is_asked_for_as_a_crawl_would(served: Site) -> None:
    def call(path: str, *options: str) -> Result:
        return CliRunner().invoke(main, ["predictions", "draft", served.url(path), *options])

    found = call("/memo", "--local", "--made", "2026-03-26")
    assert found.exit_code == 0, found.output
    assert 'party in (\\"OpenAI\\")' in found.stdout
    inside, closed = call("/memo"), call("/closed/memo", "--local")
    assert (inside.exit_code, "private network" in inside.stderr) == (1, True)
    assert (closed.exit_code, "robots.txt" in closed.stderr) == (1, True)
