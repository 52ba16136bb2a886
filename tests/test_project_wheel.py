"""The wheel carries everything: built, installed into an empty environment, and run from another folder."""

from __future__ import annotations

import os
import site
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built with the installed back end, because an isolated build would ask the network for one."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands of an environment with the wheel and, by a path file, this environment's packages."""
    home = tmp_path_factory.mktemp("empty") / "venv"
    venv.create(home, with_pip=False)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(home), "install"]
    subprocess.run([*pip, "--quiet", "--no-index", "--no-deps", str(wheel)], check=True)
    (packages,) = home.glob("lib/python*/site-packages")
    # Path files of a folder named in a path file are not read: the checkout itself stays out.
    (packages / "dependencies.pth").write_text("\n".join(site.getsitepackages()))
    return home / "bin"


def run(scripts: Path, folder: Path, *arguments: str) -> str:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("TRACKER_", "PYTHON"))}
    command = [str(scripts / arguments[0]), *arguments[1:]]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_holds_the_program_and_what_it_ships(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "tracker/_templates/briefing/issue.html",
        "tracker/_data/sources.toml",
        "tracker/_data/newsroom/outlets.toml",
        "tracker/predict/criterion.lark",
        "spiders/run.py",
    } <= names
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"tracker", "spiders"}
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_the_installed_program_writes_a_briefing(scripts: Path, tmp_path: Path) -> None:
    home = run(
        scripts,
        tmp_path,
        "python",
        "-c",
        "import tracker, spiders; print(tracker.__file__, spiders.__file__)",
    )
    assert home.count(str(scripts.parent)) == 2
    assert "Usage: tracker" in run(scripts, tmp_path, "tracker", "--help")
    assert "checks passed" in run(scripts, tmp_path, "tracker", "doctor").splitlines()[-1]
    *paths, line = run(scripts, tmp_path, "tracker", "demo", "--out", "issues").splitlines()
    assert [Path(p).suffix for p in paths] == [".html", ".md", ".txt", ".json"]
    assert all((tmp_path / p).stat().st_size > 1000 for p in paths)
    assert "deals" in line
