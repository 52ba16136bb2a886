"""What is left when the power fails, or the server, in the middle of writing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from tests.store_builders import IBM, add, article, at_file, count, derive_all, purchase
from tracker.errors import StoreError
from tracker.store.articles import add_article
from tracker.store.check import damage, dangling
from tracker.store.engine import open_store, transaction

ARTICLES = 12


@pytest.fixture(scope="module")
def torn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes, list[int]]:
    """A store's file and its log as they lie on the disk while it is written to, and the log's length after
    each article.
    """
    folder = tmp_path_factory.mktemp("power")
    path, log, lengths = folder / "t.db", folder / "t.db-wal", []
    engine = open_store(at_file(path))
    with engine.connect() as connection:  # held, so that the log is not brought into the file
        connection.exec_driver_sql("PRAGMA wal_autocheckpoint=0")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        for n in range(ARTICLES):
            add(engine, article(f"wire{n}", "2026-01-05", *IBM), purchase(*IBM))
            lengths.append(log.stat().st_size)
        copy = folder / "copy.db"
        shutil.copy(path, copy)
        written = log.read_bytes()
    engine.dispose()
    return copy, written, lengths


@pytest.mark.parametrize("share", [0.0, 0.01, 0.2, 0.37, 0.5, 0.71, 0.93, 0.999, 1.0])
def test_a_log_cut_anywhere_leaves_what_was_committed_before(
    torn: tuple[Path, bytes, list[int]], tmp_path: Path, share: float
) -> None:
    store, log, lengths = torn
    cut = int(len(log) * share)
    shutil.copy(store, tmp_path / "t.db")
    (tmp_path / "t.db-wal").write_bytes(log[:cut])
    engine = open_store(at_file(tmp_path / "t.db"))
    assert count(engine, "article") == sum(length <= cut for length in lengths)
    with Session(engine) as session:
        assert (damage(session), dangling(session)) == ([], [])
    add(engine, article("late", "2026-01-06", *IBM), purchase(*IBM))
    derive_all(engine)
    assert count(engine, "event") == 1


def test_a_log_of_noise_is_left_out(torn: tuple[Path, bytes, list[int]], tmp_path: Path) -> None:
    store, log, lengths = torn
    spoilt = bytearray(log)
    spoilt[lengths[4] + 40 : lengths[4] + 90] = b"\x55" * 50
    shutil.copy(store, tmp_path / "t.db")
    (tmp_path / "t.db-wal").write_bytes(spoilt)
    engine = open_store(at_file(tmp_path / "t.db"))
    assert count(engine, "article") == 5
    with Session(engine) as session:
        assert damage(session) == []


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_a_server_lost_in_the_middle_takes_the_whole_change_with_it(store_url: str) -> None:
    engine = open_store(store_url)
    add(engine, article("first", "2026-01-05", *IBM))

    def lose_the_server_half_way() -> None:
        with transaction(engine) as session:
            add_article(session, article("second", "2026-01-06", *IBM))
            (number,) = session.execute(sa.text("SELECT pg_backend_pid()")).one()
            with open_store(store_url).connect() as other:
                other.execute(sa.text("SELECT pg_terminate_backend(:n)"), {"n": number})
            add_article(session, article("third", "2026-01-07", *IBM))

    with pytest.raises(StoreError):
        lose_the_server_half_way()
    assert count(engine, "article") == 1
    add(engine, article("second", "2026-01-06", *IBM))
    assert count(engine, "article") == 2
