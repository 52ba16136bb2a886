"""`python -m tracker`: the command line, for a process that knows its Python and not its path."""

from tracker.cli import main

if __name__ == "__main__":
    main(prog_name="tracker")
