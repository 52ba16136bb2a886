"""Some weeks of `make soak` with every run: an outage, kills, a spoilt backup."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import soak


def test_weeks_of_work_are_on_time_and_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"OFF": 4, "KILLED": 3, "SPOILT": 5, "MONTH": 5, "AGAIN": 2}.items():
        monkeypatch.setattr(soak, name, value)
    account = soak.soak(tmp_path, 11, 10, 1)
    assert (account.wrong, account.unjudged, account.unseen) == ([], [], [])
    assert (account.issues, len(account.late)) == (11, 2)
    assert account.statuses.total() >= 2
    assert soak.faultless(account)


def test_a_loss_is_seen(tmp_path: Path) -> None:
    years = soak.Years(tmp_path, 3, 20, soak.random.Random(1))
    week = str(years.weeks[1])
    kept, years.news[week] = years.news[week], years.news[week][1:]
    years.work(1, years.weeks)
    years.news[week] = kept
    years.finish()
    assert "articles and mentions are stored of" in years.account.wrong[0]
