"""`tracker ingest` and `tracker events` from the outside; the extractor reads what the test wrote."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from tests.mention_builders import WrittenExtractor, at, mention, written
from tracker import pipeline
from tracker.cli import main
from tracker.config import Settings
from tracker.models.mention import Mention, Money, Span
from tracker.store.engine import open_store

ANNOUNCED = mention("acquisition", "announced", acquirer="IBM", target="Confluent", amount=11)
COMPLETED = mention("acquisition", "completed", acquirer="IBM", target="Confluent", date="2026-03-17")
OLD = mention("financing", "completed", company="Mistral AI", salience="background", date="2025-09")
EURO = mention("financing", "completed", company="Mistral AI", amount=Money(value=1.1e9, currency="EUR"))


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs a command on a store of its own; stdout and stderr apart."""
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{tmp_path}/t.db")
    monkeypatch.setattr(pipeline, "_default_extractor", lambda settings: WrittenExtractor())

    def call(*args: str, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(main, args, input=stdin, catch_exceptions=False)

    return call


def item(id_: str, day: str, *mentions: Mention, host: str = "") -> str:
    url = f"https://www.{host or id_}.example/{id_}"
    text = written(*mentions, lead=id_ + host)
    return json.dumps({"id": id_, "url": url, "title": f"Title {id_}{host}", "text": text, "published": day})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "news.jsonl"
    lines = [
        item("a", "2025-12-08", ANNOUNCED),
        item("b", "2026-03-18", COMPLETED),
        item("c", "2026-03-20", OLD),
        item("d", "2026-03-25"),
    ]
    path.write_text("\n".join(lines), "utf-8")
    return path


def listed(run: Any, *args: str) -> list[dict[str, Any]]:
    result = run("events", "list", "--format", "json", *args)
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def test_ingests_reads_and_says_what_it_did(run: Any, file: Path) -> None:
    result = run("ingest", str(file))
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "4 articles: 4 new, 0 changed, 0 unchanged, 0 bad",
        "4 articles read, 3 mentions; events: 2 new, 0 changed",
    ]
    again = run("ingest", str(file))
    assert again.stdout.splitlines() == [
        "4 articles: 0 new, 0 changed, 4 unchanged, 0 bad",
        "0 articles read, 0 mentions; events: 0 new, 0 changed",
    ]


def test_other_languages_are_stored_not_read_and_counted(run: Any, tmp_path: Path) -> None:
    german = json.loads(item("e", "2026-03-26", ANNOUNCED)) | {"language": "de"}
    path = tmp_path / "news.jsonl"
    path.write_text(f"{item('a', '2025-12-08', ANNOUNCED)}\n{json.dumps(german)}\n", "utf-8")
    assert run("ingest", str(path)).stdout.splitlines() == [
        "2 articles: 2 new, 0 changed, 0 unchanged, 0 bad",
        "1 article read, 1 mentions; events: 1 new, 0 changed; 1 article left out, not in English",
    ]


def test_bad_lines_are_told_one_by_one_and_the_good_ones_kept(run: Any, file: Path, tmp_path: Path) -> None:
    file.write_text(f"{file.read_text()}\nnot json\n{item('e', 'soon')}\n{item('f', '2026-04-01')}\n")
    result = run("ingest", str(tmp_path / "none.jsonl"), str(file))
    assert result.exit_code == 1
    missing, json_, date = result.stderr.splitlines()
    assert missing == f"{tmp_path}/none.jsonl: no such file (check the path; - reads standard input)"
    assert json_ == f"{file}:5: not JSON at column 1: Expecting value"
    assert date == f"{file}:6: field 'published' is not an ISO day or time: 'soon'"
    assert result.stdout.splitlines()[0] == "5 articles: 5 new, 0 changed, 0 unchanged, 3 bad"


def test_standard_input_and_no_extract(run: Any) -> None:
    result = run("ingest", "--no-extract", "-", stdin=item("a", "2026-01-05", ANNOUNCED).encode())
    assert (result.exit_code, result.stdout) == (0, "1 article: 1 new, 0 changed, 0 unchanged, 0 bad\n")
    assert listed(run) == []


def test_a_changed_text_becomes_a_revision_and_replaces_what_was_told(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(item("a", "2026-01-05", ANNOUNCED))
    run("ingest", str(path))
    path.write_text(item("a", "2026-01-05", EURO))
    result = run("ingest", str(path))
    assert "0 new, 1 changed" in result.stdout
    assert [e["type"] for e in listed(run)] == ["financing"]


def test_one_id_at_two_sources_is_two_articles(run: Any) -> None:
    both = "\n".join(item("1", "2026-01-05", ANNOUNCED, host=host) for host in ("wire", "paper"))
    assert "2 new" in run("ingest", "-", stdin=both.encode()).stdout
    assert listed(run)[0]["origins"] == 2


def test_misuse_is_exit_2(run: Any) -> None:
    assert run("ingest").exit_code == 2
    assert run("ingest", "--seen", "later", "-").exit_code == 2


def test_seen_decides_what_was_known_when(run: Any, file: Path) -> None:
    run("ingest", "--seen", "published", str(file))
    (event,) = listed(run, "--as-of", "2026-01-01")
    assert event["status"] == "announced"
    assert listed(run)[0]["status"] == "completed"
    assert listed(run, "--as-of", "2025-12-06") == []


def test_seen_now_knew_nothing_before(run: Any, file: Path) -> None:
    run("ingest", str(file))
    assert listed(run, "--as-of", "2026-06-30") == []
    assert len(listed(run)) == 1


def test_filters(run: Any, file: Path) -> None:
    run("ingest", str(file))
    ids = {e["type"]: e["id"] for e in listed(run, "--salience", "all")}
    assert set(ids) == {"acquisition", "financing"}
    assert [e["type"] for e in listed(run, "--salience", "background")] == ["financing"]
    for matching in (
        ("--type", "acquisition"), ("--status", "completed"), ("--category", "infrastructure"),
        ("--week", "2026-W12"), ("--week", "2025-W50"), ("--since", "2026-03-18"), ("--until", "2025-12-08"),
        ("--company", "International Business Machines"), ("--company", "confluent, inc."),
    ):  # fmt: skip
        assert [e["id"] for e in listed(run, *matching)] == [ids["acquisition"]], matching
    for missing in (
        ("--type", "ipo"), ("--status", "rumoured"), ("--category", "model"), ("--week", "2026-W13"),
        ("--since", "2026-03-19"), ("--until", "2025-12-07"), ("--company", "Oracle"),
    ):  # fmt: skip
        assert listed(run, *missing) == [], missing


def test_bad_options_are_misuse(run: Any) -> None:
    for args in (
        ("--week", "2026-W60"), ("--week", "26"), ("--since", "soon"), ("--type", "party"), ("--as-of", "x"),
        ("--week", "2026-W12", "--since", "2026-01-01"),
    ):  # fmt: skip
        result = run("events", "list", *args)
        assert result.exit_code == 2, args
        assert "Error: " in result.stderr


def test_every_format(run: Any, file: Path) -> None:
    run("ingest", str(file))
    header, first, *_ = run("events", "list").stdout.splitlines()
    assert header.split() == ["id", "date", "status", "parties", "amount"]
    assert {"2026-03-17", "completed", "$11bn"} <= set(first.split())
    lines = run("events", "list", "--format", "jsonl", "--salience", "all").stdout.splitlines()
    assert [json.loads(line)["type"] for line in lines] == ["acquisition", "financing"]
    rows = list(csv.DictReader(io.StringIO(run("events", "list", "--format", "csv").stdout)))
    assert rows[0]["amount"] == "$11bn"
    assert rows[0]["parties"] == "acquirer: IBM; target: Confluent"


def test_show_tells_states_amounts_and_sentences(run: Any, file: Path) -> None:
    run("ingest", str(file))
    text = run("events", "show", "acquisition-confluent").stdout
    for part in (
        "acquirer: IBM (enterprise software)", "amount: USD 11,000,000,000 (USD 11,000,000,000)",
        "2025-12-08  announced", "2026-03-17  completed", "2 independent, 0 filings", "“evidence”",
        "https://www.a.example/a",
    ):  # fmt: skip
        assert part in text
    event = json.loads(run("events", "show", "acquisition-confluent", "--format", "json").stdout)
    assert [s["status"] for s in event["states"]] == ["announced", "completed"]


def test_show_gives_the_rate_of_another_currency(run: Any) -> None:
    run("ingest", "-", stdin=item("a", "2024-03-15", EURO).encode())
    text = run("events", "show", "fin").stdout
    assert "amount: EUR 1,100,000,000 (USD 1,198,120,000 at 1.0892 of 2024-03-15)" in text


def test_show_says_what_is_wrong_with_an_id(run: Any, file: Path) -> None:
    run("ingest", str(file))
    missing = run("events", "show", "nothing")
    assert missing.exit_code == 1
    assert missing.stderr.startswith("Error: no event 'nothing'")
    many = run("events", "show", "")
    assert many.exit_code == 1
    assert "2 events begin with ''" in many.stderr


def test_text_from_outside_does_not_steer_the_terminal(run: Any) -> None:
    evil = ANNOUNCED.model_copy(update={"evidence": Span(text="red \x1b[31m \u202e alert", start=0, end=9)})
    run("ingest", "-", stdin=item("a", "2026-01-05", evil).encode())
    text = run("events", "show", "acq").stdout
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "red" in text


def test_an_interrupted_reading_goes_on_where_it_stopped(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = "\n".join(item(f"n{n:03d}", "2026-01-05", ANNOUNCED) for n in range(120))
    run("ingest", "--no-extract", "-", stdin=many.encode())
    engine = open_store(f"sqlite:///{tmp_path}/t.db")
    first = WrittenExtractor(fail_after=110)
    with pytest.raises(KeyboardInterrupt):
        pipeline.digest(engine, settings=Settings(), extractor=first)
    second, steps = WrittenExtractor(), []
    done = pipeline.digest(
        engine, settings=Settings(), extractor=second, on_progress=lambda *step: steps.append(step)
    )
    assert (done.articles_read, done.mentions, steps) == (20, 20, [(20, 20)])
    assert second.read == [f"Title n{n:03d}" for n in range(100, 120)]
    (event,) = pipeline.ledger(engine)
    assert len(event.sources) == 120


def test_nothing_unread_asks_the_extractor_nothing(run: Any, file: Path, tmp_path: Path) -> None:
    run("ingest", str(file))

    class Silent(WrittenExtractor):
        def extract(self, documents: Any) -> Any:
            raise AssertionError("asked to read")

    engine = open_store(f"sqlite:///{tmp_path}/t.db")
    assert pipeline.digest(engine, settings=Settings(), extractor=Silent()).articles_read == 0


def test_a_new_extractor_version_reads_everything_again(run: Any, file: Path, tmp_path: Path) -> None:
    run("ingest", str(file))
    engine = open_store(f"sqlite:///{tmp_path}/t.db")
    done = pipeline.digest(engine, settings=Settings(), extractor=WrittenExtractor("test-2"))
    assert (done.articles_read, done.mentions) == (4, 3)
    assert len(pipeline.ledger(engine)) == 2
    assert len(pipeline.ledger(engine, published_before=at("2026-01-01"))) == 1


def test_what_is_derived_again_equals_what_is_stored(run: Any, file: Path, tmp_path: Path) -> None:
    run("ingest", str(file))
    engine: sa.Engine = open_store(f"sqlite:///{tmp_path}/t.db")
    assert pipeline.ledger(engine, published_before=at("2999-01-01")) == pipeline.ledger(engine)
