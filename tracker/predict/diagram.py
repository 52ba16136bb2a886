"""The reliability diagram, as text for a terminal and as an SVG picture, from the same rows."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass

from tracker.predict.calibration import BAND, Calibration, assessment

SCALE = 40
"""Characters from 0 to 100%."""

SIZE, LEFT, TOP = 320, 52, 40
"""Pixels of the square, and of the margins before it."""

TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
INK, LINE, SHADE = "#222222", "#1f5fa8", "#dce6f2"


@dataclass(frozen=True)
class Row:
    """One pool of the curve in words: what was said, how often, what came, and the band at its mean."""

    said: str
    n: int
    came: str
    band: str

    def __str__(self) -> str:
        return f"said {self.said}, {self.n} times: {self.came} came, {self.band} if calibrated"


def rows(found: Calibration) -> list[Row]:
    listed = []
    for pool in found.pools:
        low, high = found.band(pool.mean)
        listed.append(Row(_span(pool.low, pool.high), pool.n, _percent(pool.came), _span(low, high)))
    return listed


def _percent(share: float) -> str:
    """
    >>> _percent(0.025), _percent(1.0)
    ('2.5%', '100%')
    """
    return f"{share * 100:.1f}".removesuffix(".0") + "%"


def _span(low: float, high: float) -> str:
    return _percent(low) if _percent(low) == _percent(high) else f"{_percent(low)} to {_percent(high)}"


# ----- text


def text(found: Calibration) -> str:
    """The diagram in lines of at most 100 characters: `o` what came, `+` what was said, `-` the band."""
    listed = rows(found)
    head = Row("said", 0, "came", f"{BAND:.0%} band")
    wide = [max(len(getattr(r, name)) for r in [*listed, head]) for name in ("said", "came", "band")]
    scale = f"{'0%':<{SCALE // 2 - 1}}50%{'100%':>{SCALE // 2}}"
    lines = [f"{head.said:<{wide[0]}}  {'n':>5}  {head.came:>{wide[1]}}  {head.band:<{wide[2]}}  {scale}"]
    for row, pool in zip(listed, found.pools, strict=True):
        bar = _bar(pool.mean, pool.came, found.band(pool.mean))
        told = f"{row.said:<{wide[0]}}  {row.n:>5}  {row.came:>{wide[1]}}  {row.band:<{wide[2]}}"
        lines.append(f"{told}  {bar}".rstrip())
    return "\n".join([*lines, "o came   + said (* both)   - where a calibrated forecaster's curve lies"])


def _bar(said: float, came: float, band: tuple[float, float]) -> str:
    """
    >>> _bar(0.25, 0.5, (0.2, 0.3)).rstrip()
    '        --+--       o'
    """
    cells = [" "] * (SCALE + 1)
    low, high = (round(edge * SCALE) for edge in band)
    cells[low : high + 1] = "-" * (high + 1 - low)
    said_at, came_at = round(said * SCALE), round(came * SCALE)
    cells[said_at] = "+"
    cells[came_at] = "*" if came_at == said_at else "o"
    return "".join(cells)


# ----- picture


def picture(found: Calibration, title: str) -> str:
    """The diagram as SVG: the curve in its band, a dot with its row as its title for each pool."""
    width, height = LEFT + SIZE + 20, TOP + SIZE + 48
    svg = ET.Element(
        "svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width} {height}", role="img",
        attrib={"font-family": "sans-serif", "font-size": "12"},
    )  # fmt: skip
    _add(svg, "title", f"Reliability of {title}")
    _add(svg, "desc", assessment(found))
    _add(svg, "rect", width=width, height=height, fill="#ffffff")
    _add(svg, "text", title, x=LEFT, y=24, fill=INK)
    _curve(svg, found)
    _axes(svg)
    _dots(svg, found)
    ET.indent(svg)
    return ET.tostring(svg, encoding="unicode") + "\n"


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: object) -> ET.Element:
    named = {name.replace("_", "-"): str(value) for name, value in attributes.items()}
    child = ET.SubElement(parent, tag, named)
    child.text = text or None
    return child


def _x(share: float) -> float:
    return round(LEFT + share * SIZE, 1)


def _y(share: float) -> float:
    return round(TOP + (1 - share) * SIZE, 1)


def _path(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{_x(a)},{_y(b)}" for a, b in points)


def _axes(svg: ET.Element) -> None:
    _add(svg, "rect", x=LEFT, y=TOP, width=SIZE, height=SIZE, fill="none", stroke=INK)
    _add(svg, "polyline", points=_path([(0, 0), (1, 1)]), stroke=INK, stroke_dasharray="4 4", fill="none")
    for tick in TICKS:
        _add(svg, "text", f"{tick:.0%}", x=_x(tick), y=_y(0) + 16, text_anchor="middle", fill=INK)
        _add(svg, "text", f"{tick:.0%}", x=LEFT - 6, y=_y(tick) + 4, text_anchor="end", fill=INK)
    _add(svg, "text", "said", x=_x(0.5), y=_y(0) + 36, text_anchor="middle", fill=INK)
    _add(svg, "text", "came", x=LEFT - 6, y=TOP - 10, text_anchor="end", fill=INK)


def _curve(svg: ET.Element, found: Calibration) -> None:
    places = found.places
    band = [(p.said, p.high) for p in places] + [(p.said, p.low) for p in reversed(places)]
    _add(svg, "polygon", points=_path(band), fill=SHADE)
    curve = [(p.said, p.came) for p in places]
    _add(svg, "polyline", points=_path(curve), fill="none", stroke=LINE, stroke_width=2)


def _dots(svg: ET.Element, found: Calibration) -> None:
    for row, pool in zip(rows(found), found.pools, strict=True):
        dot = _add(svg, "circle", cx=_x(pool.mean), cy=_y(pool.came), r=4, fill=LINE)
        _add(dot, "title", str(row))
