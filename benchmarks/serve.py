"""How many requests a server answers while a crawl runs (`make bench-serve`); needs wrk."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.extract import publish

MARKS = "make bench-serve"
PORT, SECONDS, READERS = 8399, 15, 4
PATHS = ("/", "/status", "/api/v1/events?limit=50", "/api/v1/runs", "/metrics")
SCRIPT = """local paths = {%s}
local n = 0
request = function() n = n %% #paths + 1 return wrk.format("GET", paths[n]) end
done = function(summary, latency)
  io.write(string.format("p50 %%d p99 %%d errors %%d", latency:percentile(50), latency:percentile(99),
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout)) end
"""


@contextmanager
def running(*command: str, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    full = [sys.executable, "-m", "tracker", *command]
    process = subprocess.Popen(
        full, env={**os.environ, **env}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def load(folder: Path) -> tuple[float, float, float, int]:
    """Requests a second, the median and the 99th percentile in milliseconds, and errors."""
    script = folder / "paths.lua"
    script.write_text(SCRIPT % ", ".join(f'"{path}"' for path in PATHS))
    command = ["wrk", "-t1", f"-c{READERS}", f"-d{SECONDS}s", "--latency", "-s", str(script)]
    done = subprocess.run([*command, f"http://127.0.0.1:{PORT}"], capture_output=True, text=True, check=True)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    told = re.search(r"p50 (\d+) p99 (\d+) errors (\d+)", done.stdout)
    assert rate, done.stdout
    assert told, done.stdout
    return float(rate[1]), int(told[1]) / 1000, int(told[2]) / 1000, int(told[3])


def rows(folder: Path) -> Iterator[tuple[str, str, str]]:
    env = {"TRACKER_DATABASE_URL": f"sqlite:///{folder / 'serve.db'}"}
    for command in (["demo", "--out", str(folder)], ["site", "build", "--out", str(folder / "site")]):
        full = [sys.executable, "-m", "tracker", *command]
        subprocess.run(full, env={**os.environ, **env}, check=True, capture_output=True)
    options = ("--port", str(PORT), "--site", str(folder / "site"), "--no-schedule")
    with running("serve", *options, **env):
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz")
                break
            except OSError:
                time.sleep(0.1)
        yield "with nothing else to do", "", _told(load(folder))
        # The demo fills a store of its own and ends before the load does: it takes a core, not the store.
        with running("demo", "--out", str(folder / "b"), TRACKER_DATABASE_URL=f"sqlite:///{folder / 'b.db'}"):
            yield "while a crawl is read and judged", "200 a second, p99 under 50 ms", _told(load(folder))


def _told(found: tuple[float, float, float, int]) -> str:
    rate, median, most, errors = found
    return f"{rate:,.0f} a second, median {median:.1f} ms, p99 {most:.1f} ms, {errors} errors"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the figures into docs/benchmarks.md")
    given = parser.parse_args()
    if shutil.which("wrk") is None:
        print("nothing measured: wrk is not installed (Debian: apt-get install wrk)")
        return
    with tempfile.TemporaryDirectory() as folder:
        publish(f"{READERS} readers, {SECONDS} s", rows(Path(folder)), MARKS, write=given.write)


if __name__ == "__main__":
    main()
