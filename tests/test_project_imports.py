"""Imports point down one list, pure code stays pure, and nothing below the command line asks for the time."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.source_tree import ROOT, imported, module_name, parsed, python_files

LAYERS: tuple[frozenset[str], ...] = tuple(
    frozenset(layer.split())
    for layer in (
        "tracker.errors tracker.files tracker.memory tracker.__version__",
        "tracker.config tracker.logs tracker.models tracker.sources tracker.spoken",
        "tracker.store tracker.extract tracker.resolve tracker.predict tracker.brief",
        "tracker.keeping tracker.site tracker.beside",
        "tracker.pipeline tracker.records",
        "tracker.judging",
        "tracker.conclusions tracker.acceptance tracker.drafting",
        "tracker.standing tracker.corrections tracker.upkeep tracker.correcting",
        "tracker.briefing tracker.companies tracker.scoring",
        "tracker.review tracker.publishing tracker.delivery",
        "spiders",
        "tracker.gather tracker.newsroom tracker.serve",
        "tracker.cli",
        "tracker.__main__",
    )
)
"""From the bottom up. Members of a layer do not know each other, except that the second's may."""

SHARED = 1
PURE = ("tracker/resolve/", "tracker/predict/", "tracker/brief/", "tracker/site/")
EFFECTS = frozenset(
    [
        "sqlite3",
        "sqlalchemy",
        "sqlmodel",
        "socket",
        "http",
        "urllib.request",
        "requests",
        "scrapy",
        "subprocess",
    ]
)
CLOCKS = {"now": {"datetime"}, "utcnow": {"datetime"}, "today": {"date", "datetime"}, "time": {"time"}}
MAY_ASK_THE_TIME = ("tracker/cli/common.py", "spiders/")
"""The command line's one clock; a crawl stamps what it fetches with the moment it came."""

HEAVY = frozenset(["spacy", "scrapy", "twisted", "trafilatura", "numpy", "lark", "jinja2", "sqlalchemy"])
OURS = python_files("tracker", "spiders")


def layer_of(module: str) -> tuple[int, str] | None:
    """The layer of one of our modules and its name there; None for others and for the bare package."""
    for number, names in enumerate(LAYERS):
        for name in names:
            if module == name or module.startswith(f"{name}."):
                return number, name
    return None


def steps_back(path: Path) -> list[str]:
    here = layer_of(module_name(path))
    if here is None:
        return []
    found = {there for module in imported(path) if (there := layer_of(module)) and there[1] != here[1]}
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for number, name in sorted(found)
        if number > here[0] or (number == here[0] and number != SHARED)
    ]


def test_imports_point_down() -> None:
    assert [step for path in OURS for step in steps_back(path)] == []


def test_every_module_has_its_layer() -> None:
    assert [m for p in OURS if layer_of(m := module_name(p)) is None] == ["tracker"]


@pytest.mark.parametrize(
    ("place", "line", "seen"),
    [
        ("tracker/models/x.py", "from tracker.store.engine import open_store", "tracker.store"),
        ("tracker/predict/x.py", "def f():\n    import tracker.brief.issue", "tracker.brief"),
        ("tracker/store/x.py", "from tracker import pipeline", "tracker.pipeline"),
        ("spiders/x.py", "from tracker.cli import common", "tracker.cli"),
        ("tracker/errors.py", "from tracker.config import Settings", "tracker.config"),
    ],
)
def test_a_step_back_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, line: str, seen: str
) -> None:
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.write_text(line)
    monkeypatch.setattr("tests.source_tree.ROOT", tmp_path)
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    assert steps_back(path) == [f"{place} imports {seen}"]


def test_pure_code_has_no_effects() -> None:
    pure = [p for p in OURS if str(p.relative_to(ROOT)).startswith(PURE)]
    assert pure
    found = {
        f"{path.relative_to(ROOT)}: {module}"
        for path in pure
        for module in imported(path)
        if module in EFFECTS or module.split(".")[0] in EFFECTS or module.startswith("tracker.models.tables")
    }
    assert found == set()


def asks_the_time(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    owner = node.func.value
    name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
    return name in CLOCKS.get(node.func.attr, ())


def test_only_the_command_line_asks_for_the_time() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in OURS
        if not str(path.relative_to(ROOT)).startswith(MAY_ASK_THE_TIME)
        for node in ast.walk(parsed(path))
        if asks_the_time(node)
    ]
    assert found == []


@pytest.mark.parametrize(
    "call", ["dt.datetime.now(dt.UTC)", "date.today()", "time.time()", "datetime.utcnow()"]
)
def test_a_question_for_the_time_is_seen(call: str) -> None:
    assert any(asks_the_time(node) for node in ast.walk(ast.parse(call)))


def test_the_command_line_loads_nothing_heavy_before_a_command_runs() -> None:
    code = (
        "import sys, tracker.cli as c; [c.main.get_command(None, n) for n in c.COMMANDS]; print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stdout.split())
