"""A store moved to a database of another kind, and back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlmodel import Session, SQLModel

from tests.mention_builders import at
from tests.store_builders import IBM, add, article, at_file, count, purchase, small_store
from tracker.cli import main
from tracker.errors import StoreError
from tracker.models.judgement import Decision
from tracker.store.copying import copy_store
from tracker.store.engine import open_store, transaction
from tracker.store.judgements import add_judgement
from tracker.store.search import Search, bring_up_to_date, search_articles


def filled(path: Path) -> sa.Engine:
    engine = small_store(at_file(path))
    with transaction(engine) as session:
        for n in range(2):
            at_ = at("2026-03-01") + dt.timedelta(days=n)
            add_judgement(session, Decision(kind="confirm"), at=at_, by="ana", why=f"reason {n}")
    return engine


def rows(engine: sa.Engine) -> dict[str, list[Any]]:
    with engine.connect() as connection:
        return {
            table.name: [tuple(r) for r in connection.execute(sa.select(table).order_by(*table.primary_key))]
            for table in SQLModel.metadata.sorted_tables
        }


def test_a_copy_holds_the_same_rows_and_goes_on_counting(store_url: str, tmp_path: Path) -> None:
    source, target = filled(tmp_path / "source.db"), open_store(store_url)
    before = rows(source)
    assert copy_store(source, target) == sum(map(len, before.values()))
    assert rows(target) == before
    late = add(target, article("late", "2026-03-01", *IBM), purchase(*IBM))
    assert late == max(row[0] for row in before["article"]) + 1
    bring_up_to_date(target)
    with Session(target) as session:
        found = search_articles(session, Search("Sora"), 5)
    assert [hit.source_id for hit in found] == ["blog.example"]


def test_there_and_back_again_is_where_it_was(store_url: str, tmp_path: Path) -> None:
    source, there, back = (
        filled(tmp_path / "a.db"),
        open_store(store_url),
        open_store(at_file(tmp_path / "b.db")),
    )
    copy_store(source, there)
    copy_store(there, back)
    assert rows(back) == rows(source)


def test_nothing_is_written_over_and_half_a_copy_is_none(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = filled(tmp_path / "source.db"), open_store(store_url)

    def cut_off(name: str, _rows: int) -> None:
        if name == "event":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy_store(source, target, cut_off)
    assert not any(rows(target).values())
    copy_store(source, target)
    with pytest.raises(StoreError, match=r"holds rows already, in .*article"):
        copy_store(source, target)
    assert rows(target) == rows(source)


def test_the_command_checks_the_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = filled(tmp_path / "source.db")
    monkeypatch.setenv("TRACKER_DATABASE_URL", at_file(tmp_path / "source.db"))
    target = at_file(tmp_path / "target.db")
    done = CliRunner().invoke(main, ["db", "copy", "--to", target])
    assert "rows copied; checking them" in done.stdout, done.output
    assert "ok  references" in done.stdout
    assert count(open_store(target), "article") == count(source, "article")
    again = CliRunner().invoke(main, ["db", "copy", "--to", target])
    assert (again.exit_code, "name an empty database" in again.output) == (1, True)
