"""`python -m tests.fuzz` changes the seeds of every kind, or of those named, for FUZZ_SECONDS each.

What breaks a promise is made small and kept under tests/corpus, where the tests find it; the exit code is 1.
"""

from __future__ import annotations

import faulthandler
import hashlib
import os
import sys
import time
import traceback
import warnings
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings

from tests import network_guard
from tests.fuzz.changes import changed
from tests.fuzz.kind import CORPUS, Kind, check
from tests.fuzz.kinds import KINDS

SECONDS = float(os.environ.get("FUZZ_SECONDS", "60"))
ROUND = 200  # bodies between two looks at the clock
STUCK = 120.0  # seconds after which a reader that never comes back to Python is shown, and all is ended


def fuzz(kind: Kind, seconds: float) -> int:
    """Read changed bodies for some seconds; how many. Raises what one of them broke, that body kept."""
    end, count, failed = time.monotonic() + seconds, 0, b""

    @settings(
        max_examples=ROUND, deadline=None, database=None, report_multiple_bugs=False, print_blob=False,
        phases=(Phase.generate, Phase.shrink), suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(body=changed(kind))
    def read_some(body: bytes) -> None:
        nonlocal count, failed
        count += 1
        faulthandler.dump_traceback_later(STUCK, exit=True)
        try:
            check(kind, body)
        except Exception:
            failed = body  # the last to fail is the smallest
            raise

    try:
        while time.monotonic() < end:
            read_some()
    except Exception:
        keep(kind, failed)
        raise
    finally:
        faulthandler.cancel_dump_traceback_later()
    return count


def keep(kind: Kind, body: bytes) -> Path:
    path = CORPUS / kind.name / f"{hashlib.sha256(body).hexdigest()[:12]}.bin"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    print(f"{kind.name}: kept {path.relative_to(CORPUS.parents[1])}", file=sys.stderr)
    return path


def main(names: list[str]) -> int:
    if unknown := sorted(set(names) - set(KINDS)):
        print(f"there is no kind {unknown[0]!r}; known: {', '.join(KINDS)}", file=sys.stderr)
        return 2
    network_guard.install()
    warnings.simplefilter("ignore")  # libraries warn of odd input; here all of it is
    broken = 0
    for kind in [KINDS[name] for name in names or KINDS]:
        try:
            print(f"{kind.name}: {fuzz(kind, SECONDS):,} bodies, no promise broken", flush=True)
        except Exception:
            broken += 1
            traceback.print_exc(limit=-8)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
