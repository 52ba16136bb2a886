"""What the commands share: how a time is read, and a progress bar that stays out of logs."""

from __future__ import annotations

import click
import pytest

from tracker.cli.common import UTCTime, progress


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-06-30", "2026-07-01T00:00:00+00:00"),
        ("2026-06-30T12:00", "2026-06-30T12:00:00+00:00"),
        ("2026-06-30T12:00Z", "2026-06-30T12:00:00+00:00"),
        ("2026-06-30T12:00+02:00", "2026-06-30T10:00:00+00:00"),
    ],
)
def test_a_day_means_its_end_and_a_time_without_a_zone_utc(text: str, read: str) -> None:
    found = UTCTime().convert(text, None, None)
    assert found.isoformat() == read
    assert UTCTime().convert(found, None, None) is found


def test_what_is_no_time_is_refused_with_an_example() -> None:
    with pytest.raises(click.BadParameter, match="such as 2026-06-30"):
        UTCTime().convert("30.6.2026", None, None)


def test_progress_writes_nothing_where_stderr_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("reading", 3) as bar:
        bar.advance(bar.task_ids[0])
    assert capsys.readouterr() == ("", "")
