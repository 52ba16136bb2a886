"""`python requirements/lock.py`: pin what pyproject.toml allows, for every platform, with the index's hashes.

The resolver runs in an environment of its own under build/, and both it and pip leave the settings of this
machine aside, so that the pins name what the public index serves and nothing else.
"""

import os
import subprocess
import sys
from pathlib import Path

TOOLS = Path("build/lock")
COMPILE = ["pip", "compile", "--quiet", "--no-config", "--universal", "--python-version", "3.11"]
PLAIN = ["--generate-hashes", "--no-annotate", "--no-header", "--no-emit-index-url", "--no-emit-find-links"]
EXTRAS = {"run": [], "server": ["postgres", "redis", "chat", "mail"]}
"""Of pyproject.toml, where they are not the one of the same name."""
INPUTS = ["pyproject.toml", "requirements/build.in"]


def main() -> None:
    settings = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    settings["PIP_CONFIG_FILE"] = os.devnull
    subprocess.run([sys.executable, "-m", "venv", str(TOOLS)], check=True)
    subprocess.run([str(TOOLS / "bin/pip"), "install", "--quiet", "uv"], check=True, env=settings)
    for name in ("run", "dev", "bench", "train", "server"):
        options = ["-c", "requirements/run.txt"] if name != "run" else []
        extra = [word for one in EXTRAS.get(name, [name]) for word in ("--extra", one)]
        target = ["--output-file", f"requirements/{name}.txt", "--upgrade"]
        uv = [str(TOOLS / "bin/uv"), *COMPILE, *PLAIN, *extra, *options, *target, *INPUTS]
        subprocess.run(uv, check=True, env=settings)


if __name__ == "__main__":
    main()
