"""`python -m tests.readme` writes the commands' help into README.md; `--check` compares it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from click.testing import CliRunner

from tracker.cli import main as tracker

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- commands: written by `make readme` -->", "<!-- end of commands -->"
WIDTH = 100


def commands(command: click.Command = tracker, path: str = "tracker") -> Iterator[tuple[str, click.Command]]:
    """Every command with its path, the groups before what they hold."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            if (found := command.get_command(context, name)) is not None and not found.hidden:
                yield from commands(found, f"{path} {name}")


def help_of(path: str) -> str:
    """What `--help` prints on a terminal of WIDTH columns, without spaces at the ends of lines."""
    arguments = [*path.split()[1:], "--help"]
    result = CliRunner().invoke(tracker, arguments, prog_name="tracker", terminal_width=WIDTH)
    if result.exit_code:
        raise SystemExit(f"{path} --help failed: {result.exception or result.output}")
    return re.sub(r"[ \t]+$", "", result.output, flags=re.MULTILINE).strip()


def block() -> str:
    parts = [f"### `{path}`\n\n```text\n{help_of(path)}\n```" for path, _ in commands()]
    return "\n\n".join([BEGIN, *parts, END])


def renewed(text: str) -> str:
    """The page with its block as it should be. Raises SystemExit where the marks are missing."""
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise SystemExit(f"README.md: needs one line {BEGIN!r} and one {END!r}")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    return before + block() + after


def main(arguments: list[str]) -> int:
    text = README.read_text("utf-8")
    if arguments == ["--check"]:
        if renewed(text) == text:
            return 0
        print("README.md: the commands have changed: run `make readme`", file=sys.stderr)
        return 1
    README.write_text(renewed(text), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
