"""What a site is made of, as data, and what several of its pages share."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from tracker.brief.house import SHIPPED, House
from tracker.models.company import Company
from tracker.models.ledger import Event
from tracker.predict.scoreboard import Judged
from tracker.site import places
from tracker.site.companies import Entry, entry, newest_first
from tracker.site.events import Mentioned, Named
from tracker.site.predictions import Row, Subject, row
from tracker.site.render import Templates


class Taking(NamedTuple):
    """A company, whether it is a listed one, and the events it takes part in."""

    company: Company
    listed: bool
    events: Sequence[Event]


@dataclass(frozen=True)
class IssueNote:
    """What the other pages say of an issue.

    at: when it was judged, as ISO 8601. deals: the anchors of the events it tells, by id. standings: of each
    prediction its verdict then, the probability in force and how far it had come.
    """

    week: str
    title: str
    days: str
    line: str
    minutes: int
    at: str
    bottom_line: list[str]
    deals: dict[str, str]
    standings: dict[str, tuple[str, float | None, str]]

    @property
    def path(self) -> str:
        return places.issue_page(self.week)


@dataclass(frozen=True)
class Archive:
    """A whole site as data. `issues` are oldest first, one at least; `url` is where it will lie, if known."""

    issues: Sequence[IssueNote]
    events: Sequence[Event]
    takings: Sequence[Taking]
    subjects: Sequence[Subject]
    judged: Sequence[Judged]
    url: str = ""
    house: House = SHIPPED


@dataclass(frozen=True)
class Page:
    """A file of the site: where, a digest of all it is made from, and how to make it."""

    path: str
    inputs: str
    make: Callable[[], str]


def digest(*parts: object) -> str:
    """A text counts as it is, everything else as it is printed."""
    found = hashlib.blake2b(digest_size=12)
    for part in parts:
        found.update((part if isinstance(part, str) else repr(part)).encode())
        found.update(b"\0")
    return found.hexdigest()


class Shared:
    """An archive with what several pages need of it, computed once, and the templates to fill."""

    def __init__(self, archive: Archive, templates: Templates) -> None:
        self.archive = archive
        self.templates = templates
        self.inputs = {e.id: digest(e.model_dump_json()) for e in archive.events}
        self.entries = [entry(t.company, t.listed, len(t.events)) for t in archive.takings]

    def page(self, template: str, path: str, inputs: str, make: Callable[[], Mapping[str, Any]]) -> Page:
        """A page that is filled only when it is wanted."""
        return Page(path, inputs, lambda: self.templates.page(template, path, **make()))

    def told(self, events: Sequence[Event]) -> str:
        """A digest of some events."""
        return digest(*(self.inputs[e.id] for e in events))

    @cached_property
    def latest(self) -> list[Event]:
        return newest_first(self.archive.events)

    @cached_property
    def entry_of(self) -> dict[str, Entry]:
        return {e.id: e for e in self.entries}

    @cached_property
    def rows(self) -> list[Row]:
        return [row(s) for s in self.archive.subjects]

    def mentioned(self, event: Event) -> Mentioned:
        return Mentioned(self._issues.get(event.id, ()), self._predictions.get(event.id, ()))

    @cached_property
    def _issues(self) -> dict[str, list[Named]]:
        found: dict[str, list[Named]] = {}
        for issue in self.archive.issues:
            for id_, anchor in issue.deals.items():
                found.setdefault(id_, []).append(Named(issue.week, f"{issue.path}#{anchor}"))
        return found

    @cached_property
    def _predictions(self) -> dict[str, list[Named]]:
        found: dict[str, list[Named]] = {}
        for subject, shown in zip(self.archive.subjects, self.rows, strict=True):
            v = subject.verdict
            for word, side in (("For", v.evidence_for), ("Against", v.evidence_against)):
                for id_ in dict.fromkeys(e.event_id for e in side):
                    found.setdefault(id_, []).append(Named(f"{word}: {shown.title}", shown.path))
        return found
