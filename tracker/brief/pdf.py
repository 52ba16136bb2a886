"""An issue's page on paper, as PDF."""

from __future__ import annotations

import hashlib
from typing import Any

from jinja2 import Environment

from tracker.brief.extras import needed
from tracker.brief.pictures import standing_alone
from tracker.brief.templates import source


def pdf(page: str, environment: Environment) -> bytes:
    """The page as tagged PDF (PDF/UA-1); the same page gives the same bytes on one machine.

    Raises BriefingError without the package `weasyprint` or the Pango library.
    """
    weasyprint = needed("weasyprint", "pdf")
    rules = f"{source(environment, 'paper.css')}</style>"
    drawn = standing_alone(page.replace("</style>", rules, 1), environment)
    document = weasyprint.HTML(string=drawn, url_fetcher=_refuse)
    # Without a name of its own each file would get one by chance.
    name = hashlib.sha256(drawn.encode()).digest()[:16]
    return bytes(document.write_pdf(pdf_identifier=name, pdf_variant="pdf/ua-1"))


def _refuse(url: str, *_: Any, **__: Any) -> dict[str, Any]:
    """An issue is self-contained: whatever asks for an address came in from outside."""
    raise ValueError(f"{url} is not asked for")
