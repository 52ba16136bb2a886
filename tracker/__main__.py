"""`python -m tracker`: the command line, for a process that knows its Python and not its path."""

import signal

from tracker.cli import main

if __name__ == "__main__":
    # Who is asked to stop winds up as after Ctrl-C, and the run log says so.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    main(prog_name="tracker")
