"""The front page with the newest issue, search, the feeds, and the rules of style."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from tracker.brief.text import clean
from tracker.site import feeds, places
from tracker.site.archive import IssueNote, Page, Shared, digest
from tracker.site.search import search_index


def pages(shared: Shared) -> Iterator[Page]:
    issues = [*reversed(shared.archive.issues)]
    yield Page("style.css", "", shared.templates.style)
    yield _index(shared, issues)
    yield Page("search.js", "", shared.templates.script)
    yield shared.page("search.html", places.SEARCH, "", dict)
    yield _search(shared, issues)
    entries = [feeds.Entry(i.week, f"{i.title}: {i.days}", i.path, i.at, i.bottom_line) for i in issues]
    url, name = shared.archive.url, shared.archive.house.name
    inputs = digest(entries, url)
    yield Page("atom.xml", inputs, lambda: feeds.atom(entries, url, name))
    yield Page("feed.json", inputs, lambda: feeds.json_feed(entries, url, name))


def _index(shared: Shared, issues: list[IssueNote]) -> Page:
    shown = [{"week": i.week, "days": i.days, "lead": _lead(i), "path": i.path} for i in issues]
    newest = issues[0]
    values = {
        "newest": {n: getattr(newest, n) for n in ("title", "days", "minutes", "path", "bottom_line")},
        "years": [(y, list(mine)) for y, mine in itertools.groupby(shown, key=lambda i: i["week"][:4])],
        "open": sorted(
            (r for r in shared.rows if r.status == "open" and not r.fact), key=lambda r: (r.deadline, r.title)
        ),
        "predictions": len(shared.rows),
        "events": len(shared.archive.events),
        "companies": len(shared.entries),
    }
    return shared.page("index.html", places.INDEX, digest(values), lambda: values)


def _lead(issue: IssueNote) -> str:
    """What headed the week: the first part of its bottom line."""
    return clean(issue.bottom_line[0].split(";")[0], 150) if issue.bottom_line else issue.line


def _search(shared: Shared, issues: list[IssueNote]) -> Page:
    told = [(i.week, i.days, i.path) for i in issues]
    inputs = digest(told, shared.rows, shared.entries, shared.told(shared.latest))
    return Page("search.json", inputs, lambda: search_index(told, shared.rows, shared.entries, shared.latest))
