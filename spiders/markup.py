"""Markup to plain text, for the bodies that come inside feeds and filings."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree, html

BLOCKS = frozenset(
    {
        "p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "blockquote",
        "section", "article", "pre", "hr", "dd", "dt",
    }
)  # fmt: skip
DROPPED = frozenset(
    {"script", "style", "noscript", "iframe", "svg", "figure", "figcaption", "form", "header", "button"}
)


def plain_text(markup: str) -> str:
    """The text of an HTML fragment, one block a line.

    >>> plain_text("<p>Acme buys <b>Bolt</b>.</p><p>No price.</p>")
    'Acme buys Bolt.\\nNo price.'
    """
    if not markup.strip():
        return ""
    try:
        root = html.fragment_fromstring(markup, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    return tree_text(root)


def tree_text(root: Any) -> str:
    """The text of an element, one block a line, without what is not prose."""
    parts: list[str] = []
    _collect(root, parts)
    lines = (re.sub(r"\s+", " ", line).strip() for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _collect(element: Any, parts: list[str]) -> None:
    if not isinstance(element.tag, str) or element.tag in DROPPED:  # comments have no string as tag
        return
    inline = "display:inline" in (element.get("style") or "").replace(" ", "")  # filings split sentences so
    block = element.tag in BLOCKS and not inline
    parts.append("\n" if block else "")
    parts.append(_spaced(element.text))
    for child in element:
        _collect(child, parts)
        parts.append(_spaced(child.tail))
    parts.append("\n" if block else " " if element.tag == "td" else "")


def _spaced(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")
