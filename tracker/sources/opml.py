"""Lists of feeds as other readers write and read them: OPML 2.0."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree
from pydantic import ValidationError

from tracker.errors import InputError
from tracker.sources import Source, complaint

FEEDS = ("rss", "atom", "feed")
LONGEST_ID = 40


def new_id(text: str, taken: Iterable[str]) -> str:
    """An id out of a name or a host that no other source has.

    >>> new_id("The Ledger, Wire", ()), new_id("www.ledger.example", {"ledger-example"})
    ('the-ledger-wire', 'ledger-example-2')
    """
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    plain = re.sub(r"[^a-z0-9]+", "-", letters.lower().removeprefix("www.")).strip("-")
    base = plain[:LONGEST_ID].strip("-") or "source"
    names, number = set(taken), 2
    found = base
    while found in names:
        found, number = f"{base}-{number}", number + 1
    return found


def read_opml(path: Path, known: Sequence[Source]) -> tuple[list[Source], list[InputError]]:
    """The feeds of an OPML file that are not among the known sources, and what could not be taken.

    Raises InputError where the file is no OPML.
    """
    taken = {source.id for source in known}
    addresses = {source.url for source in known}
    found: list[Source] = []
    bad: list[InputError] = []
    for outline in _outlines(path):
        url = str(outline.get("xmlUrl") or "").strip()
        if not url or url in addresses:
            continue
        name = str(outline.get("title") or outline.get("text") or urlsplit(url).hostname or url)
        try:
            source = Source(id=new_id(name, taken), name=name, kind="feed", url=url)
        except ValidationError as error:
            line = InputError(f"{url!r}: {complaint(error)}", file=str(path), line=outline.sourceline)
            bad.append(line)
            continue
        taken.add(source.id)
        addresses.add(url)
        found.append(source)
    return found, bad


def _outlines(path: Path) -> list[etree._Element]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(path.read_bytes(), parser)
    except FileNotFoundError as error:
        raise InputError("no such file", file=str(path)) from error
    except (OSError, etree.XMLSyntaxError) as error:
        raise InputError(f"not OPML: {error}", file=str(path)) from error
    if etree.QName(root).localname.lower() != "opml":
        raise InputError(f"not OPML but {root.tag!r}", file=str(path))
    return list(root.iter("outline"))


def write_opml(sources: Iterable[Source]) -> str:
    """The feeds among the sources as OPML; sitemaps, listings and filings have no place there."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Sources of the market-signal tracker"
    body = etree.SubElement(root, "body")
    for source in sources:
        if source.kind in FEEDS:
            etree.SubElement(
                body, "outline", type="rss", text=source.name, title=source.name, xmlUrl=source.url
            )
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written.decode("utf-8")
