"""An issue as HTML, Markdown, plain text and JSON. A misspelt field in a template is an error."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, select_autoescape
from markupsafe import Markup

from tracker.brief import charts
from tracker.brief.issue import EXHIBITS_SHOWN, MISSES_SHOWN, REASONS_SHOWN
from tracker.brief.likelihood import STEPS, percent
from tracker.brief.model import Issue
from tracker.brief.money import coined
from tracker.brief.plain import plain
from tracker.brief.text import capital, count, markdown, plural
from tracker.brief.week import day_text
from tracker.config import shipped
from tracker.errors import BriefingError, ConfigError

FORMATS = ("html", "md", "txt", "json")
VERDICT_LABELS = {
    "met": "Met", "not met": "Missed", "open": "Open", "undecided": "Undecided", "void": "Void",
    "ambiguous": "Ambiguous",
}  # fmt: skip

FACT_LABELS = {**VERDICT_LABELS, "met": "Borne out", "not met": "Not borne out"}
SHOWN = {
    "facts": FACT_LABELS,
    "exhibits_shown": EXHIBITS_SHOWN,
    "misses_shown": MISSES_SHOWN,
    "reasons_shown": REASONS_SHOWN,
}


def render(issue: Issue) -> dict[str, str]:
    """The issue's files by ending. Raises BriefingError naming the template and its line."""
    environment = _environment()
    told = _fill(environment, "issue.md", {"issue": issue, **SHOWN})
    return {
        "html": _fill(environment, "issue.html", _page(issue, environment)),
        "md": told,
        "txt": plain(told),
        "json": json.dumps(issue.as_json(), ensure_ascii=False, indent=1) + "\n",
    }


def _page(issue: Issue, environment: Environment) -> Mapping[str, Any]:
    css = _source(environment, "style.css")
    return {
        "issue": issue,
        "css": Markup(css),
        "css_hash": base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
        "bars": charts.bar_chart(issue.balance.columns),
        "paces": {f.id: charts.pace_chart(f, issue.at) for f in (*issue.due, *issue.open)},
        "steps": [240 * upper for upper, _ in STEPS],
        "marker": charts.odds_marker,
        "categories": charts.ORDER,
        "verdicts": VERDICT_LABELS,
        **SHOWN,
    }


def _source(environment: Environment, name: str) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


@lru_cache(maxsize=1)
def _environment() -> Environment:
    try:
        folder = shipped("templates", "briefing")
    except ConfigError as error:
        raise BriefingError(error.message, hint=error.hint) from error
    environment = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        md=markdown,
        day=_day,
        moment=_moment,
        percent=percent,
        coin=coined,
        capital=capital,
        plural_of=_plural_of,
        counted=_counted,
    )
    return environment


def _fill(environment: Environment, name: str, values: Mapping[str, Any]) -> str:
    try:
        return environment.get_template(name).render(**values)
    except TemplateError as error:
        raise BriefingError(
            f"template briefing/{name}: {_where(error)}{error}", hint="mend the template"
        ) from error


def _where(error: BaseException) -> str:
    """The template's line, from the innermost frame that belongs to a template."""
    line = getattr(error, "lineno", None)
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith((".html", ".md")):
            line = trace.tb_lineno
        trace = trace.tb_next
    return f"line {line}: " if line else ""


def _counted(n: int, noun: str) -> str:
    return count(n, noun)


def _plural_of(noun: str, n: int) -> str:
    return plural(n, noun)


def _day(value: dt.date | dt.datetime, year: bool = True) -> str:
    return day_text(value.date() if isinstance(value, dt.datetime) else value, year=year)


def _moment(value: dt.datetime) -> str:
    """A time as people read it: midnight is the end of the day before."""
    utc = value.astimezone(dt.UTC)
    if utc.time() == dt.time():
        return f"the end of {day_text(utc.date() - dt.timedelta(days=1))} (UTC)"
    return f"{utc:%H:%M} UTC on {day_text(utc.date())}"
