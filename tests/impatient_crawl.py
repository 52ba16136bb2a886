"""The crawl process of `spiders.run` with short waits and a small limit, for servers that never end.

`python -m tests.impatient_crawl [SECONDS]`: how long an answer may take, two seconds by default.
"""

from __future__ import annotations

import sys

from spiders import middlewares, run
from spiders.settings import MEGABYTE

if __name__ == "__main__":
    middlewares.HICCUP_WAIT = 0.1
    run.GRACE = 0.5
    report = run.reporter()
    seconds = float(sys.argv[1]) if sys.argv[1:] else 2.0
    extra = {"DOWNLOAD_TIMEOUT": seconds, "DOWNLOAD_MAXSIZE": MEGABYTE}
    run.Crawl(run.Job.model_validate_json(sys.stdin.read()), report, extra).run()
