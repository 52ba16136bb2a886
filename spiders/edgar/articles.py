"""A filing that has been read, put into words.

Of an 8-K the items of a deal are told first, since they bind the company and name parties, days and sums, and
its press release after them, since it says what the deal is for. An exhibit that could not be had is gone
without. Form D, Schedule TO, S-1 and F-1 become sentences made of their fields, which are kept beside them.
"""

from __future__ import annotations

from typing import Any

from spiders.base import Gathered, origin
from spiders.edgar.documents import prose
from spiders.edgar.filings import RELEASES, Filing
from spiders.edgar.forms import notice_fields, offer_fields, registration_fields
from spiders.edgar.reports import DEAL_ITEMS, deal_text, signals
from spiders.pages import MIN_TEXT, read_time
from tracker.extract.forms import FIELDS, base_form, form_words


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
    release = next((prose(filing.documents[kind]) for kind in RELEASES if kind in filing.documents), "")
    text = f"{told}\n{release}".strip()
    if len(text) < MIN_TEXT:
        raise ValueError("filing without readable text")
    title = f"{details['name']}: {filing.form}, item {', '.join(items)}"
    return _gathered(filing, title, text, {"items": items, "signals": signals(items)})


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
