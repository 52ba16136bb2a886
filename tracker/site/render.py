"""Fills the site's templates. A misspelt field in one is an error that names it and its line."""

from __future__ import annotations

import datetime as dt
from typing import Any

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    select_autoescape,
)

from tracker.brief import charts
from tracker.brief.house import SHIPPED, House
from tracker.brief.likelihood import STEPS, percent
from tracker.brief.render import FACT_LABELS, VERDICT_LABELS
from tracker.brief.text import capital, count, plural
from tracker.config import shipped
from tracker.errors import ConfigError, SiteError
from tracker.site.places import root_of
from tracker.spoken import day_text


class Templates:
    """The compiled templates of a site."""

    def __init__(self, house: House = SHIPPED) -> None:
        try:
            own, issue = [shipped("templates", "site")], [shipped("templates", "briefing")]
        except ConfigError as error:
            raise SiteError(error.message, hint=error.hint) from error
        if house.templates:
            own, issue = [house.templates / "site", *own], [house.templates, *issue]
        self._loader = ChoiceLoader(
            [FileSystemLoader(own), PrefixLoader({"briefing": FileSystemLoader(issue)})]
        )
        self._environment = Environment(
            loader=self._loader,
            undefined=StrictUndefined,
            autoescape=select_autoescape(["html"]),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._environment.filters.update(
            day=_day, moment=_moment, percent=percent, capital=capital, counted=count, thousands=_thousands,
            coin=str, plural_of=_plural_of, md=str,
        )  # fmt: skip
        self._environment.globals.update(
            verdicts=VERDICT_LABELS, facts=FACT_LABELS, steps=[240 * upper for upper, _ in STEPS],
            house=house, marker=charts.odds_marker,
        )  # fmt: skip

    def page(self, template: str, path: str, title: str = "", **values: Any) -> str:
        """The page at a path of the site. Raises SiteError naming the template and its line."""
        place = {"root": root_of(path), "here": path, "path": path}
        try:
            return self._environment.get_template(template).render(title=title, **place, **values)
        except TemplateError as error:
            raise SiteError(f"template site/{_where(error, template)}: {error}", hint="mend it") from error

    def style(self) -> str:
        """The issue's rules, and after them the site's own."""
        return "".join(map(self._source, ("briefing/charts.css", "briefing/style.css", "site.css")))

    def script(self) -> str:
        return self._source("search.js")

    def _source(self, name: str) -> str:
        return self._loader.get_source(self._environment, name)[0]


def _where(error: BaseException, template: str) -> str:
    """The template's line, from the innermost frame that belongs to one."""
    found = template, getattr(error, "lineno", None)
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.endswith(".html"):
            found = file.rsplit("/", 1)[-1], trace.tb_lineno
        trace = trace.tb_next
    return f"{found[0]}, line {found[1]}" if found[1] else found[0]


def _day(value: dt.date | dt.datetime) -> str:
    return day_text(value.date() if isinstance(value, dt.datetime) else value)


def _moment(value: dt.datetime) -> str:
    """A time as people read it: midnight is the end of the day before."""
    utc = value.astimezone(dt.UTC)
    if utc.time() == dt.time():
        return f"the end of {day_text(utc.date() - dt.timedelta(days=1))}"
    return f"{utc:%H:%M} UTC on {day_text(utc.date())}"


def _thousands(n: int) -> str:
    return f"{n:,}"


def _plural_of(noun: str, n: int) -> str:
    return plural(n, noun)
