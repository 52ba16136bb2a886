"""Where the pages of a site lie: addresses of ASCII letters, figures and hyphens, one for each id."""

from __future__ import annotations

import hashlib

from tracker.brief.text import slug

LONGEST = 80
"""Characters of a name: with its folder and ending it fits every file system."""

INDEX, SEARCH, SCOREBOARD = "index.html", "search.html", "scoreboard.html"
PREDICTIONS, EVENTS, COMPANIES = "predictions/index.html", "events/index.html", "companies/index.html"


def name_of(id_: str) -> str:
    """The id where it can stand in an address, else what is left of it and a digest that tells it apart.

    >>> name_of("acquisition-confluent-1f0c2a"), name_of("prov:fin-labs")
    ('acquisition-confluent-1f0c2a', 'fin-labs-e32f69a8')
    """
    plain = slug(id_)
    if plain == id_ and len(id_) <= LONGEST and id_ != "index":
        return id_
    short = slug(id_.removeprefix("prov:"))[:LONGEST]
    return f"{short}-{hashlib.sha256(id_.encode()).hexdigest()[:8]}".lstrip("-")


def event_page(id_: str) -> str:
    return f"events/{name_of(id_)}.html"


def company_page(id_: str) -> str:
    return f"companies/{name_of(id_)}.html"


def prediction_page(id_: str) -> str:
    return f"predictions/{name_of(id_)}.html"


def issue_page(week: str) -> str:
    return f"issues/{week}.html"


def month_page(month: str, part: int = 1) -> str:
    return f"events/month/{month}{f'-part-{part}' if part > 1 else ''}.html"


def letter_page(letter: str, part: int = 1) -> str:
    return f"companies/list/{letter}{f'-part-{part}' if part > 1 else ''}.html"


def root_of(path: str) -> str:
    """What leads from a page to the root of the site.

    >>> root_of("index.html"), root_of("events/a.html")
    ('', '../')
    """
    return "../" * path.count("/")
