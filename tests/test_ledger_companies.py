"""Companies change their names and owners, and people say who is who."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.mention_builders import COMPANIES, DIRECTORY, FixedRates, at, mention, told
from tests.test_ledger_judgements_commands import add, listed, run
from tracker import pipeline
from tracker.config import shipped
from tracker.errors import ConfigError, LedgerError
from tracker.models.company import Company, Listing
from tracker.models.judgement import Judgement
from tracker.resolve.companies import Directory
from tracker.resolve.facts import make_told
from tracker.resolve.listings import match_listings, read_sec
from tracker.resolve.registry import read_value, registry, with_history
from tracker.resolve.tickers import ticker_beside
from tracker.store.engine import open_store
from tracker.store.events import Changes


def said(
    number: int, company: str, field: str, to: Any, since: str | None = None, name: str = ""
) -> Judgement:
    value = {"to": to, "since": since, "name": name or company, "to_name": to}
    when = at("2026-07-01") + dt.timedelta(days=number)
    return Judgement(id=number, kind="company", at=when, by="ana", company=company, field=field, value=value)


def known(*judgements: Judgement, listings: list[Listing] | None = None) -> dict[str, Company]:
    return {c.id: c for c in registry(COMPANIES, listings or [], judgements)}


def linked(companies: dict[str, Company], name: str) -> str:
    return Directory(companies.values()).link(name).id


# ----- what people say


def test_a_renamed_company_keeps_its_name_and_its_links() -> None:
    found = known(said(1, "anysphere", "name", "Cursor Intelligence", "2026-05-01"))
    assert (found["anysphere"].name, found["anysphere"].former[0].name) == (
        "Cursor Intelligence",
        "Anysphere",
    )
    assert found["anysphere"].former[0].until == dt.date(2026, 5, 1)
    assert linked(found, "Anysphere") == linked(found, "Cursor Intelligence") == "anysphere"


def test_a_bought_company_has_an_owner_since_a_day_until_it_is_sold() -> None:
    bought = said(1, "confluent", "parent", "ibm", "2026-03-17")
    sold = said(2, "confluent", "parent", None, "2026-06-01")
    assert (known(bought)["confluent"].parent, known(bought)["confluent"].since) == (
        "ibm",
        dt.date(2026, 3, 17),
    )
    assert known(sold, bought)["confluent"].parent == ""


def test_a_provisional_name_becomes_a_name_of_a_listed_company() -> None:
    merge = said(1, "prov:cursor-labs", "merge", "anysphere", name="Cursor Labs")
    later = said(2, "prov:cursor-labs", "alias", "Cursor L", name="Cursor Labs")
    found = known(later, merge)
    assert linked(found, "Cursor Labs") == linked(found, "Cursor L") == "anysphere"
    assert "prov:cursor-labs" not in found


def test_two_listed_companies_become_one_and_an_undo_parts_them() -> None:
    merge = said(1, "ami-labs", "merge", "megatrends")
    undo = Judgement(id=2, kind="undo", at=at("2026-08-01"), by="ana", undoes=1)
    assert linked(known(merge), "AMI") == linked(known(merge), "AMI Labs") == "megatrends"
    assert linked(known(merge, undo), "AMI") == "prov:ami"


def test_an_alias_that_another_company_bears_links_to_neither_and_is_flagged() -> None:
    directory = Directory(known(said(1, "confluent", "alias", "Nvidia")).values())
    assert directory.link("Nvidia").shared
    assert directory.is_shared("Nvidia")


def test_what_is_edited_of_a_provisional_company_lists_it_under_its_id() -> None:
    found = known(said(1, "prov:quillbox", "kind", "model lab", name="Quillbox"))
    link = Directory(found.values()).link("Quillbox")
    assert (link.id, link.company and link.company.kind) == ("prov:quillbox", "model lab")


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("size", "7", "no field 'size' to edit (one of name, kind"),
        ("kind", "lab", "kind cannot be 'lab' (one of cloud provider"),
        ("cik", "a1", "figures only"),
        ("name", "!!", "a company needs a name"),
    ],
)
def test_a_field_that_cannot_be_set_is_refused(field: str, text: str, told: str) -> None:
    with pytest.raises(LedgerError) as error:
        read_value(field, text)
    assert told in str(error.value)


def test_values_of_companies_are_read() -> None:
    assert [read_value("cik", "1045810"), read_value("ticker", "none"), read_value("parent", "none")] == [
        1045810,
        "",
        None,
    ]


# ----- lists


SEC = {
    "0": {"cik_str": 1045810, "ticker": "NVDA", "title": "NVIDIA CORP"},
    "1": {"cik_str": 1652044, "ticker": "GOOGL", "title": "Alphabet Inc."},
    "2": {"cik_str": 1652044, "ticker": "GOOG", "title": "Alphabet Inc."},
    "3": {"cik_str": 1030894, "ticker": "CLS", "title": "CELESTICA INC"},
}


def test_a_list_adds_tickers_to_known_companies_and_new_companies_without_a_kind() -> None:
    listings, left = match_listings(read_sec(SEC), DIRECTORY)
    found = known(listings=listings)
    assert left == []
    assert (found["nvidia"].ticker, found["nvidia"].cik, found["google"].ticker) == ("NVDA", 1045810, "GOOGL")
    assert (found["celestica"].name, found["celestica"].kind, found["celestica"].category) == (
        "Celestica Inc",
        "",
        None,
    )


def test_a_company_known_under_another_ticker_is_left_out() -> None:
    directory = Directory([COMPANIES[1].model_copy(update={"ticker": "CFLT"})])
    listing = Listing(company_id="", name="Confluent Inc", ticker="OTHR", cik=1)
    assert match_listings([listing], directory) == (
        [],
        ["Confluent Inc (OTHR): the list has Confluent as CFLT"],
    )


def test_two_new_companies_of_one_name_get_two_ids() -> None:
    rows = [Listing(company_id="", name="Carnival", ticker=t, cik=n) for n, t in enumerate(("CCL", "CUK"))]
    assert [x.company_id for x in match_listings(rows, DIRECTORY)[0]] == ["carnival", "carnival-cuk"]


def test_what_a_person_says_comes_after_what_a_list_says() -> None:
    listings, _ = match_listings(read_sec(SEC), DIRECTORY)
    assert known(said(1, "nvidia", "ticker", "NVD"), listings=listings)["nvidia"].ticker == "NVD"


def test_the_shipped_history_is_of_listed_companies() -> None:
    companies = pipeline.company_directory().companies
    assert companies["github"].parent == "microsoft"
    assert all(c.parent in companies for c in companies.values() if c.parent)
    path = shipped("data", "company-history.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    assert rows == sorted(rows)
    assert len(rows) > 10


@pytest.mark.parametrize(
    "row", ["nosuch,parent,ibm,", "ibm,parent,nosuch,", "ibm,owner,nvidia,", "ibm,former,CTR,in 1924", "ibm"]
)
def test_a_wrong_line_of_the_history_is_named(tmp_path: Path, row: str) -> None:
    path = tmp_path / "history.csv"
    path.write_text(f"id,what,value,day\nibm,former,CTR,1924-02-14\n{row}\n")
    with pytest.raises(ConfigError, match=r"history\.csv:3: "):
        with_history(COMPANIES, path)


# ----- tickers in the text


@pytest.mark.parametrize(
    ("text", "ticker"),
    [
        ("Quill Works (NASDAQ: QBX) said", "QBX"),
        ("Quill Works Inc. (NYSE American: QBX)", "QBX"),
        ("Quill Works, Corp (NasdaqGS:QBX)", "QBX"),
        ("rivals of Quill Works and Nvidia (NASDAQ: NVDA)", ""),
        ("Quill Works (LON: QBX)", ""),
        ("Quill Works (QBX)", ""),
    ],
)
def test_a_ticker_is_read_beside_a_name(text: str, ticker: str) -> None:
    assert ticker_beside(["Quill Works"], text) == ticker


def test_a_ticker_links_a_name_that_is_not_listed_or_that_two_bear() -> None:
    companies = [c.model_copy(update={"ticker": "AMIX" if c.id == "ami-labs" else ""}) for c in COMPANIES]
    directory = Directory(companies)
    text = "Advanced Machines (NASDAQ: AMIX) and AMI (NASDAQ: AMIX), but not Nvidia (NASDAQ: AMIX)"
    found = [
        make_told(
            told("2026-01-05", "ipo", "announced", company=name, lead=text), directory, FixedRates()
        ).key_id
        for name in ("Advanced Machines", "AMI", "Nvidia", "Somebody")
    ]
    assert found == ["ami-labs", "ami-labs", "nvidia", "prov:somebody"]


# ----- the commands


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    monkeypatch.setenv("TRACKER_DATABASE_URL", url)
    engine = open_store(url)
    bought = {"acquirer": "IBM", "target": "Quillbox"}
    add(engine, "wire", "2026-01-05", mention("acquisition", "announced", **bought))
    add(engine, "paper", "2026-01-06", mention("acquisition", "completed", **bought))
    add(engine, "blog", "2026-01-07", mention("financing", "completed", company="Lumen Kettle"))
    add(engine, "site", "2026-01-08", mention("shutdown", "announced", company="OpenAI", subject="Sora"))
    pipeline.refresh(engine, "x1")
    return engine


def test_provisional_companies_are_listed_the_most_mentioned_first(engine: sa.Engine) -> None:
    rows = listed("companies", "list", "--provisional")
    assert [(r["id"], r["tellings"]) for r in rows] == [("prov:quillbox", 2), ("prov:lumen-kettle", 1)]
    early = listed("companies", "list", "--provisional", "--as-of", "2026-01-05T12:00Z")
    assert [(r["id"], r["tellings"]) for r in early] == [("prov:quillbox", 1)]


def test_a_company_is_shown_with_what_became_of_it(engine: sa.Engine) -> None:
    run("companies", "edit", "Quillbox", "name", "Quill Labs", "--since", "2026-01-06", "--why", "renamed")
    run("companies", "edit", "prov:quillbox", "parent", "IBM", "--since", "2026-01-06", "--why", "closed")
    shown = run("companies", "show", "Quillbox")
    assert "formerly: Quillbox, until 2026-01-06" in shown
    assert "owned by: IBM, since 2026-01-06" in shown
    assert "bought by: IBM, completed 2026-01-06" in shown
    (event,) = [e for e in pipeline.ledger(engine) if e.type == "acquisition"]
    assert event.names("target") == ["Quill Labs"]


def test_a_merge_of_companies_changes_the_events_and_can_be_undone(engine: sa.Engine) -> None:
    told = run("companies", "merge", "Lumen Kettle", "openai", "--why", "its new name")
    assert "new     financing-openai-" in told
    assert listed("events", "list", "--company", "Lumen Kettle")[0]["companies"] == ["openai"]
    before = "2026-02-01"
    assert listed("events", "list", "--company", "Lumen Kettle", "--as-of", before)[0]["companies"] == [
        "prov:lumen-kettle"
    ]
    run("events", "undo", "1")
    assert [r["id"] for r in listed("companies", "list", "--provisional")][-1] == "prov:lumen-kettle"


def test_a_list_is_imported_once_and_companies_of_no_kind_leave_categories_alone(
    engine: sa.Engine, tmp_path: Path
) -> None:
    path = tmp_path / "tickers.json.gz"
    more = {"9": {"cik_str": 9, "ticker": "QBX", "title": "Quillbox Inc"}, **SEC}
    path.write_bytes(gzip.compress(json.dumps(more).encode()))
    assert "4 new of 4, 2 companies not known before, 0 left out" in run("companies", "import", str(path))
    assert "0 new of 4" in run("companies", "import", str(path))
    assert run("companies", "show", "NVDA").startswith("Nvidia  (nvidia)\n")
    (event,) = [e for e in pipeline.ledger(engine) if e.type == "acquisition"]
    assert (event.parties["target"][0].company_id, event.parties["target"][0].kind) == ("quillbox", None)
    assert event.category == "other"


def test_an_import_judges_predictions_again(
    engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[tuple[Changes, str]] = []
    monkeypatch.setattr(
        "tracker.companies.draw_again", lambda _, changes, now, why: drawn.append((changes, why))
    )
    path = tmp_path / "tickers.json"
    path.write_text(json.dumps({"9": {"cik_str": 9, "ticker": "QBX", "title": "Quillbox Inc"}}))
    run("companies", "import", str(path))
    [(changes, why)] = drawn
    assert (len(changes.changed) + len(changes.new) > 0, why) == (
        True,
        "companies were imported from tickers.json",
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("show", "nosuch"), "no company 'nosuch'"),
        (("merge", "ibm", "IBM", "--why", "x"), "ibm is one company already"),
        (("alias", "ibm", "!"), "an alias needs a name"),
        (("import", "none.json"), "none.json: no such file"),
        (("import", __file__), "not JSON"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(engine: sa.Engine, arguments: tuple[str, ...], told: str) -> None:
    assert told in run("companies", *arguments, code=1)


def test_another_json_file_is_refused(engine: sa.Engine, tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    for text, complaint in (('{"a": 1}', "not the SEC's list"), ("[]", "an object with one entry a company")):
        path.write_text(text)
        assert complaint in run("companies", "import", str(path), code=1)
