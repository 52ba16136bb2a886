"""From a bare machine to an environment: what is said when something is missing, and that failures count."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def install() -> ModuleType:
    spec = importlib.util.spec_from_file_location("install", ROOT / "requirements" / "install.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def executable(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)
    return path


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "-C", str(ROOT), *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True)


def test_an_old_python_is_told(install: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    with pytest.raises(SystemExit, match=r"3\.11 or newer is needed, this is 3\.10\.4"):
        install.make_environment(tmp_path / "venv")


def test_a_missing_venv_module_is_told(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    python = executable(tmp_path / "python", "echo 'ensurepip is not available'", "exit 1")
    monkeypatch.setattr(sys, "executable", str(python))
    with pytest.raises(SystemExit, match=r"ensurepip is not available .*apt-get install python3-venv"):
        install.make_environment(tmp_path / "venv")


def test_a_missing_python_is_told(tmp_path: Path) -> None:
    done = make("briefing", f"VENV={tmp_path}/venv", "PYTHON=no-such-python")
    assert done.returncode == 2
    assert "no Python found; 3.11 or newer is needed" in done.stderr


def test_pip_is_quiet_when_it_works_and_told_whole_when_it_fails(
    install: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = executable(tmp_path / "good", "echo Collecting a==1")
    install.watched([str(good)], tmp_path, 1)
    assert capsys.readouterr().err == ""
    bad = executable(tmp_path / "bad", "echo Collecting a==1", "echo THE HASHES DO NOT MATCH >&2", "exit 1")
    with pytest.raises(
        SystemExit, match=r"(?s)Collecting a==1.*THE HASHES DO NOT MATCH.*could not be installed"
    ):
        install.watched([str(bad)], tmp_path, 1)


def test_the_bar_moves(install: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "lib/python3.11/site-packages/a-1.dist-info").mkdir(parents=True)
    said = ["Collecting a==1\n", "  Downloading a-1.whl\n", "Ignoring b: markers do not match\n"]
    assert install.looked_up(said) + install.installed(tmp_path) == 3
    install.draw(3, 4)
    assert capsys.readouterr().err.endswith("] " + " 75%")


@pytest.mark.parametrize("code", [0, 2])
def test_ci_fails_where_the_suite_fails(tmp_path: Path, code: int) -> None:
    executable(tmp_path / "apt-get", "echo apt-get $*")
    executable(tmp_path / "make", "echo make $*", f"exit {code}")
    env = {**os.environ, "PATH": os.pathsep.join([str(tmp_path), os.environ["PATH"]])}
    done = subprocess.run(["bash", str(ROOT / ".ci" / "run")], env=env, capture_output=True, text=True)
    assert done.returncode == code
    assert done.stdout.splitlines()[-1] == "make test"


def test_ci_fails_where_its_packages_cannot_be_had(tmp_path: Path) -> None:
    executable(tmp_path / "apt-get", "exit 100")
    executable(tmp_path / "make", "echo make $*")
    env = {**os.environ, "PATH": os.pathsep.join([str(tmp_path), os.environ["PATH"]])}
    done = subprocess.run(["bash", str(ROOT / ".ci" / "run")], env=env, capture_output=True, text=True)
    assert done.returncode == 100
    assert "make" not in done.stdout


def test_make_alone_lists_what_it_can_do() -> None:
    done = make()
    assert done.returncode == 0
    assert "make briefing" in done.stdout
    assert "make test" in done.stdout
