"""The crawl process of `spiders.run` with short waits, for servers that never answer: `python -m
tests.impatient_crawl [SECONDS]`, a second for an answer by default.
"""

from __future__ import annotations

import sys

from spiders import middlewares, run

if __name__ == "__main__":
    middlewares.HICCUP_WAIT = 0.1
    run.GRACE = 0.5
    report = run.reporter()
    seconds = float(sys.argv[1]) if sys.argv[1:] else 1.0
    run.Crawl(run.Job.model_validate_json(sys.stdin.read()), report, {"DOWNLOAD_TIMEOUT": seconds}).run()
