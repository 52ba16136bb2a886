"""The program with a command that only waits, for tests of how it is stopped: `python -m tests.napping`."""

import runpy
import time

import click

from tracker import cli


@click.command()
def nap() -> None:
    print("in", flush=True)
    time.sleep(60)


if __name__ == "__main__":
    cli.main.get_command = lambda ctx, name: nap  # type: ignore[method-assign]
    runpy.run_module("tracker", run_name="__main__", alter_sys=True)
