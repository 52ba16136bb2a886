"""What a process says on stderr, as lines of JSON for whoever collects logs (TRACKER_LOG=json)."""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from tracker.config import MAY_HOLD_PASSWORD, SECRET, masked, resolve

SAID = "tracker"
"""The logger of what is printed and not logged: messages for people, errors of the command line."""


class JsonLines(logging.Formatter):
    """A record as one JSON object: time (UTC), level, logger, command, process, message, and the error."""

    def __init__(self, command: str) -> None:
        super().__init__()
        self._command = command
        self._secrets = {
            found.value: "***" if found.name in SECRET else masked(found.value)
            for found in resolve()
            if found.value and found.name in SECRET | MAY_HOLD_PASSWORD
        }

    def format(self, record: logging.LogRecord) -> str:
        at = dt.datetime.fromtimestamp(record.created, dt.UTC)
        told = {
            "time": f"{at:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "command": self._command,
            "process": os.getpid(),
            "message": self._without_secrets(record.getMessage()),
        }
        if record.exc_info:
            told["error"] = self._without_secrets(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False)

    def _without_secrets(self, text: str) -> str:
        for secret, shown in self._secrets.items():
            text = text.replace(secret, shown)
        return text


class _Lines(io.TextIOBase):
    """A stream that logs each line that is written to it."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self) -> None:
        super().__init__()
        self._begun = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        *lines, self._begun = (self._begun + text).split("\n")
        for line in lines:
            self._log(line)
        return len(text)

    def close(self) -> None:
        self._log(self._begun)
        self._begun = ""
        super().close()

    @staticmethod
    def _log(line: str) -> None:
        if line.strip():
            level = logging.ERROR if line.startswith("Error:") else logging.INFO
            logging.getLogger(SAID).log(level, line)


@contextmanager
def json_lines(command: str) -> Iterator[None]:
    """Within the block everything this process logs or prints to stderr is a line of JSON there, and so is
    the error that ends it.
    """
    real, root = sys.stderr, logging.getLogger()
    level, handler = root.level, _handler(real, command)
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    lines = _Lines()
    sys.stderr = lines
    try:
        yield
    except Exception as error:
        logging.getLogger(SAID).critical("%s: %s", type(error).__name__, error, exc_info=True)
        raise SystemExit(1) from error
    finally:
        lines.close()
        sys.stderr = real
        root.removeHandler(handler)
        root.setLevel(level)


def _handler(stream: TextIO, command: str) -> logging.Handler:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines(command))
    return handler
