"""An export has one row an event, every column explained, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from tests.ledger_builder import event, money
from tests.store_builders import at_file, count, small_store
from tracker.cli import main as tracker
from tracker.cli.events.export import COLUMNS, WRITERS, flat
from tracker.cli.output import FORMULA, csv_text
from tracker.models.ledger import Event, Interval
from tracker.store.engine import open_store

DOCS = Path(__file__).parents[1] / "docs" / "store.md"


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = at_file(tmp_path / "store.db")
    small_store(url).dispose()
    monkeypatch.setenv("TRACKER_DATABASE_URL", url)
    return url


def run(*arguments: str) -> Result:
    return CliRunner().invoke(tracker, ["events", "export", *arguments])


def test_csv_has_one_row_an_event(store: str) -> None:
    done = run()
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) == count(open_store(store), "event")
    assert list(rows[0]) == list(COLUMNS)
    (deal,) = (row for row in rows if row["type"] == "acquisition")
    wanted = {
        "acquirer": "IBM", "target": "Confluent", "amount": "11000000000.0", "amount_currency": "USD",
        "announced": "2026-01-05", "completed": "", "first_reported": "2026-01-05T00:00:00+00:00",
        "sources": "1", "title": "IBM to buy Confluent", "url": "https://wire.example/1",
        "evidence": "IBM said it will buy Confluent for $11 billion.", "company_ids": "confluent; ibm",
    }  # fmt: skip
    assert {name: deal[name] for name in wanted} == wanted


def test_all_forms_say_the_same(tmp_path: Path) -> None:
    lines = [json.loads(line) for line in run("--format", "jsonl").stdout.splitlines()]
    assert run("--format", "parquet", "--out", str(tmp_path / "deep" / "e.parquet")).exit_code == 0
    table = pq.read_table(tmp_path / "deep" / "e.parquet")
    assert table.column_names == list(COLUMNS)
    assert str(table.schema.field("amount").type) == "double"
    assert str(table.schema.field("announced").type) == "date32[day]"
    assert str(table.schema.field("first_reported").type) == "timestamp[us, tz=UTC]"
    told = [
        {n: v.isoformat() if hasattr(v, "isoformat") else v for n, v in row.items()}
        for row in table.to_pylist()
    ]
    assert told == lines


def hostile(start: str) -> Event:
    return event(title=f"{start}cmd()", evidence=start)


def test_no_cell_is_a_formula() -> None:
    text = csv_text([{"a": f"{start}cmd()", "b": [f"{start}x"]} for start in FORMULA], ("a", "b"))
    for row in list(csv.reader(io.StringIO(text)))[1:]:
        assert all(cell.startswith("'") for cell in row)
    assert csv_text([{"a": "x\r=cmd()"}], ("a",)) == 'a\n"x\n=cmd()"\n'
    assert csv_text([{"a": -5, "b": -0.5}], ("a", "b")) == "a,b\n-5,-0.5\n"


@pytest.mark.parametrize("start", FORMULA)
def test_no_exported_cell_is_a_formula(start: str) -> None:
    told = WRITERS["csv"]([flat(hostile(start))]).decode()
    (row,) = csv.DictReader(io.StringIO(told))
    assert row["title"] == f"'{start}cmd()".replace("\r", "\n")
    assert row["evidence"].startswith("'")
    assert json.loads(WRITERS["jsonl"]([flat(hostile(start))]))["title"] == f"{start}cmd()"


def test_money_of_every_kind_has_its_columns() -> None:
    one = event().model_copy(
        update={
            "amount": money(5e9, "EUR", "up_to"),
            "amount_usd": Interval(low=0, high=6.25e9, currency="EUR", rate=1.25),
            "valuation": money(None),
            "valuation_usd": Interval(low=1e9, high=None),
        }
    )
    row = flat(one)
    assert (row["amount"], row["amount_currency"], row["amount_qualifier"]) == (5e9, "EUR", "up_to")
    assert (row["amount_usd_low"], row["amount_usd_high"], row["rate"]) == (0, 6.25e9, 1.25)
    assert (row["valuation"], row["valuation_usd_low"], row["valuation_usd_high"]) == (None, 1e9, None)


def test_an_export_is_as_of_a_time() -> None:
    assert len(run("--as-of", "2026-01-20").stdout.splitlines()) == 2
    assert len(run("--as-of", "2025-01-20").stdout.splitlines()) == 1


def test_every_column_is_explained() -> None:
    section = DOCS.read_text("utf-8").split("## Export")[1].split("\n## ")[0]
    explained = re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (.*?) \|", section, flags=re.MULTILINE)))
    assert explained == list(COLUMNS)


def test_parquet_without_its_extra_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = run("--format", "parquet")
    assert done.exit_code == 1
    assert "pip install 'market-signal-tracker[parquet]'" in done.output


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run("--out", str(tmp_path / "file" / "events.csv"))
    assert done.exit_code == 1
    assert "cannot write" in done.output
