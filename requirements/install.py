"""`python requirements/install.py VENV PINS`: an environment with the pinned packages and this checkout.

Runs on the system's own Python, even one that is too old, with nothing installed; says in one line what is
missing.
"""

import re
import subprocess
import sys
import threading
import time
from pathlib import Path

NEEDED = (3, 11)
PIP = ["-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
WIDTH = 30


def main(venv: Path, pins: Path) -> int:
    make_environment(venv)
    python = str(venv / "bin" / "python")
    total = len(re.findall(r"^[A-Za-z0-9].*==", pins.read_text("utf-8"), flags=re.MULTILINE))
    print("installing", total, "pinned packages into", venv, file=sys.stderr, flush=True)
    watched([python, *PIP, "--require-hashes", "-r", str(pins)], venv, total)
    # The build tools are among the pins, so that this step asks no index for anything.
    watched([python, *PIP, "--quiet", "--no-deps", "--no-index", "--no-build-isolation", "-e", "."], venv, 0)
    return 0


def make_environment(venv: Path) -> None:
    if sys.version_info[:2] < NEEDED:
        found = ".".join(map(str, sys.version_info[:3]))
        raise SystemExit(
            f"Python 3.11 or newer is needed, this is {found}: give its path with make PYTHON=..."
        )
    if (venv / "bin" / "python").exists():
        return
    done = subprocess.run([sys.executable, "-m", "venv", str(venv)], capture_output=True, text=True)
    if done.returncode:
        said = (done.stdout + done.stderr).strip().splitlines() or ["no reason given"]
        raise SystemExit(f"cannot make {venv}: {said[0].strip()} (on Debian: apt-get install python3-venv)")


def watched(command: "list[str]", venv: Path, total: int) -> None:
    """Run pip with a bar on a terminal, else in silence; show all it said, and stop, where it fails."""
    said: list[str] = []
    pip = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    reader = threading.Thread(target=lambda: said.extend(pip.stdout or ()), daemon=True)
    reader.start()
    already = installed(venv)
    while pip.poll() is None:
        if total and sys.stderr.isatty():
            draw(looked_up(said) + installed(venv) - already, 2 * total)
        time.sleep(0.1)
    reader.join()
    if total and sys.stderr.isatty():
        print("\r" + " " * (WIDTH + 8), end="\r", file=sys.stderr, flush=True)
    if pip.returncode:
        raise SystemExit("".join(said) + "the packages could not be installed: see above")


def looked_up(said: "list[str]") -> int:
    return sum(line.startswith(("Collecting ", "Ignoring ", "Requirement already")) for line in list(said))


def installed(venv: Path) -> int:
    return sum(1 for _ in venv.glob("lib/python*/site-packages/*.dist-info"))


def draw(done: int, total: int) -> None:
    share = min(done / total, 1.0)
    filled = "#" * round(share * WIDTH)
    print(f"\r[{filled:<{WIDTH}}] {share:4.0%}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
