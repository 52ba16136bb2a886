"""An issue as HTML, Markdown, plain text and JSON. A misspelt field in a template is an error."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, select_autoescape
from markupsafe import Markup

from tracker.brief import charts
from tracker.brief.house import SECTIONS, SHIPPED, House
from tracker.brief.issue import EXHIBITS_SHOWN, MISSES_SHOWN, REASONS_SHOWN
from tracker.brief.likelihood import STEPS, percent
from tracker.brief.model import Issue
from tracker.brief.money import coined
from tracker.brief.plain import plain
from tracker.brief.text import capital, count, markdown, plural
from tracker.config import shipped
from tracker.errors import BriefingError, ConfigError
from tracker.spoken import day_text, speaking

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
        "steps": [240 * upper for upper, _ in STEPS],
        "marker": charts.odds_marker,
        "categories": charts.ORDER,
        "verdicts": VERDICT_LABELS,
        "labels": SECTIONS,
    }
    return fill(environment, "issue.html", {**common(issue, house), **values})


def common(issue: Issue, house: House) -> dict[str, Any]:
    """What every template of an issue may use."""
    return {"issue": issue, "house": house, "sections": house.sections, **SHOWN}


def style(environment: Environment) -> str:
    return source(environment, "style.css") + source(environment, "charts.css")


def source(environment: Environment, name: str) -> str:
    """A template's text as it is."""
    assert environment.loader is not None
    try:
        return environment.loader.get_source(environment, name)[0]
    except TemplateError as error:
        raise BriefingError(f"template briefing/{name} is missing", hint="reinstall the package") from error


def _json(issue: Issue, _: House, __: Environment) -> str:
    return json.dumps(issue.as_json(), ensure_ascii=False, indent=1) + "\n"


_FORMS: Mapping[str, Callable[[Issue, House, Environment], str | bytes]] = {
    "html": page,
    "md": told,
    "txt": lambda issue, house, environment: plain(told(issue, house, environment)),
    "json": _json,
}


@lru_cache(maxsize=4)
def environment_of(folder: Path | None) -> Environment:
    """The templates: those of a folder before the shipped ones of the same name."""
    try:
        own = shipped("templates", "briefing")
    except ConfigError as error:
        raise BriefingError(error.message, hint=error.hint) from error
    environment = Environment(
        loader=FileSystemLoader([folder, own] if folder else [own]),
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


def fill(environment: Environment, name: str, values: Mapping[str, Any]) -> str:
    try:
        return environment.get_template(name).render(**values)
    except TemplateError as error:
        file, line = _where(error) or (name, getattr(error, "lineno", None))
        where = f"briefing/{file}, line {line}" if line else f"briefing/{file}"
        raise BriefingError(f"template {where}: {error}", hint="mend the template") from error


def _where(error: BaseException) -> tuple[str, int] | None:
    """The template and its line, from the innermost frame that belongs to one."""
    found = None
    trace = error.__traceback__
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.suffix in (".html", ".md"):
            folder = "sections/" if path.parent.name == "sections" else ""
            found = folder + path.name, trace.tb_lineno
        trace = trace.tb_next
    return found


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
