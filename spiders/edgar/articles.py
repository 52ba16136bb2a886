"""A filing that has been read, put into words.

Of an 8-K the press release is told where there is one: it is written as news and read as such, while the
report of the same deal is a lawyer's, and is misread as often as not (docs/gathering.md has the figures).
Beside the results of a quarter (item 2.02) the release is theirs; then, as without a release, the items of a
deal in the report are told. Form D, Schedule TO, S-1 and F-1 become sentences made of their fields, which are
kept beside them.
"""

from __future__ import annotations

import re
from typing import Any

from spiders.base import Gathered, origin
from spiders.edgar.documents import prose
from spiders.edgar.filings import RELEASES, Filing
from spiders.edgar.forms import notice_fields, offer_fields, registration_fields
from spiders.edgar.reports import DEAL_ITEMS, deal_text, signals
from spiders.pages import MIN_TEXT
from spiders.times import read_time
from tracker.extract.forms import FIELDS, base_form, form_words

RESULTS = "2.02"
HEAD = 3000  # characters in which a press release shows itself to be one
ANNOUNCES = re.compile(r"\b(announce[sd]?|today|(news|press|immediate) release)\b", re.IGNORECASE)


def tell(filing: Filing) -> Gathered:
    """The article of a filing. Raises ValueError with a reason where there is none."""
    if base_form(filing.form) == "8-K":
        return _report(filing)
    fields = _fields(filing)
    return _gathered(filing, *form_words(fields), {FIELDS: fields}, fields.get("first_sale", ""))


def _fields(filing: Filing) -> dict[str, str]:
    form, documents = filing.form, filing.documents
    if base_form(form) == "D":
        return notice_fields(documents.get(form, b""))
    if base_form(form) == "SC TO-T":
        return offer_fields(form, filing.parties, documents)
    return registration_fields(form, filing.entry.details["name"], documents)


def _report(filing: Filing) -> Gathered:
    details = filing.entry.details
    told, found = deal_text(filing.documents[filing.form])
    items = sorted({*details["items"], *found})
    if not DEAL_ITEMS.intersection(items):
        raise ValueError("8-K without an item that can carry a deal")
    text = told if RESULTS in items else _release(filing) or told
    if len(text) < MIN_TEXT:
        raise ValueError("filing without readable text")
    title = f"{details['name']} files a Form {filing.form} (item {', '.join(items)})"
    return _gathered(filing, title, text, {"items": items, "signals": signals(items)})


def _release(filing: Filing) -> str:
    """The text of the press release; empty where the exhibit is missing, or is accounts or the like."""
    text = next((prose(filing.documents[kind]) for kind in RELEASES if kind in filing.documents), "")
    return text if ANNOUNCES.search(text[:HEAD]) else ""


def _gathered(filing: Filing, title: str, text: str, details: dict[str, Any], day: str = "") -> Gathered:
    entry = filing.entry
    return Gathered(
        url=filing.url,
        title=title,
        text=text,
        published=entry.updated or entry.published or read_time(day),
        language="en",
        filing=True,
        details={**origin(entry), **details},
    )
