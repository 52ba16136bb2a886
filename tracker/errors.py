"""The exception tree. Every error says what happened, where, and what to do.

TrackerError
├── ConfigError         a setting, a source list or a template is wrong
├── InputError          a line of an input file cannot be used (carries file and line)
├── StoreError          the database cannot be opened, read or written
├── GatherError         a source could not be crawled
├── ModelError          the spaCy pipeline is missing or unusable
├── CriterionError      a resolution criterion does not parse (carries column and what was expected)
├── LedgerError         a judgement on an event or a company cannot be made
├── PredictionError     a prediction cannot be logged, changed or judged
├── BriefingError       a briefing cannot be built
└── SiteError           a site cannot be built
"""

from __future__ import annotations


class TrackerError(Exception):
    """Base of all errors a person should read. `hint` says what to do next.

    >>> str(TrackerError("no such file: a.jsonl", hint="check the path"))
    'no such file: a.jsonl (check the path)'
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class ConfigError(TrackerError):
    """A setting, a source list or a template is wrong."""


class InputError(TrackerError):
    """A line of an input file cannot be used.

    >>> str(InputError("missing field 'url'", file="a.jsonl", line=3))
    "a.jsonl:3: missing field 'url'"
    """

    def __init__(self, message: str, *, file: str, line: int | None = None, hint: str | None = None) -> None:
        where = f"{file}:{line}" if line is not None else file
        super().__init__(f"{where}: {message}", hint=hint)
        self.file = file
        self.line = line


class StoreError(TrackerError):
    """The database cannot be opened, read or written."""


class GatherError(TrackerError):
    """A source could not be crawled."""


class ModelError(TrackerError):
    """The spaCy pipeline is missing or unusable."""


class CriterionError(TrackerError):
    """A resolution criterion does not parse; `column` counts from 1 in `text`."""

    def __init__(
        self, message: str, *, column: int | None = None, text: str | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.column = column
        self.text = text


class LedgerError(TrackerError):
    """A judgement on an event or a company cannot be made."""


class PredictionError(TrackerError):
    """A prediction cannot be logged, changed or judged."""


class BriefingError(TrackerError):
    """A briefing cannot be built."""


class SiteError(TrackerError):
    """A site cannot be built."""
