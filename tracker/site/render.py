"""Fills the site's templates. A misspelt field in one is an error that names it and its line."""

from __future__ import annotations

from functools import partial
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
from tracker.brief.templates import day, moment, plural_of, where
from tracker.brief.text import capital, count
from tracker.config import shipped
from tracker.errors import ConfigError, SiteError
from tracker.site.places import root_of


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
            day=day, moment=partial(moment, zone=""), percent=percent, capital=capital, counted=count,
            thousands=_thousands, coin=str, plural_of=plural_of, md=str,
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
            raise SiteError(f"template site/{where(error, template)}: {error}", hint="mend it") from error

    def style(self) -> str:
        """The issue's rules, and after them the site's own."""
        return "".join(map(self._source, ("briefing/charts.css", "briefing/style.css", "site.css")))

    def script(self) -> str:
        return self._source("search.js")

    def _source(self, name: str) -> str:
        return self._loader.get_source(self._environment, name)[0]


def _thousands(n: int) -> str:
    return f"{n:,}"
