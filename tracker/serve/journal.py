"""Jobs in the run log: commands write it themselves; what kept one from doing so is written for it."""

from __future__ import annotations

import datetime as dt

from tracker.errors import StoreError
from tracker.serve.runner import Run
from tracker.store.engine import open_store, transaction
from tracker.store.runs import log_run, settle_runs


def note(url: str, run: Run, now: dt.datetime) -> str:
    """See that a failed run stands in the run log; returns why it could not be written, or nothing."""
    if run.outcome == "done":
        return ""
    error = " ".join(f"{run.outcome}: {run.said}".split())
    try:
        engine = open_store(url)
        with transaction(engine) as session:
            settle_runs(session, now)
            log_run(session, run.job.name, run.process, run.began, now, error)
        engine.dispose()
    except StoreError as refused:
        return f"the run log was not written: {refused}"
    return ""
