"""An issue as HTML, Markdown, plain text, JSON, PDF and mail."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from email.message import EmailMessage
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


def render(issue: Issue, house: House = SHIPPED) -> dict[str, str | bytes]:
    """The issue's files by ending, in the forms of the house.

    Raises BriefingError naming the template and its line, or the package that a form needs.
    """
    environment = environment_of(house.templates)
    with speaking(house.locale):
        return {form: _FORMS[form](issue, house, environment) for form in house.forms}


def told(issue: Issue, house: House, environment: Environment) -> str:
    """The issue as Markdown."""
    return fill(environment, "issue.md", common(issue, house))


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


def mail(issue: Issue, house: House, environment: Environment) -> EmailMessage:
    """The issue as a mail that nobody has addressed yet: text, HTML with its styles inside, charts."""
    text = plain(told(issue, house, environment))
    drawn = page(issue, house, environment)
    return message(common(issue, house), text, drawn, environment)


def _json(issue: Issue, _: House, __: Environment) -> str:
    return json.dumps(issue.as_json(), ensure_ascii=False, indent=1) + "\n"


_FORMS: Mapping[str, Callable[[Issue, House, Environment], str | bytes]] = {
    "html": page,
    "md": told,
    "txt": lambda issue, house, environment: plain(told(issue, house, environment)),
    "json": _json,
    "pdf": lambda issue, house, environment: pdf(page(issue, house, environment), environment),
    "eml": lambda issue, house, environment: bytes(mail(issue, house, environment)),
}
