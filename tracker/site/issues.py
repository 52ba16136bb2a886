"""An issue as the site shows it: the issue as it is, with a way back to the others."""

from __future__ import annotations

from tracker.errors import SiteError

HEAD = "<header>\n"
WAY_BACK = (
    f'{HEAD}<p class="small"><a href="../index.html">All issues</a> · '
    '<a href="../predictions/index.html">Predictions</a> · <a href="../scoreboard.html">Scoreboard</a> · '
    '<a href="../events/index.html">Events</a> · <a href="../companies/index.html">Companies</a></p>\n'
)


def with_way_back(page: str) -> str:
    """The issue's page with links to the site above its head. Raises SiteError where it has no head."""
    if page.count(HEAD) != 1:
        raise SiteError("the issue's template has no <header> of its own line", hint="put one in")
    return page.replace(HEAD, WAY_BACK)
