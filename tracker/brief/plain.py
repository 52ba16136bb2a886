"""Markdown as plain text, for mail and terminals: 76 columns, headings underlined, addresses written out."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

WIDTH = 76
RULES = {"h1": "=", "h2": "-"}
"""What underlines a heading; deeper ones have no line."""

DEEPER = frozenset(["bullet_list_open", "ordered_list_open", "blockquote_open"])
LESS_DEEP = frozenset(["bullet_list_close", "ordered_list_close", "blockquote_close"])


def plain(markdown: str) -> str:
    """The text of a Markdown document: paragraphs wrapped, lists indented, a table's rows a line each."""
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    return "\n".join(_lines(tokens)).strip() + "\n"


def _lines(tokens: Sequence[Token]) -> Iterator[str]:
    depth, mark = 0, ""
    for before, token in zip([None, *tokens], tokens, strict=False):
        kind = token.type
        if kind in DEEPER:
            depth += 1
        elif kind in LESS_DEEP:
            depth -= 1
            if not depth:
                yield ""
        elif kind == "list_item_open":
            mark = f"{token.info}. " if token.info else "- "
        elif kind == "inline" and before and before.type == "heading_open":
            yield from _heading(_text(token), RULES.get(before.tag, ""))
        elif kind == "inline" and before and before.type in ("th_open", "td_open"):
            mark += f"{_text(token)}; "
        elif kind == "tr_close":
            yield from _wrapped(mark.removesuffix("; "), 0, "")
            mark = ""
        elif kind == "inline":
            yield from _wrapped(_text(token), depth, mark)
            mark = ""
        if kind == "table_close" or (kind == "paragraph_close" and not depth):
            yield ""


def _heading(text: str, rule: str) -> Iterator[str]:
    yield text
    if rule:
        yield rule * min(len(text), WIDTH)
    yield ""


def _wrapped(text: str, depth: int, mark: str) -> list[str]:
    margin = "  " * max(0, depth - 1)
    first, rest = margin + mark, margin + " " * len(mark or ("  " if depth else ""))
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first if mark else rest,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _text(token: Token) -> str:
    """The words of an inline token; a link's address stands behind its words."""
    parts: list[str] = []
    address = ""
    for child in token.children or ():
        if child.type == "link_open":
            address = str(child.attrs.get("href", ""))
        elif child.type == "link_close":
            parts.append(f" <{address}>")
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        else:
            parts.append(child.content)
    return " ".join("".join(parts).split())
