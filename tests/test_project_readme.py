"""The README tells the program as it is, and its own commands run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests import readme
from tracker.config import Settings

ROOT = Path(__file__).parents[1]
TEXT = readme.README.read_text("utf-8")
PAGES = [readme.README, *sorted((ROOT / "docs").rglob("*.md"))]


def test_the_help_of_every_command_is_the_programs_own() -> None:
    assert readme.renewed(TEXT) == TEXT, "run `make readme`"
    assert [path for path, _ in readme.commands() if f"### `{path}`\n" not in TEXT] == []


def test_the_help_is_what_a_terminal_shows() -> None:
    command = [str(Path(sys.executable).parent / "tracker"), "events", "list", "--help"]
    # Click leaves two columns free.
    env = {**os.environ, "COLUMNS": str(readme.WIDTH + 2)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert readme.help_of("tracker events list") == done.stdout.strip()


def test_every_commands_help_has_an_example() -> None:
    single = [path for path, command in readme.commands() if not isinstance(command, click.Group)]
    assert [path for path in single if "Example" not in readme.help_of(path)] == []


def test_a_stale_page_is_seen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "README.md"
    page.write_text(TEXT.replace("tracker doctor [OPTIONS]", "tracker doctor"))
    monkeypatch.setattr(readme, "README", page)
    assert readme.main(["--check"]) == 1
    assert "make readme" in capsys.readouterr().err
    assert readme.main([]) == 0
    assert readme.main(["--check"]) == 0
    assert page.read_text() == TEXT
    page.write_text("no marks")
    with pytest.raises(SystemExit, match="needs one line"):
        readme.main([])


def run_all(text: str, folder: Path) -> str:
    """What the commands of a page print, run one after the other."""
    script = "\n".join(re.findall(r"^```sh\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL))
    assert script.count("tracker ") > 10
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    env = {k: v for k, v in os.environ.items() if not k.startswith("TRACKER_")} | {"PATH": path}
    done = subprocess.run(
        ["bash", "-euxo", "pipefail", "-c", script], cwd=folder, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_the_readmes_own_commands_run(tmp_path: Path) -> None:
    assert "Northwind" in run_all(TEXT, tmp_path)
    assert (tmp_path / "var" / "briefings" / "2026-W21.html").is_file()


def test_the_tutorials_commands_run(tmp_path: Path) -> None:
    said = run_all((ROOT / "docs" / "tutorial.md").read_text("utf-8"), tmp_path)
    assert "it is a data platform" in said
    assert (tmp_path / "briefings" / "2026-W22.html").is_file()
    assert (tmp_path / "var" / "site" / "index.html").is_file()


def test_every_setting_is_told() -> None:
    class Asked(dict[str, str]):
        def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
            self[name] = default
            return default

    asked = Asked()
    Settings.from_env(asked)
    assert {f"`{name}`" for name in asked} == set(
        re.findall(r"^\| (`TRACKER_\w+`)", TEXT, flags=re.MULTILINE)
    )
    for name, default in asked.items():
        assert not default or f"`{default}`" in next(
            line for line in TEXT.splitlines() if line.startswith(f"| `{name}`")
        )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#\s]+)", page.read_text("utf-8"))
    assert [t for t in targets if not (page.parent / t).exists()] == []


def linked(page: Path) -> set[Path]:
    targets = re.findall(r"\]\((?!https?:)([^)#\s]+)", page.read_text("utf-8"))
    found = {(page.parent / target).resolve() for target in targets}
    return {path for target in found for path in (target.glob("*.md") if target.is_dir() else [target])}


def test_every_page_is_two_clicks_from_the_readme() -> None:
    first = linked(readme.README)
    second = {path for page in first if page.suffix == ".md" for path in linked(page)}
    assert [page.name for page in PAGES[1:] if page not in first | second] == []


def test_every_make_target_that_is_told_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE))
    assert (
        set(re.findall(r"\bmake ([a-z-]+)", "\n".join(re.findall(r"`[^`]+`|```.*?```", TEXT, re.DOTALL))))
        <= targets
    )
