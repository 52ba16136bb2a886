"""The text of an article out of its page.

The text is trafilatura's (Barbaresi 2021, doi 10.18653/v1/2021.acl-demo.15).
"""

from __future__ import annotations

import html
import logging
from copy import deepcopy
from typing import Any

import trafilatura
from lxml import etree
from trafilatura.settings import Extractor

from spiders.declared import one_line
from spiders.markup import plain_text

# Made once: the library would read its settings anew for each page.
FAST, SLOW = (Extractor(precision=True, comments=False, tables=False, fast=fast) for fast in (True, False))

# That a page has no text is told by this program, not by the library in the midst of its output.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

NOT_PROSE = ("script", "style", "svg", "iframe", "template", "button", "select")
# What the fast way leaves out; taken out at once, it is not searched first.
BESIDE = ("head", "nav", "footer", "aside")
# What pages put between an article's paragraphs; whole words of class names, so that "shadow" is no ad.
CLUTTER = frozenset(
    {
        "ad", "ads", "advert", "advertisement", "ad-slot", "promo", "newsletter", "newsletter-signup",
        "related", "related-articles", "related-stories", "read-more", "recommended", "cookie-banner",
        "comments",
    }
)  # fmt: skip
CLUTTERED = ("div", "aside", "section", "ul", "p")
PARAGRAPH = 80  # characters; what is shorter is as likely a caption or a link
COVERS = 0.8  # of what the page shows or declares; a text with less has lost a part of the article


def body_text(tree: Any, title: str, declared: str = "") -> str:
    """The paragraphs of the article, one a line, without the headline.

    `declared` is the text that the page gives for machines, taken where far more of it is there than was
    found. The slower reading, which compares several extractors, is asked only where the fast one has lost
    much of the page's paragraphs.
    """
    prose = _prose(tree)
    shown = _paragraphs(prose)
    etree.strip_elements(prose, *BESIDE, with_tail=False)
    text = _extract(prose, fast=True)
    if len(text) < COVERS * shown:
        text = _extract(_prose(tree), fast=False)
    if len(text) < COVERS * len(declared):
        text = plain_text(declared) if "</" in declared else html.unescape(declared)
    lines = [one_line(line).removeprefix("- ") for line in text.splitlines()]
    kept = [line for line in lines if line]
    return "\n".join(kept[1:] if kept and kept[0] == title else kept)


def _prose(tree: Any) -> Any:
    """A copy of the page without what is never prose: each search after it is so much shorter."""
    tree = deepcopy(tree)
    etree.strip_elements(tree, *NOT_PROSE, with_tail=False)
    for element in list(tree.iter(*CLUTTERED)):
        named = {*(element.get("class") or "").split(), element.get("id")}
        if named & CLUTTER and element.getparent() is not None:
            element.drop_tree()
    return tree


def _extract(tree: Any, fast: bool) -> str:
    return trafilatura.extract(tree, options=FAST if fast else SLOW) or ""


def _paragraphs(tree: Any) -> int:
    """How many characters stand in the page's paragraphs."""
    texts = (len(one_line(paragraph.text_content())) for paragraph in tree.iter("p"))
    return sum(length for length in texts if length >= PARAGRAPH)
