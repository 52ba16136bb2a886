"""A whole submission in one file: an SGML header that names the parties, then the documents.

EDGAR serves two dialects: `.txt` with a header for people (`FILED BY:`, `COMPANY CONFORMED NAME:`), and `.nc`
as it was handed out to subscribers, all tags. The header is the only place that says who bids for whom.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

DOCUMENT = b"<DOCUMENT>"
TEXT, TEXT_END = b"<TEXT>", b"</TEXT>"
TYPE = re.compile(rb"<TYPE>([^\r\n<]+)")
WRAPPERS = ((b"<XML>", b"</XML>"), (b"<XBRL>", b"</XBRL>"))
FORM = re.compile(r"^(?:CONFORMED SUBMISSION TYPE:|<TYPE>)[ \t]*(\S[^\r\n<]*)", re.MULTILINE)
PARTY = re.compile(
    r"^(?:(?P<role>SUBJECT COMPANY|FILED BY|FILER|ISSUER):[ \t]*$"
    r"|<(?P<tag>SUBJECT-COMPANY|FILED-BY|FILER|ISSUER)>"
    r"|[ \t]*(?:COMPANY CONFORMED NAME:|<CONFORMED-NAME>)[ \t]*(?P<name>\S[^\r\n<]*))",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Submission:
    """`parties` are names by role (`SUBJECT COMPANY`, `FILED BY`, `FILER`), `documents` bodies by type."""

    form: str
    parties: dict[str, list[str]] = field(default_factory=dict)
    documents: dict[str, bytes] = field(default_factory=dict)


def read_submission(body: bytes) -> Submission:
    """Raises ValueError where the body is no submission."""
    head, *parts = body.split(DOCUMENT)
    header = head.decode("latin-1").replace("\r\n", "\n") if parts else ""
    form = FORM.search(header)
    if form is None:
        raise ValueError("not an EDGAR submission")
    return Submission(form[1].strip(), _parties(header), _documents(parts))


def _parties(header: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    role = ""
    for match in PARTY.finditer(header):
        if match["name"] is None:
            role = match["role"] or match["tag"].replace("-", " ")
        elif (name := match["name"].strip()) not in found.setdefault(role, []):
            found[role].append(name)
    return found


def _documents(parts: Iterable[bytes]) -> dict[str, bytes]:
    """The first document of each type."""
    found: dict[str, bytes] = {}
    for part in parts:
        kind, start, end = TYPE.search(part), part.find(TEXT), part.rfind(TEXT_END)
        if kind and 0 <= start < end:
            found.setdefault(kind[1].decode("latin-1").strip(), _plain(part[start + len(TEXT) : end]))
    return found


def _plain(text: bytes) -> bytes:
    """A document without the tags that say it is XML."""
    text = text.strip()
    for opening, closing in WRAPPERS:
        text = text.removeprefix(opening).removesuffix(closing)
    return text.strip()
