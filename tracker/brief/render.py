"""An issue as HTML, Markdown, plain text, JSON, PDF and mail."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cached_property
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from tracker.brief import charts
from tracker.brief.house import SECTIONS, SHIPPED, House
from tracker.brief.likelihood import STEPS
from tracker.brief.mail import message
from tracker.brief.model import Issue
from tracker.brief.pdf import pdf
from tracker.brief.plain import plain
from tracker.brief.templates import environment_of, fill, style
from tracker.brief.timeline import spark, timeline
from tracker.spoken import speaking

VERDICT_LABELS = {
    "met": "Met", "not met": "Missed", "open": "Open", "undecided": "Undecided", "void": "Void",
    "ambiguous": "Ambiguous",
}  # fmt: skip

FACT_LABELS = {**VERDICT_LABELS, "met": "Borne out", "not met": "Not borne out"}


@dataclass(frozen=True)
class Drawn:
    """An issue in its house style, and the forms that others are made of, each made once."""

    issue: Issue
    house: House
    environment: Environment

    @cached_property
    def told(self) -> str:
        """The issue as Markdown."""
        return fill(self.environment, "issue.md", common(self.issue, self.house))

    @cached_property
    def text(self) -> str:
        return plain(self.told)

    @cached_property
    def page(self) -> str:
        return page(self.issue, self.house, self.environment)

    def mail(self) -> EmailMessage:
        """A mail that nobody has addressed yet: text, HTML with its styles inside, charts."""
        return message(common(self.issue, self.house), self.text, self.page, self.environment)

    def json(self) -> str:
        return json.dumps(self.issue.as_json(), ensure_ascii=False, indent=1) + "\n"


def render(issue: Issue, house: House = SHIPPED) -> dict[str, str | bytes]:
    """The issue's files by ending, in the forms of the house.

    Raises BriefingError naming the template and its line, or the package that a form needs.
    """
    drawn = Drawn(issue, house, environment_of(house.templates))
    with speaking(house.locale):
        return {form: _FORMS[form](drawn) for form in house.forms}


def page(issue: Issue, house: House, environment: Environment) -> str:
    """The issue as one HTML page that needs nothing beside it."""
    css = style(environment)
    values = {
        "css": Markup(css),
        "css_hash": base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
        "bars": charts.bar_chart(issue.balance.columns),
        "paces": {f.id: charts.pace_chart(f, issue.at) for f in (*issue.due, *issue.open)},
        "timeline": timeline(issue.balance),
        "sparks": {f.id: spark(f, issue.at) for f in (*issue.due, *issue.open)},
        "steps": [240 * upper for upper, _ in STEPS],
        "marker": charts.odds_marker,
        "categories": charts.ORDER,
        "verdicts": VERDICT_LABELS,
        "labels": SECTIONS,
    }
    return fill(environment, "issue.html", {**common(issue, house), **values})


def common(issue: Issue, house: House) -> dict[str, Any]:
    """What every template of an issue may use."""
    return {"issue": issue, "house": house, "sections": house.sections, "facts": FACT_LABELS}


_FORMS: Mapping[str, Callable[[Drawn], str | bytes]] = {
    "html": lambda drawn: drawn.page,
    "md": lambda drawn: drawn.told,
    "txt": lambda drawn: drawn.text,
    "json": Drawn.json,
    "pdf": lambda drawn: pdf(drawn.page, drawn.environment),
    "eml": lambda drawn: bytes(drawn.mail()),
}
