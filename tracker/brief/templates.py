"""The templates of an issue: found, filled, and their faults named by file and line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, select_autoescape

from tracker.brief.likelihood import percent
from tracker.brief.money import coined
from tracker.brief.text import capital, count, markdown, plural
from tracker.config import shipped
from tracker.errors import BriefingError, ConfigError
from tracker.spoken import day_text


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
        day=day,
        moment=moment,
        percent=percent,
        coin=coined,
        capital=capital,
        plural_of=plural_of,
        counted=count,
    )
    return environment


def fill(environment: Environment, name: str, values: Mapping[str, Any]) -> str:
    try:
        return environment.get_template(name).render(**values)
    except TemplateError as error:
        told = f"template briefing/{where(error, name)}: {error}"
        raise BriefingError(told, hint="mend the template") from error


def where(error: BaseException, name: str) -> str:
    """The template and its line, from the innermost frame that belongs to one; else the one of that name."""
    file, line = name, getattr(error, "lineno", None)
    trace = error.__traceback__
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.suffix in (".html", ".md"):
            folder = "sections/" if path.parent.name == "sections" else ""
            file, line = folder + path.name, trace.tb_lineno
        trace = trace.tb_next
    return f"{file}, line {line}" if line else file


def plural_of(noun: str, n: int) -> str:
    return plural(n, noun)


def day(value: dt.date | dt.datetime, year: bool = True) -> str:
    return day_text(value.date() if isinstance(value, dt.datetime) else value, year=year)


def moment(value: dt.datetime, zone: str = " (UTC)") -> str:
    """A time as people read it: midnight is the end of the day before."""
    utc = value.astimezone(dt.UTC)
    if utc.time() == dt.time():
        return f"the end of {day_text(utc.date() - dt.timedelta(days=1))}{zone}"
    return f"{utc:%H:%M} UTC on {day_text(utc.date())}"


def style(environment: Environment) -> str:
    return source(environment, "charts.css") + source(environment, "style.css")


def source(environment: Environment, name: str) -> str:
    """A template's text as it is."""
    assert environment.loader is not None
    try:
        return environment.loader.get_source(environment, name)[0]
    except TemplateError as error:
        raise BriefingError(f"template briefing/{name} is missing", hint="reinstall the package") from error
