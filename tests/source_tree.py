"""What the tests of the project itself look at: the tree's files, their imports and sizes."""

from __future__ import annotations

import ast
import io
import subprocess
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
NOT_CODE = frozenset(
    {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def listed() -> tuple[Path, ...]:
    """The files of the tree, committed or about to be, without what .gitignore names."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return tuple(ROOT / name for name in sorted(set(done.stdout.split("\0"))) if (ROOT / name).is_file())


def python_files(*folders: str) -> list[Path]:
    return [p for p in listed() if p.suffix == ".py" and p.relative_to(ROOT).parts[0] in folders]


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imported(path: Path) -> Iterator[str]:
    """Every module a file imports, inside functions too; `from a import b` counts as a and as a.b."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def code_lines(path: Path) -> set[int]:
    """The numbers of the lines that hold code: neither blank nor comment nor docstring."""
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text("utf-8")).readline)
    lines = {n for t in tokens if t.type not in NOT_CODE for n in range(t.start[0], t.end[0] + 1)}
    return lines - _docstring_lines(parsed(path))


def _docstring_lines(tree: ast.Module) -> set[int]:
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    first = [n.body[0] for n in ast.walk(tree) if isinstance(n, holders) and n.body]
    strings = [s for s in first if isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant)]
    return {
        n
        for s in strings
        if isinstance(s.value.value, str)  # type: ignore[attr-defined]
        for n in range(s.lineno, (s.end_lineno or s.lineno) + 1)
    }


@dataclass(frozen=True, order=True)
class Size:
    lines: int
    where: str


def function_sizes(path: Path) -> Iterator[Size]:
    """The code lines of each function, its decorators left out, the functions inside it counted in."""
    code = code_lines(path)
    for node in ast.walk(parsed(path)):
        if isinstance(node, Function):
            lines = len(code & set(range(node.lineno, (node.end_lineno or node.lineno) + 1)))
            yield Size(lines, f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
