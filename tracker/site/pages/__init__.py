"""The pages that follow from an archive, a module for each part of the site."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.site.archive import Archive, Page, Shared
from tracker.site.feeds import sitemap
from tracker.site.pages import companies, events, front, predictions
from tracker.site.render import Templates


def pages(archive: Archive, templates: Templates) -> Iterator[Page]:
    """Every file of the site but the issues themselves, in a fixed order."""
    shared = Shared(archive, templates)
    listed = [issue.path for issue in archive.issues]
    for part in (front, predictions, events, companies):
        for page in part.pages(shared):
            if page.path.endswith(".html"):
                listed.append(page.path)
            yield page
    if archive.url:
        yield Page("sitemap.xml", "\n".join([archive.url, *listed]), lambda: sitemap(listed, archive.url))
