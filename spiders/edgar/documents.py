"""The HTML of filings: its tree, and its prose without the facts hidden for machines."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree, html

from spiders.gates import CHALLENGE
from spiders.markup import tree_text

XML_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*\?>")
HIDDEN = "//*[local-name()='ix:header' or local-name()='header' or local-name()='ix:hidden']"


def tree_of(body: bytes) -> Any:
    """Raises ValueError where the body holds no markup, or says that requests come too fast."""
    try:
        tree = html.document_fromstring(XML_DECLARATION.sub(b"", body))
    except (etree.LxmlError, ValueError) as error:
        raise ValueError("not an HTML document") from error
    title = str(tree.xpath("string(//title)")).split("|")[-1].strip()
    if CHALLENGE.match(title):
        raise ValueError(f"not a filing but a page titled {title[:60]!r}")
    return tree


def prose(body: bytes) -> str:
    """The text of a document, one block a line. Raises ValueError as `tree_of`."""
    tree = tree_of(body)
    for hidden in tree.xpath(HIDDEN):
        hidden.drop_tree()
    return tree_text(tree)
