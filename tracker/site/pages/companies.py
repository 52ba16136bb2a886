"""A page for every company that takes part in an event, and lists of them by letter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from tracker.brief.text import plural
from tracker.site import places
from tracker.site.archive import Page, Shared, Taking, digest
from tracker.site.companies import OTHERS, Entry, by_letter, company_page_of
from tracker.site.events import Named

PART = 1000
"""Names in one part of a letter."""

BUSIEST = 60


def pages(shared: Shared) -> Iterator[Page]:
    for taking in shared.archive.takings:
        company = taking.company
        owner = shared.entry_of.get(company.parent)
        inputs = digest(
            company.model_dump_json(), taking.listed, owner and owner.name, shared.told(taking.events)
        )
        make = partial(_company, taking, shared.entry_of)
        yield shared.page("company.html", places.company_page(company.id), inputs, make)
    letters = by_letter(shared.entries)
    for letter, mine in letters.items():
        yield from _letter(shared, letter, mine)
    busiest = sorted(shared.entries, key=lambda e: (-e.events, e.name.casefold(), e.id))[:BUSIEST]
    values = {
        "letters": [Named(_label(x), places.letter_page(x)) for x in letters],
        "busiest": busiest,
        "total": len(shared.entries),
    }
    yield shared.page("companies.html", places.COMPANIES, digest(values), lambda: values)


def _company(taking: Taking, entries: Mapping[str, Entry]) -> Mapping[str, Any]:
    page = company_page_of(taking.company, taking.listed, taking.events, entries)
    return {"title": page.name, "c": page}


def _letter(shared: Shared, letter: str, mine: Sequence[Entry]) -> Iterator[Page]:
    parts = [mine[n : n + PART] for n in range(0, len(mine), PART)]
    listed = [Named(str(n + 1), places.letter_page(letter, n + 1)) for n in range(len(parts))]
    for n, part in enumerate(parts, 1):
        values = {
            "title": f"Companies: {_label(letter)}",
            "note": f"{len(mine):,} {plural(len(mine), 'company')}, each with the number of its events.",
            "up": Named("All companies", places.COMPANIES),
            "pages": listed,
            "entries": part,
        }
        yield shared.page("list.html", places.letter_page(letter, n), digest(values), partial(dict, values))


def _label(letter: str) -> str:
    return "Others" if letter == OTHERS else letter.upper()
