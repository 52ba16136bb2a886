"""The charts of a page as drawings that stand alone, their colours inside, and as PNG.

What makes PDF does not apply a page's style sheet to the drawings in it, and no mail program shows SVG.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import Environment

from tracker.brief.extras import needed
from tracker.brief.templates import source

_SVG = re.compile(
    r'<svg class="(chart|chart spark|scale)" viewBox="0 0 ([\d.]+) ([\d.]+)".*?</svg>', re.DOTALL
)
_CHART_OR_SECTION = re.compile(rf'<section id="([\w-]+)"|{_SVG.pattern}', re.DOTALL)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL)
_VARIABLES = re.compile(r"--([\w-]+): ([^;]+);")
_USED = re.compile(r"var\(--([\w-]+)\)")
FONT = "DejaVu Sans"
"""A face that servers have: a picture may not depend on whose machine drew it."""

ZOOM = 2.0
"""Pixels a unit: most screens show two in the place of one."""


@dataclass(frozen=True)
class Drawing:
    """A chart as an SVG document, the section it stands in, and what it is called."""

    section: str
    title: str
    svg: str


def standing_alone(page: str, environment: Environment) -> str:
    """The page with the rules for its drawings inside each of them."""
    rules = _rules(environment)
    return _SVG.sub(lambda found: _styled(found[0], found[2], found[3], rules), page)


def drawings(page: str, environment: Environment) -> Iterator[Drawing]:
    """The charts of a page, in order."""
    section, rules = "", _rules(environment)
    for found in _CHART_OR_SECTION.finditer(page):
        section = found[1] or section
        title = _TITLE.search(found[0])
        if found[2] == "chart" and title:
            svg = _styled(found[0], found[3], found[4], rules)
            yield Drawing(section, html.unescape(title[1]), svg)


def _rules(environment: Environment) -> str:
    """The charts' rules with the light colours in the place of variables."""
    root = source(environment, "style.css").split("}", 1)[0]
    colours = dict(_VARIABLES.findall(root)) | {"sans": f'"{FONT}"'}
    return _USED.sub(lambda found: colours[found[1]], source(environment, "charts.css"))


def _styled(svg: str, width: str, height: str, rules: str) -> str:
    head, rest = svg.split(">", 1)
    size = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
    return f"{head.replace('<svg', size, 1)}><style>{rules}</style>{rest}"


def png(svg: str) -> bytes:
    """A drawing as PNG on white. Raises BriefingError without the package `resvg-py`."""
    drawn = needed("resvg_py", "mail").svg_to_bytes(
        svg_string=svg, font_family=FONT, sans_serif_family=FONT, zoom=ZOOM, background="white"
    )
    return bytes(drawn)
